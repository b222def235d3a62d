"""What is watched in the books: an item for each connection, which one worker holds, and one an unsettled invoice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId, ConnectionId, DealId, InvoiceId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.watch import Watch, Watched, is_settled, seen_as
from duebill.errors import ConditionFailed
from duebill.storage import keys
from duebill.storage.due import due_at_of, due_attributes
from duebill.storage.keys import Key
from duebill.storage.table import Table, key_of
from duebill.storage.values import (
    Item,
    Value,
    moment,
    number,
    read_number,
    read_optional_moment,
    read_optional_text,
    read_text,
    read_words,
    text,
    without_none,
    words,
)
from duebill.storage.writes import ALWAYS, Delete, Put, Update, When

_DUE = "#due_pk = :due_pk, #due_sk = :due_sk"
_NOT_DUE_BEFORE = When("attribute_not_exists(#due_sk) OR #due_sk > :due_sk")


@dataclass(frozen=True, slots=True)
class DynamoWatches:
    """ports.Watches on the table."""

    table: Table

    def take(
        self, company: CompanyId, connection: ConnectionId, *, owner: str, until: datetime, now: datetime
    ) -> Watch | None:
        """The watch, held by `owner` until `until`; None while another holds it."""
        free = When("attribute_not_exists(#lease_until) OR #lease_until <= :now", {":now": moment(now)})
        values = {":owner": text(owner), ":until": moment(until)}
        update = Update(
            _key(company, connection), "SET #v = :v, #lease_owner = :owner, #lease_until = :until", values, free
        )
        try:
            return _read(company, connection, self.table.update(update))
        except ConditionFailed:
            return None

    def release(self, held: Watch, after: Watch, *, owner: str, asked: Iterable[InvoiceId] = ()) -> bool:
        """Write how far it came, and let go; `asked` are no longer wanted. False where another holds it by now.

        Somebody may have heard of something since `held` was taken: then the time that they set stays.
        """
        key = _key(held.company, held.connection)
        due = due_attributes(DueKind.REFRESH, key, after.due_at)
        known = due_attributes(DueKind.REFRESH, key, held.due_at)
        same = "#due_sk = :known" if known else "attribute_not_exists(#due_sk)"
        ours = When("#lease_owner = :owner", {":owner": text(owner)})
        nobody = When(
            f"{ours.expression} AND {same}", {**ours.values, **({":known": known["due_sk"]} if known else {})}
        )
        done = sorted(set(asked) & held.wanted)
        return self._try(_release(key, after, due, done, nobody)) or self._try(_release(key, after, None, done, ours))

    def want(
        self, company: CompanyId, connection: ConnectionId, *, by: datetime, ids: Iterable[InvoiceId] = ()
    ) -> None:
        """Look at these books by `by`, and at these invoices among others; an earlier time that is set stays."""
        key = _key(company, connection)
        due = due_attributes(DueKind.REFRESH, key, by)
        values: dict[str, Value] = {f":{name}": value for name, value in due.items()}
        changes = f"SET #v = :v, {_DUE}"
        wanted = sorted(set(ids))
        if wanted:
            changes, values = f"{changes} ADD #wanted :wanted", values | {":wanted": words(*wanted)}
        try:
            self.table.write(Update(key, changes, values, _NOT_DUE_BEFORE))
        except ConditionFailed:
            if wanted:
                self.table.write(Update(key, "SET #v = :v ADD #wanted :wanted", {":wanted": words(*wanted)}, ALWAYS))

    def peek(self, company: CompanyId, connection: ConnectionId) -> Watch:
        """The watch as it is, whoever holds it."""
        item = self.table.get(_key(company, connection))
        return _read(company, connection, item) if item else Watch(company, connection)

    def unsettled(self, company: CompanyId, connection: ConnectionId) -> tuple[Watched, ...]:
        """The unsettled invoices of this connection that a deal has."""
        partition = keys.connection_partition(company, connection)
        return tuple(map(_read_watched, self.table.query(partition, keys.WATCHED)))

    def rest(self, company: CompanyId, connection: ConnectionId) -> None:
        """Look at these books no more, until somebody wants it again."""
        try:
            self.table.write(Update(_key(company, connection), "REMOVE #due_pk, #due_sk"))
        except ConditionFailed:
            return

    def see(self, link: InvoiceLink) -> None:
        """Remember how the link's invoice was seen, where that was not written together with the link."""
        self.table.write(watching(link))

    def forget(self, company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> None:
        """No deal has this invoice any more."""
        self.table.write(Delete(keys.watched(company, connection, invoice)))

    def _try(self, update: Update) -> bool:
        try:
            self.table.write(update)
        except ConditionFailed:
            return False
        return True


def watching(link: InvoiceLink) -> Put | Delete:
    """What is to be written with a link whose invoice has changed: the settled ones are watched no more."""
    key = keys.watched(link.company, link.connection, link.invoice.id)
    if is_settled(link.invoice):
        return Delete(key)
    due_on = link.invoice.due_on
    attributes = {"deal": number(link.deal), "seen": text(seen_as(link.invoice))}
    return Put(key, attributes | ({"due_on": text(due_on.isoformat())} if due_on else {}))


def _release(key: Key, after: Watch, due: Item | None, done: list[InvoiceId], when: When) -> Update:
    """The update that lets go. `due` None leaves the time as it stands, empty takes the item out of the index."""
    sets = without_none(
        cursor=_moment(after.cursor),
        looked_at=_moment(after.looked_at),
        whole_at=_moment(after.whole_at),
        heard_at=_moment(after.heard_at),
    ) | (due or {})
    gone = ["#lease_owner", "#lease_until"] + (["#due_pk", "#due_sk"] if due == {} else [])
    changes = (f"SET {', '.join(f'#{name} = :{name}' for name in sets)} " if sets else "") + f"REMOVE {', '.join(gone)}"
    values: dict[str, Value] = {f":{name}": value for name, value in sets.items()}
    if done:
        changes, values = f"{changes} DELETE #wanted :done", values | {":done": words(*done)}
    return Update(key, changes, values, when)


def _key(company: CompanyId, connection: ConnectionId) -> Key:
    return keys.watch(company, connection)


def _moment(value: datetime | None) -> Value | None:
    return moment(value) if value else None


def _read(company: CompanyId, connection: ConnectionId, item: Item) -> Watch:
    return Watch(
        company=company,
        connection=connection,
        cursor=read_optional_moment(item, "cursor"),
        looked_at=read_optional_moment(item, "looked_at"),
        whole_at=read_optional_moment(item, "whole_at"),
        wanted=frozenset(map(InvoiceId, read_words(item, "wanted"))),
        due_at=due_at_of(item),
        heard_at=read_optional_moment(item, "heard_at"),
    )


def _read_watched(item: Item) -> Watched:
    due_on = read_optional_text(item, "due_on")
    return Watched(
        keys.watched_invoice(key_of(item)),
        DealId(read_number(item, "deal")),
        read_text(item, "seen"),
        date.fromisoformat(due_on) if due_on else None,
    )
