"""Connections of both providers for one sweep to run over: seeded in the table and in the books, without consents."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.crowd import Crowd, Member
from bench.crowd_books import pay_in_quickbooks, pay_in_xero
from duebill.domain.calendar import today_in
from duebill.domain.connection import Health, Provider
from duebill.domain.ids import ConnectionId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.limits import Asker
from duebill.domain.news import Changed, Event
from duebill.domain.watch import EVERYTHING
from duebill.runtime.refreshing import refresh_of
from duebill.runtime.wiring import wire
from duebill.storage import keys
from duebill.storage.values import read_optional_moment
from duebill.use_cases.dispatch_due import CLAIM_LASTS
from sandbox.functions import Context
from sandbox.tabletop import Tabletop

SWEPT_EVERY = timedelta(minutes=20)  # shorter than in life, so that no token ends unless a test wants it
_MINUTE = timedelta(minutes=1)


class Fleet:
    """`count` companies at each provider, with `invoices` unsettled ones each; all their sweeps are due together.

    Nobody has installed the app for them in the CRM: what is shown is what their links hold.
    """

    def __init__(
        self,
        tabletop: Tabletop,
        count: int,
        invoices: int,
        *,
        first: int = 0,
        providers: Iterable[Provider] = tuple(Provider),
    ) -> None:
        self.tabletop = tabletop
        self.crowds = {
            provider: Crowd(tabletop, provider, count, invoices, first=first, swept_every=SWEPT_EVERY)
            for provider in providers
        }
        self.members = tuple(member for crowd in self.crowds.values() for member in crowd.members)

    def of(self, provider: Provider) -> list[Member]:
        """The companies at one provider."""
        return self.crowds[provider].members

    def others(self, provider: Provider) -> list[Member]:
        """The companies at the other one."""
        return [member for member in self.members if member.connection.provider is not provider]

    def simulator(self, provider: Provider) -> Any:  # noqa: ANN401  the two have no common type
        """The provider's."""
        return self.tabletop.quickbooks if provider is Provider.QUICKBOOKS else self.tabletop.xero

    def pay(self, *members: Member, place: int = 0) -> None:
        """A payment in the books of each, of which no webhook tells."""
        for member in members:
            pay = pay_in_quickbooks if member.connection.provider is Provider.QUICKBOOKS else pay_in_xero
            pay(self.tabletop, member.connection.tenant.id, member.invoices[place])

    def take_back_payment(self, member: Member, place: int = 0) -> None:
        """What was paid in the books is open again."""
        tenant, invoice = member.connection.tenant.id, member.invoices[place]
        if member.connection.provider is Provider.QUICKBOOKS:
            company = self.tabletop.quickbooks.companies[tenant]
            found = company.get("Invoice", invoice)
            company.replace("Invoice", found, found | {"Balance": found["TotalAmt"]}, quiet=True)
        else:
            org = self.tabletop.xero.organisations[tenant]
            doc = org.get("Invoice", invoice)
            opened = {"AmountDue": doc["Total"], "AmountPaid": Decimal(0), "Status": "AUTHORISED"}
            org.replace("Invoice", doc | opened, quiet=True)

    def want_everything(self, member: Member) -> None:
        """Have the next sweep ask its books for whatever changed."""
        here = member.connection
        watches = self.tabletop.wiring().watches
        watches.want(here.company, here.id, by=self.tabletop.clock.now(), ids={EVERYTHING})

    def hear_of(self, member: Member, place: int = 0) -> str:
        """A webhook tells of one invoice; how that ended."""
        now = self.tabletop.clock.now()
        event = Event(Changed.INVOICE, member.invoices[place], now)
        return str(refresh_of(member.connection, self.tabletop.wiring()).hear([event]).value)

    def until_due(self) -> datetime:
        """Let time pass until every sweep is due; the time then."""
        self.tabletop.clock.push(SWEPT_EVERY + _MINUTE)
        return self.tabletop.clock.now()

    def sweep(self) -> int:
        """Ticks of the schedule at one moment, until nothing is due or queued; how many messages were worked on."""
        worked_on = 0
        while done := self.tabletop.run_due_work():
            worked_on += done
        return worked_on

    def dispatched_sweeps(self) -> list[dict[str, Any]]:
        """What one tick of the schedule puts on the queue of sweeps, for the worker; taken off the queue."""
        self.tabletop.functions.invoke("dispatch_due", {})
        sqs, url = self.tabletop.cloud.sqs, self.tabletop.environment["SWEEP_QUEUE_URL"]
        records: list[dict[str, Any]] = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                records.append({"messageId": message["MessageId"], "body": message["Body"]})
        return records

    def again(self, times: int = 1) -> None:
        """So many times: the claims of whoever did not come through end, and the schedule ticks."""
        for _ in range(times):
            self.tabletop.clock.push(CLAIM_LASTS + _MINUTE)
            self.sweep()

    def retire(self) -> None:
        """No sweep of these is due any more."""
        watches = self.tabletop.wiring().watches
        for member in self.members:
            watches.rest(member.connection.company, member.connection.id)
            for provider in Provider:
                self.simulator(provider).faults.pending.clear()

    # --- what is known -----------------------------------------------------------------------------------------------

    def link(self, member: Member, place: int = 0) -> InvoiceLink:
        """The stored link of one of its invoices."""
        here = member.connection
        [link] = self.tabletop.wiring().invoices.linked(here.company, here.id, [member.invoices[place]])
        return link

    def shown(self, member: Member, place: int = 0) -> str:
        """The status of one of its invoices, as the deal would show it."""
        today = today_in(member.connection.tenant.time_zone, self.tabletop.clock.now())
        return str(self.link(member, place).invoice.status(today).value)

    def told(self, member: Member, place: int = 0) -> Counter[str]:
        """What the deal's history says of this invoice, counted."""
        link = self.link(member, place)
        history = self.tabletop.wiring().invoices.history(link.company, link.deal)
        return Counter(entry.what for entry in history if entry.invoice == link.invoice.id)

    def looked_at(self, member: Member) -> datetime | None:
        """When all its unsettled invoices were last asked for."""
        here = member.connection
        item = self.tabletop.wiring().table.get(keys.watch(here.company, here.id))
        return read_optional_moment(item, "looked_at") if item else None

    def not_looked_at_since(self, since: datetime) -> set[ConnectionId]:
        """Of all connections at once: those whose unsettled invoices were not all asked for since then."""
        looked_at = {row["pk"]["S"]: read_optional_moment(row, "looked_at") for row in self.tabletop.rows()
                     if row["sk"]["S"] == "REFRESH"}  # fmt: skip
        places = {
            member.connection.id: keys.watch(member.connection.company, member.connection.id).pk
            for member in self.members
        }
        return {each for each, place in places.items() if (looked_at.get(place) or since - _MINUTE) < since}

    def health(self, member: Member) -> Health:
        """Of its connection."""
        found = self.tabletop.wiring().connections.get(member.connection.company, member.connection.id)
        assert found is not None
        return found.health

    def ask_as_a_person(self, member: Member, place: int = 0) -> str:
        """What the books say of one invoice when somebody waits for it. Raises TryLater where people may not ask."""
        seconds = self.tabletop.functions.seconds
        wiring = wire(Context("tabletop", seconds, seconds() + 29), Asker.PERSON)
        [found] = wiring.books(member.connection).read_invoices([member.invoices[place]]).found
        return str(found.status(today_in(member.connection.tenant.time_zone, self.tabletop.clock.now())).value)

    def true_in_time(self, since: datetime, members: Iterable[Member] | None = None) -> set[ConnectionId]:
        """The connections (of all, or of these) that a sweep since then has seen, whose first invoice is paid and said
        to be so once.
        """
        return {
            member.connection.id
            for member in (self.members if members is None else members)
            if (self.looked_at(member) or since - _MINUTE) >= since
            and self.shown(member) == "paid"
            and self.told(member)["paid"] == 1
        }

    def questions(self, provider: Provider) -> int:
        """Questions to its books so far; none about tokens."""
        calls = self.simulator(provider).faults.calls
        return sum("/v3/company/" in call or "/api.xro/" in call for call in calls)

    def dead_letters(self) -> list[str]:
        """The bodies of what lies in the dead-letter queues, taken out."""
        sqs, found = self.tabletop.cloud.sqs, list[str]()
        for name in ("news", "sweep", "work"):
            url = sqs.get_queue_url(QueueName=f"{name}-failures")["QueueUrl"]
            while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                for message in messages:
                    found.append(message["Body"])
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def show_failed_messages(self) -> None:
        """What failed shows in the queues again; moto's own time cannot be pushed."""
        from moto.sqs.models import sqs_backends

        for backend in sqs_backends.values():
            for queue in backend["us-east-1"].queues.values():
                for message in queue._messages:
                    message.change_visibility(0)


def ids(members: Iterable[Member]) -> set[ConnectionId]:
    """Of their connections."""
    return {member.connection.id for member in members}
