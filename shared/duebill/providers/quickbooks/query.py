"""Statements of QuickBooks' query language: no OR, no !=, no joins, pages of at most 1,000."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from duebill.providers.quickbooks.spec import MAX_RESULTS

INACTIVE_TOO = "Active IN (true, false)"  # lists hide inactive members unless asked ("query operations and syntax")
ACTIVE = "Active = true"
_COLUMNS = {"Item": "*, Sku"}  # the code is left out unless it is named (python-quickbooks#269, #373)


@dataclass(frozen=True, slots=True)
class Query:
    """One question. `where` are conditions, all of which must hold; `start` counts from 1."""

    entity: str
    where: tuple[str, ...] = ()
    order: str = ""
    start: int = 1
    limit: int = MAX_RESULTS

    @property
    def text(self) -> str:
        """The statement."""
        columns = _COLUMNS.get(self.entity, "*")
        parts = [f"SELECT {columns} FROM {self.entity}"]  # noqa: S608  values are quoted by `quoted`, names are ours
        if self.where:
            parts.append("WHERE " + " AND ".join(self.where))
        if self.order:
            parts.append(f"ORDERBY {self.order}")
        parts.append(f"STARTPOSITION {self.start} MAXRESULTS {self.limit}")
        return " ".join(parts)

    def next_page(self) -> "Query":
        """The same question about what comes after."""
        return replace(self, start=self.start + self.limit)


def quoted(text: str) -> str:
    """A text as a literal: an apostrophe is written as `\\'`."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def equals(name: str, value: str) -> str:
    """The property has this value; case does not count."""
    return f"{name} = {quoted(value)}"


def one_of(name: str, values: Iterable[str]) -> str:
    """The property has one of these values."""
    return f"{name} IN ({', '.join(quoted(value) for value in values)})"


def holds(name: str, text: str) -> str:
    """The property holds the text. A `%` in it matches anything: no escape is documented, so callers compare again."""
    return f"{name} LIKE {quoted(f'%{text}%')}"


def between(name: str, since: date, until: date) -> tuple[str, str]:
    """The property is a day from `since` to `until`, both included."""
    return f"{name} >= {quoted(since.isoformat())}", f"{name} <= {quoted(until.isoformat())}"


def at_or_after(name: str, moment: datetime) -> str:
    """The property is a time at or after `moment`, to the second."""
    return f"{name} >= {quoted(moment.astimezone(UTC).isoformat(timespec='seconds'))}"
