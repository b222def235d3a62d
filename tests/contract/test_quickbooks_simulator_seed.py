"""The sample books: enough of everything, and names that match what the sample CRM holds, or nearly, or not."""

import pytest

from tests.contract.quickbooks_desk import Desk, uk_desk, us_desk


@pytest.fixture
def us() -> Desk:
    return us_desk()


@pytest.fixture
def uk() -> Desk:
    return uk_desk()


def test_there_are_forty_items_and_sixty_customers(us: Desk) -> None:
    realms = us.simulator.bookkeeper.state()["realms"].values()
    assert sum(each["items"] for each in realms) == 40
    assert sum(each["customers"] for each in realms) == 60


@pytest.mark.parametrize("build", [us_desk, uk_desk])
def test_codes_match_for_some_products_names_for_others(build: object) -> None:
    found = build()  # type: ignore[operator]  # the two builders take nothing
    skus = {each.get("Sku") for each in found.rows("select *, Sku from Item")}
    assert {"CONS-1", "LIC-STD", "LIC-PRO", "HW-100"} <= skus
    assert skus.isdisjoint({"TRAIN-DAY", "FREIGHT", "HW-200", "SUPPORT-M"})
    names = {each["Name"] for each in found.rows("select * from Item")}
    assert {"Training day", "Freight & packing"} <= names


def test_organizations_are_found_by_name_by_e_mail_or_not_at_all(us: Desk, uk: Desk) -> None:
    assert uk.customer("Northwind Traders Ltd")
    assert uk.customer("O'Brien & Sons")
    assert us.where("Customer", "DisplayName = 'O\\'Brien & Sons'") == []
    assert len(us.where("Customer", "PrimaryEmailAddr = 'ap@obrien.example'")) == 1
    assert us.where("Customer", "DisplayName like 'Northwind Traders Ltd%'") == []
    assert len(us.where("Customer", "DisplayName = 'Northwind Traders Ltd (deleted)' and Active = false")) == 1
    assert uk.where("Customer", "DisplayName like 'Żółw%'") == []


def test_customers_come_in_several_currencies_and_with_jobs(uk: Desk) -> None:
    currencies = {each["CurrencyRef"]["value"] for each in uk.rows("select * from Customer")}
    assert currencies == {"GBP", "EUR", "USD"}
    [parent] = uk.where("Customer", "DisplayName = 'Kestrel Aviation'")
    jobs = uk.where("Customer", f"ParentRef = '{parent['Id']}'")
    assert {each["FullyQualifiedName"] for each in jobs} == {
        "Kestrel Aviation:Hangar 4",
        "Kestrel Aviation:Line maintenance",
    }


def test_some_invoices_are_open_some_partly_paid_some_paid(us: Desk) -> None:
    rows = us.rows("select * from Invoice")
    shares = [each["Balance"] / each["TotalAmt"] for each in rows]
    assert (shares.count(1), shares.count(0)) == (1, 1)
    assert len([share for share in shares if 0 < share < 1]) == 1
    assert len([each for each in rows if each["Balance"] and each["DueDate"] < "2026-11-20"]) == 1


def test_nothing_of_the_seed_is_news(us: Desk) -> None:
    assert us.simulator.webhooks() == []
