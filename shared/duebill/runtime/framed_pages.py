"""The pages that Pipedrive frames: files that were built beforehand, each with the policy that it needs and no more."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

PAGES = ("panel", "modal", "settings")
_ENCODINGS = {"br": ".br", "gzip": ".gz"}  # what the build stores, best first
_KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_ALWAYS = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
# A document's address holds a token, so no cache may keep it. An asset's name holds the hash of its content.
_OF_DOCUMENTS = {"Cache-Control": "private, no-store", "Vary": "Accept-Encoding"}
_OF_ASSETS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file in one encoding; `encoding` is empty where it is sent as it is."""

    content: bytes = field(repr=False)
    encoding: str


class FramedPages:
    """Answers API Gateway's events from the files in `folder`. `ancestors`: who may frame a page, in CSP's words."""

    def __init__(self, folder: Path, ancestors: str) -> None:
        self._folder = folder
        self._ancestors = ancestors
        self._kept: dict[str, PageFile] = {}

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The page or asset that the path names. Of the rest of a request only Accept-Encoding is looked at."""
        named: Mapping[str, str] = event.get("pathParameters") or {}
        accepted = (event.get("headers") or {}).get("accept-encoding", "")
        if not self._names:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "The pages are not built yet: run 'make pages'.")
        if "path" in named:
            return self._file(f"assets/{named['path']}", accepted, _OF_ASSETS)
        if named.get("page") in PAGES:
            return self._file(f"{named['page']}.html", accepted, _OF_DOCUMENTS | self._policy(named["page"]))
        return _plain(HTTPStatus.NOT_FOUND, "There is no such page.")

    def _file(self, name: str, accepted: str, headers: dict[str, str]) -> dict[str, Any]:
        if name not in self._names:  # the names are those of the build: a path can lead nowhere else
            return _plain(HTTPStatus.NOT_FOUND, "There is no such file.")
        found = self._read(name, encoding_for(accepted))
        encoding = {"Content-Encoding": found.encoding} if found.encoding else {}
        return {
            "statusCode": 200,
            "headers": _ALWAYS | headers | {"Content-Type": _KINDS[PurePosixPath(name).suffix]} | encoding,
            "body": base64.b64encode(found.content).decode(),
            "isBase64Encoded": True,
        }

    def _read(self, name: str, encoding: str) -> PageFile:
        path = name + _ENCODINGS.get(encoding, "")
        if path not in self._kept:
            self._kept[path] = PageFile((self._folder / path).read_bytes(), encoding)
        return self._kept[path]

    def _policy(self, page: str) -> dict[str, str]:
        """Scripts and data from here alone, the document's own style, no other frame, no form, and no text as HTML."""
        rules = (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src '{self._styles[page]}'",
            "connect-src 'self'",
            f"frame-ancestors {self._ancestors}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
        return {"Content-Security-Policy": "; ".join(rules)}

    @cached_property
    def _styles(self) -> dict[str, str]:
        read: dict[str, str] = json.loads((self._folder / "styles.json").read_text())
        return read

    @cached_property
    def _names(self) -> frozenset[str]:
        files = (path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.suffix in _KINDS)
        return frozenset(files)


def encoding_for(accepted: str) -> str:
    """The best of the stored encodings that an Accept-Encoding header takes; empty for none."""
    taken = {}
    for part in accepted.lower().split(","):
        name, _, quality = part.partition(";")
        taken[name.strip()] = quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((name for name in _ENCODINGS if taken.get(name, taken.get("*", False))), "")


def _plain(status: HTTPStatus, sentence: str) -> dict[str, Any]:
    headers = _ALWAYS | {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return {"statusCode": status.value, "headers": headers, "body": sentence, "isBase64Encoded": False}
