"""The rules of invoices at the simulated Xero: what is refused, reckoned, allowed next."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sandbox.xero.seed import AU_TENANT, NZ_TENANT, UK_TENANT
from tests.contract.xero_desk import Desk, Doc, Json, desk, line, messages

NOT_VALID = "Invoice not of valid status for modification"


@pytest.fixture
def nz() -> Desk:
    return desk(NZ_TENANT)


@pytest.fixture
def uk() -> Desk:
    return desk(UK_TENANT)


def _sums(doc: Doc) -> tuple[str, str, str]:
    return tuple(f"{Decimal(str(doc[name])):.2f}" for name in ("SubTotal", "TotalTax", "Total"))  # type: ignore[return-value]  three of them


def test_tax_is_rounded_on_each_line_and_then_summed(nz: Desk) -> None:
    lines = [line(0.1), line(0.1), line(0.1)]  # 0.015 each: 0.02 three times, not 0.045
    assert _sums(nz.create(LineItems=lines)) == ("0.30", "0.06", "0.36")


def test_inclusive_tax_is_taken_out_of_each_line(nz: Desk) -> None:
    doc = nz.create(LineItems=[line(10), line(10)], LineAmountTypes="Inclusive")
    assert _sums(doc) == ("17.40", "2.60", "20.00")
    assert [each["TaxAmount"] for each in doc["LineItems"]] == [1.3, 1.3]


def test_no_tax_means_none_on_every_line(nz: Desk) -> None:
    doc = nz.create(LineItems=[line(10)], LineAmountTypes="NoTax")
    assert _sums(doc) == ("10.00", "0.00", "10.00")
    assert doc["LineItems"][0]["TaxType"] == "NONE"


def test_negative_lines_round_away_from_zero_too(nz: Desk) -> None:
    doc = nz.create(LineItems=[line(10), line(-0.1)])
    assert [each["TaxAmount"] for each in doc["LineItems"]] == [1.5, -0.02]


@pytest.mark.parametrize(
    ("discount", "amount", "off"),
    [({"DiscountRate": 10}, 89.99, 10.0), ({"DiscountAmount": 0.5}, 99.49, 0.5)],
)
def test_a_discount_is_the_lines_own(nz: Desk, discount: Doc, amount: float, off: float) -> None:
    doc = nz.create(LineItems=[line(99.99, **discount)])
    assert (doc["LineItems"][0]["LineAmount"], doc["TotalDiscount"], doc["IsDiscounted"]) == (amount, off, True)


def test_unit_amounts_have_four_digits_only_if_asked(nz: Desk) -> None:
    body = nz.invoice(LineItems=[line(0.0475, 1000)])
    two = nz.put("/Invoices", body).json()["Invoices"][0]
    four = nz.put("/Invoices", body, unitdp="4").json()["Invoices"][0]
    assert (two["LineItems"][0]["UnitAmount"], two["SubTotal"]) == (0.05, 50)
    assert (four["LineItems"][0]["UnitAmount"], four["SubTotal"]) == (0.0475, 47.5)
    assert nz.read(four)["LineItems"][0]["UnitAmount"] == 0.05


def test_what_a_line_leaves_out_comes_from_the_item(uk: Desk) -> None:
    [found] = uk.create(LineItems=[{"ItemCode": "LIC-PRO", "Quantity": 2}])["LineItems"]
    assert (found["Description"], found["UnitAmount"], found["AccountCode"], found["TaxType"]) == (
        "Professional licence, as agreed",
        129.5,
        "200",
        "OUTPUT2",
    )
    assert found["Item"]["Code"] == "LIC-PRO"


def test_a_draft_takes_lines_of_words_only_but_an_approved_invoice_does_not(nz: Desk) -> None:
    words = [{"Description": "To be agreed"}]
    draft = nz.create(LineItems=words)
    assert draft["Total"] == 0
    found = nz.refused(LineItems=words, Status="AUTHORISED")
    assert found == ["Account code or ID must be specified.", "The TaxType field is mandatory."]
    assert messages(nz.change(draft, Status="AUTHORISED")) == found


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Type": "ACCRECCREDIT"}, "Invoice not of valid type for creation"),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineAmountTypes": "Net"}, "LineAmountTypes must be"),
        ({"CurrencyCode": "EUR"}, "Organisation is not subscribed to currency EUR"),
        ({"Url": "https://app.example/xero/1"}, "Url"),
        ({"Url": "app.example"}, "Url"),
        ({"BrandingThemeID": "00000000-0000-0000-0000-000000000009"}, "branding theme"),
        ({"InvoiceNumber": "9" * 256}, "InvoiceNumber is 256"),
        ({"InvoiceNumber": "INV-0002"}, "Invoice # must be unique."),
        ({"LineItems": [line(1, AccountCode="999")]}, "Account code '999' is not a valid code for this document."),
        ({"LineItems": [line(1, AccountCode="090")]}, "Account code '090' is not a valid code for this document."),
        ({"LineItems": [line(1, AccountCode="610")]}, "Account code '610' is not a valid code for this document."),
        ({"LineItems": [line(1, AccountCode="299")]}, "Account code '299' has been archived"),
        ({"LineItems": [line(1, TaxType="INPUT2")]}, "The TaxType code 'INPUT2' cannot be used with account code"),
        ({"LineItems": [line(1, TaxType="OUTPUT")]}, "The TaxType code 'OUTPUT' does not exist or cannot be used"),
        ({"LineItems": [line(1, TaxType="VAT")]}, "The TaxType code 'VAT' does not exist"),
        ({"LineItems": [line(1, ItemCode="NOPE")]}, "Item code 'NOPE' is not valid."),
        ({"LineItems": [line(1, ItemCode="PAPER-A4")]}, "Item code 'PAPER-A4' cannot be used"),
        ({"LineItems": [line(1, Description="x" * 4001)]}, "Description is 4001"),
        ({"LineItems": [line(10_000_000_000)]}, "LineAmount must not exceed"),
        ({"LineItems": [line(10, LineAmount=9)]}, "The line total 9.00 does not match the expected line total 10.00"),
        ({"LineItems": [line(10, DiscountRate=101)]}, "discount rate"),
        ({"LineItems": [line(10, DiscountAmount=11)]}, "larger than the line"),
        ({"LineItems": [line(10, DiscountAmount=1, DiscountRate=1)]}, "not both"),
        ({"LineItems": [line(10, Tracking=[{"Name": "Region", "Option": "Moon"}])]}, "tracking category"),
        ({"LineItems": [line(10, Tracking=[{"Name": "Region", "Option": "Chatham Islands"}])]}, "tracking category"),
        ({"LineItems": [line(10, Tracking=[{}] * 3)]}, "no more than two"),
        ({"LineItems": [line(10), line(-20)], "Status": "AUTHORISED"}, "less than zero"),
        ({"DueDate": None, "Status": "AUTHORISED"}, "Due Date"),
        ({"DueDate": "2026-11-19", "Status": "AUTHORISED"}, "due date"),
        ({"LineItems": [line(10, Description=None)], "Status": "SUBMITTED"}, "Description is required"),
    ],
)
def test_an_invoice_is_refused(nz: Desk, changes: Doc, message: str) -> None:
    before = len(nz.org.rows("Invoice"))
    assert any(message in each for each in nz.refused(**changes)), nz.refused(**changes)
    assert len(nz.org.rows("Invoice")) == before


@pytest.mark.parametrize(
    "changes",
    [{"Date": "2026-11-20 00:00:00"}, {"Dat": "2026-11-20"}, {"LineItems": [line(1, Quantity="1")]}, {"Contact": "x"}],
)
def test_what_cannot_be_read_is_a_post_data_exception(nz: Desk, changes: Doc) -> None:
    answer = nz.put("/Invoices", nz.invoice(**changes))
    assert (answer.status_code, answer.json()["ErrorNumber"]) == (400, 14)
    assert answer.json()["Type"] == "PostDataInvalidException"


def test_fields_that_only_answers_have_are_ignored(nz: Desk) -> None:
    assert nz.create(Total=5, AmountDue=5, UpdatedDateUTC="/Date(0)/")["Total"] == 115


def test_dates_come_twice_and_default_to_the_organisations_day(nz: Desk) -> None:
    doc = nz.create(Date=None)  # in Auckland it is the 21st already
    assert doc["DateString"] == "2026-11-21T00:00:00"
    assert doc["Date"] == "/Date(1795219200000+0000)/"
    assert doc["UpdatedDateUTCString"] == "2026-11-20T12:00:00.000"


def test_the_due_date_comes_from_the_contact_then_from_the_organisation(uk: Desk) -> None:
    own = uk.create(DueDate=None, Contact={"ContactID": uk.contact("Summit Builders")})
    general = uk.create(DueDate=None)
    assert own["DueDateString"] == "2026-11-27T00:00:00"
    assert general["DueDateString"] == "2026-12-20T00:00:00"


def test_the_default_theme_has_the_least_sort_order(uk: Desk) -> None:
    themes = {theme["SortOrder"]: theme["BrandingThemeID"] for theme in uk.rows("BrandingThemes")}
    assert set(themes) == {1, 2, 4}
    assert uk.create()["BrandingThemeID"] == themes[1]


def test_numbers_go_on_and_jump_over_taken_ones(nz: Desk) -> None:
    assert nz.create()["InvoiceNumber"] == "INV-0005"
    nz.create(InvoiceNumber="INV-0006")
    assert nz.create()["InvoiceNumber"] == "INV-0007"


def test_put_refuses_a_number_that_post_overwrites(nz: Desk) -> None:
    made = nz.create(InvoiceNumber="P-1")
    assert nz.refused(InvoiceNumber="P-1") == ["Invoice # must be unique."]
    again = nz.post("/Invoices", nz.invoice(InvoiceNumber="P-1", Reference="changed")).json()["Invoices"][0]
    assert (again["InvoiceID"], again["Reference"]) == (made["InvoiceID"], "changed")


def test_a_contact_with_more_than_its_id_is_changed(nz: Desk) -> None:
    key = nz.contact("Summit Builders")
    nz.create(Contact={"ContactID": key})
    assert len(nz.get(f"/Contacts/{key}").json()["Contacts"][0]["ContactPersons"]) == 2
    nz.create(Contact={"ContactID": key, "EmailAddress": "new@summit.example"})
    found = nz.get(f"/Contacts/{key}").json()["Contacts"][0]
    assert (found["EmailAddress"], found["ContactPersons"]) == ("new@summit.example", [])


def test_an_unknown_name_makes_a_contact_and_a_refused_invoice_takes_it_back(nz: Desk) -> None:
    nz.refused(Contact={"Name": "Brand new"}, LineItems=[line(1, AccountCode="999")])
    assert nz.rows("Contacts", searchTerm="brand new") == []
    made = nz.create(Contact={"Name": "Brand new"})
    assert nz.contact("Brand new") == made["Contact"]["ContactID"]


def test_archived_and_merged_contacts_take_no_invoice(nz: Desk) -> None:
    for name in ("Old Mill Trading", "Northwind Traders (old)"):
        [found] = nz.rows("Contacts", where=f'Name=="{name}"', includeArchived="true")
        [message] = nz.refused(Contact={"ContactID": found["ContactID"]})
        assert "archived contact" in message


def test_foreign_currency_takes_the_days_rate_and_warns_of_odd_ones(uk: Desk) -> None:
    assert uk.create(CurrencyCode="EUR")["CurrencyRate"] == 1.17
    assert "Warnings" not in uk.create(CurrencyCode="EUR", CurrencyRate=1.2)
    odd = uk.put("/Invoices", uk.invoice(CurrencyCode="EUR", CurrencyRate=117), summarizeErrors="false")
    [doc] = odd.json()["Invoices"]
    assert (odd.status_code, doc["StatusAttributeString"], len(doc["Warnings"])) == (200, "WARNING", 1)
    kontor = uk.contact("Bremer Kontor GmbH")
    assert uk.create(Contact={"ContactID": kontor})["CurrencyCode"] == "EUR"


def test_tracking_is_answered_by_id_and_name(uk: Desk) -> None:
    sent = [{"Name": "Department", "Option": "Studio"}, {"Name": "Campaign", "Option": "Spring"}]
    [found] = uk.create(LineItems=[line(1, Tracking=sent)])["LineItems"]
    assert [(each["Name"], each["Option"]) for each in found["Tracking"]] == [
        ("Department", "Studio"),
        ("Campaign", "Spring"),
    ]
    ids = [{name: each[name] for name in ("TrackingCategoryID", "TrackingOptionID")} for each in found["Tracking"]]
    assert uk.create(LineItems=[line(1, Tracking=ids)])["LineItems"][0]["Tracking"] == found["Tracking"]
    assert "once" in uk.refused(LineItems=[line(1, Tracking=[sent[0], sent[0]])])[0]


STEPS = [
    ("DRAFT", "SUBMITTED", True),
    ("DRAFT", "AUTHORISED", True),
    ("DRAFT", "DELETED", True),
    ("DRAFT", "VOIDED", False),
    ("SUBMITTED", "DRAFT", True),
    ("SUBMITTED", "AUTHORISED", True),
    ("SUBMITTED", "DELETED", True),
    ("SUBMITTED", "VOIDED", False),
    ("AUTHORISED", "VOIDED", True),
    ("AUTHORISED", "DELETED", False),
    ("AUTHORISED", "DRAFT", False),
    ("AUTHORISED", "SUBMITTED", False),
    ("AUTHORISED", "PAID", False),
]


@pytest.mark.parametrize(("start", "end", "allowed"), STEPS)
def test_the_status_machine(nz: Desk, start: str, end: str, *, allowed: bool) -> None:
    made = nz.create(Status=start)
    answer = nz.change(made, Status=end)
    if allowed:
        assert answer.json()["Invoices"][0]["Status"] == end
    else:
        assert messages(answer) == [NOT_VALID]
    assert nz.read(made)["Status"] == (end if allowed else start)


@pytest.mark.parametrize(("start", "end"), [("DRAFT", "DELETED"), ("AUTHORISED", "VOIDED")])
def test_what_is_over_stays_over(nz: Desk, start: str, end: str) -> None:
    made = nz.create(Status=start)
    nz.change(made, Status=end)
    for status in ("DRAFT", "AUTHORISED", "DELETED", "VOIDED"):
        assert messages(nz.change(made, Status=status)) == [NOT_VALID]
    assert messages(nz.change(made, Reference="x")) == [NOT_VALID]


def test_a_forbidden_step_is_an_error_inside_a_200_if_errors_are_told_one_by_one(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED")
    path = f"/Invoices/{made['InvoiceID']}"
    answer = nz.post(path, {"Invoices": [{"Status": "DELETED"}]}, summarizeErrors="false")
    [element] = answer.json()["Invoices"]
    assert answer.status_code == 200
    assert (element["Status"], element["HasErrors"], element["StatusAttributeString"]) == ("DELETED", True, "ERROR")
    assert element["ValidationErrors"] == [{"Message": NOT_VALID}]
    assert nz.read(made)["Status"] == "AUTHORISED"


def test_a_voided_invoice_keeps_what_was_due(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED")
    [voided] = nz.change(made, Status="VOIDED").json()["Invoices"]
    assert (voided["Status"], voided["AmountDue"]) == ("VOIDED", 115)


def test_one_bad_element_spoils_the_call_unless_errors_are_told_one_by_one(nz: Desk) -> None:
    body = {"Invoices": [nz.invoice(Reference="good"), nz.invoice(Type="NOPE")]}
    assert messages(nz.put("/Invoices", body)) == ["Invoice not of valid type for creation"]
    assert nz.rows("Invoices", where='Reference=="good"') == []
    mixed = nz.put("/Invoices", body, summarizeErrors="false")
    assert mixed.status_code == 200
    assert [each["StatusAttributeString"] for each in mixed.json()["Invoices"]] == ["OK", "ERROR"]
    assert len(nz.rows("Invoices", where='Reference=="good"')) == 1


def test_lines_are_changed_by_id_added_without_and_gone_if_not_sent(nz: Desk) -> None:
    made = nz.create(LineItems=[line(1, Description="a"), line(2, Description="b")])
    first = made["LineItems"][0]["LineItemID"]
    sent = [{"LineItemID": first, "UnitAmount": 5}, line(7, Description="c")]
    [changed] = nz.change(made, LineItems=sent).json()["Invoices"]
    assert [(each["Description"], each["LineAmount"]) for each in changed["LineItems"]] == [("a", 5), ("c", 7)]
    assert changed["LineItems"][0]["LineItemID"] == first
    stranger = {"LineItemID": "00000000-0000-0000-0000-000000000001"}
    assert "LineItemID" in messages(nz.change(made, LineItems=[stranger]))[0]


def test_a_status_only_update_leaves_the_lines_alone(nz: Desk) -> None:
    made = nz.create(LineItems=[line(0.0475, 1000, DiscountRate=10)])
    [approved] = nz.change(made, Status="AUTHORISED").json()["Invoices"]
    assert (approved["Status"], approved["Total"]) == ("AUTHORISED", made["Total"])
    assert [each["LineItemID"] for each in approved["LineItems"]] == [each["LineItemID"] for each in made["LineItems"]]


def test_an_approval_needs_the_right(nz: Desk) -> None:
    small = desk(AU_TENANT)
    rights = {each["Name"]: each["Status"] for each in small.get("/Organisation/Actions").json()["Actions"]}
    assert (rights["CreateApprovedInvoice"], rights["CreateDraftInvoice"]) == ("NOT-ALLOWED", "ALLOWED")
    assert "permission" in small.refused(Status="AUTHORISED")[0]
    draft = small.create(Status="SUBMITTED")
    assert "permission" in messages(small.change(draft, Status="AUTHORISED"))[0]
    assert small.simulator.bookkeeper.approve(AU_TENANT, draft["InvoiceID"])["Status"] == "AUTHORISED"


def test_an_old_plan_approves_so_many_invoices_a_month(nz: Desk) -> None:
    nz.org.approvals_a_month = 2
    nz.create(Status="AUTHORISED")  # one was approved in November before
    assert nz.refused(Status="AUTHORISED") == ["You have reached the limit of invoices you can approve"]
    nz.clock.push(timedelta(days=15))
    nz.sign_in()
    nz.create(Status="AUTHORISED", Date=None)


@pytest.mark.parametrize("which", ["period_lock", "year_lock"])
def test_locked_periods_take_nothing(nz: Desk, which: str) -> None:
    made = nz.create(Status="AUTHORISED", Date="2026-10-31")
    setattr(nz.org, which, date(2026, 10, 31))
    for status in ("DRAFT", "AUTHORISED"):
        [message] = nz.refused(Status=status, Date="2026-10-31")
        assert message.startswith("The document date cannot be before the")
        assert message.endswith("lock date, currently set at 31 Oct 2026")
    assert "lock date" in messages(nz.change(made, Status="VOIDED"))[0]
    assert "lock date" in messages(nz.change(made, Date="2026-11-20"))[0]
    nz.create(Date="2026-11-01")


def test_who_may_write_before_the_period_lock_still_may_not_before_the_years(uk: Desk) -> None:
    uk.org.period_lock = date(2026, 10, 31)
    uk.create(Date="2026-10-01")
    uk.org.year_lock = date(2026, 9, 30)
    uk.create(Date="2026-10-01")
    assert "end of year lock" in uk.refused(Date="2026-09-30")[0]


def test_nothing_due_is_paid(nz: Desk) -> None:
    free = nz.create(LineItems=[line(0)], Status="AUTHORISED")
    assert (free["Status"], free["AmountDue"]) == ("PAID", 0)


def _payment(desk_: Desk, invoice: Doc, amount: float, **more: Json) -> Doc:
    body = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": amount} | more
    answer = desk_.put("/Payments", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["Payments"][0]


def test_payments_lead_to_paid_and_back(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED")
    first = _payment(nz, made, 15)
    part = nz.read(made)
    assert (part["Status"], part["AmountPaid"], part["AmountDue"]) == ("AUTHORISED", 15, 100)
    _payment(nz, made, 100)
    paid = nz.read(made)
    assert (paid["Status"], paid["AmountDue"], len(paid["Payments"])) == ("PAID", 0, 2)
    assert "FullyPaidOnDate" in paid
    [gone] = nz.post(f"/Payments/{first['PaymentID']}", {"Status": "DELETED"}).json()["Payments"]
    back = nz.read(made)
    assert (gone["Status"], back["Status"], back["AmountDue"]) == ("DELETED", "AUTHORISED", 15)
    assert "FullyPaidOnDate" not in back


def test_what_is_paid_can_be_neither_edited_nor_voided(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED")
    _payment(nz, made, 15)
    [message] = messages(nz.change(made, Reference="late"))
    assert message == "This document cannot be edited as it has a payment or credit note allocated to it."
    [message] = messages(nz.change(made, Status="VOIDED"))
    assert message.startswith("The status VOIDED cannot be applied to the invoice because it has payments")
    before = nz.read(made)["UpdatedDateUTC"]
    nz.clock.push(timedelta(minutes=1))
    [later] = nz.change(made, DueDate="2027-01-31").json()["Invoices"]
    assert (later["DueDateString"], later["UpdatedDateUTC"]) == ("2027-01-31T00:00:00", before)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Amount": 116}, "Payment amount exceeds the amount outstanding on this document"),
        ({"Amount": 0}, "greater than zero"),
        ({"Account": {"Code": "200"}}, "Account"),
        ({"Invoice": {"InvoiceID": "00000000-0000-0000-0000-000000000001"}}, "Invoice could not be found"),
        ({"Date": "2026-01-01"}, "lock date"),
    ],
)
def test_a_payment_is_refused(nz: Desk, changes: Doc, message: str) -> None:
    made = nz.create(Status="AUTHORISED")
    nz.org.period_lock = date(2026, 10, 31)
    body = {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 5} | changes
    assert message in messages(nz.put("/Payments", body))[0]


def test_only_approved_invoices_are_paid(nz: Desk) -> None:
    body = {"Invoice": {"InvoiceID": nz.create()["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 5}
    assert messages(nz.put("/Payments", body)) == ["Payments can only be made against Authorised documents"]


def test_a_credit_note_makes_an_invoice_paid_with_nothing_paid(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED")
    nz.simulator.bookkeeper.credit(NZ_TENANT, made["InvoiceID"])
    found = nz.read(made)
    assert (found["Status"], found["AmountPaid"], found["AmountCredited"]) == ("PAID", 0, 115)
    assert found["CreditNotes"][0]["AppliedAmount"] == 115
    assert messages(nz.change(made, Status="VOIDED"))


def test_an_email_goes_to_the_contact_and_its_people(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED", Contact={"ContactID": nz.contact("Summit Builders")})
    answer = nz.post(f"/Invoices/{made['InvoiceID']}/Email", {})
    assert (answer.status_code, answer.content) == (204, b"")
    assert nz.read(made)["SentToContact"] is True
    newest = nz.get(f"/Invoices/{made['InvoiceID']}/History").json()["HistoryRecords"][0]
    assert (newest["Changes"], newest["User"]) == ("Invoice Sent", "Moana Fraser")
    assert "pay@summit.example, ana@summit.example" in newest["Details"]
    assert "bo@" not in newest["Details"]


@pytest.mark.parametrize("state", ["DRAFT", "VOIDED", "no address", "demo", "trial"])
def test_an_email_is_refused(nz: Desk, state: str) -> None:
    contact = "Walk-in customer" if state == "no address" else "Summit Builders"
    status = "DRAFT" if state == "DRAFT" else "AUTHORISED"
    made = nz.create(Status=status, Contact={"ContactID": nz.contact(contact)})
    if state == "VOIDED":
        nz.change(made, Status="VOIDED")
    nz.org.plan = {"demo": "DEMO", "trial": "TRIAL"}.get(state, nz.org.plan)
    path = f"/Invoices/{made['InvoiceID']}/Email"
    if state == "trial":
        assert [nz.post(path, {}).status_code for _ in range(20)] == [204] * 20
    assert messages(nz.post(path, {}))


def test_pdf_online_address_and_notes(nz: Desk) -> None:
    made = nz.create()
    path = f"/Invoices/{made['InvoiceID']}"
    pdf = nz.get(path, {"accept": "application/pdf"})
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert messages(nz.get(f"{path}/OnlineInvoice"))
    nz.change(made, Status="AUTHORISED")
    [online] = nz.get(f"{path}/OnlineInvoice").json()["OnlineInvoices"]
    assert online["OnlineInvoiceUrl"].startswith("https://")
    assert nz.put(f"{path}/History", {"HistoryRecords": [{"Details": "From a deal"}]}).status_code == 200
    found = nz.get(f"{path}/History").json()["HistoryRecords"]
    assert [(each["Changes"], each["User"]) for each in found] == [
        ("Note", "System Generated"),
        ("Approved", "Moana Fraser"),
        ("Created", "Moana Fraser"),
    ]
    assert messages(nz.put(f"{path}/History", {"HistoryRecords": [{"Details": "x" * 2501}]}))


def test_a_bill_needs_cost_accounts_and_no_discount(nz: Desk) -> None:
    bill = {"Type": "ACCPAY", "LineItems": [line(10, AccountCode="400")], "InvoiceNumber": "INV-0001"}
    assert nz.create(**bill)["Type"] == "ACCPAY"  # the number is the supplier's: not unique
    bill["LineItems"] = [line(10, AccountCode="400", DiscountRate=5)]
    assert "Discounts" in nz.refused(**bill)[0]
