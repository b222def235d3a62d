"""Work from the queue: unfinished intents, token sets near their end, write-backs, erasures."""

from typing import Any

from duebill.errors import OutcomeUnknown, TryLater
from duebill.runtime.background import asker_of, do_work
from duebill.runtime.logs import logger
from duebill.runtime.metrics import Metric, count
from duebill.runtime.wiring import wire
from duebill.storage.queue import parse_message


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """One batch. Only bugs are failures: what cannot be done yet has its next time in the due index."""
    settings = wire(context).settings
    failures = []
    for record in event["Records"]:
        try:
            if settings.background_work:
                work = parse_message(record["body"])
                do_work(work, wire(context, asker_of(work)))
        except (TryLater, OutcomeUnknown) as later:
            # The claim has moved its time on by some minutes: it comes again by itself, and no alarm rings.
            logger().warning("work_put_off", extra={"code": later.code, "message_id": record["messageId"]})
        except Exception as error:  # noqa: BLE001  one bad message must not take the batch with it
            count(Metric.UNEXPECTED_ERRORS, settings)
            logger().error("work_failed", extra={"error": type(error).__name__, "message_id": record["messageId"]})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
