"""QuickBooks' refusals as ours. Two envelopes: `Fault` of the service, `fault` of the gateway before it."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from duebill.providers.quickbooks.spec import THROTTLE_WAIT

_REFUSALS = {
    "6240": ("duplicate_customer_name", "Somebody or something in QuickBooks already has this name."),
    "6140": ("duplicate_number", "This invoice number is already used in QuickBooks."),
    "6210": ("books_closed", "The books are closed for this date."),
    "6190": ("subscription_ended", "This QuickBooks company cannot be changed: its subscription has ended."),
    "2210": ("email_invalid", "QuickBooks does not take this e-mail address."),
    "2500": ("reference_inactive", "Something that the invoice names is inactive or gone in QuickBooks."),
}
_NOT_ADMIN = "Who connected QuickBooks no longer has access to this company. An administrator must connect it again."
_NO_ACCESS = {
    "3100": "QuickBooks says that this connection does not open this company. Connect QuickBooks again.",
    "3200": "QuickBooks no longer accepts this connection. Connect QuickBooks again.",
    "100": _NOT_ADMIN,
    "120": _NOT_ADMIN,
}
_THROTTLED = "3001"
_NOT_FOUND = "610"
_WHY = {
    "3100": WhyEnded.OTHER_BOOKS,
    "3200": WhyEnded.NOT_ACCEPTED,
    "100": WhyEnded.ROLE_LOST,
    "120": WhyEnded.ROLE_LOST,
}
_STALE = "5010"
_SYSTEM_FAULTS = 10000  # codes from here on are QuickBooks' own trouble: retry with the same requestid


@dataclass(frozen=True, slots=True)
class Fault:
    """The first error of an answer, from either envelope."""

    code: str
    message: str
    detail: str
    kind: str


def fault_in(document: object) -> Fault | None:
    """The fault in an answer, or None. A 200 may hold one too."""
    if not isinstance(document, Mapping):
        return None
    service, gateway = document.get("Fault"), document.get("fault")
    if isinstance(service, Mapping):
        return _fault(service, "Error", "Message", "Detail")
    return _fault(gateway, "error", "message", "detail") if isinstance(gateway, Mapping) else None


def _fault(envelope: Mapping[str, Any], errors: str, message: str, detail: str) -> Fault:
    listed = envelope.get(errors) or [{}]
    first = listed[0] if isinstance(listed[0], Mapping) else {}
    return Fault(
        code=str(first.get("code") or "").lstrip("0"),
        message=str(first.get(message) or ""),
        detail=str(first.get(detail) or ""),
        kind=str(envelope.get("type") or ""),
    )


def error_of(answer: HttpResponse, fault: Fault | None, *, wrote: bool) -> DuebillError:
    """The error that a bad answer stands for; `wrote` says whether the request may have changed the books."""
    reference = answer.headers.get("intuit_tid")
    if answer.status == 429 or (fault and fault.code == _THROTTLED):
        return LimitReached(
            "QuickBooks takes no more calls for this company at the moment.",
            provider_reference=reference,
            retry_after=throttle_wait(answer),
        )
    if fault and answer.status < 500 and _is_refusal(fault):
        return refusal(fault, reference)
    if answer.status == 401:
        return _ended("3200", reference)
    return no_answer(wrote=wrote, reference=reference)


def _ended(code: str, reference: str | None) -> ReconnectRequired:
    return ReconnectRequired(_NO_ACCESS[code], values={"reason": _WHY[code]}, provider_reference=reference)


def is_throttled(answer: HttpResponse) -> bool:
    """Whether an answer turns the call away because of a limit; it once came as a 403."""
    if answer.status == 403:
        try:
            fault = fault_in(answer.json())
        except ValueError:
            return False
        return fault is not None and fault.code == _THROTTLED
    return answer.status == 429


def throttle_wait(answer: HttpResponse) -> int:
    """Seconds for which nothing should be asked after such an answer."""
    header = answer.headers.get("retry-after", "")
    return max(THROTTLE_WAIT, int(header)) if header.isdigit() else THROTTLE_WAIT


def refusal(fault: Fault, reference: str | None) -> DuebillError:
    """The error for a fault that is QuickBooks' own, considered answer."""
    # The detail of an authentication fault holds a piece of the token: it goes nowhere.
    if fault.code in _NO_ACCESS:
        return _ended(fault.code, reference)
    if fault.code == _NOT_FOUND:
        return NotFound(
            "QuickBooks does not have this any more.", code="not_found_in_books", provider_reference=reference
        )
    if fault.code == _STALE:
        return StaleVersion(
            "It was changed in QuickBooks meanwhile. Read it again and repeat.", provider_reference=reference
        )
    code, sentence = _REFUSALS.get(fault.code, (f"quickbooks_{fault.code}", "QuickBooks refused this."))
    said = _said(fault)
    return BooksRefused(
        f"{sentence} {said}".strip(), code=code, values={"said": said} if said else {}, provider_reference=reference
    )


def no_answer(*, wrote: bool, reference: str | None = None) -> DuebillError:
    """What it means that no answer of QuickBooks' own came."""
    if wrote:
        return OutcomeUnknown("QuickBooks did not say whether it was done.", provider_reference=reference)
    return TryLater("QuickBooks does not answer at the moment.", provider_reference=reference, retry_after=10)


def _is_refusal(fault: Fault) -> bool:
    if fault.kind == "SystemFault" or not fault.code:
        return False
    return not (fault.code.isdigit() and int(fault.code) >= _SYSTEM_FAULTS)


def _said(fault: Fault) -> str:
    text = fault.detail or fault.message
    # Some details repeat the message: "Object Not Found : Something you're trying to use …".
    return text.removeprefix(fault.message).lstrip(" :") or text
