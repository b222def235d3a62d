"""Places in a list, as texts that a page hands back: sealed, and good for one caller and one question only.

They hold sums, and addresses end up in logs: so they are encrypted, not only signed.
"""

import base64
import hashlib
import os
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from duebill.errors import InvalidRequest

_NONCE_BYTES = 12
LONGEST = 8000  # characters; an address ends at 10,240 bytes with all its headers (API Gateway's quotas)


class Cursors:
    """Seals for one question. `secrets`: newest first; `question` names the caller and everything that was asked."""

    def __init__(self, secrets: Callable[[], Sequence[str]], *question: object) -> None:
        self._secrets = secrets
        self._question = "\0".join(str(part) for part in question).encode()

    def seal(self, content: str) -> str:
        """`content` as a cursor."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(_key(self._secrets()[0])).encrypt(nonce, content.encode(), self._question)
        return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def open(self, cursor: str) -> str:
        """The content. Raises InvalidRequest for one that is forged, or made for another question."""
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise _not_ours() from None
        for secret in self._secrets():
            try:
                return (
                    AESGCM(_key(secret)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._question).decode()
                )
            except (InvalidTag, ValueError):
                continue
        raise _not_ours()


def _key(secret: str) -> bytes:
    # The label keeps this apart from whatever else the secret is used for.
    return hashlib.sha256(b"duebill cursor\0" + secret.encode()).digest()


def _not_ours() -> InvalidRequest:
    return InvalidRequest("This place in the list is not one of ours. Begin at the first page.", code="invalid_cursor")
