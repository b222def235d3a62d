"""Tell the CRM one thing about an invoice, once: a step with a done mark, looked up before it is repeated."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from duebill.domain.intent import SETTLE
from duebill.domain.invoice import InvoiceLink, Told
from duebill.domain.write_back import Task
from duebill.errors import ConditionFailed, DuebillError, OutcomeUnknown, TryLater
from duebill.ports import Clock, Invoices

_RETRY_SECONDS = 60
_PERSON_SECONDS = 6 * 3600


class Telling(Protocol):
    """One thing to tell."""

    @property
    def task(self) -> Task:
        """Which mark it has on the link."""
        ...

    @property
    def may_repeat(self) -> bool:
        """Whether sending it twice does no harm."""
        ...

    def wants(self, link: InvoiceLink) -> str | None:
        """What the CRM is to show; None: nothing, or nothing new."""
        ...

    def find(self, link: InvoiceLink, wants: str) -> int | None:
        """What an earlier sending without an answer made, if it did."""
        ...

    def send(self, link: InvoiceLink, wants: str) -> int | None:
        """Do it; the CRM's id of it, where it has one."""
        ...


def again_after(error: DuebillError, now: datetime) -> datetime:
    """When to try again: soon where it passes by itself, in hours where a person must do something."""
    is_passing = isinstance(error, TryLater | OutcomeUnknown)
    return now + timedelta(seconds=(error.retry_after or _RETRY_SECONDS) if is_passing else _PERSON_SECONDS)


@dataclass(frozen=True, slots=True)
class TellCrm:
    """Tells things; raises ConditionFailed where another worker is at it."""

    invoices: Invoices
    clock: Clock

    def __call__(self, telling: Telling, link: InvoiceLink) -> tuple[InvoiceLink, datetime | None]:
        """The link as it is then, and when to come back; None: it is told."""
        told = link.told.get(telling.task, Told())
        try:
            wants = telling.wants(link)
            is_in_doubt = told.started_at is not None and (telling.may_repeat or told.wants == wants)
            if wants is None or (told.shows == wants and not is_in_doubt):
                return link, None
            if told.started_at is not None and is_in_doubt:
                if self.clock.now() < told.started_at + SETTLE:  # what is under way must not be what comes last
                    return link, told.started_at + SETTLE
                if not telling.may_repeat and (found := telling.find(link, wants)) is not None:
                    return self._done(link, telling, wants, found), None
            link = self._mark(link, telling, replace(told, wants=wants, started_at=self.clock.now()))
            return self._done(link, telling, wants, telling.send(link, wants)), None
        except ConditionFailed:
            raise
        except OutcomeUnknown:
            return link, self.clock.now() + SETTLE
        except DuebillError as error:
            return link, again_after(error, self.clock.now())

    def _done(self, link: InvoiceLink, telling: Telling, wants: str, made: int | None) -> InvoiceLink:
        return self._mark(link, telling, Told(shows=wants, made=made))

    def _mark(self, link: InvoiceLink, telling: Telling, told: Told) -> InvoiceLink:
        # Begun or done: due again soon either way, until whoever asked for it says when.
        due_at = self.clock.now() + SETTLE
        marked = replace(link, told={**link.told, telling.task.value: told}, write_back_due_at=due_at)
        return self.invoices.save_link(marked, due_at=due_at)
