"""Install states and tickets, in memory."""

from dataclasses import replace
from datetime import datetime
from threading import RLock

from duebill.domain.consent import InstallState, Ticket, TicketStep, secret_hash
from duebill.errors import ConditionFailed


class MemoryConsents:
    """ports.Consents."""

    def __init__(self) -> None:
        self.states: dict[str, InstallState] = {}
        self.tickets: dict[str, Ticket] = {}
        self._lock = RLock()

    def put_install_state(self, state: InstallState) -> None:
        with self._lock:
            if state.state in self.states:
                raise ConditionFailed
            self.states[state.state] = state

    def use_install_state(self, state: str, now: datetime) -> bool:
        with self._lock:
            if state not in self.states or self.states[state].expires_at <= now:
                return False
            del self.states[state]
            return True

    def put_ticket(self, ticket: Ticket) -> None:
        with self._lock:
            if ticket.id in self.tickets:
                raise ConditionFailed
            self.tickets[ticket.id] = ticket

    def ticket(self, ticket_id: str, now: datetime) -> Ticket | None:
        found = self.tickets.get(ticket_id)
        return found if found and found.expires_at > now else None

    def ticket_of_state(self, state: str, now: datetime) -> Ticket | None:
        found = [each for each in self.tickets.values() if each.state_hash == secret_hash(state)]
        return self.ticket(found[0].id, now) if found else None

    def change_ticket(self, ticket: Ticket) -> None:
        with self._lock:
            stored = self.tickets.get(ticket.id)
            if stored is None or stored.version != ticket.version:
                raise ConditionFailed
            used = {each.state_hash for each in self.tickets.values()}
            if ticket.step is TicketStep.OPENED and ticket.state_hash in used:
                raise ConditionFailed
            self.tickets[ticket.id] = replace(ticket, version=ticket.version + 1)
