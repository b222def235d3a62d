"""What fails while the books are asked: nothing is lost, nothing done twice, and one company harms no other."""

from collections.abc import Iterator
from typing import Any

import pytest

from duebill.domain.ids import CompanyId, ConnectionId
from duebill.errors import TryLater
from duebill.storage.table import Table
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from tests.fakes.office import Office

Doc = dict[str, Any]


class Killed(BaseException):
    """The process ends here: nothing catches this."""


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    office.tabletop.run_due_work()
    yield office
    office.close()


def make(office: Office, connection: str | None = None) -> tuple[int, str]:
    """A deal with an open invoice in the US books (or another connection's); nothing of it is on its way."""
    uk = connection == office.uk
    deal = office.new_deal(currency="GBP" if uk else "USD")
    draft, basis = office.draft(deal, connection or office.us)
    created = office.create(deal, draft, basis)
    assert created.status == 201, created
    office.tabletop.deliver_webhooks()
    office.tabletop.sleep(60)
    return deal, created.json["invoice"]["id"]


def pay(office: Office, invoice: str, realm: str = US_REALM) -> None:
    office.tabletop.quickbooks.bookkeeper.pay(realm, invoice)


def status(office: Office, deal: int) -> str:
    [invoice] = office.api("GET", f"/deals/{deal}/invoices").json["invoices"]
    return str(invoice["status"])


def told(office: Office, deal: int) -> list[str]:
    return [each["what"] for each in office.api("GET", f"/deals/{deal}/history").json]


def test_a_worker_killed_at_any_of_its_calls_to_the_table_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = ("get", "get_many", "write", "update")
    clean: list[str] = []
    for kind in kinds:
        original = getattr(Table, kind)
        monkeypatch.setattr(Table, kind, _noting(original, kind, clean))
    deal, invoice = make(office)
    pay(office, invoice)
    office.tabletop.mail.deliver()
    clean.clear()
    office.tabletop.schedule.work_off()
    steps = len(clean)
    assert status(office, deal) == "paid"
    assert steps >= 8
    for at in range(steps):
        deal, invoice = make(office)
        pay(office, invoice)
        office.tabletop.mail.deliver()
        clean.clear()
        clean.extend([f"kill {at}"])
        with pytest.raises(Killed):
            office.tabletop.schedule.work_off()
        clean.clear()
        office.tabletop.pass_time(hours=25)  # the lease ends, and the message never shows again: only the sweep is left
        assert status(office, deal) == "paid", f"killed at step {at} of {steps}"
        assert told(office, deal).count("paid") == 1, f"killed at step {at} of {steps}"


def _noting(original: Any, kind: str, seen: list[str]) -> Any:  # noqa: ANN401  a method in a method's place
    def call(self: Table, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  passed on
        plan = seen[0] if seen and seen[0].startswith("kill ") else ""
        seen.append(kind)
        if plan and len(seen) - 2 == int(plan.removeprefix("kill ")):
            raise Killed
        return original(self, *arguments, **named)

    return call


def test_one_poisoned_company_keeps_no_other_from_the_truth(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    sick, sick_invoice = make(office)
    well, well_invoice = make(office, office.uk)
    pay(office, sick_invoice)
    pay(office, well_invoice, UK_REALM)
    from duebill.storage.watches import DynamoWatches

    original = DynamoWatches.take

    def poisoned(self: DynamoWatches, company: CompanyId, connection: ConnectionId, **how: Any) -> Any:  # noqa: ANN401
        if connection == office.us:
            raise RuntimeError("a bug")
        return original(self, company, connection, **how)

    monkeypatch.setattr(DynamoWatches, "take", poisoned)
    office.tabletop.deliver_webhooks()
    assert status(office, well) == "paid"
    assert status(office, sick) == "open"
    monkeypatch.undo()
    office.tabletop.pass_time(hours=25)
    assert status(office, sick) == "paid"


def test_news_that_our_own_storage_cannot_take_comes_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    deal, invoice = make(office)
    pay(office, invoice)

    def busy(*_: object, **__: object) -> None:
        raise TryLater("busy", retry_after=1)

    monkeypatch.setattr("duebill.storage.connections.DynamoConnections.of_tenant", busy)
    office.tabletop.mail.deliver()
    url = office.tabletop.environment["NEWS_QUEUE_URL"]
    [message] = office.tabletop.cloud.sqs.receive_message(QueueUrl=url)["Messages"]
    event = {"Records": [{"messageId": message["MessageId"], "body": message["Body"]}]}
    answer = office.tabletop.functions.invoke("refresh_invoices", event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": message["MessageId"]}]}
    monkeypatch.undo()
    assert office.tabletop.functions.invoke("refresh_invoices", event) == {"batchItemFailures": []}
    assert status(office, deal) == "paid"
