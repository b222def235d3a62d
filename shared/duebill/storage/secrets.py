"""The app's own secrets, from Parameter Store.

A parameter's value is one secret a line, the newest first: while one is being replaced the old one stays below it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from duebill.errors import DuebillError
from duebill.ports import Clock
from duebill.storage.failures import translated

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

CACHED_FOR = timedelta(minutes=15)


@dataclass(slots=True)
class Secrets:
    """SecureString parameters under `prefix` (`/duebill/prod`), each asked for at most every 15 minutes."""

    client: "SSMClient" = field(repr=False)
    prefix: str
    clock: Clock = field(repr=False)
    _known: dict[str, tuple[tuple[str, ...], datetime]] = field(default_factory=dict, init=False, repr=False)

    def values(self, name: str) -> tuple[str, ...]:
        """The secrets called `name` (`pipedrive/client_secret`), newest first.

        Raises TryLater when Parameter Store cannot serve now, DuebillError (`secret_missing`) where it holds none.
        """
        now = self.clock.now()
        secrets, until = self._known.get(name, ((), now))
        if now >= until:
            secrets = self._ask(name)
            self._known[name] = (secrets, now + CACHED_FOR)
        return secrets

    def _ask(self, name: str) -> tuple[str, ...]:
        path = f"{self.prefix}/{name}"
        try:
            with translated():
                answer = self.client.get_parameter(Name=path, WithDecryption=True)
        except self.client.exceptions.ParameterNotFound as error:
            raise DuebillError(code="secret_missing", values={"parameter": path}) from error
        lines = answer["Parameter"]["Value"].splitlines()
        secrets = tuple(line.strip() for line in lines if line.strip())
        if not secrets:
            raise DuebillError(code="secret_missing", values={"parameter": path})
        return secrets
