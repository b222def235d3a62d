"""Which items and customers the CRM's products and buyers may be: sure, unsure, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill.domain.deal import FieldRef, FieldValue, Record, RecordKind
from duebill.domain.matching import Certainty, Entry, Matcher, Reason, Wanted, buyer_wanted
from duebill.domain.settings import CustomerMapping

ITEMS = (
    Entry("1", "Consulting", "CONS-1"),
    Entry("2", "Training day", "TRAIN"),
    Entry("3", "Twin", "TWIN-A"),
    Entry("4", "Twin", "TWIN-B"),
    Entry("5", "Licence", "LIC"),
    Entry("6", "Licence plus", "LIC"),
    Entry("7", "Northwind Traders Ltd."),
)
CUSTOMERS = (Entry("1", "Northwind Ltd", "ap@northwind.example"), Entry("2", "Southwind", "ap@group.example"))


@pytest.mark.parametrize(
    ("wanted", "certainty", "reason", "first"),
    [
        (Wanted("p", "Consulting", "CONS-1"), "sure", Reason.BOTH, "1"),
        (Wanted("p", "consulting ", "cons-1"), "sure", Reason.BOTH, "1"),
        (Wanted("p", "Advice", "CONS-1"), "sure", Reason.MARK, "1"),
        (Wanted("p", "Training  Day"), "sure", Reason.NAME, "2"),
        (Wanted("p", "Training day", "OTHER"), "unsure", Reason.DIFFERS, "2"),
        (Wanted("p", "Training day", "CONS-1"), "unsure", Reason.DIFFERS, "1"),
        (Wanted("p", "Twin"), "unsure", Reason.SEVERAL, "3"),
        (Wanted("p", "Something", "LIC"), "unsure", Reason.SEVERAL, "5"),
        (Wanted("p", "Licence plus", "LIC"), "sure", Reason.BOTH, "6"),
        (Wanted("p", "NORTHWIND TRADERS, Inc"), "unsure", Reason.SIMILAR, "7"),
        (Wanted("p", "Nothing like it", "NONE"), "none", Reason.NOTHING, None),
        (Wanted("p", "Ltd"), "none", Reason.NOTHING, None),
        (Wanted("p", "!!!"), "none", Reason.NOTHING, None),
    ],
)
def test_a_product_is_found_by_code_and_by_name(
    wanted: Wanted, certainty: str, reason: Reason, first: str | None
) -> None:
    match = Matcher(ITEMS, mark_decides=True).match(wanted)
    assert (match.certainty, match.reason) == (certainty, reason)
    assert (match.proposals[0].id if match.proposals else None) == first


def test_an_email_alone_makes_nobody_sure_since_people_share_them() -> None:
    match = Matcher(CUSTOMERS, mark_decides=False).match(Wanted("organization:1", "Westwind", "AP@group.example"))
    assert (match.certainty, match.reason, match.proposals[0].id) == (Certainty.UNSURE, Reason.MARK, "2")
    both = Matcher(CUSTOMERS, mark_decides=False).match(Wanted("organization:1", "southwind", "AP@group.example"))
    assert (both.certainty, both.reason) == (Certainty.SURE, Reason.BOTH)


@given(st.lists(st.builds(Entry, st.text("123"), st.text("ab "), st.text("xy"))), st.text("ab "), st.text("xy"))
def test_sure_is_only_what_no_other_entry_contradicts(entries: list[Entry], name: str, mark: str) -> None:
    match = Matcher(entries, mark_decides=True).match(Wanted("p", name, mark))
    if match.certainty is Certainty.SURE:
        first = match.proposals[0]
        same_name = " ".join(first.name.split()) == " ".join(name.split())
        assert same_name or (mark and first.mark == mark)
    assert (match.certainty is Certainty.NONE) == (match.proposals == ())


def test_a_buyer_is_looked_for_with_what_the_mapping_says() -> None:
    legal, mail = FieldRef(RecordKind.ORGANIZATION, "legal"), FieldRef(RecordKind.ORGANIZATION, "mail")
    values = {"legal": FieldValue("Northwind Ltd"), "mail": FieldValue("ap@northwind.example")}
    record = Record(RecordKind.ORGANIZATION, 7, "Northwind", values)
    mapped = buyer_wanted(record, CustomerMapping(name=legal, email=mail))
    assert mapped == Wanted("organization:7", "Northwind Ltd", "ap@northwind.example")
    plain = buyer_wanted(record, CustomerMapping(name=None, email=None))
    assert plain == Wanted("organization:7", "Northwind", "")
