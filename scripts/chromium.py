"""The system's Chromium, for the browser tests, the measurements and the screenshots. Playwright's own is not used."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


class NoChromium(Exception):
    """There is none on PATH."""


def chromium_path() -> str:
    """Where it is. Raises NoChromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise NoChromium("There is no Chromium on PATH: apt-get install chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium. Raises NoChromium."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
