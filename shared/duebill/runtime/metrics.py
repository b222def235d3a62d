"""Counts of what an operator should know of, as lines that CloudWatch makes metrics of (embedded metric format).

Handlers catch everything, so Lambda itself counts only what is cut off. A metric's one dimension of ours is the
function: no name, no id, no amount. Without a namespace (tests, the sandbox) nothing is written.
"""

from enum import StrEnum

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit

from duebill.domain.intent import Intent, IntentState
from duebill.errors import DuebillError
from duebill.runtime.settings import Settings


class Metric(StrEnum):
    """What is counted, one each time it happens."""

    UNEXPECTED_ERRORS = "UnexpectedErrors"  # a bug, or state that this code cannot read
    APP_REFUSED = "AppRefused"  # a vendor did not take our client secret
    POSSIBLE_DUPLICATES = "PossibleDuplicates"  # two invoices in the books for one wish
    OUTCOMES_UNKNOWN = "OutcomesUnknown"  # an invoice was sent and no answer came
    INTENTS_REFUSED = "IntentsRefused"  # the books said no to an invoice
    RECONNECTS_REQUIRED = "ReconnectsRequired"  # a connection that only a person can renew
    REFRESHES_PUT_OFF = "RefreshesPutOff"  # books that may not be asked now: a limit, an outage
    UNSETTLED_AGE = "UnsettledAge"  # seconds since the unsettled invoices of some books were last looked at
    OLDEST_DUE = "OldestDue"  # seconds by which the longest due work was late when the schedule looked, each minute
    WEBHOOKS_FAILED = "WebhooksFailed"  # a genuine webhook that we could not take or read


def count(metric: Metric, settings: Settings) -> None:
    """Count one. The line goes to standard output, where Lambda's log takes it from."""
    _write(metric, MetricUnit.Count, 1, settings)


def gauge(metric: Metric, seconds: float, settings: Settings) -> None:
    """Say how long something took or has been."""
    _write(metric, MetricUnit.Seconds, seconds, settings)


def _write(metric: Metric, unit: MetricUnit, value: float, settings: Settings) -> None:
    if not settings.metrics_namespace:
        return
    with single_metric(
        name=metric.value,
        unit=unit,
        value=value,
        namespace=settings.metrics_namespace,
        default_dimensions={"function": settings.function},
    ):
        pass


def count_error(error: DuebillError, settings: Settings) -> None:
    """Count an error that an answer tells of, where an operator can do something about it."""
    if error.code == "app_refused":
        count(Metric.APP_REFUSED, settings)


def count_intent(after: Intent, settings: Settings, before: Intent | None = None) -> None:
    """Count what has become of an intent since `before` (None: it is new)."""
    was = before.state if before else None
    if after.state is IntentState.UNKNOWN and was is not IntentState.UNKNOWN:
        count(Metric.OUTCOMES_UNKNOWN, settings)
    if after.state is IntentState.REFUSED and was is not IntentState.REFUSED:
        count(Metric.INTENTS_REFUSED, settings)
    if after.duplicates and not (before and before.duplicates):
        count(Metric.POSSIBLE_DUPLICATES, settings)
