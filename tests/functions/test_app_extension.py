"""The pages that Pipedrive frames are served from files, compressed, under a strict policy, and from nowhere else."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from duebill.runtime.framed_pages import PAGES, FramedPages, encoding_for
from duebill.runtime.settings import load
from duebill.runtime.world import World, put_in_place
from functions.app_extension import app

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events" / "app_extension"
ANCESTORS = "https://*.pipedrive.com"
ASSET = "panel-0.js"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a build leaves, with each file's encoding as its content."""
    (tmp_path / "assets").mkdir()
    for name in (*(f"{page}.html" for page in PAGES), f"assets/{ASSET}"):
        for suffix, content in {"": "plain", ".br": "as br", ".gz": "as gzip"}.items():
            (tmp_path / (name + suffix)).write_text(content)
    (tmp_path / "styles.json").write_text(json.dumps({page: f"sha256-{page}" for page in PAGES}))
    (tmp_path.parent / "secret.js").write_text("outside")
    return tmp_path


@pytest.fixture
def pages(folder: Path) -> FramedPages:
    return FramedPages(folder, ANCESTORS)


def event(name: str, **parameters: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return read | ({"pathParameters": parameters} if parameters else {})


def body(answer: dict[str, Any]) -> str:
    return base64.b64decode(answer["body"]).decode() if answer["isBase64Encoded"] else str(answer["body"])


def policy(answer: dict[str, Any]) -> dict[str, str]:
    rules = answer["headers"]["Content-Security-Policy"].split("; ")
    return dict(rule.split(" ", 1) for rule in rules)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_comes_compressed_and_is_kept_nowhere(pages: FramedPages, page: str) -> None:
    answer = pages.answer(event(page))

    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert answer["headers"]["Content-Encoding"] == body(answer).removeprefix("as ")
    assert answer["headers"]["Cache-Control"] == "private, no-store", "its address holds a token"
    assert "cookies" not in answer
    assert not [name for name in answer["headers"] if name.lower() in ("set-cookie", "x-frame-options")]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_may_run_our_scripts_with_its_own_style_in_a_frame_of_pipedrives_and_nothing_else(
    pages: FramedPages, page: str
) -> None:
    answer = pages.answer(event(page))

    assert policy(answer) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'sha256-{page}'",
        "connect-src": "'self'",
        "frame-ancestors": ANCESTORS,
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert answer["headers"]["Referrer-Policy"] == "no-referrer"
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"


def test_the_query_changes_nothing(pages: FramedPages) -> None:
    plain = event("panel")
    evil = plain | {"rawQueryString": "theme=<script>", "queryStringParameters": {"theme": "<script>", "id": "'"}}

    assert pages.answer(evil) == pages.answer(plain)


def test_an_asset_is_kept_for_ever(pages: FramedPages) -> None:
    answer = pages.answer(event("asset"))

    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["headers"]["Vary"] == "Accept-Encoding"
    assert (body(answer), "Content-Encoding" in answer["headers"]) == ("plain", False)


@pytest.mark.parametrize(
    "path",
    ["../secret.js", "../../secret.js", "%2e%2e/secret.js", "panel-0.js.br", "../panel.html", "../styles.json", ""],
)
def test_a_path_leads_to_nothing_but_the_builds_own_files(pages: FramedPages, path: str) -> None:
    answer = pages.answer(event("asset", path=path))

    assert answer["statusCode"] == 404
    assert body(answer) == "There is no such file."


def test_there_is_no_other_page(pages: FramedPages) -> None:
    assert pages.answer(event("panel", page="styles"))["statusCode"] == 404


def test_without_a_build_it_says_what_to_do(tmp_path: Path) -> None:
    answer = FramedPages(tmp_path, ANCESTORS).answer(event("panel"))

    assert answer["statusCode"] == 503
    assert "make pages" in body(answer)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR", "br"),
        ("*", "br"),
        ("br; q=0, *", "gzip"),
        ("identity", ""),
        ("", ""),
    ],
)
def test_the_best_encoding_that_is_taken(accepted: str, encoding: str) -> None:
    assert encoding_for(accepted) == encoding


def test_the_handler_serves_its_own_folder_and_lets_the_setting_frame_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "STATIC", folder)
    app._pages.cache_clear()
    needed = ("BASE_URL", "TABLE_NAME", "KEY_ID", "PARAMETER_PREFIX", "PIPEDRIVE_CLIENT_ID")
    settings = load(dict.fromkeys(needed, "x") | {"FRAME_ANCESTORS": "http://127.0.0.1:8787"})
    put_in_place(World(settings=lambda: settings))
    answer = app.lambda_handler(event("panel"), None)
    put_in_place(World())
    app._pages.cache_clear()

    assert policy(answer)["frame-ancestors"] == "http://127.0.0.1:8787"
