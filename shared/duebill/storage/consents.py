"""One-use secrets of installs and connects. The table holds their hashes, and tickets only sealed.

A ticket lies under the hash of its id, sealed by the id. Once opened, a second item under the twofold hash of the state
holds the ticket's id, sealed by the state's hash: the callback comes with the state alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from duebill.domain.consent import InstallState, Ticket, TicketStep
from duebill.errors import ConditionFailed
from duebill.storage import keys
from duebill.storage.codec import decode, encode
from duebill.storage.seal import seal, unseal
from duebill.storage.table import Table
from duebill.storage.values import Item, binary, epoch_seconds, moment, number, read_binary, read_number
from duebill.storage.writes import ABSENT, Action, Delete, Put, When, at_version


@dataclass(frozen=True, slots=True)
class DynamoConsents:
    """ports.Consents on the table."""

    table: Table

    def put_install_state(self, state: InstallState) -> None:
        """Remember the state of an install that we began."""
        self.table.write(Put(keys.install_state(state.state), _ends(state.expires_at), ABSENT))

    def use_install_state(self, state: str, now: datetime) -> bool:
        """Whether this state was ours, unexpired and unused; it is used up."""
        unexpired = When("#ends > :now", {":now": moment(now)})
        try:
            self.table.write(Delete(keys.install_state(state), unexpired))
        except ConditionFailed:
            return False
        return True

    def put_ticket(self, ticket: Ticket) -> None:
        """Remember a ticket. Raises ConditionFailed for an id that was used."""
        self.table.write(self._put(ticket, ABSENT))

    def ticket(self, ticket_id: str, now: datetime) -> Ticket | None:
        """The unexpired ticket with this id, or None."""
        key = keys.ticket(ticket_id)
        item = self.table.get(key)
        if item is None:
            return None
        ticket = decode(unseal(read_binary(item, "sealed"), ticket_id, key), Ticket)
        return replace(ticket, version=read_number(item, "version")) if ticket.expires_at > now else None

    def ticket_of_state(self, state: str, now: datetime) -> Ticket | None:
        """The unexpired ticket that `state` was made for, or None; a later opening ends an earlier state."""
        state_hash = keys.digest(state)
        key = keys.connect_state(state_hash)
        item = self.table.get(key)
        if item is None:
            return None
        ticket = self.ticket(unseal(read_binary(item, "sealed"), state_hash, key), now)
        return ticket if ticket and ticket.state_hash == state_hash else None

    def change_ticket(self, ticket: Ticket) -> None:
        """Write the ticket one step further; only if its stored version is `ticket.version`. Raises ConditionFailed."""
        changed = self._put(replace(ticket, version=ticket.version + 1), at_version(ticket.version))
        self.table.write(changed, *self._put_state(ticket))

    def _put(self, ticket: Ticket, when: When) -> Put:
        key = keys.ticket(ticket.id)
        sealed = binary(seal(encode(ticket), ticket.id, key))
        return Put(key, {"sealed": sealed, "version": number(ticket.version), **_ends(ticket.expires_at)}, when)

    def _put_state(self, ticket: Ticket) -> tuple[Action, ...]:
        if ticket.step is not TicketStep.OPENED or ticket.state_hash is None:
            return ()
        key = keys.connect_state(ticket.state_hash)
        sealed = binary(seal(ticket.id, ticket.state_hash, key))
        return (Put(key, {"sealed": sealed, **_ends(ticket.expires_at)}, ABSENT),)


def _ends(at: datetime) -> Item:
    """When it ends: exactly, for our own check, and in whole seconds for the table's housekeeping."""
    return {"ends": moment(at), "expires": number(epoch_seconds(at))}
