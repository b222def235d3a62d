"""Install and uninstall in Pipedrive; connect, confirm and disconnect the books: every consent ends here."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from duebill.domain.connection import Provider
from duebill.domain.consent import CONSENT_LIVES
from duebill.domain.ids import ConnectionId
from duebill.errors import DuebillError, InvalidRequest, NotAuthenticated, NotFound
from duebill.runtime import pages
from duebill.runtime.api import answer, caller, log_failure, make_app, wiring_of
from duebill.runtime.basic_auth import is_our_app
from duebill.runtime.consents import books_of, crm_of, settings_page_url
from duebill.runtime.logs import logger
from duebill.runtime.metrics import count_error
from duebill.runtime.models.connections import (
    ConnectionListModel,
    ConnectLinkModel,
    DisconnectedModel,
    NewConnectionModel,
)
from duebill.runtime.notices import read_choices, read_cookie, read_form, read_notice
from duebill.use_cases.begin_connect import begin_connect
from duebill.use_cases.begin_install import begin_install
from duebill.use_cases.complete_connect import Returned, complete_connect
from duebill.use_cases.complete_install import complete_install
from duebill.use_cases.confirm_connect import Answer, confirm_connect
from duebill.use_cases.disconnect import disconnect
from duebill.use_cases.list_connections import list_connections
from duebill.use_cases.note_sharing import note_sharing
from duebill.use_cases.open_ticket import open_ticket
from duebill.use_cases.receive_disconnect_landing import receive_disconnect_landing
from duebill.use_cases.take_over import take_over
from duebill.use_cases.uninstall import uninstall

COOKIE = "__Host-duebill_connect"

app = make_app()

Text = Annotated[str | None, Query(max_length=4000)]
Realm = Annotated[str | None, Query(alias="realmId", max_length=200)]


def shown(title: str, *, begin_at: str | None = None) -> Callable[[Callable[..., Response[str]]], Callable[..., Any]]:
    """Failures of a route that a person opens become a page with one next step."""

    def around(handler: Callable[..., Response[str]]) -> Callable[..., Any]:
        @wraps(handler)
        def safely(*args: object, **named: object) -> Response[str]:
            try:
                return handler(*args, **named)
            except DuebillError as error:
                log_failure(error)
                count_error(error, wiring_of(app).settings)
                link = pages.Link("Start again", begin_at) if begin_at else None
                return html(pages.message_page(title, error.message, status=error.http_status, link=link))

        return safely

    return around


@app.get("/install")
@shown("Duebill cannot be installed right now", begin_at="/install")
def get_install() -> Response[str]:
    """Send the browser to Pipedrive's consent page, with a state of ours."""
    wiring = wiring_of(app)
    return redirect(
        begin_install(
            consents=wiring.consents, issuer=wiring.crm_issuer, clock=wiring.clock, randomness=wiring.randomness
        )
    )


@app.get("/oauth/pipedrive/callback")
@shown("Duebill was not installed", begin_at="/install")
def get_install_callback(code: Text = None, state: Text = None, error: Text = None) -> Response[str]:
    """The person's answer to Pipedrive's consent page; leads to our settings in Pipedrive."""
    wiring = wiring_of(app)
    installation = complete_install(
        code=code,
        state=state,
        error=error,
        consents=wiring.consents,
        issuer=wiring.crm_issuer,
        open_crm=partial(crm_of, wiring),
        tokens=wiring.tokens,
        installations=wiring.installations,
        erasure=wiring.erasure,
        crm_webhooks=wiring.crm_webhooks,
        clock=wiring.clock,
    )
    return redirect(settings_page_url(wiring, installation))


@app.delete("/oauth/pipedrive/callback")
def delete_install() -> Response[str]:
    """Pipedrive's notice that a user uninstalled; may come twice."""
    require_our_app()
    wiring = wiring_of(app)
    notice = read_notice(app.current_event.raw_event)
    uninstall(
        notice.company,
        notice.user,
        installations=wiring.installations,
        tokens=wiring.tokens,
        connections=wiring.connections,
        erasure=wiring.erasure,
        crm_webhooks=wiring.crm_webhooks,
        issuer_of=wiring.provider_issuer,
        clock=wiring.clock,
        randomness=wiring.randomness,
    )
    return Response(200, "application/json", "{}")


