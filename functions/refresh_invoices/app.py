"""News and sweeps from their queues: ask the books what changed, write it down."""

from typing import Any

from duebill.domain.limits import Asker
from duebill.runtime.refresh_batch import Batch
from duebill.runtime.wiring import wire


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """One batch. Only bugs are failures: what may not be asked now has its next time in the due index."""
    wiring = wire(context, Asker.MACHINE)
    if not wiring.settings.background_work:  # switched off this moment: what webhooks told must not be lost
        failures = tuple(record["messageId"] for record in event["Records"])
    else:
        failures = Batch(wiring).work(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failures]}
