"""Chromium, driven through the stand-in for Pipedrive: what all browser tests share.

The system's own Chromium is used; where there is none these tests are skipped. Nothing waits for a fixed time: every
step waits for what it is about.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from sandbox.running import Ports, Sandbox

NODE_MODULES = Path(__file__).parents[2] / "extension" / "node_modules"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-prefers-reduced-motion")
SECONDS = 1000


def chromium_path() -> str | None:
    """Where the system's Chromium is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("There is no Chromium on PATH: apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def sdk() -> Path:
    """The official SDK as npm delivers it, for pages that have no build."""
    path = NODE_MODULES / "@pipedrive" / "app-extensions-sdk" / "dist" / "index.umd.js"
    if not path.exists():
        pytest.skip("The pages' packages are not installed: make pages")
    return path


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox(Ports(0, 0, 0, 0))
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window of its own, in which no script may fail."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(20 * SECONDS)
    opened = context.new_page()
    failed: list[str] = []
    context.on("weberror", lambda error: failed.append(str(error.error)))
    yield opened
    context.close()
    assert failed == []
