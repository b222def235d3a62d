"""QuickBooks' answers, read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from duebill.outside.http import HttpResponse
from duebill.providers.quickbooks.faults import no_answer


def parsed[M: BaseModel](model: type[M], document: object, answer: HttpResponse, *, wrote: bool) -> M:
    """One object, read. Raises OutcomeUnknown or TryLater where it is not what it should be."""
    try:
        return model.model_validate(document)
    except ValueError as error:
        raise no_answer(wrote=wrote, reference=answer.headers.get("intuit_tid")) from error


# Most of a page of invoices, whose columns cannot be chosen (S-QUERY: no projection), and which nobody reads.
_LINES = "Line"


def document_in(answer: HttpResponse) -> dict[str, Any] | None:
    """The answer's JSON object without the lines of what is in it, None where it is none."""
    try:
        document = answer.json(without=_LINES)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def changed_rows(document: Mapping[str, Any], answer: HttpResponse) -> list[dict[str, Any]]:
    """The invoices in an answer about changes. Raises TryLater where it is none."""
    try:
        parts = [part for response in document["CDCResponse"] for part in response["QueryResponse"]]
        # Where nothing changed the part is empty.
        return [row for part in parts for row in part.get("Invoice") or ()]
    except (KeyError, TypeError, AttributeError) as error:
        raise no_answer(wrote=False, reference=answer.headers.get("intuit_tid")) from error


def time_of(document: Mapping[str, Any], answer: HttpResponse) -> datetime:
    """The server's time, which every answer has."""
    try:
        return datetime.fromisoformat(document["time"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError) as error:
        raise no_answer(wrote=False, reference=answer.headers.get("intuit_tid")) from error
