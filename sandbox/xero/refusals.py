"""How Xero says no (facts §6)."""

from collections.abc import Sequence

from sandbox.xero.documents import Doc


class Invalid(Exception):
    """One element breaks rules of the books. Alone it is a 400; with summarizeErrors=false it is told inside a 200."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages

    def errors(self) -> list[Doc]:
        """The element's ValidationErrors."""
        return [{"Message": each} for each in self.messages]


class BadRequest(Exception):
    """The request itself is wrong: a 400 without elements."""

    def __init__(self, number: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.document = {"ErrorNumber": number, "Type": kind, "Message": message}


class Missing(Exception):
    """There is no such thing: a 404 of type text/html with nothing in it (recorded)."""


class TurnedAway(Exception):
    """The gateway did not let the call in."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail


class Throttled(Exception):
    """A limit is reached. `retry_after` in seconds; None for too many at once."""

    def __init__(self, problem: str, retry_after: int | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.retry_after = retry_after


def not_data(message: str) -> BadRequest:
    """The body cannot be read (ErrorNumber 14)."""
    return BadRequest(14, "PostDataInvalidException", message)


def not_query(message: str) -> BadRequest:
    """`where` or `order` cannot be read (ErrorNumber 16)."""
    return BadRequest(16, "QueryParseException", message)


def validation(elements: Sequence[Doc]) -> Doc:
    """The document of a 400 for elements that break rules."""
    return {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": list(elements),
    }
