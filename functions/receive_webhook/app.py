"""Webhooks of the books and of the CRM: verify, put on the queue, answer within three seconds."""

from typing import Any

from duebill.domain.limits import Asker
from duebill.runtime.logs import logger
from duebill.runtime.metrics import Metric, count
from duebill.runtime.webhooks import LATER, receive
from duebill.runtime.wiring import wire


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One webhook. What fails here is told again by whoever sent it."""
    wiring = wire(context, Asker.MACHINE)
    try:
        return receive(event, wiring)
    except Exception as error:  # noqa: BLE001  a 500 with a body of API Gateway's own may end a subscription
        count(Metric.UNEXPECTED_ERRORS, wiring.settings)
        logger().error("webhook_error", extra={"error": type(error).__name__})
        return {"statusCode": LATER}
