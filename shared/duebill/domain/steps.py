"""Which steps a draft takes, and the draft as its last step sends it."""

from dataclasses import replace

from duebill.domain.books import NewItem
from duebill.domain.draft import Draft, DraftLine
from duebill.domain.ids import CustomerId, ItemId
from duebill.domain.intent import Intent, Step, StepKind


def steps_of(draft: Draft) -> tuple[Step, ...]:
    """The customer where one is to be created, each new item once, then the invoice."""
    customer = (Step(StepKind.CUSTOMER),) if draft.create_customer and draft.customer is None else ()
    first_of_name: dict[str, int] = {}
    for index, line in enumerate(draft.lines):
        if line.item is None and line.new_item is not None:
            first_of_name.setdefault(line.new_item.name, index)
    items = tuple(Step(StepKind.ITEM, line=index) for index in first_of_name.values())
    return (*customer, *items, Step(StepKind.INVOICE))


def new_item_of(intent: Intent, step: Step) -> NewItem:
    """What an item step creates. Raises ValueError for another kind of step."""
    new_item = intent.draft.lines[step.line].new_item if step.line is not None else None
    if new_item is None:
        raise ValueError(f"a {step.kind} step creates no item")
    return new_item


def content_of(intent: Intent) -> Draft:
    """The draft with the ids of the customer and the items that earlier steps created."""
    customer = intent.draft.customer
    created: dict[str, ItemId] = {}
    for step in intent.steps:
        if step.outcome is None:
            continue
        if step.kind is StepKind.CUSTOMER:
            customer = CustomerId(step.outcome)
        elif step.kind is StepKind.ITEM:
            created[new_item_of(intent, step).name] = ItemId(step.outcome)
    lines = tuple(_with_item(line, created) for line in intent.draft.lines)
    return replace(intent.draft, customer=customer, create_customer=False, lines=lines)


def _with_item(line: DraftLine, created: dict[str, ItemId]) -> DraftLine:
    if line.item is not None or line.new_item is None or line.new_item.name not in created:
        return line
    return replace(line, item=created[line.new_item.name], item_name=line.new_item.name)
