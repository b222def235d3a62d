"""`python -m sandbox`: the whole app on this machine, against simulators, until Ctrl-C."""

import argparse
import os
import signal
import sys
from threading import Event

from sandbox.local_aws import CannotStart
from sandbox.running import Ports, Sandbox


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 when it was ended by a person, 1 when it could not start."""
    options = _options().parse_args(arguments)
    # The product's own log lines, as in CloudWatch, only from here up: the page shows the rest.
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    try:
        sandbox = Sandbox(
            Ports(options.port, options.pipedrive_port, options.quickbooks_port, options.xero_port),
            database=options.db,
            on_failure=_say,
        )
    except CannotStart as error:
        print(f"The sandbox cannot start. {error}", file=sys.stderr)
        return 1
    sandbox.schedule.start()
    print(_welcome(sandbox), flush=True)
    _until_told()
    print("\nStopping.")
    sandbox.stop()
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8787, help="the app: its pages and its API (%(default)s)")
    parser.add_argument("--pipedrive-port", type=int, default=8788, help="Pipedrive (%(default)s): the page to open")
    parser.add_argument("--quickbooks-port", type=int, default=8789, help="the QuickBooks simulator (%(default)s)")
    parser.add_argument("--xero-port", type=int, default=8790, help="the Xero simulator (%(default)s)")
    parser.add_argument("--db", choices=["moto", "dynamodb-local"], default="moto", help="the table (%(default)s)")
    return parser


def _welcome(sandbox: Sandbox) -> str:
    where = sandbox.addresses
    return f"""
  Duebill is running. Open this page:

      {where.pipedrive}/

  It stands in for Pipedrive: three first steps are waiting there.

  The app and its API     {where.api}
  QuickBooks (simulated)  {where.quickbooks}
  Xero (simulated)        {where.xero}
  Everything is forgotten when you stop it with Ctrl-C. More in docs/sandbox.md.
"""


def _say(where: str, error: Exception) -> None:
    print(f"{where}: {type(error).__name__}: {error}", file=sys.stderr)


def _until_told() -> None:
    told = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    while not told.wait(3600):
        pass


if __name__ == "__main__":
    sys.exit(main())
