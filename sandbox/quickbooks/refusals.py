"""How QuickBooks says no: two envelopes, one of the service and one of the gateway before it."""

from dataclasses import dataclass

from sandbox.quickbooks.documents import Doc
from sandbox.wire import Response

INACTIVE = (
    "Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, "
    "vendors or employees."
)


@dataclass(eq=False)
class Refused(Exception):
    """A fault of the service: `{"Fault": {"Error": […]}}`, mostly with HTTP 400 (S-VCR error__400*)."""

    code: str
    message: str
    detail: str
    element: str | None = None
    status: int = 400
    kind: str = "ValidationFault"

    def fault(self) -> Doc:
        """The value of `Fault`, which batch answers carry per item too."""
        error: Doc = {"Message": self.message, "Detail": self.detail, "code": self.code}
        if self.element is not None:
            error["element"] = self.element
        return {"Error": [error], "type": self.kind}


@dataclass(eq=False)
class TurnedAway(Exception):
    """A fault of the gateway: lower case, with the statuses 401, 403 and 429 (S-VCR error__401)."""

    status: int
    code: str
    name: str
    detail: str
    kind: str = "AUTHENTICATION"


def missing(element: str) -> Refused:
    """A required value was not sent (2020)."""
    return Refused(
        "2020",
        "Required param missing, need to supply the required value for the API",
        f"Required parameter {element} is missing in the request",
        element,
    )


def bad_reference(element: str) -> Refused:
    """A reference to something that is not there or inactive (2500)."""
    return Refused("2500", "Invalid Reference Id", f"Invalid Reference Id : {INACTIVE}", element)


def not_found() -> Refused:
    """The object does not exist (610)."""
    return Refused("610", "Object Not Found", f"Object Not Found : {INACTIVE}", "")


def deleted() -> Refused:
    """The object existed once (610)."""
    return Refused("610", "Object Not Found", "Object Not Found : Another user has deleted this transaction.", "")


def business(detail: str, code: str = "6000") -> Refused:
    """A rule of the books was broken; `detail` is written for a person."""
    return Refused(code, "A business validation error has occurred while processing your request", detail, "")


def unsupported(operation: str) -> Refused:
    """A path or an operation that the service does not have (500; S-VCR error__500.1)."""
    return Refused("500", "Unsupported Operation", f"Operation {operation} is not supported.")


def gateway_answer(refusal: TurnedAway, milliseconds: int) -> Response:
    """The gateway's answer. The JSON form of a 429 is not confirmed by any recording."""
    error = {
        "message": f"message={refusal.name}; errorCode={int(refusal.code):06d}; statusCode={refusal.status}",
        "detail": refusal.detail,
        "code": refusal.code,
        "element": None,
    }
    body: Doc = {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": refusal.kind},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": milliseconds,
        "status": None,
        "cdcresponse": [],
    }
    headers = {"www-authenticate": 'Bearer realm="Intuit", error="invalid_token"'} if refusal.status == 401 else {}
    return Response.of_json(body, refusal.status, headers)
