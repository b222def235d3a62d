"""The ids, each a type of its own, so that none stands where another belongs."""

from typing import NewType

CompanyId = NewType("CompanyId", int)
UserId = NewType("UserId", int)
DealId = NewType("DealId", int)
ProductId = NewType("ProductId", int)
ConnectionId = NewType("ConnectionId", str)
TokenSetId = NewType("TokenSetId", str)
TenantId = NewType("TenantId", str)
CustomerId = NewType("CustomerId", str)
ItemId = NewType("ItemId", str)
InvoiceId = NewType("InvoiceId", str)
IntentKey = NewType("IntentKey", str)
