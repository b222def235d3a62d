"""Work from the queue: unfinished intents, token sets near their end, write-backs, erasures."""

from typing import Any

from duebill.runtime.background import do_work
from duebill.runtime.logs import logger
from duebill.runtime.wiring import wire
from duebill.storage.queue import parse_message


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """One batch. Only bugs are failures: what cannot be done yet has its next time in the due index."""
    wiring = wire(context)
    failures = []
    for record in event["Records"]:
        try:
            if wiring.settings.background_work:
                do_work(parse_message(record["body"]), wiring)
        except Exception as error:  # noqa: BLE001  one bad message must not take the batch with it
            logger().error("work_failed", extra={"error": type(error).__name__, "message_id": record["messageId"]})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
