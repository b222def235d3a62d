"""What an answer that is not the one we asked for means, in our own errors.

Writes are not repeatable at Pipedrive (it knows no idempotency keys), so for them every answer that is not
Pipedrive's own is an unknown outcome; for reads it is a reason to try again.
"""

from datetime import datetime
from typing import Any

from duebill.crm.pipedrive.limits import CLOUDFLARE_WAIT, day_left, reset_seconds
from duebill.domain.limits import Level
from duebill.errors import DuebillError, LimitReached, NotFound, OutcomeUnknown, TryLater
from duebill.outside.http import HttpResponse

PLAN_LACKS = "crm_plan_lacks_feature"
SCOPE_MISSING = "crm_scope_missing"

_HOUR = 3600


def raise_for(answer: HttpResponse, now: datetime, *, writes: bool) -> None:
    """Raise what `answer` means unless it is a success. 401 is not looked at: the client handles it.

    Raises NotFound, LimitReached, TryLater (reads), OutcomeUnknown (writes) or, for a call that Pipedrive finds
    wrong in itself, DuebillError.
    """
    status = answer.status
    document = envelope(answer)
    if status == 429:
        raise LimitReached("Pipedrive asks us to slow down.", retry_after=_wait(answer, now))
    if document is None and status == 403:
        # Who goes on after 429 meets Cloudflare's page (pipedrive.md §3.10).
        raise LimitReached("Pipedrive asks us to slow down.", retry_after=CLOUDFLARE_WAIT)
    if document is None or status >= 500 or status < 200 or 300 <= status < 400:
        raise unclear(writes=writes)
    if status == 402:
        raise NotFound("The company's Pipedrive plan does not include this.", code=PLAN_LACKS)
    if status == 403:
        raise _forbidden(document)
    if status in (404, 410):
        raise NotFound("This does not exist in Pipedrive, or you cannot see it there.")
    if status >= 400:
        raise DuebillError("Pipedrive did not accept our question. The operator can see why.", code="crm_refused")
    if document.get("success") is False:
        raise unclear(writes=writes)


def unclear(*, writes: bool) -> TryLater | OutcomeUnknown:
    """The error for an answer that is not Pipedrive's own."""
    if writes:
        return OutcomeUnknown("Pipedrive did not answer; the change may or may not have been made.", retry_after=30)
    return TryLater("Pipedrive did not answer properly. Please try again in a moment.", retry_after=10)


def envelope(answer: HttpResponse) -> dict[str, Any] | None:
    """The answer's JSON object, or None where it is something else, such as a page of HTML."""
    try:
        document = answer.json()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _forbidden(document: dict[str, Any]) -> NotFound:
    if "scope" in str(document.get("error", "")).lower():
        return NotFound(
            "Duebill lacks a permission in Pipedrive. Install it again to grant what it asks for.", code=SCOPE_MISSING
        )
    if str(document.get("code", "")).startswith("feature_capping"):
        return NotFound("The company's Pipedrive plan does not include this.", code=PLAN_LACKS)
    return NotFound("This does not exist in Pipedrive, or you cannot see it there.")


def _wait(answer: HttpResponse, now: datetime) -> int:
    """Seconds until the limit is fresh again."""
    day = day_left(answer.headers, now)
    # The day ends at midnight of a time zone that nobody names (pipedrive.md §3.10): look again each hour.
    return _HOUR if day and day.level is Level.SPENT else reset_seconds(answer.headers, now)
