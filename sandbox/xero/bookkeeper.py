"""What people do inside Xero while nobody looks: the same rules, but no token and every right."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.xero import contacts, invoices, items, payments
from sandbox.xero.documents import Doc, number
from sandbox.xero.organisation import Actor, Organisation

if TYPE_CHECKING:
    from sandbox.xero.simulator import Xero

PERSON = Actor("A bookkeeper")


class Bookkeeper:
    """Acts in the books of any organisation."""

    def __init__(self, simulator: "Xero") -> None:
        self._simulator = simulator

    def pay(self, tenant: str, invoice: str, amount: Decimal | str | None = None) -> Doc:
        """Record a payment of an invoice; without an amount, of all that is due."""
        org, found = self._invoice(tenant, invoice)
        paid = Decimal(str(amount)) if amount is not None else number(found["AmountDue"])
        bank = org.by("Account", "Type", "BANK") or {}
        body = {"Invoice": {"InvoiceID": invoice}, "Account": {"Code": bank.get("Code")}, "Amount": paid}
        return payments.put(org, body, PERSON)

    def unpay(self, tenant: str, payment: str) -> Doc:
        """Remove a payment."""
        return payments.end(self._org(tenant), payment, {"Status": "DELETED"}, PERSON)

    def credit(self, tenant: str, invoice: str, amount: Decimal | str | None = None) -> Doc:
        """Write a credit note for the invoice's contact and use it for the invoice."""
        org, found = self._invoice(tenant, invoice)
        worth = Decimal(str(amount)) if amount is not None else number(found["AmountDue"])
        code = next(line["AccountCode"] for line in found["LineItems"] if line.get("AccountCode"))
        body = {
            "Type": "ACCRECCREDIT",
            "Status": "AUTHORISED",
            "Contact": found["Contact"],
            "CurrencyCode": found["CurrencyCode"],
            "LineAmountTypes": "NoTax",
            "LineItems": [{"Description": "Credit", "Quantity": 1, "UnitAmount": worth, "AccountCode": code}],
        }
        note = payments.credit_note(org, body, PERSON, 4)
        allocation = {"Invoice": {"InvoiceID": invoice}, "Amount": worth}
        return payments.allocate(org, note["CreditNoteID"], allocation, PERSON)

    def approve(self, tenant: str, invoice: str) -> Doc:
        """Approve an invoice."""
        return self.edit(tenant, "Invoice", invoice, {"Status": "AUTHORISED"})

    def void(self, tenant: str, invoice: str) -> Doc:
        """Void an approved invoice."""
        return self.edit(tenant, "Invoice", invoice, {"Status": "VOIDED"})

    def delete(self, tenant: str, invoice: str) -> Doc:
        """Delete an invoice that is not approved."""
        return self.edit(tenant, "Invoice", invoice, {"Status": "DELETED"})

    def edit(self, tenant: str, entity: str, identifier: str, fields: Doc) -> Doc:
        """Change some fields of an invoice, a contact or an item."""
        org = self._org(tenant)
        match entity:
            case "Invoice":
                return invoices.post(org, fields, PERSON, 4, identifier)
            case "Contact":
                return contacts.post(org, fields, PERSON, identifier)
            case "Item":
                return items.post(org, fields, PERSON, 4, identifier)
            case _:
                raise KeyError(entity)

    def merge(self, tenant: str, loser: str, winner: str) -> None:
        """Merge one contact into another."""
        contacts.merge(self._org(tenant), loser, winner)

    def archive_contact(self, tenant: str, contact: str) -> Doc:
        """Archive a contact."""
        return contacts.archive(self._org(tenant), contact)

    def lock(self, tenant: str, until: date | None) -> None:
        """Lock the period up to and including a day; None opens it."""
        self._org(tenant).period_lock = until

    def set_role(self, tenant: str, user: str, role: str | None) -> None:
        """Give a user another role in an organisation; None takes the user out of it."""
        roles = self._simulator.users[user].roles
        if role is None:
            roles.pop(tenant, None)
        else:
            roles[tenant] = role

    def _org(self, tenant: str) -> Organisation:
        return self._simulator.organisations[tenant]

    def _invoice(self, tenant: str, invoice: str) -> tuple[Organisation, Doc]:
        org = self._org(tenant)
        return org, org.get("Invoice", invoice)
