"""Complete an install: a code becomes an installation."""

from collections.abc import Callable
from datetime import timedelta

from duebill.domain.ids import TokenSetId, UserId
from duebill.domain.installation import CrmUser, Installation
from duebill.domain.tokens import Grant, Issuer
from duebill.errors import ConsentFailed, DuebillError
from duebill.ports import Clock, Consents, Crm, CrmWebhooksStore, Erasure, Installations, TokenIssuer, Tokens
from duebill.use_cases.new_token_set import new_token_set

# A CRM token that nobody uses dies after 60 days (pipedrive.md §1.2): renewed when half of that has passed.
RENEW_AFTER = timedelta(days=30)


def crm_token_set(user: UserId) -> TokenSetId:
    """The id of a user's CRM tokens; one user of a company has one install, so a re-install replaces them."""
    return TokenSetId(f"pipedrive-{user}")


def complete_install(
    *,
    code: str | None,
    state: str | None,
    error: str | None,
    consents: Consents,
    issuer: TokenIssuer,
    open_crm: Callable[[Grant], Crm],
    tokens: Tokens,
    installations: Installations,
    erasure: Erasure,
    crm_webhooks: CrmWebhooksStore,
    clock: Clock,
) -> Installation:
    """The installation that the consent gave; what was kept of an earlier one is there again.

    No `state`: an install that the CRM began itself, which carries none. Raises ConsentFailed, with nothing stored.
    """
    grant = issuer.exchange(_checked_code(code, state, error, consents, clock))
    if not grant.api_url:
        raise ConsentFailed("Pipedrive did not say where your company's data is. Please start the install again.")
    user = _who(open_crm(grant))
    now = clock.now()
    token_set = new_token_set(user.company, crm_token_set(user.user), Issuer.PIPEDRIVE, grant, now)
    tokens.create(token_set, due_at=now + RENEW_AFTER)
    earlier = installations.get(user.company, user.user)
    installation = Installation(
        company=user.company,
        user=user.user,
        name=user.name,
        is_admin=user.is_admin,
        company_name=user.company_name,
        language=user.language,
        time_zone=user.time_zone,
        api_url=grant.api_url.rstrip("/"),
        token_set=token_set.id,
        installed_at=earlier.installed_at if earlier else now,
        is_shared=earlier.is_shared if earlier else False,
    )
    installations.save(installation)
    erasure.call_off(user.company)
    crm_webhooks.plan(user.company, now)  # due work: whatever becomes of it, the install stands
    return installation


def _checked_code(code: str | None, state: str | None, error: str | None, consents: Consents, clock: Clock) -> str:
    is_ours = state is None or consents.use_install_state(state, clock.now())
    if error:
        raise ConsentFailed(
            "You did not allow Duebill to be installed, so nothing was stored. You can start again at any time.",
            code="consent_denied",
        )
    if not is_ours:
        raise ConsentFailed(
            "This install was begun elsewhere, is older than 10 minutes or was completed already. Nothing was stored. "
            "Please start the install again."
        )
    if not code:
        raise ConsentFailed("Pipedrive sent you back without a code. Nothing was stored. Please start again.")
    return code


def _who(crm: Crm) -> CrmUser:
    try:
        return crm.who_am_i()
    except DuebillError as error:
        # Not revoked: for a person who had installed before, that would end the install that still works
        # (revoking a refresh token uninstalls the app, pipedrive.md §1.1), and we do not know who it is.
        raise ConsentFailed(
            "Pipedrive did not tell us who you are, so nothing was stored. Please start the install again."
        ) from error
