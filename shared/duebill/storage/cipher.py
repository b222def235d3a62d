"""Encryption of token sets: a data key of KMS for each write, AES-256-GCM with the item's key as associated data.

So a ciphertext opens only in its own item (associated data) and only with its own company's key (encryption context).
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from duebill.errors import DuebillError
from duebill.ports import Clock
from duebill.storage.failures import translated
from duebill.storage.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

DATA_KEY_LIVES = timedelta(minutes=5)
_MOST_DATA_KEYS = 500
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is stored: the data key as KMS wrapped it, the nonce, the ciphertext."""

    wrapped_key: bytes
    nonce: bytes
    ciphertext: bytes


@dataclass(slots=True)
class Cipher:
    """Encrypts and decrypts with data keys of one KMS key; plain data keys live here for at most five minutes."""

    client: "KMSClient" = field(repr=False)
    key_id: str
    clock: Clock = field(repr=False)
    _data_keys: dict[bytes, tuple[bytes, datetime]] = field(default_factory=dict, init=False, repr=False)

    def encrypt(self, plain: bytes, *, item: Key, context: dict[str, str]) -> Sealed:
        """Encrypt for one item, under a new data key. Raises TryLater when KMS cannot serve now."""
        with translated():
            made = self.client.generate_data_key(KeyId=self.key_id, KeySpec="AES_256", EncryptionContext=context)
        self._remember(made["CiphertextBlob"], made["Plaintext"])
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = AESGCM(made["Plaintext"]).encrypt(nonce, plain, str(item).encode())
        return Sealed(made["CiphertextBlob"], nonce, ciphertext)

    def decrypt(self, sealed: Sealed, *, item: Key, context: dict[str, str]) -> bytes:
        """Decrypt what was encrypted for this item and context.

        Raises DuebillError (`unreadable_secret`) for what was made for another item or context, or changed; TryLater.
        """
        try:
            data_key = self._data_key(sealed.wrapped_key, context)
            return AESGCM(data_key).decrypt(sealed.nonce, sealed.ciphertext, str(item).encode())
        except (InvalidTag, self.client.exceptions.InvalidCiphertextException) as error:
            raise DuebillError("A stored secret could not be read.", code="unreadable_secret") from error

    def _data_key(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        self._forget_old()
        if wrapped in self._data_keys:
            return self._data_keys[wrapped][0]
        with translated():
            plain = self.client.decrypt(KeyId=self.key_id, CiphertextBlob=wrapped, EncryptionContext=context)
        self._remember(wrapped, plain["Plaintext"])
        return plain["Plaintext"]

    def _remember(self, wrapped: bytes, plain: bytes) -> None:
        self._forget_old()
        while len(self._data_keys) >= _MOST_DATA_KEYS:
            del self._data_keys[next(iter(self._data_keys))]
        self._data_keys[wrapped] = (plain, self.clock.now() + DATA_KEY_LIVES)

    def _forget_old(self) -> None:
        now = self.clock.now()
        for wrapped in [wrapped for wrapped, (_, until) in self._data_keys.items() if until <= now]:
            del self._data_keys[wrapped]
