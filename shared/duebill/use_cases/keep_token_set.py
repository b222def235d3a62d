"""Due work on a token set: finish a renewal in doubt, renew what nobody used for long or what may have been ended."""

from datetime import timedelta

from duebill.errors import ReconnectRequired, TryLater
from duebill.ports import Clock, Tokens
from duebill.use_cases.fresh_tokens import KeptTokens

_RETRY = timedelta(minutes=2)


def keep_token_set(kept: KeptTokens, *, store: Tokens, clock: Clock) -> None:
    """Renew a token set that is due: only the provider can say whether it still stands. Dead ones are due no more."""
    found = store.get(kept.company, kept.token_set)
    if found is None or found.dead_reason:
        store.set_due(kept.company, kept.token_set, None)
        return
    try:
        kept.renew(found)
    except ReconnectRequired:
        store.set_due(kept.company, kept.token_set, None)
    except TryLater as later:
        wait = timedelta(seconds=later.retry_after) if later.retry_after else _RETRY
        store.set_due(kept.company, kept.token_set, clock.now() + wait)
