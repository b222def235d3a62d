"""Token sets: secrets encrypted together, everything that conditions and due work need as attributes beside them."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId, TokenSetId
from duebill.domain.tokens import Issuer, TokenSet
from duebill.errors import ConditionFailed
from duebill.storage import keys
from duebill.storage.cipher import Cipher, Sealed
from duebill.storage.due import due_attributes
from duebill.storage.keys import Key
from duebill.storage.table import Table
from duebill.storage.values import (
    Item,
    Value,
    binary,
    moment,
    number,
    read_binary,
    read_moment,
    read_number,
    read_optional_moment,
    read_optional_text,
    read_text,
    text,
    without_none,
)
from duebill.storage.writes import ALWAYS, Delete, Put, Update, When, at_version

_DUE = "#due_pk = :due_pk, #due_sk = :due_sk"
_NOT_DUE = "#due_pk, #due_sk"
_LEASE = "#lease_owner, #lease_until, #refresh_started_at"


@dataclass(frozen=True, slots=True)
class DynamoTokens:
    """ports.Tokens on the table and KMS."""

    table: Table
    cipher: Cipher

    def get(self, company: CompanyId, token_set: TokenSetId) -> TokenSet | None:
        """The set with its tokens, or None."""
        item = self.table.get(keys.token_set(company, token_set))
        return self._read(company, token_set, item) if item else None

    def create(self, token_set: TokenSet, *, due_at: datetime) -> None:
        """Write a new set, or replace one whole; `due_at` is when a machine looks after it."""
        self._put(token_set, due_at, ALWAYS)

    def take_lease(
        self, token_set: TokenSet, *, owner: str, until: datetime, now: datetime, due_at: datetime
    ) -> TokenSet:
        """Take the right to renew: free or expired, and the version still `token_set.version`; sets it due at `due_at`.

        Raises ConditionFailed when another holds it or has renewed.
        """
        key = keys.token_set(token_set.company, token_set.id)
        item = self.table.update(
            Update(
                key,
                f"SET #lease_owner = :owner, #lease_until = :until, #refresh_started_at = :now, {_DUE}",
                {":owner": text(owner), ":until": moment(until), ":now": moment(now), **_place(key, due_at)},
                When(
                    "#version = :version AND (attribute_not_exists(#lease_until) OR #lease_until <= :now)",
                    {":version": number(token_set.version)},
                ),
            )
        )
        return self._read(token_set.company, token_set.id, item)

    def store_grant(self, renewed: TokenSet, *, expected_version: int, due_at: datetime) -> None:
        """Write the new tokens, whoever holds the lease by now; ends the lease. Raises ConditionFailed."""
        stored = replace(
            renewed, version=expected_version + 1, lease_owner=None, lease_until=None, refresh_started_at=None
        )
        self._put(stored, due_at, at_version(expected_version))

    def release(self, token_set: TokenSet, *, owner: str) -> None:
        """Give the lease back without an answer stored: only when surely nothing was sent. No longer ours: no error."""
        ours = When("#lease_owner = :owner", {":owner": text(owner)})
        self._change(token_set.company, token_set.id, f"REMOVE {_LEASE}", {}, ours)

    def mark_dead(self, token_set: TokenSet, *, reason: str) -> None:
        """A person must consent again; only if the version is still `token_set.version`. Raises ConditionFailed."""
        self.table.write(
            Update(
                keys.token_set(token_set.company, token_set.id),
                f"SET #dead_reason = :reason REMOVE {_LEASE}, {_NOT_DUE}",
                {":reason": text(reason)},
                at_version(token_set.version),
            )
        )

    def set_due(self, company: CompanyId, token_set: TokenSetId, due_at: datetime | None) -> None:
        """When a machine looks after it next; None: never. A set that is gone stays gone.

        While somebody holds the lease it is only moved earlier: a renewal that is cut off must be found in time.
        """
        place = _place(keys.token_set(company, token_set), due_at)
        changes = f"SET {_DUE}" if place else f"REMOVE {_NOT_DUE}"
        earlier = " OR attribute_not_exists(#due_sk) OR :due_sk < #due_sk" if place else ""
        when = When(f"attribute_exists(#pk) AND (attribute_not_exists(#lease_owner){earlier})")
        self._change(company, token_set, changes, place, when)

    def remove(self, company: CompanyId, token_set: TokenSetId) -> None:
        """Forget the set; none is no error."""
        self.table.write(Delete(keys.token_set(company, token_set)))

    def _change(self, company: CompanyId, token_set: TokenSetId, changes: str, values: Item, when: When) -> None:
        """An update whose condition may fail without harm."""
        try:
            self.table.write(Update(keys.token_set(company, token_set), changes, values, when))
        except ConditionFailed:
            return

    def _put(self, token_set: TokenSet, due_at: datetime, when: When) -> None:
        key = keys.token_set(token_set.company, token_set.id)
        attributes = without_none(
            issuer=text(token_set.issuer.value),
            version=number(token_set.version),
            expires_at=moment(token_set.expires_at),
            refreshed_at=moment(token_set.refreshed_at),
            refresh_expires_at=_optional_moment(token_set.refresh_expires_at),
            consent_ends_at=_optional_moment(token_set.consent_ends_at),
            lease_owner=_optional_text(token_set.lease_owner),
            lease_until=_optional_moment(token_set.lease_until),
            refresh_started_at=_optional_moment(token_set.refresh_started_at),
            dead_reason=_optional_text(token_set.dead_reason),
        )
        due = due_attributes(DueKind.TOKEN, key, due_at)
        self.table.write(Put(key, {**attributes, **self._encrypted(token_set), **due}, when))

    def _encrypted(self, token_set: TokenSet) -> Item:
        secrets = {
            "access_token": token_set.access_token,
            "refresh_token": token_set.refresh_token,
            "previous_refresh_token": token_set.previous_refresh_token,
        }
        sealed = self.cipher.encrypt(
            json.dumps(secrets).encode(),
            item=keys.token_set(token_set.company, token_set.id),
            context=_context(token_set.company, token_set.id),
        )
        return {
            "wrapped_key": binary(sealed.wrapped_key),
            "nonce": binary(sealed.nonce),
            "ciphertext": binary(sealed.ciphertext),
        }

    def _read(self, company: CompanyId, token_set: TokenSetId, item: Item) -> TokenSet:
        sealed = Sealed(*(read_binary(item, name) for name in ("wrapped_key", "nonce", "ciphertext")))
        secrets = json.loads(
            self.cipher.decrypt(sealed, item=keys.token_set(company, token_set), context=_context(company, token_set))
        )
        return TokenSet(
            company=company,
            id=token_set,
            issuer=Issuer(read_text(item, "issuer")),
            version=read_number(item, "version"),
            access_token=secrets["access_token"],
            refresh_token=secrets["refresh_token"],
            expires_at=read_moment(item, "expires_at"),
            refreshed_at=read_moment(item, "refreshed_at"),
            previous_refresh_token=secrets["previous_refresh_token"],
            refresh_expires_at=read_optional_moment(item, "refresh_expires_at"),
            consent_ends_at=read_optional_moment(item, "consent_ends_at"),
            lease_owner=read_optional_text(item, "lease_owner"),
            lease_until=read_optional_moment(item, "lease_until"),
            refresh_started_at=read_optional_moment(item, "refresh_started_at"),
            dead_reason=read_optional_text(item, "dead_reason"),
        )


def _context(company: CompanyId, token_set: TokenSetId) -> dict[str, str]:
    return {"company": str(company), "token_set": token_set}


def _place(key: Key, due_at: datetime | None) -> Item:
    """The values of `_DUE`."""
    return {f":{name}": value for name, value in due_attributes(DueKind.TOKEN, key, due_at).items()}


def _optional_text(value: str | None) -> Value | None:
    return None if value is None else text(value)


def _optional_moment(value: datetime | None) -> Value | None:
    return None if value is None else moment(value)
