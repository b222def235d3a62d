"""What is registered in Pipedrive's Developer Hub for the app: which of its pages Pipedrive frames, and where."""

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

type Kind = Literal["panel", "modal", "settings"]


@dataclass(frozen=True, slots=True)
class Extension:
    """One app extension. `id` is the Developer Hub's own; `in_menu` puts a modal into the deal's “…” menu.

    `path` is below the app's origin; a whole address goes elsewhere.
    """

    kind: Kind
    id: str
    name: str
    path: str
    in_menu: bool = False

    def at(self, api: str) -> dict[str, Any]:
        """As the page reads it; `api` is the origin of the app."""
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "url": urljoin(api, self.path),
            "in_menu": self.in_menu,
        }


REGISTERED = (
    Extension("panel", "5f0c2a52-0c5e-4c1b-9d0a-6a7f6f3b1c01", "Duebill", "/extension/panel"),
    Extension("modal", "5f0c2a52-0c5e-4c1b-9d0a-6a7f6f3b1c02", "Invoice this deal", "/extension/modal", in_menu=True),
    Extension("modal", "5f0c2a52-0c5e-4c1b-9d0a-6a7f6f3b1c03", "Duebill invoices", "/extension/modal"),
    Extension("settings", "5f0c2a52-0c5e-4c1b-9d0a-6a7f6f3b1c04", "Duebill settings", "/extension/settings"),
)
