"""What does not fit: QuickBooks' limits on texts and numbers. Nothing is ever cut."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from duebill.domain.connection import Tenant
from duebill.domain.draft import Draft
from duebill.errors import Problem, Severity
from duebill.providers.quickbooks import spec
from duebill.providers.quickbooks.lines import BooksLine
from duebill.providers.quickbooks.mapping import address_body, customer_memo

_PARTS = {
    "City": ("city", spec.MAX_ADDRESS_PART),
    "CountrySubDivisionCode": ("region", spec.MAX_ADDRESS_PART),
    "Country": ("country", spec.MAX_ADDRESS_PART),
    "PostalCode": ("postal_code", spec.MAX_POSTAL_CODE),
}


def text_problems(draft: Draft, lines: Iterable[BooksLine], tenant: Tenant) -> Iterator[Problem]:
    """Texts that are too long or of the wrong form, and numbers that are too large or too precise."""
    yield from _fits("The note to the customer", customer_memo(draft), spec.MAX_MEMO, "/memo")
    yield from _details(draft)
    yield from _new_items(draft)
    for line in lines:
        yield from _line(line)
    if tenant.country == "US":
        yield from _characters(draft)


def _fits(what: str, text: str, limit: int, field: str) -> Iterator[Problem]:
    if len(text) > limit:
        yield Problem(
            "text_too_long",
            f"{what} has {len(text)} characters, and QuickBooks takes {limit}. Shorten it.",
            fields=(field,),
            values={"limit": str(limit), "length": str(len(text))},
        )


def _details(draft: Draft) -> Iterator[Problem]:
    details = draft.details
    yield from _fits("The e-mail address", details.email, spec.MAX_EMAIL, "/details/email")
    if details.email and not _looks_like_email(details.email):
        yield Problem(
            "email_invalid", "QuickBooks does not take this e-mail address. Correct it.", fields=("/details/email",)
        )
    for name, text in address_body(details.address).items():
        part, limit = _PARTS.get(name, ("lines", spec.MAX_ADDRESS_LINE))
        yield from _fits("A part of the address", str(text), limit, f"/details/address/{part}")
    if draft.create_customer:
        yield from _fits("The tax id", details.tax_id, spec.MAX_TAX_ID, "/details/tax_id")
        yield from _name("The customer's name", details.name, spec.MAX_DISPLAY_NAME, "/details/name")


def _new_items(draft: Draft) -> Iterator[Problem]:
    for index, line in enumerate(draft.lines):
        if line.item is None and line.new_item is not None:
            field = f"/lines/{index}/new_item"
            yield from _name("The new item's name", line.new_item.name, spec.MAX_ITEM_NAME, f"{field}/name")
            yield from _fits("The new item's code", line.new_item.code, spec.MAX_ITEM_CODE, f"{field}/code")
            text = line.new_item.description
            yield from _fits("The new item's description", text, spec.MAX_DESCRIPTION, f"{field}/description")


def _name(what: str, name: str, limit: int, field: str) -> Iterator[Problem]:
    yield from _fits(what, name, limit, field)
    if not name.strip() or any(character in name for character in spec.NOT_IN_NAMES):
        yield Problem(
            "name_not_allowed",
            f"{what} is empty, or has a colon, a tab or a line break, which QuickBooks does not take. Change it.",
            fields=(field,),
        )


def _line(line: BooksLine) -> Iterator[Problem]:
    field = f"/lines/{line.source}"
    yield from _fits(
        f"The text of line {line.source + 1}", line.description, spec.MAX_DESCRIPTION, f"{field}/description"
    )
    yield from _number("quantity", line.quantity, line, f"{field}/quantity")
    yield from _number("price", line.unit_price, line, f"{field}/unit_price")
    if abs(line.amount) >= spec.AMOUNT_END:
        yield _too_large("amount", line, f"{field}/unit_price")


def _number(what: str, number: Decimal, line: BooksLine, field: str) -> Iterator[Problem]:
    _, digits, exponent = number.normalize().as_tuple()
    if abs(number) >= spec.AMOUNT_END or len(digits) > spec.MAX_DIGITS:
        yield _too_large(what, line, field)
    elif isinstance(exponent, int) and -exponent > spec.MAX_DECIMALS:
        yield Problem(
            "too_many_decimals",
            f"The {what} of line {line.source + 1} has more than {spec.MAX_DECIMALS} decimals. Round it.",
            fields=(field,),
            values={"line": str(line.source + 1), "limit": str(spec.MAX_DECIMALS)},
        )


def _too_large(what: str, line: BooksLine, field: str) -> Problem:
    return Problem(
        "amount_too_large",
        f"The {what} of line {line.source + 1} has more digits than QuickBooks keeps. Split the line.",
        fields=(field,),
        values={"line": str(line.source + 1)},
    )


def _looks_like_email(text: str) -> bool:
    name, at, host = text.strip().partition("@")
    return bool(name and at) and "." in host.strip(".")


def _characters(draft: Draft) -> Iterator[Problem]:
    """US companies keep extended ASCII ("basic schema and data formats"); other characters may not survive."""
    texts = {"/memo": customer_memo(draft)}
    texts |= {f"/lines/{index}/description": line.description for index, line in enumerate(draft.lines)}
    if draft.create_customer:
        texts["/details/name"] = draft.details.name
    fields = tuple(field for field, text in texts.items() if not _is_western(text))
    if fields:
        yield Problem(
            "characters_may_be_lost",
            "QuickBooks in the US keeps Western European characters; others may be lost. Look at the invoice there.",
            Severity.WARN,
            fields,
        )


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