@app.post("/oauth/pipedrive/callback")
def post_sharing() -> Response[str]:
    """Pipedrive's notice of shared visibility. No signature is documented: one that is there must be right."""
    if app.current_event.headers.get("authorization"):
        require_our_app()
    notice = read_notice(app.current_event.raw_event)
    if notice.is_shared is None:
        raise InvalidRequest("The notice does not say isShared.", fields=("/isShared",))
    note_sharing(notice.company, notice.user, is_shared=notice.is_shared, installations=wiring_of(app).installations)
    return Response(200, "application/json", "{}")


@app.get("/connections")
def get_connections() -> ConnectionListModel:
    """The company's connections with their health, and what can be connected."""
    asking, wiring = caller(app), wiring_of(app)
    asking.hear_anew()
    return ConnectionListModel.of(
        list_connections(
            asking.installation,
            installations=wiring.installations,
            connections=wiring.connections,
            settings=wiring.preferences,
            tokens=wiring.tokens,
            offered=wiring.settings.offered_providers,
            now=wiring.clock.now(),
        ),
        asking.installation.language,
        help_url=wiring.settings.help_url,
        contact_url=wiring.settings.contact_url,
        crm_webhooks=wiring.crm_webhooks.get(asking.company),
    )


@app.post("/connections")
def post_connection(new: NewConnectionModel) -> ConnectLinkModel:
    """A one-use link with which the person connects books."""
    asking, wiring = caller(app), wiring_of(app)
    return ConnectLinkModel(
        url=begin_connect(
            asking.installation,
            new.to_domain(),
            offered=wiring.settings.offered_providers,
            base_url=wiring.settings.base_url,
            installations=wiring.installations,
            connections=wiring.connections,
            settings=wiring.preferences,
            consents=wiring.consents,
            clock=wiring.clock,
            randomness=wiring.randomness,
        )
    )


@app.delete("/connections/<connection_id>")
def delete_connection(connection_id: str) -> DisconnectedModel:
    """Disconnect these books; settings, links and invoices stay."""
    asking, wiring = caller(app), wiring_of(app)
    return DisconnectedModel.of(
        disconnect(
            asking.installation,
            ConnectionId(connection_id),
            installations=wiring.installations,
            connections=wiring.connections,
            tokens=wiring.tokens,
            settings=wiring.preferences,
            issuer_of=wiring.provider_issuer,
            clock=wiring.clock,
            randomness=wiring.randomness,
        )
    )


@app.post("/connections/<connection_id>/take-over")
def post_take_over(connection_id: str) -> ConnectionListModel:
    """Make the caller, an admin, the manager of these books; the connections as they are then."""
    asking, wiring = caller(app), wiring_of(app)
    taken = take_over(
        asking.installation,
        ConnectionId(connection_id),
        crm=asking.crm,
        installations=wiring.installations,
        connections=wiring.connections,
    )
    ids = {"company": asking.company, "connection": taken.connection.id, "manager": asking.user}
    logger().info("management_taken_over", extra={**ids, "previous_manager": taken.previous_manager})
    return get_connections()


@app.get("/connect/<ticket>")
@shown("This link does not work any more")
def get_connect(ticket: str) -> Response[str]:
    """Tie the ticket to this browser and send it to the provider's consent page."""
    wiring = wiring_of(app)
    opened = open_ticket(
        ticket,
        consents=wiring.consents,
        issuer_of=wiring.provider_issuer,
        clock=wiring.clock,
        randomness=wiring.randomness,
    )
    lives = int(CONSENT_LIVES.total_seconds())
    cookie = Cookie(COOKIE, opened.cookie_secret, path="/", max_age=lives, http_only=True, same_site=SameSite.LAX_MODE)
    return redirect(opened.consent_url, cookie)


