"""Brings items back from a table that point-in-time recovery has made; what the live table has is newer and stays.

Left out are token sets (a vendor ends a connection on which an old refresh token is shown), planned erasures (one from
before a company came back would erase it), and what is worthless by now: cached readings, counts, consents under way.
Switch background work off first.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from duebill.storage.export import kind_of
from duebill.storage.keys import Key
from duebill.storage.table import Table, key_of
from scripts.deployment import NotThere, add_table_options, reason, table_of

_LEFT_OUT = frozenset({"token_set", "planned_erasure", "cached_text", "limit"})
_OWN = re.compile(r"C#(\d+)(?:#|$)")
_POINTER = re.compile(r"(\d+)#")


def main(given: list[str] | None = None) -> int:
    """Exit status: 0 when everything that was missing is back."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("restored", help="the table that point-in-time recovery has made")
    options.add_argument("--company", type=int, help="only this one (Pipedrive's company id)")
    options.add_argument("--dry-run", action="store_true", help="only count what would be looked at")
    add_table_options(options)
    arguments = options.parse_args(given)
    try:
        live = table_of(arguments)
        found = wanted(live, arguments.restored, arguments.company)
        outcome = Counter("wanted" for _ in found) if arguments.dry_run else bring_back(live, found)
    except (BotoCoreError, ClientError) as error:
        print(f"AWS did not answer as expected: {reason(error)}. Run it again.", file=sys.stderr)
        return 1
    except NotThere as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.dry_run:
        print(f"{outcome['wanted']} items would be looked at. Nothing was written.")
    else:
        print(f"{outcome['back']} items brought back, {outcome['there']} were there")
    return 0


def wanted(live: Table, restored: str, company: int | None) -> Iterator[dict[str, Any]]:
    """The items of the restored table that may come back."""
    for page in live.client.get_paginator("scan").paginate(TableName=restored, ConsistentRead=True):
        for item in page["Items"]:
            key = key_of(item)
            owner = owner_of(key)
            if owner is None or kind_of(key) in _LEFT_OUT or company not in (None, owner):
                continue
            yield item


def bring_back(live: Table, items: Iterator[dict[str, Any]]) -> Counter[str]:
    """Write what the live table does not have; how many came back and how many were there."""
    outcome: Counter[str] = Counter()
    for item in items:
        try:  # as it is, with the schema version that it was written in
            live.client.put_item(TableName=live.name, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except live.client.exceptions.ConditionalCheckFailedException:
            outcome["there"] += 1
        else:
            outcome["back"] += 1
    return outcome


def owner_of(key: Key) -> int | None:
    """The company that an item belongs to; None for what belongs to none."""
    match = _POINTER.match(key.sk) if key.pk.startswith("TENANT#") else _OWN.match(key.pk)
    return int(match[1]) if match else None


if __name__ == "__main__":
    sys.exit(main())
