"""What installs and connects need of the wiring: a CRM and books opened with tokens that are not stored yet."""

from dataclasses import dataclass, field

from duebill.domain.connection import ConsentedBooks, Provider
from duebill.domain.ids import TenantId
from duebill.domain.installation import Installation
from duebill.domain.tokens import Grant
from duebill.errors import ConsentFailed, ReconnectRequired
from duebill.ports import Crm
from duebill.runtime.wiring import Wiring


@dataclass(frozen=True, slots=True)
class FreshTokens:
    """ports.AccessTokens of a grant that was answered a moment ago: one that is refused is no good at all."""

    grant: Grant = field(repr=False)

    def current(self) -> str:
        """The access token."""
        return self.grant.access_token

    def instead_of(self, refused: str) -> str:  # noqa: ARG002  there is no other, whichever was refused
        """Raises ReconnectRequired."""
        raise ReconnectRequired("The consent that was just given is not accepted.")


def crm_of(wiring: Wiring, grant: Grant) -> Crm:
    """The CRM with the eyes of whoever just consented. Raises ConsentFailed."""
    from duebill.crm.pipedrive.adapter import PipedriveCrm

    if not grant.api_url:
        raise ConsentFailed("Pipedrive did not say where your company's data is. Please start the install again.")
    api_url = wiring.settings.pipedrive_api_url
    return PipedriveCrm(wiring.http, FreshTokens(grant), wiring.clock, company_url=grant.api_url, api_url=api_url)


def books_of(wiring: Wiring, provider: Provider, grant: Grant, named: TenantId | None) -> tuple[ConsentedBooks, ...]:
    """The books that a consent opens, read with its new tokens. Raises what providers.registry.consented_books does."""
    from duebill.providers.registry import consented_books

    return consented_books(provider, named, http=wiring.http, tokens=FreshTokens(grant), urls=wiring.provider_urls)


def settings_page_url(wiring: Wiring, installation: Installation) -> str:
    """Our settings inside the company's Pipedrive (pipedrive.md §1.4)."""
    client_id = wiring.settings.pipedrive_client_id
    return f"{installation.api_url}/settings/marketplace/app/{client_id}/app-settings"
