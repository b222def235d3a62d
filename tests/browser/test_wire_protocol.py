"""The stand-in speaks the SDK's wire protocol: the official package, unmodified, from a page of another origin."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.running import Ports, Sandbox
from sandbox.serve import serve
from tests.browser.sdk_probe import MODAL, Probe, extensions

CUSTOM = {"type": "custom_modal", "action_id": MODAL}
REPLIES = """
window.replies = [];
const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (...sent) { window.replies.push(sent[0]); return post.apply(this, sent); };
"""


@pytest.fixture(scope="module")
def probed(sdk: Path) -> Iterator[Sandbox]:
    server = serve(Probe(sdk))
    sandbox = Sandbox(Ports(0, 0, 0, 0), extensions=extensions(f"http://127.0.0.1:{server.server_port}"))
    sandbox.outside.pipedrive.grants.install(COMPANY, ADA, sandbox.clock.now())
    yield sandbox
    sandbox.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def panel(page: Page, probed: Sandbox) -> Frame:
    page.add_init_script(REPLIES)
    page.goto(f"{probed.addresses.pipedrive}/deal/1")
    return frame_of(page, ".panel iframe")


def frame_of(page: Page, selector: str) -> Frame:
    frame = page.wait_for_selector(f"{selector}.shown").content_frame()
    assert frame is not None
    frame.wait_for_function("document.title === 'initialised'")
    return frame


def execute(frame: Frame, command: str, args: object = None) -> Any:  # noqa: ANN401  a reply has any shape
    return frame.evaluate("([command, args]) => sdk.execute(command, args)", [command, args])


def refusal(frame: Frame, command: str, args: object = None) -> str:
    script = "([command, args]) => sdk.execute(command, args).then(() => 'done', (error) => error.message)"
    return str(frame.evaluate(script, [command, args]))


def heard(frame: Frame, event: str) -> Any:  # noqa: ANN401  an event has any shape
    # By a timer: a frame that is folded away paints nothing.
    frame.wait_for_function("(event) => heard.some(([name]) => name === event)", arg=event, polling=50)
    return frame.evaluate("(event) => heard.findLast(([name]) => name === event)[1]", event)


def height(page: Page) -> str:
    return str(page.locator(".panel-body").evaluate("place => place.style.height"))


def test_the_frame_gets_what_pipedrive_puts_into_its_address(panel: Frame, probed: Sandbox) -> None:
    query = panel.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
    token = json.loads(base64.urlsafe_b64decode(query.pop("token").split(".")[1] + "=="))

    assert query.pop("id")
    assert query == {
        "userId": str(ADA), "companyId": str(COMPANY), "resource": "deal", "view": "details", "selectedIds": "1",
        "theme": "light",
    }  # fmt: skip
    assert (token["userId"], token["companyId"], token["exp"] - token["iat"]) == (ADA, COMPANY, 300)
    assert panel.evaluate("location.origin") != probed.addresses.pipedrive


def test_a_size_within_the_limits_is_taken_and_any_other_ignored(page: Page, panel: Frame) -> None:
    assert height(page) == "300px"
    for asked, taken in ((100, "100px"), (99, "100px"), (750, "750px"), (751, "750px"), (0, "750px"), (320, "320px")):
        assert execute(panel, "resize", {"height": asked}) is None
        assert height(page) == taken, asked
    execute(panel, "resize", {"width": 500})
    assert page.locator(".panel-body").evaluate("place => place.style.width") == ""


def test_every_command_gets_exactly_one_reply_and_always_an_object(page: Page, panel: Frame) -> None:
    page.evaluate("replies.length = 0")
    execute(panel, "resize", {"height": 200})
    execute(panel, "get_signed_token")
    execute(panel, "show_snackbar", {"message": "Hello"})
    execute(panel, "get_metadata")
    refusal(panel, "open_modal", {"type": "custom_modal", "action_id": "nobody"})

    replies = page.evaluate("replies")

    assert len(replies) == 5
    assert all(isinstance(each, dict) for each in replies)
    assert replies[0] == {}
    assert replies[3] == {"data": {"windowHeight": 900, "windowWidth": 1280}}
    assert replies[4] == {"error": "Modal not found"}


def test_a_token_is_fresh_each_time_and_ends_when_the_sandbox_says(panel: Frame, probed: Sandbox) -> None:
    probed.outside.pipedrive.token_life = 20
    token = execute(panel, "get_signed_token")["token"]
    probed.outside.pipedrive.token_life = 300

    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))

    assert claims["exp"] - claims["iat"] == 20


def test_a_modal_opens_over_the_panel_with_its_data_and_tells_when_it_closed(page: Page, panel: Frame) -> None:
    panel.evaluate(
        "(args) => { window.opened = sdk.execute('open_modal', args) }",
        {**CUSTOM, "data": {"a": "ż 1"}},
    )
    modal = frame_of(page, "dialog iframe")

    assert json.loads(modal.evaluate("new URLSearchParams(location.search).get('data')")) == {"a": "ż 1"}
    assert modal.evaluate("new URLSearchParams(location.search).get('selectedIds')") == "1"
    execute(modal, "resize", {"width": 500, "height": 400})
    execute(modal, "resize", {"width": 319, "height": 901})
    assert page.locator(".modal-body").evaluate("({style}) => [style.width, style.height]") == ["500px", "400px"]
    assert refusal(modal, "open_modal", CUSTOM) == "A modal is already open"
    modal.evaluate("void sdk.execute('close_modal')")  # its frame is gone before it could tell

    assert panel.evaluate("opened") == {"status": "closed"}
    assert heard(panel, "close_custom_modal") == {}
    expect(page.locator("dialog")).to_have_count(0)


def test_the_deals_menu_opens_the_modal_without_data_and_escape_closes_it(page: Page, panel: Frame) -> None:
    page.get_by_role("button", name="More actions").press("Enter")
    page.get_by_role("menuitem", name="Probe modal").press("Enter")
    modal = frame_of(page, "dialog iframe")
    assert modal.evaluate("new URLSearchParams(location.search).get('data')") is None

    page.get_by_role("button", name="Close").focus()
    page.keyboard.press("Escape")

    expect(page.locator("dialog")).to_have_count(0)
    assert heard(panel, "close_custom_modal") == {}


@pytest.mark.parametrize(("pressed", "confirmed"), [("Void it", True), ("Keep", False)])
def test_a_confirmation_answers_what_was_pressed(page: Page, panel: Frame, pressed: str, *, confirmed: bool) -> None:
    asked = {"title": "Void?", "description": "For good.", "okText": "Void it", "cancelText": "Keep"}
    panel.evaluate("(args) => { window.asked = sdk.execute('show_confirmation', args) }", asked)
    page.get_by_role("alertdialog", name="Void?").get_by_role("button", name=pressed).click()

    assert panel.evaluate("asked") == {"confirmed": confirmed}


def test_a_snackbar_shows_its_message_and_link(page: Page, panel: Frame) -> None:
    execute(
        panel, "show_snackbar", {"message": "Invoice made", "link": {"url": "http://127.0.0.1:1/x", "label": "Open"}}
    )

    expect(page.get_by_role("status").get_by_text("Invoice made")).to_be_visible()
    expect(page.get_by_role("link", name="Open", exact=True)).to_have_attribute("href", "http://127.0.0.1:1/x")


def test_the_theme_and_a_folded_panel_are_told_to_the_frame(page: Page, panel: Frame) -> None:
    page.get_by_role("button", name="Dark theme").click()
    assert heard(panel, "user_settings_change") == {"data": {"theme": "dark"}}

    page.get_by_role("button", name="Duebill", exact=True).click()
    assert heard(panel, "visibility") == {"data": {"is_visible": False, "context": {"invoker": "user"}}}


@pytest.mark.parametrize(
    ("command", "args", "sentence"),
    [
        ("show_snackbar", {}, "Missing message"),
        ("show_confirmation", {}, "Missing title"),
        ("close_modal", None, "Only a custom modal can be closed"),
        ("open_modal", {**CUSTOM, "data": {"n": 1}}, "Modal data must be an object of strings"),
        ("redirect_to", {"view": "nowhere"}, "Invalid view"),
        ("set_notification", {"number": 1}, "Command set_notification is for floating windows"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_an_error_of_the_command(
    panel: Frame, command: str, args: object, sentence: str
) -> None:
    assert refusal(panel, command, args) == sentence


def test_a_page_that_only_knows_the_frames_id_is_not_answered(page: Page, panel: Frame) -> None:
    stolen = panel.evaluate("new URLSearchParams(location.search).get('id')")
    script = """(id) => new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done("answered");
      window.postMessage({ payload: { command: "get_signed_token", type: "command" }, id }, "*", [port2]);
      const later = new MessageChannel();
      window.addEventListener("message", ({ data }) => data === "after" && setTimeout(() => done("silence")));
      window.postMessage("after", "*");
    })"""

    assert page.evaluate(script, stolen) == "silence"


def test_who_does_not_initialise_within_ten_seconds_is_not_shown(page: Page, sdk: Path, probed: Sandbox) -> None:
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.route("**/probe.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{probed.addresses.pipedrive}/deal/1")
    page.frame_locator(".panel iframe").get_by_role("heading", name="Probe").wait_for(state="attached")
    page.clock.fast_forward(9_900)
    expect(page.get_by_text("Something went wrong")).to_have_count(0)
    page.clock.fast_forward(200)

    expect(page.get_by_text("Something went wrong")).to_be_visible()
    expect(page.locator(".panel iframe")).to_have_count(0)


def test_who_has_not_installed_is_invited_to(page: Page, probed: Sandbox) -> None:
    page.goto(f"{probed.addresses.pipedrive}/deals")
    page.get_by_label("Signed in as").select_option(label="Ben Admin, admin · Duebill Demo Ltd")
    page.get_by_role("link", name="O'Brien onboarding").click()

    expect(page.get_by_role("link", name="Install Duebill")).to_have_attribute(
        "href", f"{probed.addresses.api}/install"
    )
    expect(page.locator("iframe")).to_have_count(0)
