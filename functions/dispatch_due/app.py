"""Every minute: claim what is due and put it on the work queue."""

from datetime import timedelta
from typing import Any

from duebill.runtime.logs import logger
from duebill.runtime.metrics import Metric, gauge
from duebill.runtime.wiring import wire
from duebill.use_cases.dispatch_due import dispatch_due


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001  the schedule says nothing
    """One tick of the schedule."""
    wiring = wire(context)
    if not wiring.settings.background_work:
        logger().info("background_work_is_off")
        return {"sent": 0}
    sent = dispatch_due(due_work=wiring.due_work, queue=wiring.work_queue, clock=wiring.clock)
    late = max(wiring.due_work.late, default=timedelta(0))
    gauge(Metric.OLDEST_DUE, late.total_seconds(), wiring.settings)
    logger().info("dispatched", extra={"sent": sent})
    return {"sent": sent}
