"""The token that Pipedrive hands to the pages it frames: a JWT, HS256 [D:custom-ui-extensions]."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping


def sign(claims: Mapping[str, object], secret: str) -> str:
    """`claims` as a signed compact JWT."""
    head = _part({"alg": "HS256", "typ": "JWT"})
    signed = f"{head}.{_part(claims)}"
    return f"{signed}.{_text(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def _part(document: Mapping[str, object]) -> str:
    return _text(json.dumps(document, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
