"""What the searches of v2 have in common [O2]."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sandbox.pipedrive import envelope, params, shown
from sandbox.pipedrive.call import Call
from sandbox.pipedrive.model import Document

SEARCHABLE = ("address", "varchar", "text", "varchar_auto", "double", "monetary", "phone")
SHORTEST_TERM = 2


@dataclass(frozen=True)
class Term:
    """What is looked for; case does not count."""

    text: str
    exact: bool


def term_of(call: Call) -> Term:
    """The term of a search. Raises Refusal for one that is too short."""
    text = (call.request.param("term") or "").casefold().strip()
    exact = params.flag(call, "exact_match")
    if len(text) < (1 if exact else SHORTEST_TERM):
        raise envelope.invalid({"term": "Parameter 'term' must have at least 2 characters, 1 with exact_match"})
    return Term(text, exact)


def searched_fields(call: Call, known: Collection[str]) -> list[str]:
    """The fields to look into. Raises Refusal for one that is not known."""
    fields = params.words(call, "fields") or list(known)
    if unknown := [name for name in fields if name not in known]:
        raise envelope.invalid({"fields": f"'{unknown[0]}' is not a valid value"})
    return fields


def hits(texts: Iterable[str], term: Term) -> bool:
    """Whether one of the texts is, or holds, what is looked for."""
    found = (text.casefold() for text in texts)
    return any(text == term.text if term.exact else term.text in text for text in found)


def custom_texts(call: Call, entity: str, document: Document) -> list[str]:
    """What stands in the document's custom fields that can be searched."""
    found = []
    for key, field in shown.custom_fields_of(call, entity).items():
        value = document["custom_fields"].get(key)
        if value is not None and field["field_type"] in SEARCHABLE:
            found.append(str(value["value"] if isinstance(value, dict) else value))
    return found
