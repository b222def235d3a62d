"""What does not fit: Xero's limits on texts and numbers. Nothing is ever cut."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from duebill.domain.draft import Draft
from duebill.errors import Problem
from duebill.providers.xero import spec
from duebill.providers.xero.lines import BooksLine
from duebill.providers.xero.mapping import address_body, item_code

_PARTS = {
    "City": ("city", spec.MAX_CITY),
    "Region": ("region", spec.MAX_CITY),
    "PostalCode": ("postal_code", spec.MAX_POSTAL_CODE),
    "Country": ("country", spec.MAX_COUNTRY),
}


def text_problems(draft: Draft, lines: Iterable[BooksLine]) -> Iterator[Problem]:
    """Texts that are too long or of the wrong form, and numbers that are too large or too precise."""
    yield from _fits("The note to the customer", draft.memo, spec.MAX_DESCRIPTION, "/memo")
    yield from _fits("The order number", draft.po_number, spec.MAX_REFERENCE, "/po_number")
    yield from _fits("The invoice number", draft.number or "", spec.MAX_NUMBER, "/number")
    if draft.create_customer and draft.customer is None:  # else the contact's own details are printed
        yield from _details(draft)
    yield from _new_items(draft)
    for line in lines:
        yield from _line(line)


def _fits(what: str, text: str, limit: int, field: str) -> Iterator[Problem]:
    if len(text) > limit:
        yield Problem(
            "text_too_long",
            f"{what} has {len(text)} characters, and Xero takes {limit}. Shorten it.",
            fields=(field,),
            values={"limit": str(limit), "length": str(len(text))},
        )


def _details(draft: Draft) -> Iterator[Problem]:
    details = draft.details
    yield from _name("The customer's name", details.name, spec.MAX_NAME, "/details/name")
    yield from _fits("The tax id", details.tax_id, spec.MAX_TAX_ID, "/details/tax_id")
    yield from _fits("The e-mail address", details.email, spec.MAX_EMAIL, "/details/email")
    if details.email and not _looks_like_email(details.email):
        yield Problem(
            "email_invalid",
            "Xero does not take this e-mail address: it must be a whole one, in plain letters. Correct it.",
            fields=("/details/email",),
        )
    for name, text in address_body(details.address).items():
        part, limit = _PARTS.get(name, ("lines", spec.MAX_ADDRESS_LINE))
        yield from _fits("A part of the address", str(text), limit, f"/details/address/{part}")
    country = details.address.country
    if any(character.isdigit() for character in country):
        yield Problem(
            "country_invalid", "Xero takes letters only in a country's name.", fields=("/details/address/country",)
        )


def _new_items(draft: Draft) -> Iterator[Problem]:
    for index, line in enumerate(draft.lines):
        if line.item is not None or line.new_item is None:
            continue
        field, new = f"/lines/{index}/new_item", line.new_item
        yield from _name("The new item's name", new.name, spec.MAX_ITEM_NAME, f"{field}/name")
        yield from _fits("The new item's code", new.code, spec.MAX_ITEM_CODE, f"{field}/code")
        yield from _fits("The new item's description", new.description, spec.MAX_DESCRIPTION, f"{field}/description")
        if new.unit_price is not None:
            yield from _decimals("price of the new item", new.unit_price, spec.PRICE_DECIMALS, index, field)
        if new.name.strip() and not item_code(new):
            yield Problem(
                "item_code_missing",
                f"Items in Xero need a code of at most {spec.MAX_ITEM_CODE} characters. Give the product of line "
                f"{index + 1} one, or choose an item.",
                fields=(f"{field}/code",),
                values={"line": str(index + 1), "limit": str(spec.MAX_ITEM_CODE)},
            )


def _name(what: str, name: str, limit: int, field: str) -> Iterator[Problem]:
    yield from _fits(what, name, limit, field)
    if not name.strip():
        yield Problem("name_not_allowed", f"{what} is empty. Fill it in.", fields=(field,))


def _line(line: BooksLine) -> Iterator[Problem]:
    field, number = f"/lines/{line.source}", line.source + 1
    yield from _fits(f"The text of line {number}", line.description, spec.MAX_DESCRIPTION, f"{field}/description")
    if not line.description.strip():
        yield Problem(
            "line_without_text",
            f"Line {number} needs a text in Xero. Write one.",
            fields=(f"{field}/description",),
            values={"line": str(number)},
        )
    yield from _decimals("quantity", line.quantity, spec.QUANTITY_DECIMALS, line.source, f"{field}/quantity")
    yield from _decimals("price", line.unit_price, spec.PRICE_DECIMALS, line.source, f"{field}/unit_price")
    if max(abs(line.amount), abs(line.unit_price), abs(line.quantity)) >= spec.AMOUNT_END:
        yield Problem(
            "amount_too_large",
            f"The amount of line {number} has more digits than Xero keeps. Split the line.",
            fields=(f"{field}/unit_price",),
            values={"line": str(number)},
        )


def _decimals(what: str, number: Decimal, limit: int, source: int, field: str) -> Iterator[Problem]:
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > limit:
        yield Problem(
            "too_many_decimals",
            f"The {what} of line {source + 1} has more than {limit} decimals. Round it.",
            fields=(field,),
            values={"line": str(source + 1), "limit": str(limit)},
        )


def _looks_like_email(text: str) -> bool:
    name, at, host = text.strip().partition("@")
    return text.isascii() and bool(name and at) and "." in host.strip(".")
