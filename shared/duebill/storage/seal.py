"""A text that only the holder of a secret can read again: for what is stored under a secret's hash.

The table never holds the secret, so whoever reads the table (a backup, an export) can neither use nor open it.
"""

import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from duebill.storage.keys import Key

_NONCE_BYTES = 12


def seal(content: str, secret: str, key: Key) -> bytes:
    """`content` encrypted under `secret`, a text of at least 128 random bits, bound to the item's key."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_derived(secret)).encrypt(nonce, content.encode(), str(key).encode())


def unseal(sealed: bytes, secret: str, key: Key) -> str:
    """The content. Raises cryptography's InvalidTag for another secret or another item."""
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    return AESGCM(_derived(secret)).decrypt(nonce, ciphertext, str(key).encode()).decode()


def _derived(secret: str) -> bytes:
    # The label keeps this apart from the plain hash of the same secret, which stands in keys.
    return hashlib.sha256(b"duebill seal\0" + secret.encode()).digest()
