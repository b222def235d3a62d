"""Due work on a token set: finish a renewal in doubt, renew what nobody used for long."""

from datetime import timedelta

from duebill.errors import ReconnectRequired, TryLater
from duebill.ports import Clock, Tokens
from duebill.use_cases.fresh_tokens import KeptTokens, next_look

_RETRY = timedelta(minutes=2)


def keep_token_set(kept: KeptTokens, *, store: Tokens, clock: Clock) -> None:
    """Bring a token set that is due to rest; what is dead or gone is due no more."""
    found = store.get(kept.company, kept.token_set)
    if found is None or found.dead_reason:
        store.set_due(kept.company, kept.token_set, None)
        return
    is_idle = clock.now() >= next_look(found)
    try:
        if found.lease_owner is not None or is_idle:
            kept.renew(found)
        else:
            store.set_due(kept.company, kept.token_set, next_look(found))
    except ReconnectRequired:
        store.set_due(kept.company, kept.token_set, None)
    except TryLater as later:
        wait = timedelta(seconds=later.retry_after) if later.retry_after else _RETRY
        store.set_due(kept.company, kept.token_set, clock.now() + wait)
