"""Xero's refusals as ours. A refusal is an object with messages deep inside; limits and missing pages have no body."""

from collections.abc import Mapping
from typing import Any

from duebill.domain.endings import WhyEnded
from duebill.errors import (
    BooksRefused,
    DuebillError,
    LimitReached,
    NotFound,
    OutcomeUnknown,
    ReconnectRequired,
    StaleVersion,
    TryLater,
)
from duebill.outside.http import HttpResponse
from duebill.providers.xero.spec import CONCURRENT_WAIT, DAY_WAIT, MINUTE_WAIT
from duebill.providers.xero.wire import messages_in

# Xero has one error number for all refusals: what was refused is in the words. The first that fits counts.
_REFUSALS = (
    ("already assigned to another contact", "duplicate_customer_name", "Another contact in Xero has this name."),
    ("archived", "customer_inactive", "This contact is archived in Xero. Restore it there, or choose another."),
    ("not subscribed to currency", "currency_not_in_books", "Add the currency in Xero, or change the deal's currency."),
    ("cannot be used with account", "tax_code_not_for_account", "Choose another tax rate or another account."),
    ("lock date", "books_closed", "The books are closed for this date."),
    ("limit of invoices you can approve", "approval_limit", "The organisation's plan in Xero is used up."),
    ("no email address", "email_missing", "The contact has no e-mail address in Xero."),
    ("email limit", "email_limit", "The organisation has sent as many e-mails today as Xero allows."),
    ("email address", "email_invalid", "Xero does not take this e-mail address."),
    ("price list item with code", "duplicate_item_name", "An item in Xero already has this code."),
    ("item code", "not_found_in_books", "An item of this invoice is gone in Xero."),
    ("invoice # must be unique", "duplicate_number", "This invoice number is already used in Xero."),
    ("account code", "account_missing", "Choose a revenue account in the settings, or give the item one in Xero."),
    ("payment or credit note", "has_payments", "Remove its payments or credit notes in Xero first."),
    ("payments or credit notes", "has_payments", "Remove its payments or credit notes in Xero first."),
)
_NOT_THIS_STATUS = "not of valid status"
_OTHER_REQUEST = "different request"
_OTHER = "Xero refused this."
_NO_ACCESS = (
    "Xero no longer lets this connection into the organisation: it was disconnected there, or who connected it lost "
    "their role. Somebody who is Standard or Adviser in it must connect again."
)
_NO_TOKEN = "Xero no longer accepts this connection. Connect Xero again."  # noqa: S105  a sentence
_GONE = "Xero does not have this any more."


def element_refusal(element: Mapping[str, Any], reference: str | None) -> DuebillError | None:
    """The error of one element of an answer, or None. A 200 may hold one, whose Status says what was only asked for."""
    said = messages_in(element)
    is_error = str(element.get("StatusAttributeString") or "").upper() == "ERROR"
    if not said and not is_error and not element.get("HasErrors") and not element.get("HasValidationErrors"):
        return None
    return _refusal(said, reference)


def error_of(answer: HttpResponse, document: object, *, wrote: bool) -> DuebillError:
    """The error that a bad answer stands for; `wrote` says whether the request may have changed the books."""
    reference = reference_of(answer)
    said = document if isinstance(document, Mapping) else None
    match answer.status:
        case 429:
            return LimitReached(
                "Xero takes no more calls for this organisation at the moment.",
                provider_reference=reference,
                retry_after=throttle_wait(answer),
            )
        case 400 if said is not None and _is_considered(said):
            return _refusal(messages_in(said) or _own_words(said), reference)
        case 401:
            return ReconnectRequired(_NO_TOKEN, values={"reason": WhyEnded.NOT_ACCEPTED}, provider_reference=reference)
        case 403 if said is not None:  # a page of somebody else's between us disconnects nobody
            return ReconnectRequired(_NO_ACCESS, values={"reason": WhyEnded.ROLE_LOST}, provider_reference=reference)
        case 404:
            return NotFound(_GONE, code="not_found_in_books", provider_reference=reference)
        case _:
            return no_answer(wrote=wrote, reference=reference)


def no_answer(*, wrote: bool, reference: str | None = None) -> DuebillError:
    """What it means that no answer of Xero's own came."""
    if wrote:
        return OutcomeUnknown("Xero did not say whether it was done.", provider_reference=reference)
    return TryLater("Xero does not answer at the moment.", provider_reference=reference, retry_after=10)


def reference_of(answer: HttpResponse) -> str | None:
    """The id by which Xero's support finds a call."""
    return answer.headers.get("xero-correlation-id")


def throttle_wait(answer: HttpResponse) -> int:
    """Seconds for which nothing should be asked after a 429; its body is empty."""
    header = answer.headers.get("retry-after", "")
    if header.isdigit():
        return max(1, int(header))
    if is_concurrent(answer):
        return CONCURRENT_WAIT
    return DAY_WAIT if "day" in _limit(answer) else MINUTE_WAIT


def is_concurrent(answer: HttpResponse) -> bool:
    """Whether a 429 says that too many calls were under way at once."""
    return "concurrent" in _limit(answer)


def is_of_the_app(answer: HttpResponse) -> bool:
    """Whether a 429 is about the minute of the whole app, not of one organisation."""
    return "app" in _limit(answer)


def _limit(answer: HttpResponse) -> str:
    return answer.headers.get("x-rate-limit-problem", "").lower()


def _refusal(said: tuple[str, ...], reference: str | None) -> DuebillError:
    text = " ".join(said)
    lower = text.lower()
    if _OTHER_REQUEST in lower:  # this key was sent before with other content, and may have done its work
        return OutcomeUnknown("Xero did not say whether it was done.", provider_reference=reference)
    if _NOT_THIS_STATUS in lower:
        return StaleVersion(
            f"It is at another stage in Xero by now. Read it again. {text}".strip(), provider_reference=reference
        )
    for words, code, sentence in _REFUSALS:
        if words in lower:
            return BooksRefused(f"{sentence} {text}", code=code, values={"said": text}, provider_reference=reference)
    return BooksRefused(f"{_OTHER} {text}".strip(), code="refused_by_books", provider_reference=reference)


def _is_considered(document: Mapping[str, Any]) -> bool:
    return "ErrorNumber" in document or bool(messages_in(document)) or "Detail" in document


def _own_words(document: Mapping[str, Any]) -> tuple[str, ...]:
    words = document.get("Message") or document.get("Detail")
    return (str(words),) if words else ()
