"""One wish for one invoice: what the page sends for it, where its run is to break, and what came of it everywhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from duebill.domain.ids import DealId
from duebill.domain.intent import IntentState
from duebill.domain.invoice import InvoiceLink
from sandbox.pipedrive.seed import ADA
from tests.reliability.crash.line import Plan, kind_of
from tests.reliability.crash.town import Town

Doc = dict[str, Any]
Story = Iterator[timedelta]

_SOON = timedelta(days=1)
_WAITS = (2, 5, 30, 120)  # seconds between a page's questions; then the person leaves


@dataclass
class Wish:
    """`plan` names a kind of call, counted over all that is done for this wish: the page's calls and the worker's.

    By kind, since the two take turns as the minutes fall, and so a call's number may move.
    """

    town: Town
    deal: int
    draft: Doc
    plan: Plan | None = None
    has_new_things: bool = False
    tells_more: bool = False
    token_age_hours: float = 1.0
    expected_status: str = "open"
    expected_invoices: int = 1  # in the books, in the end
    expected_intents: int = 1  # made from the deal
    basis: str = "0"
    generation: int = 1
    moved_from: int | None = None  # the deal whose invoice it was
    attaches: bool = False
    done: tuple[str, ...] = ()  # what Ada did to the invoice: each stands once in the history, as hers
    calls: list[str] = field(default_factory=list)
    is_broken: bool = False  # the plan's point was reached
    was_reconnected: bool = False
    on_break: Callable[[], None] = lambda: None
    troubles: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What only this wish carries, on the invoice and on what is created with it."""
        return f"mark-{self.moved_from or self.deal}-"

    @property
    def key(self) -> str:
        """The form's key."""
        return f"form-{self.deal:08}-{self.generation}"

    def do(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401  what the work returns
        """Work for this wish, counted; None where it crashed."""
        plan = None if self.is_broken or self.plan is None else replace(self.plan, at=self._left(self.plan))
        ended = self.town.run(work, plan=plan)
        self.calls += ended.calls
        if self.plan and plan and self._left(self.plan) <= 0:
            self.is_broken = True
            self.on_break()
        return ended.result

    def _left(self, plan: Plan) -> int:
        """How many calls of the plan's kind there are still to be."""
        return plan.at - sum(kind_of(call) == plan.kind for call in self.calls)

    def open_with(self, plan: Plan | None) -> Any:  # noqa: ANN401  what the work returns
        """Press once, before anything is counted, with a break of its own."""
        return self.town.run(self._post(), plan=plan).result

    # --- the page ---

    def press(self) -> Doc | None:
        """Press the button; the answer, None where there was none."""
        return self._noticed(self.do(self._post()))

    def poll(self) -> Doc | None:
        """Ask how far the intent came."""
        return self._noticed(self.do(self.town.api("GET", f"/deals/{self.deal}/intents/{self.key}")))

    def refresh(self) -> Doc | None:
        """Press “Refresh” in the panel."""
        return self._noticed(self.do(self.town.api("POST", f"/deals/{self.deal}/invoices/refresh")))

    def refreshed(self) -> Story:
        """Press “Refresh” until it answers."""
        for wait in (3, 10, 30, 60):
            answer = self.refresh()
            if answer and answer["status"] == 200:
                return
            yield timedelta(seconds=wait)

    def act(self, method: str, suffix: str, name: str, json: Doc | None = None) -> Story:
        """Press a button on the invoice and, while nothing is sure, press it again with the same key."""
        [link] = self.town.invoices.links(self.town.company, DealId(self.deal))
        path = f"/deals/{self.deal}/invoices/{link.connection}/{link.invoice.id}{suffix}"
        headers = {"idempotency-key": f"{name}-{self.deal:08}"}
        for wait in (*_WAITS, 0):
            answer = self._noticed(self.do(self.town.api(method, path, json=json, headers=headers)))
            if answer and answer["status"] == 200:
                return
            if answer and 400 <= answer["status"] < 500:
                self.troubles.append(f"{name} was told {answer['status']}: {answer['json']}")
                return
            yield timedelta(seconds=wait)

    def tie(self, method: str, link: InvoiceLink, json: Doc | None = None) -> Story:
        """PUT or DELETE the invoice's link to the deal; again while nothing is sure."""
        path = f"/deals/{self.deal}/invoices/{link.connection}/{link.invoice.id}/link"
        for wait in (*_WAITS, 0):
            answer = self._noticed(self.do(self.town.api(method, path, json=json)))
            status = answer["status"] if answer else 0
            if status in (200, 204) or (status == 404 and method == "DELETE"):  # 404: an earlier press did it
                return
            if 400 <= status < 500 and status != 429:
                self.troubles.append(f"the page was told {status}: {answer['json']}")  # type: ignore[index]  # it answered
                return
            yield timedelta(seconds=wait)

    def as_the_page_does(self, answer: Doc | None) -> Story:
        """Everything that is not an answer of ours is unknown: ask again, with the same key, until it is made."""
        is_known = False
        for wait in _WAITS:
            status = answer["status"] if answer else 0
            if status in (200, 201):
                state = answer["json"]["intent"]["state"] if "intent" in answer["json"] else answer["json"]["state"]  # type: ignore[index]  # it answered
                if state in ("made", "refused"):
                    return
            elif answer and answer["status"] == 409 and answer["json"]["code"] == "reconnect_required":
                self.town.ask("reconnect")
                self.was_reconnected = True
            elif 400 <= status < 500 and status != 429:
                self.troubles.append(f"the page was told {status}: {answer['json']}")  # type: ignore[index]  # it answered
                return
            is_known = is_known or status in (200, 201, 202)
            yield timedelta(seconds=wait)
            answer = self.poll() if is_known else self.press()

    def _post(self) -> Callable[[], Doc]:
        headers = {"idempotency-key": self.key, "if-match": self.basis}
        return self.town.api("POST", f"/deals/{self.deal}/invoices", json=self.draft, headers=headers)

    def _noticed(self, answer: Doc | None) -> Doc | None:
        if answer and answer["status"] == 500:
            self.troubles.append(f"a 500: {answer['json']}")
        return answer

    # --- the end ---

    def verdict(self) -> list[str]:
        """What is wrong in the end; nothing, if the promise was kept."""
        found = self.town.ask("report", mark=self.mark, deal=self.deal, before=self.moved_from)
        new = 1 if self.has_new_things else 0
        wrong = [*self.troubles]
        for what, expected in (
            ("invoices", self.expected_invoices),
            ("notes", self.generation),
            ("customers", new),
            ("items", new),
        ):
            if len(found[what]) != expected:
                wrong.append(f"{len(found[what])} {what}, not {expected}")
        if self.tells_more:
            expected_subjects = 1 if self.expected_status == "paid" else 0
            if len(found["activities"]) != expected_subjects or found["status_fields"] != ["Paid"]:
                wrong.append(f"told by {found['activities']} and {found['status_fields']}")
        if found["notes"] and f"Status: {self.expected_status}" not in found["notes"][-1]:
            wrong.append(f"the note is out of date: {found['notes'][-1]}")
        if self.moved_from and ["no longer linked" in note for note in found["notes_before"]] != [True]:
            wrong.append(f"the deal that had it says {found['notes_before']}")
        if len(set(found["files"])) != len(found["files"]) or bool(found["files"]) != self.attaches:
            wrong.append(f"files {found['files']}")
        if found["mails"] > 1:
            wrong.append(f"{found['mails']} e-mails for one press")
        return wrong + self._in_the_table(found["invoices"])

    def _in_the_table(self, invoices: list[str]) -> list[str]:
        company, deal, store = self.town.company, DealId(self.deal), self.town.invoices
        links, intents = store.links(company, deal), store.intents(company, deal)
        wrong = []
        if sorted(link.invoice.id for link in links) != sorted(invoices) and (invoices or len(links) != 1):
            wrong.append(f"links to {[link.invoice.id for link in links]}")
        if self.moved_from and store.links(company, DealId(self.moved_from)):
            wrong.append("the deal that had it has it still")
        if [intent.state for intent in intents] != [IntentState.MADE] * self.expected_intents:
            wrong.append(f"intents {[intent.state.value for intent in intents]}")
        soon = self.town.clock.now() + _SOON
        times = [*(intent.due_at for intent in intents), *(link.write_back_due_at for link in links)]
        if any(at and at <= soon for at in times):  # later the invoice gets overdue, which is no work of this wish
            wrong.append("work is left")
        if any(intent.duplicates for intent in intents):
            wrong.append("it is shown as a possible duplicate")
        history = store.history(company, deal)
        told = {what: [entry.by for entry in history if entry.what == what] for what in ("created", *self.done)}
        times = {"created": self.expected_intents}
        return wrong + [
            f"entries “{what}” in the history by {by}" for what, by in told.items() if by != [ADA] * times.get(what, 1)
        ]


def draft_for(template: Doc, wish_mark: str, *, new_things: bool) -> Doc:
    """The draft with this wish's mark on it."""
    first, *rest = template["lines"]
    first = first | {"description": f"{wish_mark} {first['description']}"}
    draft = template | {"lines": [first, *rest]}
    if new_things:
        first["new_item"] = first["new_item"] | {"name": f"{wish_mark}item"}
        draft["details"] = draft["details"] | {"name": f"{wish_mark}customer"}
    return draft
