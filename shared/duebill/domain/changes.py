"""What changed about an invoice, and who did it: whoever pressed a button for it, else nobody here."""

from collections.abc import Iterable
from dataclasses import replace

from duebill.domain.actions import is_done
from duebill.domain.invoice import HistoryEntry, Invoice
from duebill.domain.press import Press, PressState


def entry_of(press: Press, invoice: Invoice, *, detail: str = "") -> HistoryEntry:
    """The entry of a press that took effect. It is named by when the press began, so that written twice it is one."""
    return HistoryEntry(press.at, press.action.value, press.by, invoice.id, invoice.number, detail)


def presser_of(after: Invoice, presses: Iterable[Press]) -> Press | None:
    """The press whose outcome was unknown and that wanted just what an invoice has come to."""
    doubtful = (each for each in presses if each.invoice == after.id and each.state is PressState.SENDING)
    return next((each for each in doubtful if is_done(each.action, after)), None)


def was_sent(before: Invoice, after: Invoice) -> bool:
    """Whether the books say that it was e-mailed between two readings."""
    is_another = after.sent_at is not None and after.sent_at != before.sent_at
    return is_another or (after.is_sent and not before.is_sent)


def looks_changed(before: Invoice, after: Invoice) -> bool:
    """Whether a person would see a difference: versions and times of the books are none."""
    unseen = replace(
        before,
        version=after.version,
        created_at=after.created_at,
        updated_at=after.updated_at,
        is_linked=after.is_linked,
        is_sent=after.is_sent,
        sent_at=after.sent_at,
        sent_to=after.sent_to,
    )
    return unseen != after
