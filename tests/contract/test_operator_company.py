"""`make export-company` and `make erase-company`: all of one company, and nothing of another."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from duebill.domain.ids import CompanyId
from duebill.storage import keys
from duebill.storage.export import kind_of, records, to_json
from scripts import erase_company, export_company
from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.filled_table import KINDS, fill, of, rows
from tests.fakes.stored_examples import (
    COMPANY,
    NOW,
    OTHER_COMPANY,
    TOKEN_SET,
    after,
    installation,
    ticket,
    token_set,
)


def exported(stores: DynamoStores, company: CompanyId = COMPANY) -> dict[str, Any]:
    file = io.StringIO()
    export_company.write(company, records(stores.table, company), file, NOW)
    document: dict[str, Any] = json.loads(file.getvalue())
    return document


@pytest.fixture
def command(dynamo: DynamoStores, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """An operator's command on the table of this test."""
    monkeypatch.setattr("boto3.client", lambda _: dynamo.table.client)

    def run(module: Any, *arguments: str) -> int:  # noqa: ANN401  a script
        status: int = module.main([str(COMPANY), "--table", dynamo.table.name, *arguments])
        return status

    return run


def test_an_export_holds_every_item_of_the_company_and_none_of_another(dynamo: DynamoStores) -> None:
    for company in (COMPANY, OTHER_COMPANY, CompanyId(COMPANY * 10)):
        fill(dynamo, company)
    document = exported(dynamo)
    assert document["company"] == COMPANY
    assert document["exported_at"] == "2026-03-13T09:00:00Z"
    shown = {record["stored_under"] for record in document["records"]}
    assert shown == {f"{row['pk']['S']}/{row['sk']['S']}" for row in of(dynamo, COMPANY)}
    found: dict[str, int] = {}
    for record in document["records"]:
        found[record["stored_as"]] = found.get(record["stored_as"], 0) + 1
    assert found == KINDS


def test_an_export_can_be_read(dynamo: DynamoStores) -> None:
    fill(dynamo)
    by_kind = {record["stored_as"]: record for record in exported(dynamo)["records"]}
    assert by_kind["installation"]["name"] == "Ada Lovelace"
    assert by_kind["customer_link"]["name"] == "Zażółć"
    assert by_kind["invoice_link"]["invoice"]["total"] == "12.50"
    assert by_kind["intent"]["draft"]["lines"]
    assert by_kind["history_entry"]["what"] == "created"
    assert by_kind["planned_erasure"]["at"] == "2026-04-12T09:00:00.000000Z"
    texts = [record["text"] for record in exported(dynamo)["records"] if record["stored_as"] == "cached_text"]
    assert texts == [[{"rate": "7.50"}], "no JSON"]


def test_an_export_says_that_tokens_exist_and_since_when_and_nothing_more(dynamo: DynamoStores) -> None:
    dynamo.tokens.create(token_set(access_token="access-1", lease_owner="owner-1"), due_at=after(days=30))
    (shown,) = exported(dynamo)["records"]
    assert shown == {
        "stored_as": "token_set",
        "stored_under": f"C#{COMPANY}/TOKENS#{TOKEN_SET}",
        "issuer": "quickbooks",
        "version": 1,
        "expires_at": "2026-03-13T10:00:00.000000Z",
        "refreshed_at": "2026-03-13T09:00:00.000000Z",
        "refresh_expires_at": "2026-06-21T09:00:00.000000Z",
        "consent_ends_at": "2031-03-12T09:00:00.000000Z",
        "due_at": "2026-04-12T09:00:00Z",
    }


def test_bytes_are_never_exported(dynamo: DynamoStores) -> None:
    key = keys.installation(COMPANY, installation().user)
    item: Any = {"pk": {"S": key.pk}, "sk": {"S": key.sk}, "v": {"N": "1"}, "sealed": {"B": b"x"}, "doc": {"S": "{}"}}
    dynamo.table.client.put_item(TableName=dynamo.table.name, Item=item)
    assert list(records(dynamo.table, COMPANY)) == [{"stored_as": "installation", "stored_under": str(key)}]


def test_a_company_of_whom_nothing_is_kept_has_an_empty_export(dynamo: DynamoStores) -> None:
    assert exported(dynamo)["records"] == []


def test_each_kind_of_item_has_a_name(dynamo: DynamoStores) -> None:
    fill(dynamo)
    known = {kind_of(keys.Key(row["pk"]["S"], row["sk"]["S"])) for row in of(dynamo, COMPANY)}
    assert known == set(KINDS)


def test_what_no_json_can_hold_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json(object())


def test_the_export_command_writes_a_file_for_its_owner_alone_and_overwrites_none(
    dynamo: DynamoStores, command: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(dynamo)
    target = tmp_path / "company.json"
    assert command(export_company, "--to", str(target)) == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert len(json.loads(target.read_text())["records"]) == sum(KINDS.values())
    assert command(export_company, "--to", str(target)) == 1
    assert "File exists" in capsys.readouterr().err


def test_the_export_command_prints_when_no_file_is_named(
    dynamo: DynamoStores, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(export_company) == 2
    fill(dynamo)
    capsys.readouterr()
    assert command(export_company) == 0
    assert len(json.loads(capsys.readouterr().out)["records"]) == sum(KINDS.values())


def test_an_erasure_leaves_no_row_of_the_company_and_every_row_of_others(
    dynamo: DynamoStores, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    others = [OTHER_COMPANY, CompanyId(COMPANY * 10)]
    for company in (COMPANY, *others):
        fill(dynamo, company)
    before = {company: of(dynamo, company) for company in others}
    assert command(erase_company, "--yes") == 0
    assert of(dynamo, COMPANY) == []
    assert {company: of(dynamo, company) for company in others} == before
    assert len(rows(dynamo)) == 2 * sum(KINDS.values())
    printed = capsys.readouterr()
    assert f"{sum(KINDS.values())} items erased; nothing is left." in printed.out
    assert "     2 intent" in printed.out
    assert "still have the app installed" in printed.err


@pytest.mark.parametrize(("typed", "status"), [(str(COMPANY), 0), ("yes", 1), ("", 1)])
def test_an_erasure_asks_for_the_company_again(
    dynamo: DynamoStores, command: Callable[..., int], monkeypatch: pytest.MonkeyPatch, typed: str, status: int
) -> None:
    fill(dynamo)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n" if typed else ""))
    assert command(erase_company) == status
    assert (of(dynamo, COMPANY) == []) is (status == 0)


def test_an_erasure_of_nothing_says_so_and_asks_nothing(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(erase_company) == 0
    assert "0 items" in capsys.readouterr().out


def test_consents_under_way_cannot_be_found_and_show_nothing(dynamo: DynamoStores) -> None:
    """docs/privacy.md: they end by themselves within ten minutes, and until then nobody but the browser reads them."""
    dynamo.consents.put_ticket(ticket())
    dynamo.consents.change_ticket(ticket().opened(cookie_hash="c", state_hash=keys.digest("state")))
    dynamo.erasure.erase(COMPANY)
    left = rows(dynamo)
    assert len(left) == 2
    assert all("expires" in row for row in left)
    shown = repr(left)
    assert str(COMPANY) not in "".join(row["pk"]["S"] + row["sk"]["S"] for row in left if len(row["pk"]["S"]) < 60)
    assert "Ada" not in shown
