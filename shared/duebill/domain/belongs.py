"""Whether an invoice that nobody linked obviously belongs to a deal: suggested, never linked by a machine."""

import re
from collections.abc import Collection

from duebill.domain.ids import DealId
from duebill.domain.invoice import ListedInvoice
from duebill.domain.status import Stage


def obviously_belongs(listed: ListedInvoice, deal: DealId, references: Collection[str]) -> bool:
    """Whether it carries one of the deal's own references, or what people wrote on it names the deal's number.

    A bare number is not enough, it may be anything: "deal 17", "deal no. #17" and an address that ends in "/deal/17"
    are. What is voided or deleted is not suggested.
    """
    if listed.invoice.stage in (Stage.VOIDED, Stage.DELETED):
        return False
    return listed.invoice.reference in references or bool(_naming(deal).search(listed.says))


def _naming(deal: DealId) -> re.Pattern[str]:
    return re.compile(rf"\bdeal(?:/|[\s:#-]*(?:id|no|nr|number)?\.?[\s:#-]*){deal}(?!\d)", re.IGNORECASE)
