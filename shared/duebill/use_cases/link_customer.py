"""Say which customer of the books a deal's buyer is, and bring the customer's details there up to date if asked."""

import hashlib
from dataclasses import replace

from duebill.domain.books import Customer, CustomerDetails
from duebill.domain.connection import Connection
from duebill.domain.ids import CustomerId
from duebill.errors import DraftRefused, NotFound, Problem, Severity
from duebill.ports import AccountingProvider, CustomerLink, Links


def link_customer(
    connection: Connection,
    buyer: str,
    customer_id: CustomerId,
    *,
    push: CustomerDetails | None,
    overwrite_tax_id: bool,
    key: str,
    books: AccountingProvider,
    links: Links,
) -> tuple[Customer, tuple[Problem, ...]]:
    """The linked customer as the books have it now, with a warning where a tax id could not be compared.

    `push` sends address, e-mail and tax id only where they differ. Books mask tax ids: one is compared with the hash
    of what was sent last, and where nothing was, the person decides (`overwrite_tax_id`).
    Raises DraftRefused for an inactive customer.
    """
    try:
        customer = books.customer(customer_id)
    except NotFound as gone:
        raise DraftRefused("This customer is not in the books.", code="customer_not_found") from gone
    if not customer.is_active:
        raise DraftRefused(
            "This customer is inactive in the books. Make it active there, or choose another one.",
            code="customer_inactive",
            fields=("/customer_id",),
        )
    known = links.customer(connection.company, connection.id, buyer)
    sent_before = known.sent_tax_id_hash if known and known.customer == customer_id else None
    link = CustomerLink(customer_id, customer.details.name, sent_before)
    if push is None:
        links.link_customer(connection.company, connection.id, buyer, link)
        return customer, ()
    wanted, problems = _comparable(push, customer, sent_before, overwrite_tax_id=overwrite_tax_id)
    updated = books.update_customer(customer, wanted, key=key)
    if wanted.tax_id:
        link = replace(link, sent_tax_id_hash=tax_id_hash(wanted.tax_id))
    links.link_customer(connection.company, connection.id, buyer, link)
    return updated, problems


def tax_id_hash(tax_id: str) -> str:
    """What is kept of a tax id that was sent: enough to know it again, not the id itself."""
    return hashlib.sha256(_plain(tax_id).encode()).hexdigest()


def _comparable(
    push: CustomerDetails, customer: Customer, sent_before: str | None, *, overwrite_tax_id: bool
) -> tuple[CustomerDetails, tuple[Problem, ...]]:
    """The details to send: without the tax id where it was sent before, or where nobody can say whether it differs."""
    if not push.tax_id or not customer.details.tax_id or overwrite_tax_id:
        return push, ()
    if not customer.tax_id_is_masked:
        return push, ()
    if sent_before == tax_id_hash(push.tax_id):
        return replace(push, tax_id=""), ()
    return replace(push, tax_id=""), (_CANNOT_COMPARE,)


def _plain(tax_id: str) -> str:
    return "".join(tax_id.split()).upper()


_CANNOT_COMPARE = Problem(
    "tax_id_hidden",
    "The books hide the customer's tax id, so it could not be compared and was left as it is. Overwrite it?",
    Severity.WARN,
    fields=("/push/tax_id",),
)
