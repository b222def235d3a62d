"""Tokens that look like Xero's: JWTs with its claims. The signature is none that a key set could check."""

import base64
import hashlib
import json
from collections.abc import Mapping


def token(claims: Mapping[str, object]) -> str:
    """`claims` as a compact JWT that says RS256, as Xero's do."""
    head = _part({"alg": "RS256", "kid": "1CAF8E66772D6DC028D6726FD0261581570EFC19", "typ": "JWT"})
    signed = f"{head}.{_part(claims)}"
    return f"{signed}.{_text(hashlib.sha512(signed.encode()).digest() * 4)}"


def _part(document: Mapping[str, object]) -> str:
    return _text(json.dumps(document, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
