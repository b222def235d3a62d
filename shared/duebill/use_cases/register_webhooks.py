"""Have the CRM tell us what changes: only what is missing is registered, what is no good any more is taken away."""

from datetime import timedelta

from duebill.domain.crm_webhooks import HEARD, Subscription, Telling
from duebill.domain.ids import CompanyId
from duebill.errors import DuebillError, NotFound, OutcomeUnknown, TryLater
from duebill.ports import Clock, Crm, CrmWebhooksStore

LOOKED_AFTER = timedelta(days=1)  # the CRM deletes a webhook that nobody took for three days (pipedrive.md §3.9)
_RETRY = timedelta(minutes=5)


def register_webhooks(
    company: CompanyId,
    *,
    crm: Crm | None,
    url: str,
    password: str,
    password_mark: str,
    store: CrmWebhooksStore,
    clock: Clock,
) -> None:
    """Register what is missing with the eyes of one user (`crm`; None: nobody can), and note how that ended.

    `password_mark` names the password without telling it: after a rotation the old registrations are made anew.
    """
    known = store.get(company)
    if known is None:
        return
    try:
        if crm is None:
            store.note(company, known, Telling.WAITING, clock.now() + LOOKED_AFTER)
            return
        _subscribe(crm, company, url, password, password_mark)
        store.note(company, known, Telling.ON, clock.now() + LOOKED_AFTER)
    except NotFound:
        store.note(company, known, Telling.NOT_ALLOWED, clock.now() + LOOKED_AFTER)
    except (TryLater, OutcomeUnknown) as later:
        wait = timedelta(seconds=later.retry_after) if later.retry_after else _RETRY
        store.note(company, known, known.telling, clock.now() + max(wait, _RETRY))
    except DuebillError:  # a consent that ended, a question that the CRM did not like
        store.note(company, known, Telling.WAITING, clock.now() + LOOKED_AFTER)


def _subscribe(crm: Crm, company: CompanyId, url: str, password: str, mark: str) -> None:
    ours = [each for each in crm.subscriptions() if each.url == url]
    wanted = [Subscription(entity, action, url, f"Duebill {entity} {action} {mark}") for entity, action in HEARD]
    there = {each.what for each in ours if each.is_active}
    for each in wanted:
        if each.what not in there:
            crm.subscribe(each, user=str(company), password=password)
    kept = {each.what for each in wanted}
    seen: set[tuple[str, str, str, str]] = set()
    for each in ours:
        if each.what not in kept or not each.is_active or each.what in seen:
            crm.unsubscribe(each.id)
        seen.add(each.what)
