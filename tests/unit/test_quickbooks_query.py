"""Statements of QuickBooks' query language."""

from datetime import UTC, datetime, timedelta, timezone

from duebill.providers.quickbooks.query import Query, at_or_after, equals, holds, one_of, quoted


def test_a_statement_has_all_its_parts_in_order() -> None:
    query = Query("Customer", ("Active = true", equals("DisplayName", "A")), order="DisplayName", limit=20)
    assert query.text == (
        "SELECT * FROM Customer WHERE Active = true AND DisplayName = 'A' ORDERBY DisplayName "
        "STARTPOSITION 1 MAXRESULTS 20"
    )


def test_the_next_page_begins_after_this_one() -> None:
    assert Query("Invoice").next_page().text == "SELECT * FROM Invoice STARTPOSITION 1001 MAXRESULTS 1000"


def test_the_codes_of_items_are_asked_for_by_name() -> None:
    assert Query("Item").text.startswith("SELECT *, Sku FROM Item ")


def test_no_text_gets_out_of_its_quotes() -> None:
    assert quoted("O'Brien") == r"'O\'Brien'"
    assert quoted("ends in \\") == r"'ends in \\'"
    assert quoted("\\' OR '") == r"'\\\' OR \''"
    assert one_of("Id", ["1", "2'"]) == r"Id IN ('1', '2\'')"
    assert holds("Name", "50%") == "Name LIKE '%50%%'"


def test_times_are_written_in_utc_to_the_second() -> None:
    moment = datetime(2026, 11, 21, 1, 2, 3, 999, tzinfo=timezone(timedelta(hours=-8)))
    assert at_or_after("MetaData.CreateTime", moment) == "MetaData.CreateTime >= '2026-11-21T09:02:03+00:00'"
    assert at_or_after("T", datetime(2026, 1, 1, tzinfo=UTC)) == "T >= '2026-01-01T00:00:00+00:00'"
