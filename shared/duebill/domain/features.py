"""What not all books can do: a difference between providers is declared here, never an `if` in the core."""

from enum import StrEnum


class Feature(StrEnum):
    """Something that not all books can do."""

    APPROVAL = "approval"  # invoices can be saved as drafts, submitted and approved
    TEMPLATES = "templates"  # an app can choose how an invoice looks
    TRACKING = "tracking"  # lines can be sorted by categories of the company's own
    TERMS = "terms"  # payment terms can be named instead of a due date
    DETAILS_PER_INVOICE = "details_per_invoice"  # an invoice can print other details than its customer's
    MASKED_TAX_IDS = "masked_tax_ids"  # a tax id cannot be read back whole
    VERSIONS = "versions"  # a change is refused where somebody changed the object meanwhile
    ADDS_CURRENCIES = "adds_currencies"  # a currency that the books do not have yet is added by using it
    VOIDS_PAID = "voids_paid"  # an invoice with payments can be voided, if the books let it pass
    DELETES_ISSUED = "deletes_issued"  # an approved invoice can be deleted, not only a draft
    CHOOSES_RECEIVERS = "chooses_receivers"  # an e-mail with the invoice goes where it is told to
