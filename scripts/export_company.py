"""Writes everything that is kept of a company as one JSON document: for the people it is about, or before an erasure.

Token sets are in it without their tokens. What the books and Pipedrive hold is not: Duebill is not where it lives.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from botocore.exceptions import BotoCoreError, ClientError

from duebill.domain.ids import CompanyId
from duebill.errors import DuebillError
from duebill.storage.export import Record, records, to_json
from scripts.deployment import NotThere, add_table_options, reason, table_of


def main(given: list[str] | None = None) -> int:
    """Exit status: 0 when everything was written, 2 when nothing is kept of the company."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("company", type=int, help="Pipedrive's company id")
    options.add_argument("--to", help="a new file that only you can read; else standard output")
    add_table_options(options)
    arguments = options.parse_args(given)
    company = CompanyId(arguments.company)
    try:
        found = records(table_of(arguments), company)
        if arguments.to:
            with _private_file(arguments.to) as file:
                count = write(company, found, file, datetime.now(UTC))
        else:
            count = write(company, found, sys.stdout, datetime.now(UTC))
    except (BotoCoreError, ClientError) as error:
        print(f"AWS did not answer as expected: {reason(error)}", file=sys.stderr)
        return 1
    except (NotThere, DuebillError, OSError) as error:
        print(f"Not exported: {error}", file=sys.stderr)
        return 1
    print(f"{count} records of company {company}.", file=sys.stderr)
    return 0 if count else 2


def write(company: CompanyId, found: Iterable[Record], file: TextIO, now: datetime) -> int:
    """Writes the document record by record, so that no company is too large; how many records."""
    file.write(f'{{\n"company": {company},\n"exported_at": {to_json(now)},\n"records": [')
    count = 0
    for count, record in enumerate(found, start=1):
        file.write(("," if count > 1 else "") + "\n" + to_json(record, indent=2))
    file.write("\n]\n}\n")
    return count


def _private_file(path: str) -> TextIO:
    """A new file for the owner alone. Raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
