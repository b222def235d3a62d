"""What is written to the table, seen at the client: far quicker than to compare the table before and after."""

from typing import Any

# One-use secrets, caches, tokens and limits may move on a request that is refused; everything else is somebody's data.
DATA = (
    "INSTALLATION#", "CONNECTION#", "SETTINGS", "CUSTOMER#", "ITEM#", "DEAL#", "INTENT#", "LINK#", "HISTORY#",
    "INVOICE#", "ERASURE", "TICKET",
)  # fmt: skip


class TableWatch:
    """Notes the key of every item that the client puts, updates or deletes."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401  boto's clients have no common type
        self.keys: list[str] = []
        client.meta.events.register("before-parameter-build.dynamodb", self._note)

    def data(self) -> list[str]:
        """The keys of people's data that were written so far, in order."""
        return [key for key in self.keys if key.rpartition("/")[2].startswith(DATA)]

    def _note(self, params: dict[str, Any], model: Any, **_: Any) -> None:  # noqa: ANN401  botocore's own
        match model.name:
            case "PutItem":
                self._keep(params["Item"])
            case "UpdateItem" | "DeleteItem":
                self._keep(params["Key"])
            case "TransactWriteItems":
                for action in params["TransactItems"]:
                    for name, one in action.items():
                        if name != "ConditionCheck":
                            self._keep(one["Item"] if name == "Put" else one["Key"])
            case "BatchWriteItem":
                for requests in params["RequestItems"].values():
                    for one in requests:
                        self._keep(one["PutRequest"]["Item"] if "PutRequest" in one else one["DeleteRequest"]["Key"])

    def _keep(self, item: dict[str, Any]) -> None:
        self.keys.append(f"{item['pk']['S']}/{item['sk']['S']}")
