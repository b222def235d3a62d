"""Products and their variations, v2 [O2]."""

from sandbox.pipedrive import envelope, params, shown
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import PRODUCTS, Document
from sandbox.pipedrive.visibility import visible_to_group
from sandbox.wire import Response

READ = frozenset({"products:read", "products:full"})
PAGE = frozenset({"limit", "cursor"})
SORTS = ("id", "name", "add_time", "update_time")


def one(call: Call) -> Response:
    """One product, also when it is deleted: it says so itself."""
    return envelope.one(_show(call, _take(call)))


def several(call: Call) -> Response:
    """All products that are not deleted."""
    numbers = params.ids(call, "ids")
    owner, since = params.whole(call, "owner_id"), params.moment(call, "updated_since")
    rows = [
        product
        for product in call.company.products.values()
        if not product["is_deleted"]
        and visible_to_group(call.company, call.user, product)
        and (numbers is None or product["id"] in numbers)
        and owner in (None, product["owner_id"])
        and (since is None or product["update_time"] >= since)
    ]
    return params.page(call, rows, SORTS, lambda part: [_show(call, product) for product in part])


def variations(call: Call) -> Response:
    """The variations of a product."""
    _take(call)
    return params.page(call, call.company.variations.get(call.id(), []))


def _take(call: Call) -> Document:
    product = call.company.products.get(call.id())
    if product is None:
        raise envelope.not_found()
    if not visible_to_group(call.company, call.user, product):
        raise call.hidden()
    return product


def _show(call: Call, product: Document) -> Document:
    return shown.document(call, PRODUCTS, product, {})


OPERATIONS = (
    Operation("GET", "/products/{id}", 2, 1, READ, one),
    Operation(
        "GET", "/products", 2, 10, READ, several,
        PAGE | {"owner_id", "ids", "sort_by", "sort_direction", "updated_since", "custom_fields"},
    ),
    Operation("GET", "/products/{id}/variations", 2, 10, READ, variations, PAGE),
)  # fmt: skip
