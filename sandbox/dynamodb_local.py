"""AWS's DynamoDB Local as a process of ours: in memory, on a free port of loopback, ended by whoever started it.

It keeps what moto does not: conditions and transactions when many write at once. `make dynamodb-local` brings the jar.
"""

import shutil
import subprocess
import time
from types import TracebackType
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sandbox.serve import LOOPBACK
from sandbox.template import ROOT

HOME = ROOT / ".cache" / "dynamodb-local"
JAR = HOME / "DynamoDBLocal.jar"
_STARTS_WITHIN_SECONDS = 30.0


class NotThere(Exception):
    """Why it cannot be started, in a sentence."""


def what_is_missing() -> str | None:
    """Why it cannot be started here, None when it can."""
    if not JAR.is_file():
        return f"DynamoDB Local is not in {HOME.relative_to(ROOT)}: `make dynamodb-local` brings it."
    if not shutil.which("java"):
        return "DynamoDB Local needs Java, which is not there: install a JRE (17 or later)."
    return None


class DynamoDbLocal:
    """Starts on being made and answers from then on; `stop` ends it. Raises NotThere."""

    def __init__(self) -> None:
        if missing := what_is_missing():
            raise NotThere(missing)
        port = _free_port()
        self.url = f"http://{LOOPBACK}:{port}"
        # Runs are short: one compiler and one collector's thread leave the processor to those who ask.
        command = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        # Without a folder of its own the native SQLite library is not found; -sharedDb: the same for any credentials.
        command += [f"-Djava.library.path={HOME / 'DynamoDBLocal_lib'}", "-jar", str(JAR)]
        command += ["-inMemory", "-sharedDb", "-port", str(port)]
        self._process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own words
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process that was started here, and nothing else."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)

    def _wait_until_it_answers(self) -> None:
        ends_at = time.monotonic() + _STARTS_WITHIN_SECONDS
        while time.monotonic() < ends_at:
            if self._process.poll() is not None:
                raise NotThere(f"DynamoDB Local ended at once, with status {self._process.returncode}.")
            if _answers(self.url):
                return
            time.sleep(0.05)
        raise NotThere(f"DynamoDB Local did not answer within {_STARTS_WITHIN_SECONDS:.0f} s.")


def _answers(url: str) -> bool:
    """An unsigned request is refused with a 400: by something that is there."""
    try:
        urlopen(url, timeout=1).close()  # noqa: S310  our own address
    except HTTPError as refused:
        refused.close()
        return True
    except (URLError, OSError):
        return False
    return True


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
