"""The update that counts one call in a tenant's item, whatever the item holds.

Windows are attributes: `s7` holds the number of a window and the calls in it, as number × 1,000 + calls; 13 names go
round. Each write takes away the names that no clock is near any more, so an item stays small and a count starts anew by
itself. Only where nobody wrote since a name was last used, 13 windows or a multiple ago, does the first call need a
second write (docs/adr/0012).
"""

import re
from datetime import datetime, timedelta

from duebill.domain.limits import Ask, Asker, Window, believed_for, month_of
from duebill.storage.table import SCHEMA_VERSION
from duebill.storage.values import Item, Value, epoch_seconds, moment, number, read_number

KEPT = timedelta(days=40)  # a month's count outlives its month
NAMES = 13  # prime, so that what runs every minute does not meet its own name again and again
SCALE = 1000
SLOT = re.compile(r"([a-z])(\d+)")
_NEAR = 2  # windows that another container's clock may still be in, or that this one counts with


class Taking:
    """One update that counts a call: the same decision as Meter.wait, in DynamoDB's words.

    What speaks against it is listed: comparing with an attribute that is not there is false, so nothing known means
    that the call may be made. `seen`: the item after a refusal that Meter.wait cannot explain; names in it that hold
    another window start anew, provided that they still hold it.
    """

    def __init__(self, ask: Ask, asker: Asker, now: datetime, seen: Item) -> None:
        self.values: dict[str, Value] = {
            ":v": number(SCHEMA_VERSION),
            ":expires": expires(now),
            ":now": moment(now),
            ":stale": moment(now - believed_for(asker)),
        }
        self._seen = seen
        self._sets = ["#v = :v", "#expires = :expires"]
        self._removes: list[str] = []
        self._unless = ["#held_until > :now", f"(#day_at > :stale AND {_POOR[asker]})"]
        self._still: list[str] = []
        for window in ask.windows:
            self._window(window, asker, window.number(now))
        if ask.month_budget:
            month, before = month_of(now), month_of(now.replace(day=1) - timedelta(days=1))
            self._add(reads(month), ":none", 0)
            self._removes.append(f"#{reads(before)}")

    def changes(self) -> str:
        """The update expression."""
        return f"SET {', '.join(self._sets)}" + (f" REMOVE {', '.join(self._removes)}" if self._removes else "")

    def condition(self) -> str:
        """The condition expression."""
        return " AND ".join([f"NOT ({' OR '.join(self._unless)})", *self._still])

    def _window(self, window: Window, asker: Asker, current: int) -> None:
        name, prefix, rooms = slot(window, current), f":{window.name}", window.rooms(asker)
        knows_before = self._holds(slot(window, current - 1), current - 1, f"{prefix}other")
        if self._holds(name, current, f"{prefix}old"):
            self._add(name, f"{prefix}base", current * SCALE)
            self._unless.append(f"#{name} < {prefix}base")
            self._crowds(window, current, rooms, knows_before=knows_before)
        else:
            self._sets.append(f"#{name} = {prefix}first")
            self.values[f"{prefix}first"] = number(current * SCALE + 1)
        if knows_before:
            self._unless.append(f"#{slot(window, current - 1)} > {prefix}full")
            self.values[f"{prefix}full"] = number((current - 1) * SCALE + rooms[-1][0])
        self._unless.append(f"#{slot(window, current + 1)} > {prefix}next")
        self.values[f"{prefix}next"] = number((current + 1) * SCALE)
        names = range(current + _NEAR + 1, current - _NEAR + NAMES)
        self._removes += [f"#{slot(window, other)}" for other in names]

    def _crowds(self, window: Window, current: int, rooms: tuple[tuple[int, int], ...], *, knows_before: bool) -> None:
        """This window holds what it may after the one before: each step of Window.rooms, but the fullest."""
        now, before, prefix = f"#{slot(window, current)}", f"#{slot(window, current - 1)}", f":{window.name}"
        least = None
        for step, (most_before, room) in enumerate(rooms):
            self.values[f"{prefix}c{step}"] = number(current * SCALE + room)
            too_many = f"{now} >= {prefix}c{step}"
            self._unless.append(f"({before} > {least} AND {too_many})" if least else too_many)
            if not knows_before or step == len(rooms) - 1:
                return
            least = f"{prefix}p{step}"
            self.values[least] = number((current - 1) * SCALE + most_before)

    def _add(self, name: str, value: str, start: int) -> None:
        self._sets.append(f"#{name} = if_not_exists(#{name}, {value}) + :one")
        self.values |= {value: number(start), ":one": number(1)}

    def _holds(self, name: str, window: int, value: str) -> bool:
        """Whether a name is this window's, as far as was seen; else it must still be what was seen."""
        if name not in self._seen or read_number(self._seen, name) // SCALE == window:
            return True
        self._still.append(f"#{name} = {value}")
        self.values[value] = self._seen[name]
        return False


_POOR = {
    Asker.PERSON: "#day_left < #day_dearest",
    Asker.MACHINE: "(#day_left < #day_dearest OR #day_left < #day_floor)",
}


def slot(window: Window, which: int) -> str:
    """The attribute of a window."""
    return f"{window.name}{which % NAMES}"


def reads(month: str) -> str:
    """The attribute of a month's metered reads."""
    return f"reads_{month}"


def expires(now: datetime) -> Value:
    """When the table may forget what was written now."""
    return number(epoch_seconds(now + KEPT))
