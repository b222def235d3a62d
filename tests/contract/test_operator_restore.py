"""`python -m scripts.restore`: what was lost comes back, except for what would do harm."""

from collections.abc import Iterator

import pytest

from duebill.domain.ids import CompanyId
from duebill.storage.keys import Key
from duebill.storage.table import Table, create_table
from scripts import restore
from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.filled_table import KINDS, fill, of, rows
from tests.fakes.stored_examples import COMPANY, DEAL, OTHER_COMPANY, after, company_settings, ticket

LEFT_OUT = {"token_set", "planned_erasure", "cached_text"}
COMES_BACK = sum(count for kind, count in KINDS.items() if kind not in LEFT_OUT)


@pytest.fixture
def copy(dynamo: DynamoStores, monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoStores]:
    """The stores on a second table, as point-in-time recovery makes it; filled with two companies."""
    client = dynamo.table.client
    monkeypatch.setattr("boto3.client", lambda _: client)
    create_table(client, "restored")
    stores = DynamoStores(
        Table(client, "restored", dynamo.table.sleep, lambda: 0.5), dynamo.kms, dynamo.key_id, dynamo.clock
    )
    for company in (COMPANY, OTHER_COMPANY):
        fill(stores, company)
    yield stores
    client.delete_table(TableName="restored")


def run(dynamo: DynamoStores, *arguments: str) -> int:
    return restore.main(["restored", "--table", dynamo.table.name, *arguments])


def test_a_lost_table_comes_back_without_tokens_plans_and_caches(
    dynamo: DynamoStores, copy: DynamoStores, capsys: pytest.CaptureFixture[str]
) -> None:
    copy.consents.put_ticket(ticket())
    copy.table.client.put_item(
        TableName="restored", Item={"pk": {"S": f"C#{COMPANY}"}, "sk": {"S": "LIMIT"}, "v": {"N": "1"}}
    )
    assert run(dynamo) == 0
    assert f"{2 * COMES_BACK} items brought back, 0 were there" in capsys.readouterr().out
    back = {(row["pk"]["S"], row["sk"]["S"]): row for row in rows(dynamo)}
    assert len(back) == 2 * COMES_BACK
    originals = {(row["pk"]["S"], row["sk"]["S"]): row for row in rows(copy)}
    assert all(originals[key] == row for key, row in back.items())
    assert not any(sk.startswith(("TOKENS#", "ERASURE", "CACHE#", "LIMIT", "TICKET")) for _, sk in back)
    assert dynamo.invoices.deal(COMPANY, DEAL).version == copy.invoices.deal(COMPANY, DEAL).version


def test_what_the_live_table_has_stays_as_it_is(
    dynamo: DynamoStores, copy: DynamoStores, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = company_settings().__replace__(note_on_deal=False)
    dynamo.settings.save_company(COMPANY, newer)
    assert run(dynamo) == 0
    assert f"{2 * COMES_BACK - 1} items brought back, 1 were there" in capsys.readouterr().out
    assert dynamo.settings.company(COMPANY) == newer
    assert run(dynamo) == 0
    assert f"0 items brought back, {2 * COMES_BACK} were there" in capsys.readouterr().out


def test_one_company_alone_can_be_brought_back(dynamo: DynamoStores, copy: DynamoStores) -> None:
    fill(copy, CompanyId(COMPANY * 10 + 1))
    assert run(dynamo, "--company", str(COMPANY)) == 0
    assert len(rows(dynamo)) == len(of(dynamo, COMPANY)) == COMES_BACK


def test_a_dry_run_writes_nothing(dynamo: DynamoStores, copy: DynamoStores, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(dynamo, "--dry-run") == 0
    assert f"{2 * COMES_BACK} items" in capsys.readouterr().out
    assert rows(dynamo) == []


def test_an_item_comes_back_in_the_version_that_it_was_written_in(dynamo: DynamoStores, copy: DynamoStores) -> None:
    older = {"pk": {"S": f"C#{COMPANY}"}, "sk": {"S": "SETTINGS"}, "v": {"N": "0"}, "doc": {"S": "{}"}}
    copy.table.client.put_item(TableName="restored", Item=older)
    run(dynamo)
    assert older in rows(dynamo)


def test_what_is_due_comes_back_as_due(dynamo: DynamoStores, copy: DynamoStores) -> None:
    run(dynamo, "--company", str(COMPANY))
    due = [row for row in rows(dynamo) if "due_pk" in row]
    assert {row["sk"]["S"].partition("#")[0] for row in due} == {"INTENT", "LINK", "REFRESH", "WEBHOOKS"}
    assert dynamo.invoices.links(COMPANY, DEAL)[0].write_back_due_at is not None
    assert not dynamo.erasure.is_due(COMPANY, after(days=999))


@pytest.mark.parametrize(
    ("pk", "sk", "owner"),
    [
        ("C#7", "SETTINGS", 7),
        ("C#70#D#1", "INTENT#a", 70),
        ("TENANT#quickbooks#7", "77#c-1", 77),
        ("STATE#7", "INSTALL", None),
        ("TICKET#7", "TICKET", None),
        ("LIMIT#quickbooks#7", "LIMIT", None),
    ],
)
def test_an_item_belongs_to_the_company_of_its_key(pk: str, sk: str, owner: int | None) -> None:
    assert restore.owner_of(Key(pk, sk)) == owner
