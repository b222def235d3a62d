"""All parts of a list of proposals, one after the other."""

from typing import Any

from tests.fakes.office import Office


def all_proposals(office: Office, connection: str, kind: str) -> list[dict[str, Any]]:
    """The rows of `items` or `customers`."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = office.api("GET", f"/connections/{connection}/matches/{kind}{cursor and f'?cursor={cursor}'}")
        assert answer.status == 200, answer
        rows += answer.json["rows"]
        assert answer.json["is_whole"]
        if answer.json["cursor"] is None:
            return rows
        cursor = answer.json["cursor"]
