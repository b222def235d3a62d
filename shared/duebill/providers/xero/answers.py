"""Xero's answers: what is a yes, and the elements in it."""

from typing import Any

from pydantic import BaseModel

from duebill.outside.http import HttpResponse
from duebill.providers.xero.faults import no_answer, reference_of


def is_document(answer: HttpResponse, document: Any) -> bool:  # noqa: ANN401  JSON
    """Most calls: a 200 with a document."""
    return answer.status == 200 and document is not None


def is_empty(answer: HttpResponse, _: Any) -> bool:  # noqa: ANN401  JSON
    """An e-mail: a 204 without content."""
    return answer.status == 204


def is_pdf(answer: HttpResponse, _: Any) -> bool:  # noqa: ANN401  JSON
    """A PDF, by its first bytes."""
    return answer.status == 200 and answer.body.startswith(b"%PDF")


def elements(document: Any, name: str, answer: HttpResponse, *, wrote: bool) -> list[dict[str, Any]]:  # noqa: ANN401  JSON
    """The list in the envelope. Raises OutcomeUnknown or TryLater where there is none."""
    found = document.get(name) if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise no_answer(wrote=wrote, reference=reference_of(answer))
    return found


def parsed[M: BaseModel](model: type[M], document: object, answer: HttpResponse, *, wrote: bool) -> M:
    """One element, read. Raises OutcomeUnknown or TryLater where it is not what it should be."""
    try:
        return model.model_validate(document)
    except ValueError as error:
        raise no_answer(wrote=wrote, reference=reference_of(answer)) from error


def document_in(answer: HttpResponse) -> Any:  # noqa: ANN401  a JSON document has any shape until a model has read it
    """The answer's JSON, None where it is none."""
    if not answer.body:  # limits and missing pages have no body
        return None
    try:
        return answer.json()
    except ValueError:
        return None
