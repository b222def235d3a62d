"""Work that nobody waits for, put together: each kind of due work and the use case that brings it to rest."""

from dataclasses import replace
from datetime import datetime, timedelta

from duebill.crm.pipedrive import webhook as crm_webhook
from duebill.domain.connection import Connection
from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId, ConnectionId, DealId, IntentKey, InvoiceId, TokenSetId
from duebill.domain.intent import IntentState
from duebill.domain.invoice import InvoiceLink
from duebill.domain.limits import Asker
from duebill.domain.write_back import next_look
from duebill.errors import ConditionFailed, NotConnected, ReconnectRequired
from duebill.ports import Crm
from duebill.runtime.logs import logger
from duebill.runtime.metrics import count_intent
from duebill.runtime.stand_in import crm_worker_of, worker_of
from duebill.runtime.telling import retire_of, write_back_of
from duebill.runtime.wiring import Wiring
from duebill.use_cases.advance_intent import AdvanceIntent, wait_for_person
from duebill.use_cases.drop_unused_consent import drop_unused_consent
from duebill.use_cases.keep_token_set import keep_token_set
from duebill.use_cases.record_reading import RecordReading
from duebill.use_cases.register_webhooks import register_webhooks

_NOBODY_THERE = timedelta(hours=6)


def asker_of(work: DueId) -> Asker:
    """For whom the work asks: an unfinished intent is a person's wish, and is looked up before limits end it."""
    return Asker.PERSON if work.kind is DueKind.INTENT else Asker.MACHINE


def do_work(work: DueId, wiring: Wiring) -> None:
    """Do one piece of due work as far as it can be done now. What raises here is a bug."""
    match work.kind:
        case DueKind.INTENT:
            _finish_intent(work, wiring)
        case DueKind.TOKEN:
            _keep_tokens(work, wiring)
        case DueKind.WRITE_BACK:
            _write_back(work, wiring)
        case DueKind.CRM_WEBHOOKS:
            _register_webhooks(work.company, wiring)
        case DueKind.ERASURE:
            if wiring.erasure.is_due(work.company, wiring.clock.now()):
                wiring.erasure.erase(work.company)


def _finish_intent(work: DueId, wiring: Wiring) -> None:
    deal, key = work.ids
    intent = wiring.invoices.intent(work.company, DealId(int(deal)), IntentKey(key))
    if intent is None or intent.due_at is None:
        return
    try:
        connection = wiring.connections.get(work.company, intent.draft.connection)
        if connection is None:
            raise NotConnected("The books that this invoice was meant for are no longer connected.")  # noqa: TRY301  both ends meet below
        advance = _advance_of(connection, wiring)
        after = advance.look_again(intent) if intent.state is IntentState.MADE else advance(intent)
        count_intent(after, wiring.settings, before=intent)
        if after.duplicates:
            where = {"company": after.company, "deal": after.deal, "invoices": list(after.duplicates)}
            logger().error("possible_duplicate", extra=where)
    except (ReconnectRequired, NotConnected) as gone:
        wiring.invoices.save(wait_for_person(intent, gone.message, wiring.clock.now()))
    except ConditionFailed:
        return  # another worker is at it


def _advance_of(connection: Connection, wiring: Wiring) -> AdvanceIntent:
    books = wiring.books(connection)
    return AdvanceIntent(
        connection=connection,
        books=books,
        reads=wiring.reads(connection, books),
        invoices=wiring.invoices,
        links=wiring.links,
        clock=wiring.clock,
        notes_wanted=wiring.preferences.company(connection.company).wants_write_back,
    )


def _keep_tokens(work: DueId, wiring: Wiring) -> None:
    token_set = TokenSetId(work.ids[0])
    unused = drop_unused_consent(
        work.company,
        token_set,
        tokens=wiring.tokens,
        connections=wiring.connections,
        installations=wiring.installations,
        issuer_of=wiring.provider_issuer,
        clock=wiring.clock,
        randomness=wiring.randomness,
    )
    found = None if unused else wiring.tokens.get(work.company, token_set)
    if found is None:
        return
    kept = wiring.kept_tokens(work.company, token_set, found.issuer)
    keep_token_set(kept, store=wiring.tokens, clock=wiring.clock)


def _register_webhooks(company: CompanyId, wiring: Wiring) -> None:
    """By an admin's install where there is one: each event is checked against what its user may see."""
    worker = crm_worker_of(company, wiring)
    [key, *_] = wiring.secrets.values(crm_webhook.SECRET)
    register_webhooks(
        company,
        crm=wiring.crm(worker) if worker else None,
        url=f"{wiring.settings.base_url}/webhooks/pipedrive",
        password=crm_webhook.password_of(company, key),
        password_mark=crm_webhook.password_mark(company, key),
        store=wiring.crm_webhooks,
        clock=wiring.clock,
    )


def _write_back(work: DueId, wiring: Wiring) -> None:
    deal, connection_id, invoice = work.ids
    where = (work.company, DealId(int(deal)), ConnectionId(connection_id), InvoiceId(invoice))
    link = wiring.invoices.link(*where)
    if link is None:
        _retire(where, wiring)
        return
    connection = wiring.connections.get(work.company, ConnectionId(connection_id))
    if connection is None or link.write_back_due_at is None:
        return
    zone, now = connection.tenant.time_zone, wiring.clock.now()
    link = RecordReading(wiring.invoices, wiring.clock, zone).time_passed(link)
    if not wiring.preferences.company(work.company).wants_write_back:
        _put_off(link, next_look(link.invoice, zone, now), wiring)
    elif crm := _background_crm(connection, wiring):
        write_back_of(work.company, crm, wiring, files_of=connection)(link)
    else:
        _put_off(link, now + _NOBODY_THERE, wiring)


def _retire(where: tuple[CompanyId, DealId, ConnectionId, InvoiceId], wiring: Wiring) -> None:
    link = wiring.invoices.untied(*where)
    connection = wiring.connections.get(where[0], where[2])
    if link is None or connection is None:
        return
    if crm := _background_crm(connection, wiring):
        retire_of(where[0], crm, wiring)(link)
    else:
        _put_off(link, wiring.clock.now() + _NOBODY_THERE, wiring)


def _background_crm(connection: Connection, wiring: Wiring) -> Crm | None:
    """The CRM with the eyes of whoever works for this connection, None where nobody can."""
    worker = worker_of(connection, wiring)
    return wiring.crm(worker) if worker else None


def _put_off(link: InvoiceLink, due_at: datetime | None, wiring: Wiring) -> None:
    try:
        wiring.invoices.save_link(replace(link, write_back_due_at=due_at), due_at=due_at)
    except ConditionFailed:
        return
