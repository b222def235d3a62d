"""Which things of the books the CRM's products and buyers may be, many at once: proposals for a person to review."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from duebill.domain.deal import FieldRef, Record, RecordKind
from duebill.domain.settings import CustomerMapping

MOST_PROPOSED = 5

# What companies are called by law says nothing about which one is meant.
_LEGAL_FORMS = frozenset(
    """ab ag aps as bv co company corp corporation gmbh inc incorporated kft limited llc llp lp ltd ltda mbh nv oy oyj
    plc pte pty sa sarl sas sasu spa srl""".split()
)
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A part of a long list. `cursor` is where the next part begins, None at the end."""

    rows: tuple[T, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An item or a customer of the books. `mark` tells it from others: an item's code, a customer's e-mail."""

    id: str
    name: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The items or the customers of some books; not all of them where there are more than we hold at once."""

    entries: tuple[Entry, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product or a buyer of the CRM, with the same kind of mark. `key` is what a link hangs on."""

    key: str
    name: str
    mark: str = ""


class Certainty(StrEnum):
    """How well a proposal fits."""

    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"


class Reason(StrEnum):
    """What fits."""

    BOTH = "both"
    MARK = "mark"
    NAME = "name"
    SEVERAL = "several"  # more than one fits equally well
    DIFFERS = "differs"  # one of the two fits, and the other says something else
    SIMILAR = "similar"  # names that differ by case of law, punctuation or spaces
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Match:
    """What one of them may be in the books, the likeliest first."""

    wanted: Wanted
    certainty: Certainty
    reason: Reason
    proposals: tuple[Entry, ...] = ()


class Matcher:
    """Finds entries by mark and by name. `mark_decides`: whether a mark alone is enough, as a code is, an e-mail not.

    Holds each entry once in three indexes: some hundred bytes an entry.
    """

    def __init__(self, entries: Iterable[Entry], *, mark_decides: bool) -> None:
        self._by_mark: dict[str, list[Entry]] = defaultdict(list)
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        self._by_core: dict[str, list[Entry]] = defaultdict(list)
        self._mark_decides = mark_decides
        for entry in entries:
            if entry.mark:
                self._by_mark[_plain(entry.mark)].append(entry)
            self._by_name[_plain(entry.name)].append(entry)
            self._by_core[_core(entry.name)].append(entry)

    def match(self, wanted: Wanted) -> Match:
        """The best that there is; never sure where two fit, or where mark and name disagree."""
        marked = self._by_mark.get(_plain(wanted.mark), []) if wanted.mark else []
        named = self._by_name.get(_plain(wanted.name), [])
        both = [entry for entry in marked if entry in named]
        if both:
            return _of(wanted, Reason.BOTH if len(both) == 1 else Reason.SEVERAL, [*both, *marked, *named])
        if marked:
            return self._marked(wanted, marked, named)
        if named:
            return self._named(wanted, named)
        core = _core(wanted.name)
        similar = self._by_core.get(core, []) if core else []
        return _of(wanted, Reason.SIMILAR if similar else Reason.NOTHING, similar)

    def has_mark(self, mark: str) -> bool:
        """Whether any entry has this mark."""
        return bool(mark) and _plain(mark) in self._by_mark

    def _marked(self, wanted: Wanted, marked: Sequence[Entry], named: Sequence[Entry]) -> Match:
        if len(marked) > 1:
            return _of(wanted, Reason.SEVERAL, [*marked, *named])
        return _of(wanted, Reason.DIFFERS if named else Reason.MARK, [*marked, *named], sure=self._mark_decides)

    def _named(self, wanted: Wanted, named: Sequence[Entry]) -> Match:
        if len(named) > 1:
            return _of(wanted, Reason.SEVERAL, named)
        differs = self._mark_decides and wanted.mark and named[0].mark
        return _of(wanted, Reason.DIFFERS if differs else Reason.NAME, named)


def buyer_wanted(record: Record, mapping: CustomerMapping) -> Wanted:
    """An organization or a person as a customer is looked for: with the name and e-mail that the mapping gives them."""

    def text(ref: FieldRef | None) -> str:
        # A person who is billed alone fills what is mapped from organizations, too (domain.prefill.details_of).
        if ref is None or ref.record not in (record.kind, RecordKind.ORGANIZATION):
            return ""
        value = record.values.get(ref.code)
        return value.text.strip() if value else ""

    return Wanted(f"{record.kind.value}:{record.id}", text(mapping.name) or record.name, text(mapping.email))


_SURE = frozenset({Reason.BOTH, Reason.NAME, Reason.MARK})


def _of(wanted: Wanted, reason: Reason, found: Iterable[Entry], *, sure: bool = True) -> Match:
    proposals = tuple(dict.fromkeys(found))[:MOST_PROPOSED]
    if not proposals:
        return Match(wanted, Certainty.NONE, reason)
    return Match(wanted, Certainty.SURE if sure and reason in _SURE else Certainty.UNSURE, reason, proposals)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _core(name: str) -> str:
    """The words that tell a company from others; all of them where nothing else is left."""
    words = _WORDS.findall(name.casefold().replace(".", ""))
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)
