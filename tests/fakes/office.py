"""A company that has installed Duebill and connected two sets of books, on the table top."""

from datetime import timedelta
from typing import Any

from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_US_SIMPLE
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.tabletop import Answer, Tabletop

Doc = dict[str, Any]


class Office:
    """Ada (or `user`) installed and connected the US and the UK books; each test takes deals and keys of its own."""

    def __init__(
        self, *, user: int = ADA, company: int = COMPANY, tabletop: Tabletop | None = None, first_number: int = 0
    ) -> None:
        self.tabletop = tabletop or Tabletop()
        self.user, self.company = user, company
        self._keys = first_number
        self._numbers = first_number  # two companies in the same books must not number alike
        self.tabletop.install(user, company)
        self.connect_books()

    def connect_books(self) -> None:
        """Connect them, and save settings with which every draft can be created."""
        self.us = self.tabletop.connect(US_REALM, user=self.user, company=self.company)
        self.uk = self.tabletop.connect(UK_REALM, user=self.user, company=self.company)
        for connection in (self.us, self.uk):
            self.settle(connection)

    def close(self) -> None:
        self.tabletop.close()

    def settle(self, connection: str, **changed: object) -> None:
        """Save settings with which every draft of these books can be created."""
        options = self.api("GET", f"/connections/{connection}/settings/options").json
        item = self.api("GET", f"/connections/{connection}/items?query=consult").json[0]
        settings = {
            "default_item_id": item["id"],
            "default_item_name": item["name"],
            "income_account_id": options["accounts"][0]["id"],
            "unlinked_line": "default_item",
            "tax_codes": options["suggested_tax_codes"],
            "term_id": None,
        }
        saved = self.api("PUT", f"/connections/{connection}/settings", json=settings | changed)
        assert saved.status == 200, (connection, saved)

    def untaxed(self, connection: str) -> str:
        """The tax code of these books for what bears no tax."""
        return "NON" if connection == self.us else "3"

    def key(self) -> str:
        """A new Idempotency-Key, as a form makes when it opens."""
        self._keys += 1
        return f"form-{self._keys:08}"

    def api(self, method: str, path: str, **how: Any) -> Answer:  # noqa: ANN401  passed on to Tabletop.api
        """Call the API as a page would, some seconds after the last call: people do not overrun Pipedrive's limits."""
        self.tabletop.clock.push(timedelta(seconds=3))
        return self.tabletop.api(method, path, **{"user": self.user, "company": self.company, **how})

    def draft(self, deal: int, connection: str | None = None, *, user: int | None = None) -> tuple[Doc, str]:
        """A prefilled draft that can be created, and its basis: linked to the first suggestion or to a customer."""
        asked = f"/deals/{deal}/draft" + (f"?connection_id={connection}" if connection else "")
        answer = self.api("GET", asked, user=user or self.user)
        assert answer.status == 200, answer
        draft: Doc = answer.json["draft"]
        if draft["customer_id"] is None:
            draft["customer_id"] = self.customer(draft["connection_id"], draft["currency"])
        for line in draft["lines"]:
            line["tax_code"] = line["tax_code"] or self.untaxed(draft["connection_id"])
        if draft["number"] is not None:
            self._numbers += 1
            draft["number"] = f"OFF-{self._numbers:04}"
        return draft, str(answer.json["basis"])

    def new_deal(self, **changed: object) -> int:
        """A deal like the simplest one that nobody has invoiced."""
        company = self.tabletop.pipedrive.companies[self.company]
        like, number = company.deals[DEAL_US_SIMPLE], max(company.deals) + 1
        company.deals[number] = like | {"id": number} | changed
        company.lines[number] = [
            line | {"id": number * 100 + place, "deal_id": number}
            for place, line in enumerate(company.lines[DEAL_US_SIMPLE])
        ]
        return number

    def let(self, **rights: str) -> None:
        """Say who may do what, as in `let(see="everyone")`."""
        settings = self.api("GET", "/settings").json["settings"]
        settings["roles"] |= rights
        saved = self.api("PUT", "/settings", json=settings)
        assert saved.status == 200, saved

    def customer(self, connection: str, currency: str) -> str:
        """Some active customer of the books who pays in this currency."""
        found = self.api("GET", f"/connections/{connection}/customers?query=").json
        searched = [*found, *(one for word in "aeiou" for one in self._customers(connection, word))]
        return str(next(one["id"] for one in searched if one["currency"] in (currency, None)))

    def _customers(self, connection: str, word: str) -> list[Doc]:
        answer: list[Doc] = self.api("GET", f"/connections/{connection}/customers?query={word}").json
        return answer

    def create(self, deal: int, draft: Doc, basis: str, *, key: str | None = None, user: int | None = None) -> Answer:
        headers = {"Idempotency-Key": key or self.key(), "If-Match": basis}
        return self.api("POST", f"/deals/{deal}/invoices", json=draft, headers=headers, user=user or self.user)

    def invoices_in_books(self) -> int:
        return sum(len(company.rows("Invoice")) for company in self.tabletop.quickbooks.companies.values())

    def writes(self) -> int:
        """How many calls so far could have changed the books."""
        calls = self.tabletop.quickbooks.faults.calls
        return sum(call.startswith("POST /v3/") and "/query" not in call for call in calls)
