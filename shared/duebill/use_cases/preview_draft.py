"""Preview a draft: the totals that the books will compute, and every problem at once, before anything is sent."""

from dataclasses import dataclass

from duebill.domain.books import Customer
from duebill.domain.draft import MAX_LINES, Draft, Totals
from duebill.errors import DraftRefused, NotFound, Problem, Severity
from duebill.ports import AccountingProvider, BooksReads


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of the draft."""

    totals: Totals
    problems: tuple[Problem, ...]

    @property
    def can_be_created(self) -> bool:
        """Whether no problem stops it."""
        return all(problem.severity is not Severity.STOP for problem in self.problems)

    def require_creatable(self) -> None:
        """Raise DraftRefused with all problems when one stops the draft."""
        if not self.can_be_created:
            raise DraftRefused("The invoice cannot be created yet.", problems=self.problems)


def preview_draft(draft: Draft, *, books: AccountingProvider, reads: BooksReads) -> Preview:
    """Totals and problems of a draft, asking the books only for what is not known already."""
    options = reads.options()
    customer, own = _customer(draft, reads)
    problems = (*own, *_limits(draft), *books.problems(draft, customer, options))
    return Preview(totals=books.totals(draft, options), problems=_once(problems))


def _customer(draft: Draft, reads: BooksReads) -> tuple[Customer | None, tuple[Problem, ...]]:
    if draft.customer is None:
        return None, () if draft.create_customer else (_NO_CUSTOMER,)
    try:
        return reads.customer(draft.customer), ()
    except NotFound:
        return None, (_CUSTOMER_GONE,)


def _limits(draft: Draft) -> tuple[Problem, ...]:
    problems = []
    if len(draft.lines) > MAX_LINES:
        problems.append(
            Problem(
                "too_many_lines",
                f"An invoice can have {MAX_LINES} lines here; this one has {len(draft.lines)}. "
                "Split it into several invoices.",
                fields=("/lines",),
                values={"limit": str(MAX_LINES), "lines": str(len(draft.lines))},
            )
        )
    if not draft.lines:
        problems.append(Problem("no_lines", "Add at least one line.", fields=("/lines",)))
    return tuple(problems)


def _once(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    seen: dict[tuple[str, tuple[str, ...]], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.code, problem.fields), problem)
    return tuple(seen.values())


_NO_CUSTOMER = Problem(
    "customer_missing",
    "Choose the customer in the books, or create a new one with these details.",
    fields=("/customer",),
)
_CUSTOMER_GONE = Problem(
    "customer_not_found",
    "The linked customer is no longer in the books. Choose another one.",
    fields=("/customer",),
)
