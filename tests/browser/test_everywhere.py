"""Every screen, for everyone: no violation that axe-core finds, in both themes, at 320 pixels, in every language."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_NO_PRODUCTS, DEAL_US_SIMPLE
from sandbox.ready import Ready
from sandbox.running import Sandbox
from tests.browser.person import Person, invoice_of

THEMES = ("light", "dark")
LANGUAGES = ("en", "fr", "id", "pl", "pt", "fi")
ENGLISH = r"\b(Invoice this deal|Choose the customer|Connected|Open settings|Due date|Not due|Any)\b"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def open_panel(ada: Person) -> None:
    ada.open_deal(DEAL_US_SIMPLE)
    ada.panel.get_by_role("list").first.wait_for()


def open_empty(ada: Person) -> None:
    ada.open_deal(DEAL_NO_PRODUCTS)
    ada.panel.locator(".state h2").wait_for()


def open_form(ada: Person) -> None:
    ada.open_deal(DEAL_US_SIMPLE)
    ada.page.get_by_role("button", name="More actions").click()
    ada.page.get_by_role("menuitem").first.click()
    ada.modal.locator("footer .act").wait_for()
    expect(ada.modal.locator("footer .number")).to_be_visible()


def open_settings(ada: Person) -> None:
    ada.open_settings()
    ada.settings.locator("section.card").nth(2).wait_for()


def page_of(path: str) -> Callable[[Person], None]:
    def go(ada: Person) -> None:
        ada.page.goto(f"{ada.origin}{path}")
        ada.page.locator("main .card").first.wait_for()

    return go


def open_menu(ada: Person) -> None:
    open_panel(ada)
    ada.panel.get_by_role("listitem").first.get_by_role("button", name=re.compile("^More for")).click()
    ada.panel.get_by_role("menu").wait_for()


def open_panel_menu(ada: Person) -> None:
    open_panel(ada)
    ada.panel.locator("header .menu button").click()
    ada.panel.get_by_role("menu").wait_for()


def open_list(ada: Person) -> None:
    open_panel_menu(ada)
    ada.panel.get_by_role("menuitem").first.click()
    ada.modal.locator("table").wait_for()


def open_mail(ada: Person) -> None:
    open_menu(ada)
    ada.panel.get_by_role("menuitem", name="Send by e-mail").click()
    ada.modal.locator("footer .act").wait_for()


def ask_about_void(ada: Person) -> None:
    open_menu(ada)
    ada.panel.get_by_role("menuitem", name="Void").click()
    ada.page.get_by_role("alertdialog").wait_for()


def ask_about_unlink(ada: Person) -> None:
    open_panel_menu(ada)
    ada.panel.get_by_role("menuitem", name=re.compile("^Unlink customer")).first.click()
    ada.page.get_by_role("alertdialog").wait_for()


SCREENS: dict[str, Callable[[Person], None]] = {
    "panel": open_panel,
    "panel without invoices": open_empty,
    "panel with an invoice's menu": open_menu,
    "panel with its menu": open_panel_menu,
    "question about a void": ask_about_void,
    "question about unlinking": ask_about_unlink,
    "form": open_form,
    "all invoices": open_list,
    "e-mail": open_mail,
    "settings": open_settings,
    "deals": page_of("/deals"),
    "books": page_of("/books"),
    "weather": page_of("/weather"),
    "marketplace": page_of("/settings/marketplace"),
}


@pytest.fixture(scope="module", autouse=True)
def invoiced(sandbox: Sandbox) -> None:
    invoice_of(sandbox, DEAL_US_SIMPLE)


@pytest.fixture
def free_page(context: BrowserContext) -> Page:
    """A window in which axe-core may be put into pages whose policy allows no script but theirs."""
    browser = context.browser
    assert browser is not None
    free = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", bypass_csp=True, reduced_motion="reduce"
    )
    return free.new_page()


def violations(frame: Frame, axe: str) -> list[str]:
    """What axe-core finds in one document; the frames in it are looked at by themselves."""
    frame.evaluate(axe)
    # A framed page is a part of Pipedrive's, which has the first heading.
    rules = {"page-has-heading-one": {"enabled": frame.parent_frame is None}}
    options = {"iframes": False, "runOnly": RULES, "rules": rules}
    found = frame.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(free_page: Page, sandbox: Sandbox, axe: str, screen: str, theme: str) -> None:
    ada = Person(free_page, sandbox)
    free_page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    SCREENS[screen](ada)

    found = {frame.url.split("?")[0]: violations(frame, axe) for frame in free_page.frames}
    free_page.context.close()

    assert {place: each for place, each in found.items() if each} == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_off_at_320_pixels(page: Page, sandbox: Sandbox, screen: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    SCREENS[screen](Person(page, sandbox))

    for frame in page.frames:
        wide = frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, frame.url.split("?")[0]


def test_the_theme_is_followed_while_the_panel_is_open(ada: Person) -> None:
    open_panel(ada)
    back = (
        "() => getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).colorScheme"
    )
    panel = ada.page.frames[1]
    before = panel.evaluate(back)

    ada.dark()

    panel.wait_for_function(f"(before) => ({back})() !== before", arg=before)
    ada.page.reload()
    ada.panel.get_by_role("list").first.wait_for()
    assert ada.page.frames[1].evaluate(back) != before


@pytest.fixture
def reads(sandbox: Sandbox) -> Iterator[Callable[[str], None]]:
    """Lets Ada read Pipedrive in a language, and in English again afterwards."""

    def read(language: str) -> None:
        sandbox.outside.pipedrive.companies[COMPANY].users[ADA].language = language
        # The language is learnt when a person installs.
        sandbox.outside.pipedrive.grants.uninstall(COMPANY, ADA)
        Ready(sandbox.gateway, sandbox.outside, sandbox.addresses.api).make(users=[ADA], books=())

    yield read
    read("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_own_words_on_every_page(
    ada: Person, reads: Callable[[str], None], language: str
) -> None:
    reads(language)
    words = []
    for screen in (open_panel, open_form, open_list, open_settings):
        screen(ada)
        frame = ada.page.frames[-1]
        # The page learns the language with its first answer, and is drawn anew.
        frame.wait_for_function("(heard) => document.documentElement.lang.startsWith(heard)", arg=language, polling=50)
        words.append(frame.evaluate("document.body.innerText"))

    for text in words:
        assert not re.search(r"\b(panel|create|invoices|settings|common)\.[a-z_]+\b|\{\{", text)
        if language != "en":
            assert not re.search(ENGLISH, text)
