"""What brings the CRM up to date with invoices, put together: for a person who waits, and for due work."""

from datetime import date
from functools import partial

from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection
from duebill.domain.ids import CompanyId, ConnectionId
from duebill.ports import Crm
from duebill.runtime.wiring import Wiring
from duebill.use_cases.retire_link import RetireLink
from duebill.use_cases.write_back import WriteBack

NEEDS_SECONDS = 8.0  # with less time left a person is answered, and due work does it


def write_back_of(company: CompanyId, crm: Crm, wiring: Wiring, *, files_of: Connection | None = None) -> WriteBack:
    """Writes back with the eyes of `crm`, what the company wants; files only with the books that they come from."""
    open_books = partial(wiring.books, files_of) if files_of else None
    connections = wiring.connections.of_company(company)
    return WriteBack(crm, wiring.invoices, wiring.clock, connections, wiring.preferences.company(company), open_books)


def retire_of(company: CompanyId, crm: Crm, wiring: Wiring) -> RetireLink:
    """Retires what was unlinked, with the eyes of `crm`."""
    codes = wiring.preferences.company(company).deal_fields
    return RetireLink(crm, wiring.invoices, wiring.clock, codes, _todays(company, wiring))


def _todays(company: CompanyId, wiring: Wiring) -> dict[ConnectionId, date]:
    now = wiring.clock.now()
    return {known.id: today_in(known.tenant.time_zone, now) for known in wiring.connections.of_company(company)}
