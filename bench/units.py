"""What DynamoDB says that it has consumed, by adding it up at the client."""

from typing import Any

READS = {"GetItem", "BatchGetItem", "Query"}


class Units:
    """Asks for ReturnConsumedCapacity on every call and adds up what comes back: the table's and the indexes'."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401  boto's clients have no common type
        self.read = self.written = 0.0
        self.calls = 0
        client.meta.events.register("provide-client-params.dynamodb", self._ask)
        client.meta.events.register("after-call.dynamodb", self._note)

    def taken(self) -> tuple[float, float, int]:
        """Read units, write units and calls since this was last asked."""
        found = (self.read, self.written, self.calls)
        self.read, self.written, self.calls = 0.0, 0.0, 0
        return found

    def _ask(self, params: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**params, "ReturnConsumedCapacity": "INDEXES"}

    def _note(self, parsed: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401  botocore's own
        self.calls += 1
        found = parsed.get("ConsumedCapacity") or []
        units = sum(each["CapacityUnits"] for each in (found if isinstance(found, list) else [found]))
        if model.name in READS:
            self.read += units
        else:
            self.written += units
