"""Basic authentication of the calls that Pipedrive makes with the app's own credentials."""

import base64
import binascii
import hmac
from collections.abc import Sequence


def is_our_app(authorization: str | None, *, client_id: str, secrets: Sequence[str]) -> bool:
    """Whether the header holds the app's id and one of its secrets; in constant time for every one of them."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    matches = [hmac.compare_digest(given, f"{client_id}:{secret}".encode()) for secret in secrets if secret]
    return any(matches)