@app.get("/oauth/<provider>/callback")
@shown("Nothing was connected")
def get_connect_callback(
    provider: str, code: Text = None, state: Text = None, error: Text = None, realm: Realm = None
) -> Response[str]:
    """The person's answer to the provider's consent page; asks whether these books are meant for this company."""
    wiring, of = wiring_of(app), provider_of(provider)
    question = complete_connect(
        Returned(of, code=code, state=state, tenant=realm, error=error, cookie_secret=cookie_secret()),
        consents=wiring.consents,
        connections=wiring.connections,
        tokens=wiring.tokens,
        issuer=wiring.provider_issuer(of),
        read_books=partial(books_of, wiring, of),
        clock=wiring.clock,
        randomness=wiring.randomness,
    )
    return html(pages.question_page(question))


@app.post("/connect/<ticket>/confirm")
@shown("Nothing was connected")
def post_confirm(ticket: str) -> Response[str]:
    """The person's answer to our question."""
    wiring = wiring_of(app)
    form = read_form(app.current_event.raw_event)
    if form.get("answer") not in ("yes", "no"):
        raise InvalidRequest("Please go back and answer with yes or no.")
    which = tuple(map(ConnectionId, read_choices(app.current_event.raw_event, "which")))
    confirmed = confirm_connect(
        ticket,
        Answer(form["answer"] == "yes", which),
        cookie_secret=cookie_secret(),
        consents=wiring.consents,
        connections=wiring.connections,
        tokens=wiring.tokens,
        installations=wiring.installations,
        watches=wiring.watches,
        settings=wiring.preferences,
        issuer_of=wiring.provider_issuer,
        clock=wiring.clock,
        randomness=wiring.randomness,
    )
    return html(pages.confirmed_page(confirmed, settings_url=settings_page_url(wiring, confirmed.installation)))


@app.get("/disconnected/<provider>")
@shown("Disconnected")
def get_disconnected(provider: str, realm: Realm = None) -> Response[str]:
    """For who comes from disconnecting inside the provider. The visit proves nothing and changes nothing by itself."""
    wiring, of = wiring_of(app), provider_of(provider)
    receive_disconnect_landing(of, realm, connections=wiring.connections, tokens=wiring.tokens, clock=wiring.clock)
    return html(pages.disconnected_page(of))


@app.get("/reconnect/<provider>")
@shown("Reconnect")
def get_reconnect(provider: str) -> Response[str]:
    """For who comes from the provider to consent again: only Pipedrive knows for which company."""
    return html(pages.reconnect_page(provider_of(provider)))


@app.get("/r/<reference>")
def get_reference(reference: str) -> Response[str]:  # noqa: ARG001  it says nothing to whoever has only the link
    """Where an invoice's link to its app leads: which deal it came from is shown in Pipedrive alone."""
    return html(pages.reference_page())


@app.get("/health")
def get_health() -> dict[str, str]:
    """That the code loads and answers."""
    return {"status": "ok"}


def require_our_app() -> None:
    """Raise NotAuthenticated unless the call carries the app's own credentials."""
    wiring = wiring_of(app)
    secrets = wiring.secrets.values("pipedrive/client_secret")
    authorization = app.current_event.headers.get("authorization")
    if not is_our_app(authorization, client_id=wiring.settings.pipedrive_client_id, secrets=secrets):
        raise NotAuthenticated("This address is for Pipedrive's own notices.")


def provider_of(word: str) -> Provider:
    """The provider with this name. Raises NotFound."""
    try:
        return Provider(word)
    except ValueError:
        raise NotFound("There is no such address.", code="no_such_route") from None


def cookie_secret() -> str | None:
    """The secret that this browser got when it opened a ticket."""
    return read_cookie(app.current_event.raw_event, COOKIE)


def html(page: pages.HtmlPage) -> Response[str]:
    """A page as an answer."""
    return Response(page.status, page.headers["Content-Type"], page.body, headers=dict(page.headers))


def redirect(url: str, *cookies: Cookie) -> Response[str]:
    """Send the browser elsewhere."""
    return Response(302, "text/plain", "", headers={"Location": url}, cookies=list(cookies))


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return answer(app, event, context)
