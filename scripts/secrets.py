"""Puts the app's secrets into Parameter Store, where the functions read them; CloudFormation cannot make SecureStrings.

Each value comes from the environment (DUEBILL_PIPEDRIVE_CLIENT_SECRET …), from lines NAME=VALUE on standard input, or
is asked for; what is left empty stays as it is. When a value changes, the one before it is kept as a second line, so
that both are accepted until everyone has the new one; --drop-previous then removes it. No value is ever printed.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from getpass import getpass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

SECRETS = {
    "pipedrive/client_secret": "Pipedrive's client secret",
    "pipedrive/jwt_secret": "the secret that signs the app extensions' tokens (Pipedrive)",
    "pipedrive/webhook_key": "a long random text of your own: it makes the passwords of Pipedrive's webhooks",
    "quickbooks/client_secret": "Intuit's client secret",
    "quickbooks/verifier_token": "Intuit's webhook verifier token",
    "xero/client_secret": "Xero's client secret",
    "xero/webhook_key": "Xero's webhook signing key",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A secret as it is kept: the value in force and, while it is being replaced, the one before it."""

    current: str = ""
    previous: str = ""

    @classmethod
    def parse(cls, text: str) -> "Stored":
        lines = [*text.splitlines(), "", ""]
        return cls(lines[0], lines[1])

    def text(self) -> str:
        return "\n".join(value for value in (self.current, self.previous) if value)

    def replaced_by(self, value: str) -> "Stored":
        """The same value again changes nothing: a repeated run must not push the one before it out."""
        return self if value == self.current else Stored(value, self.current)


def main() -> int:
    """Exit status: 0 when everything that was given is stored."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--prefix", default="/duebill/dev", help="as the stack's output ParameterPrefix says")
    options.add_argument("--drop-previous", action="store_true", help="end a rotation: only the newest values stay")
    arguments = options.parse_args()
    try:
        store: SSMClient = boto3.client("ssm")
        if arguments.drop_previous:
            drop_previous(store, arguments.prefix)
        else:
            put(store, arguments.prefix, given(os.environ))
    except (BotoCoreError, ClientError) as error:
        print(f"Parameter Store did not take it: {_reason(error)}", file=sys.stderr)
        return 1
    return 0


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """The values by name, from the environment, standard input or the person at the terminal; empty ones left out."""
    values = {name: environment.get(_variable(name), "") for name in SECRETS}
    if not any(values.values()):
        values = _asked() if sys.stdin.isatty() else _read(sys.stdin.read())
    return {name: value.strip() for name, value in values.items() if value.strip()}


def put(store: "SSMClient", prefix: str, values: Mapping[str, str]) -> None:
    """Stores each value under PREFIX/NAME and says what happened to each secret."""
    for name in SECRETS:
        before = _fetch(store, f"{prefix}/{name}")
        after = before.replaced_by(values[name]) if name in values else before
        if after != before:
            store.put_parameter(Name=f"{prefix}/{name}", Value=after.text(), Type="SecureString", Overwrite=True)
        print(f"{prefix}/{name}: {_change(before, after)}")


def drop_previous(store: "SSMClient", prefix: str) -> None:
    """Removes what is kept from before the last change of each secret."""
    for name in SECRETS:
        before = _fetch(store, f"{prefix}/{name}")
        if before.previous:
            store.put_parameter(Name=f"{prefix}/{name}", Value=before.current, Type="SecureString", Overwrite=True)
        print(f"{prefix}/{name}: {'previous value removed' if before.previous else 'unchanged'}")


def _fetch(store: "SSMClient", name: str) -> Stored:
    try:
        return Stored.parse(store.get_parameter(Name=name, WithDecryption=True)["Parameter"].get("Value", ""))
    except store.exceptions.ParameterNotFound:
        return Stored()


def _change(before: Stored, after: Stored) -> str:
    if after == before:
        return "unchanged" if before.current else "missing"
    return "replaced, the previous value is still accepted" if before.current else "stored"


def _asked() -> dict[str, str]:
    print("Nothing that you type is shown; an empty answer leaves the secret as it is.")
    return {name: getpass(f"{meaning}: ") for name, meaning in SECRETS.items()}


def _read(text: str) -> dict[str, str]:
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    unknown = [name for name, _, _ in pairs if name.strip() not in SECRETS]
    if unknown:
        # Not the line itself: what stands there may be the secret.
        sys.exit(f"Standard input has a line that does not begin with one of: {', '.join(SECRETS)}")
    return {name.strip(): value for name, _, value in pairs}


def _variable(name: str) -> str:
    return "DUEBILL_" + name.replace("/", "_").upper()


def _reason(error: BotoCoreError | ClientError) -> str:
    """The kind of error; its text may repeat what was sent."""
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "unknown error")
    return type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
