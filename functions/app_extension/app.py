"""The pages that Pipedrive frames, and what they load. Built from `extension/` into `static/`."""

from functools import cache
from pathlib import Path
from typing import Any

from duebill.runtime.framed_pages import FramedPages
from duebill.runtime.world import process

STATIC = Path(__file__).parent / "static"


def lambda_handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """One HTTP request."""
    return _pages(process().settings().frame_ancestors).answer(event)


@cache
def _pages(ancestors: str) -> FramedPages:
    return FramedPages(STATIC, ancestors)
