"""Chromium, driven through the stand-in for Pipedrive: what all browser tests share.

The system's own Chromium is used; where there is none these tests are skipped. Nothing waits for a fixed time: every
step waits for what it is about.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from sandbox.running import Ports, Sandbox
from scripts.chromium import NoChromium, chromium, chromium_path
from tests.browser.person import Person, quick_books

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "extension" / "node_modules"
STATIC = ROOT / "functions" / "app_extension" / "static"
SECONDS = 1000
expect.set_options(timeout=15 * SECONDS)  # a machine may be busy; what comes at once is not waited for
_NAMES = str.maketrans("[]/ ", "----")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        chromium_path()
    except NoChromium as error:
        pytest.skip(str(error))
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def sdk() -> Path:
    """The official SDK as npm delivers it, for a page that has no build."""
    return _package("@pipedrive/app-extensions-sdk/dist/index.umd.js")


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source."""
    return _package("axe-core/axe.min.js").read_text()


def _package(path: str) -> Path:
    found = NODE_MODULES / path
    if not found.exists():
        pytest.skip("The pages' packages are not installed: make pages")
    return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of the module's own, with the app installed for Ada, Ben and Cid and three sets of books connected."""
    yield from _ready()


@pytest.fixture
def fresh() -> Iterator[Sandbox]:
    """A sandbox of the test's own: what ends in it ends for no other test.

    Not beside `sandbox` in one module: the stand-in for AWS is one for the whole process.
    """
    yield from _ready()


def _ready() -> Iterator[Sandbox]:
    if not (STATIC / "panel.html").exists():
        pytest.skip("The pages are not built: make pages")
    running = Sandbox(Ports(0, 0, 0, 0))
    try:
        quick_books(running)
        yield running
    finally:
        running.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the frames showed when a test failed."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page:
        for frame in page.frames:
            try:
                text = frame.evaluate("document.body.innerText")
            except Error:
                text = "(gone)"
            report.sections.append((frame.url.split("?")[0], text))
        page.screenshot(path=item.config.cache.mkdir("browser") / f"{item.name.translate(_NAMES)}.png")
    return report


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own, in which no script may fail."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    opened.set_default_timeout(20 * SECONDS)
    failed: list[str] = []
    opened.on("weberror", lambda error: failed.append(str(error.error)))
    yield opened
    opened.close()
    assert failed == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def ada(page: Page, sandbox: Sandbox) -> Person:
    """Who installed first and connected the books."""
    return Person(page, sandbox)


@pytest.fixture
def lone_ada(fresh: Sandbox, page: Page) -> Person:  # in this order: the page closes before its sandbox ends
    """Ada in a sandbox that no other test sees."""
    return Person(page, fresh)
