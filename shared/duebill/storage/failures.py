"""What DynamoDB says when it does not do a thing, in our own terms."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from duebill.errors import ConditionFailed, TryLater

_BUSY = frozenset(
    """ProvisionedThroughputExceededException ThrottlingException ThrottlingError RequestLimitExceeded
    InternalServerError InternalFailure ServiceUnavailable ItemCollectionSizeLimitExceededException
    TransactionInProgressException KMSInternalException KeyUnavailableException DependencyTimeoutException
    RequestThrottled TooManyUpdates""".split()
)
_CONFLICT = frozenset({"TransactionConflictException", "TransactionConflict"})


class Conflict(Exception):
    """A write met a transaction under way. Nothing was written; the same may work at once. Stays inside storage."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise ConditionFailed, Conflict or TryLater in place of what botocore raised; a bug of ours stays as it is.

    botocore has already retried what is throttled by then. A write whose answer was lost may have happened; callers
    are built for that, since they read before they write again.
    """
    try:
        yield
    except ClientError as error:
        _raise(error)
        raise
    except (HTTPClientError, BotoConnectionError) as error:
        raise TryLater("Our own storage did not answer. Please try again in a moment.", retry_after=2) from error
    except BotoCoreError:
        raise


def _raise(error: ClientError) -> None:
    codes = _codes(error)
    if codes & {"ConditionalCheckFailedException", "ConditionalCheckFailed"}:
        raise ConditionFailed("Somebody else was first. Please look again.") from error
    if codes & _CONFLICT:
        raise Conflict from error
    if codes & _BUSY:
        raise TryLater("Our own storage is busy. Please try again in a moment.", retry_after=2) from error


def _codes(error: ClientError) -> set[str]:
    """The error's code, and for a transaction the reason of each action."""
    reasons = error.response.get("CancellationReasons", [])
    return {error.response["Error"]["Code"], *(reason.get("Code", "") for reason in reasons)}
