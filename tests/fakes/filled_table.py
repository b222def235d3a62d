"""A company with at least one item of every kind, and what a table holds of it."""

from decimal import Decimal
from typing import Any

from duebill.domain.ids import CompanyId, CustomerId, ItemId, ProductId
from duebill.ports import CustomerLink
from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    DEAL,
    NOW,
    after,
    company_settings,
    connection,
    connection_settings,
    entry,
    installation,
    intent,
    invoice,
    link,
    made,
    press,
    token_set,
)

KINDS = {
    "installation": 1,
    "token_set": 1,
    "connection": 1,
    "tenant_pointer": 1,
    "company_settings": 1,
    "connection_settings": 1,
    "customer_link": 1,
    "item_link": 1,
    "cached_text": 2,
    "deal": 2,
    "intent": 2,
    "invoice_link": 1,
    "invoice_pointer": 1,
    "history_entry": 1,
    "press": 1,
    "crm_webhooks": 1,
    "planned_erasure": 1,
    "watch": 1,
    "watched_invoice": 1,
}


def fill(stores: DynamoStores, company: CompanyId = COMPANY) -> None:
    """At least one of every kind."""
    stores.installations.save(installation(company=company))
    stores.tokens.create(token_set(company=company), due_at=NOW)
    stores.connections.save(connection(company=company))
    stores.settings.save_company(company, company_settings())
    stores.settings.save_connection(company, CONNECTION, connection_settings())
    stores.links.link_customer(company, CONNECTION, "organization:7", CustomerLink(CustomerId("1"), "Zażółć"))
    stores.links.link_item(company, CONNECTION, ProductId(3), ItemId("1"), "A")
    stores.cache.put(company, "fields", '[{"rate": 7.50}]', until=after(hours=1))
    stores.cache.put(company, "words", "no JSON", until=after(hours=1))
    begun = stores.invoices.begin(intent(company=company))
    stores.invoices.made(
        made(begun), link(company=company, invoice=invoice(balance=Decimal(5))), entry(), note_due_at=NOW
    )
    stores.invoices.begin(intent(company=company, deal=DEAL + 1))
    stores.invoices.save_press(press(company=company))
    stores.crm_webhooks.plan(company, NOW)
    stores.erasure.plan(company, after(days=30))


def rows(stores: DynamoStores) -> list[dict[str, Any]]:
    """Everything in the table: only a test may scan."""
    rows: list[dict[str, Any]] = stores.table.client.scan(TableName=stores.table.name, ConsistentRead=True)["Items"]
    return sorted(rows, key=lambda row: (row["pk"]["S"], row["sk"]["S"]))


def of(stores: DynamoStores, company: CompanyId) -> list[dict[str, Any]]:
    """The rows that name a company anywhere in their keys."""
    mine = f"C#{company}"
    return [
        row
        for row in rows(stores)
        if row["pk"]["S"] == mine or row["pk"]["S"].startswith(f"{mine}#") or row["sk"]["S"].startswith(f"{company}#")
    ]
