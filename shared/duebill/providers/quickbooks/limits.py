"""QuickBooks' limits (basic schema and data formats; Intuit's blog on the Builder tier, 8 January 2026)."""

from datetime import datetime
from urllib.parse import urlsplit

from duebill.domain.limits import Ask, Window
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.outside.limited import Heard
from duebill.providers.quickbooks.faults import is_throttled, throttle_wait

# Of one company and our app. 10 a second keep below the 500 a minute by themselves: at most 310.
CALLS = Window("s", seconds=1, most=10, for_machines=6)
BATCHES = Window("b", seconds=60, most=40, for_machines=24)

# "CorePlus" calls of the free tier, over all companies; whatever takes data out of the books is one of them.
READS_A_MONTH = 500_000


class QuickBooksRules:
    """outside.limited.Rules."""

    label = "QuickBooks"

    def ask(self, request: HttpRequest) -> Ask:
        """Reads are metered, writes are free; a batch holds queries only and counts as one read."""
        what = urlsplit(request.url).path.rpartition("/")[2]
        is_read = request.method == "GET" or what in ("batch", "query")
        windows = (CALLS, BATCHES) if what == "batch" else (CALLS,)
        return Ask(windows, READS_A_MONTH if is_read else None)

    def heard(self, answer: HttpResponse, now: datetime) -> Heard:  # noqa: ARG002  QuickBooks names no point in time
        """A 429 asks for a minute's rest, and does not say which limit was met: nothing is repeated at once."""
        return Heard(hold=float(throttle_wait(answer))) if is_throttled(answer) else Heard()
