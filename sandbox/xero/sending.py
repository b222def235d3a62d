"""An invoice on its way out: e-mail, PDF, the online page (facts §2.5)."""

from sandbox.xero.documents import Doc
from sandbox.xero.organisation import Actor, Organisation
from sandbox.xero.refusals import Invalid

_SENDABLE = ("SUBMITTED", "AUTHORISED", "PAID")


def email(org: Organisation, doc: Doc, actor: Actor) -> None:
    """Send the invoice to its contact. Raises Invalid."""
    contact = org.get("Contact", doc["Contact"]["ContactID"])
    if doc["Type"] != "ACCREC" or doc["Status"] not in _SENDABLE:
        raise Invalid("The document cannot be emailed: its type or status is not valid.")
    if not contact.get("EmailAddress"):
        raise Invalid("The contact has no email address.")
    today = org.today()
    if org.emails.get(today, 0) >= org.most_emails():
        raise Invalid("The daily email limit has been reached.")
    org.emails[today] = org.emails.get(today, 0) + 1
    others = [each["EmailAddress"] for each in contact["ContactPersons"] if each.get("IncludeInEmails")]
    receivers = ", ".join([contact["EmailAddress"], *others])
    org.note(doc["InvoiceID"], "Invoice Sent", f"This invoice has been sent to {receivers}.", actor.name)
    if org.email_marks_sent:
        org.replace("Invoice", doc | {"SentToContact": True})


def online(org: Organisation, doc: Doc) -> list[Doc]:
    """The address where the customer sees and pays the invoice. Raises Invalid for a draft."""
    if doc["Type"] != "ACCREC" or doc["Status"] not in ("AUTHORISED", "PAID"):
        raise Invalid("An online invoice is only available for approved invoices.")
    short = doc["InvoiceID"].replace("-", "")
    return [{"OnlineInvoiceUrl": f"https://in.xero.test/{short}"}] if org.online_invoices else []


def pdf(org: Organisation, doc: Doc) -> bytes:
    """One page that a viewer can open. Drafts have one too (unverified)."""
    text = f"{org.name}: {doc['InvoiceNumber']} ({doc['Status']}) {doc['CurrencyCode']} {doc['Total']}"
    shown = text.encode("latin-1", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    stream = b"BT /F1 12 Tf 50 780 Td (" + shown + b") Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for at, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return out + head + table + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
