"""Everything that can go wrong, each once.

DuebillError                    has a stable `code`, an HTTP status and a sentence for the person
├── InvalidRequest          400 the request cannot be understood
├── NotAuthenticated        401 no valid app-extension token
├── NotAllowed              403 the person's role does not allow it
├── NotFound                404 there is no such thing, or not for this person
├── ConsentFailed           400 an install or a connection was not completed
├── KeyReused               409 the same Idempotency-Key with other content
├── NotConnected            409 no books are connected
├── ReconnectRequired       409 a person must consent again
├── LinkedElsewhere         409 the invoice belongs to another deal
├── ConfirmationNeeded      409 a person must say yes first, perhaps twice
├── DealChanged             412 the deal was invoiced meanwhile
├── BasisRequired           428 If-Match or Idempotency-Key is missing
├── DraftRefused            422 the draft has problems that stop it
├── NotPossible             422 the invoice, or these books, rule it out: nothing was sent
├── BooksRefused            422 the provider said no, in its own words
│   ├── StaleVersion            somebody changed the object in the books meanwhile
│   └── Unsupported             these books cannot do that at all
├── TryLater                503 nothing was done; later it may work
│   └── LimitReached            … because a limit is spent
├── OutcomeUnknown          503 sent, and no answer came: it may or may not have been done
└── ConditionFailed         500 two writers met and this one lost; callers read again
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem stops an invoice or only warns."""

    STOP = "stop"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fact that stops or warns, for a person, with what to do about it.

    `code` is stable, `message` is one or two English sentences, `fields` are JSON pointers into the draft
    (`/lines/2/tax_code`), `values` is what a translation of the message needs.
    """

    code: str
    message: str
    severity: Severity = Severity.STOP
    fields: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)


class DuebillError(Exception):
    """The root. `message` is shown to people: it holds no secret and no name of another company."""

    code = "internal_error"
    http_status = 500

    def __init__(
        self,
        message: str = "Something went wrong on our side. Nothing was lost; please try again.",
        *,
        code: str | None = None,
        fields: tuple[str, ...] = (),
        values: dict[str, str] | None = None,
        provider_reference: str | None = None,
        retry_after: int | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = fields
        self.values = values or {}
        self.provider_reference = provider_reference
        self.retry_after = retry_after
        self.problems = problems


class InvalidRequest(DuebillError):
    """The request cannot be understood; `fields` say which part."""

    code = "invalid_request"
    http_status = 400


class NotAuthenticated(DuebillError):
    """There is no app-extension token, or it is forged, expired or of the wrong kind."""

    code = "not_authenticated"
    http_status = 401


class NotAllowed(DuebillError):
    """The caller is known and may not do this."""

    code = "not_allowed"
    http_status = 403


class NotFound(DuebillError):
    """No such thing for this caller; says nothing about whether it exists for others."""

    code = "not_found"
    http_status = 404


class ConsentFailed(DuebillError):
    """An install or a connection could not be completed; the message says what to do next."""

    code = "consent_failed"
    http_status = 400


class KeyReused(DuebillError):
    """The Idempotency-Key was used for other content."""

    code = "idempotency_key_reused"
    http_status = 409


class NotConnected(DuebillError):
    """The company has no such active connection."""

    code = "not_connected"
    http_status = 409


class ReconnectRequired(DuebillError):
    """A machine cannot renew the tokens any more; a person must consent again."""

    code = "reconnect_required"
    http_status = 409


class LinkedElsewhere(DuebillError):
    """The invoice is linked to another deal, which `values` name where the caller can see it: a person must say so."""

    code = "linked_to_other_deal"
    http_status = 409


class ConfirmationNeeded(DuebillError):
    """It cannot be undone, and nobody said yes; `values["asks"]` is how often to ask: `once` or `twice`."""

    code = "confirmation_needed"
    http_status = 409


class DealChanged(DuebillError):
    """The deal's list of invoices is not the one the draft was based on; `values` name the invoice made meanwhile."""

    code = "deal_changed"
    http_status = 412


class BasisRequired(DuebillError):
    """A write to the books came without Idempotency-Key or If-Match."""

    code = "basis_required"
    http_status = 428


class DraftRefused(DuebillError):
    """The draft cannot become an invoice; `problems` say why and what to do."""

    code = "draft_refused"
    http_status = 422


class NotPossible(DuebillError):
    """An action that cannot work, known before anything is sent; `code` is the reason (domain.actions.Reason)."""

    code = "not_possible"
    http_status = 422


class BooksRefused(DuebillError):
    """The provider refused; the message carries its own sentence. Nothing was written there."""

    code = "books_refused"
    http_status = 422


class StaleVersion(BooksRefused):
    """The object was changed in the books since it was read."""

    code = "stale_version"


class Unsupported(BooksRefused):
    """These books cannot do this; `Feature` says so beforehand."""

    code = "unsupported"


class TryLater(DuebillError):
    """Nothing was done; the same may work after `retry_after` seconds."""

    code = "try_later"
    http_status = 503


class LimitReached(TryLater):
    """A provider's limit is spent until `retry_after` seconds from now."""

    code = "limit_reached"


class OutcomeUnknown(DuebillError):
    """A write was sent and no answer that is the provider's own came back."""

    code = "outcome_unknown"
    http_status = 503


class ConditionFailed(DuebillError):
    """Another writer was first. Use cases read again; people never see this."""

    code = "condition_failed"
