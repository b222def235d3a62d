"""What the environment says. The only module that reads it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from duebill.domain.connection import Provider


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Our app at a provider, and where that is, by the names that its `…Urls` has. Without an id: not offered.

    `calls_a_day`: for one set of books, where our plan there says how many; None: the provider's usual.
    """

    client_id: str
    addresses: Mapping[str, str]
    calls_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment's settings. URLs of outside systems can be set, so that anything can stand in a system's place."""

    stage: str
    base_url: str
    table: str
    key_id: str
    work_queue_url: str
    news_queue_url: str
    sweep_queue_url: str
    parameter_prefix: str
    background_work: bool
    function: str
    metrics_namespace: str
    pipedrive_client_id: str
    pipedrive_oauth_url: str
    pipedrive_api_url: str | None
    frame_ancestors: str
    providers: Mapping[Provider, ProviderSettings]
    help_url: str | None = None  # where the operator answers questions: https:// or mailto:
    contact_url: str | None = None

    @property
    def offered_providers(self) -> tuple[Provider, ...]:
        """The providers at which this deployment has an app."""
        return tuple(provider for provider in Provider if self.providers[provider].client_id)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings, with the vendors' production addresses as defaults. Raises KeyError naming what is missing."""
    env = os.environ if environment is None else environment
    return Settings(
        stage=env.get("STAGE", "dev"),
        base_url=env["BASE_URL"].rstrip("/"),
        table=env["TABLE_NAME"],
        key_id=env["KEY_ID"],
        work_queue_url=env.get("WORK_QUEUE_URL", ""),
        news_queue_url=env.get("NEWS_QUEUE_URL", ""),
        sweep_queue_url=env.get("SWEEP_QUEUE_URL", ""),
        parameter_prefix=env["PARAMETER_PREFIX"].rstrip("/"),
        background_work=env.get("BACKGROUND_WORK", "on") == "on",
        function=env.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        metrics_namespace=env.get("POWERTOOLS_METRICS_NAMESPACE", ""),
        pipedrive_client_id=env["PIPEDRIVE_CLIENT_ID"],
        pipedrive_oauth_url=env.get("PIPEDRIVE_OAUTH_URL") or "https://oauth.pipedrive.com",
        pipedrive_api_url=env.get("PIPEDRIVE_API_URL") or None,
        frame_ancestors=env.get("FRAME_ANCESTORS") or "https://*.pipedrive.com",
        providers={
            Provider.QUICKBOOKS: ProviderSettings(
                env.get("QUICKBOOKS_CLIENT_ID", ""),
                {
                    "authorize": env.get("QUICKBOOKS_AUTHORIZE_URL") or "https://appcenter.intuit.com/connect/oauth2",
                    "token": env.get("QUICKBOOKS_TOKEN_URL")
                    or "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
                    "revoke": env.get("QUICKBOOKS_REVOKE_URL")
                    or "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
                    "api": env.get("QUICKBOOKS_API_URL") or "https://quickbooks.api.intuit.com",
                    "app": env.get("QUICKBOOKS_APP_URL") or "https://qbo.intuit.com",
                },
            ),
            Provider.XERO: ProviderSettings(
                env.get("XERO_CLIENT_ID", ""),
                {
                    "login": env.get("XERO_LOGIN_URL") or "https://login.xero.com",
                    "identity": env.get("XERO_IDENTITY_URL") or "https://identity.xero.com",
                    "api": env.get("XERO_API_URL") or "https://api.xero.com",
                    "app": env.get("XERO_APP_URL") or "https://go.xero.com",
                },
                calls_a_day=_whole(env.get("XERO_CALLS_A_DAY", "")),
            ),
        },
        help_url=env.get("HELP_URL") or None,
        contact_url=env.get("CONTACT_URL") or None,
    )


def _whole(text: str) -> int | None:
    """A whole number; None where nothing, or something else, is said."""
    return int(text) if text.isdecimal() else None
