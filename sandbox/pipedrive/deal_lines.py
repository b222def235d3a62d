"""What hangs on a deal and makes an invoice: products, discounts, installments [O2]."""

from decimal import ROUND_HALF_UP, Decimal

from sandbox.pipedrive import envelope, params
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import DEALS, Document
from sandbox.pipedrive.visibility import may_see, take
from sandbox.wire import Response

DEAL_SCOPES = frozenset({"deals:read", "deals:full"})
LINE_SCOPES = DEAL_SCOPES | {"products:read", "products:full"}
PAGE = frozenset({"limit", "cursor", "sort_by", "sort_direction"})
SORTS = ("id", "add_time", "update_time", "order_nr")
CENT = Decimal("0.01")


def products(call: Call) -> Response:
    """The lines of one deal, disabled ones too."""
    take(call, DEALS, call.id())
    return params.page(call, call.company.lines.get(call.id(), []), SORTS)


def products_of_deals(call: Call) -> Response:
    """The lines of up to 100 deals; deals that the user may not see are left out."""
    numbers = params.ids(call, "deal_ids", required=True) or []
    rows = [line for number in _visible(call, numbers) for line in call.company.lines.get(number, [])]
    return params.page(call, rows, (*SORTS, "deal_id"))


def discounts(call: Call) -> Response:
    """The discounts on the whole deal: no pages here."""
    take(call, DEALS, call.id())
    return envelope.one(call.company.discounts.get(call.id(), []))


def installments(call: Call) -> Response:
    """The installments of up to 100 deals. There is no such address for one deal, and nothing below the Growth plan."""
    if not call.company.growth_plan:
        raise envelope.failure(402, "This feature is not available in your plan", envelope.ERROR_INFO)
    numbers = params.ids(call, "deal_ids", required=True, repeated=True) or []
    rows = [row for number in _visible(call, numbers) for row in call.company.installments.get(number, [])]
    return params.page(call, rows, ("id", "billing_date", "deal_id"))


def line_sum(line: Document) -> Decimal:
    """A line's `sum`: price × quantity less its discount, without exclusive tax (not documented)."""
    full = Decimal(line["item_price"]) * Decimal(line["quantity"])
    off = Decimal(line["discount"])
    if line["discount_type"] == "percentage":
        off = full * off / 100
    return (full - off).quantize(CENT, ROUND_HALF_UP)


def _visible(call: Call, numbers: list[int]) -> list[int]:
    deals = call.company.deals
    return [n for n in dict.fromkeys(numbers) if n in deals and may_see(call.company, call.user, deals[n])]


OPERATIONS = (
    Operation("GET", "/deals/{id}/products", 2, 10, LINE_SCOPES, products, PAGE),
    Operation("GET", "/deals/products", 2, 10, LINE_SCOPES, products_of_deals, PAGE | {"deal_ids"}),
    Operation("GET", "/deals/{id}/discounts", 2, 10, DEAL_SCOPES, discounts),
    Operation("GET", "/deals/installments", 2, 10, DEAL_SCOPES, installments, PAGE | {"deal_ids"}),
)
