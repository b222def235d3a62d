"""Deletes everything that is kept of a company, at once and for good. Invoices in the books stay the books'.

Ends no consent at the vendors: where people still have the app, let them uninstall it first (that revokes, and erases
by itself after 30 days). Point-in-time recovery keeps what was deleted for up to 35 days more.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from duebill.domain.ids import CompanyId
from duebill.errors import DuebillError
from duebill.storage.belongings import belongings
from duebill.storage.erasure import DynamoErasure
from duebill.storage.export import kind_of
from duebill.storage.table import Table
from scripts.deployment import NotThere, add_table_options, reason, table_of

_PASSES = 3


def main(given: list[str] | None = None) -> int:
    """Exit status: 0 when nothing of the company is left."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("company", type=int, help="Pipedrive's company id")
    options.add_argument("--yes", action="store_true", help="do not ask")
    add_table_options(options)
    arguments = options.parse_args(given)
    company = CompanyId(arguments.company)
    try:
        return _erase(table_of(arguments), company, sure=arguments.yes)
    except (BotoCoreError, ClientError) as error:
        print(f"AWS did not answer as expected: {reason(error)}. Run it again.", file=sys.stderr)
    except (NotThere, DuebillError) as error:
        print(f"Not (fully) erased: {error} Run it again.", file=sys.stderr)
    return 1


def _erase(table: Table, company: CompanyId, *, sure: bool) -> int:
    kept = what_is_kept(table, company)
    print(f"Company {company} in {table.name}: {sum(kept.values())} items")
    for kind, count in sorted(kept.items()):
        print(f"  {count:6} {kind}")
    if kept["installation"]:
        print("People still have the app installed. Their consents are not ended by this.", file=sys.stderr)
    if not kept:
        return 0
    if not sure and not confirmed(company):
        print("Nothing was erased.", file=sys.stderr)
        return 1
    for _ in range(_PASSES):  # somebody may be at work in it
        DynamoErasure(table).erase(company)
        left = what_is_kept(table, company)
        if not left:
            print(f"{sum(kept.values())} items erased; nothing is left.")
            return 0
    print(f"{sum(left.values())} items are there again: somebody is using the app. Run it again.", file=sys.stderr)
    return 1


def what_is_kept(table: Table, company: CompanyId) -> Counter[str]:
    """How many items of each kind."""
    return Counter(kind_of(key) for key in set(belongings(table, company)))


def confirmed(company: CompanyId, ask: Callable[[str], str] = input) -> bool:
    """Whether the person types the company's id once more."""
    try:
        return ask(f"This cannot be undone. Type {company} to erase it: ").strip() == str(company)
    except EOFError:
        return False


if __name__ == "__main__":
    sys.exit(main())
