"""The table that faults are tried on: DynamoDB Local where it is, since there conditions hold; else moto."""

import os
from collections.abc import Iterator

import pytest

from sandbox.dynamodb_local import what_is_missing
from sandbox.tabletop import Tabletop
from sandbox.tabletop_on_dynamodb import database, tabletop_on

HAS_DYNAMODB_LOCAL = "DYNAMODB_LOCAL_URL" in os.environ or what_is_missing() is None


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str | None]:
    """Its address; it ends with the session if it was started here. None where it cannot be started."""
    if not HAS_DYNAMODB_LOCAL:
        yield None
        return
    with database() as address:
        yield address


@pytest.fixture(scope="module")
def tabletop(dynamodb_local: str | None) -> Iterator[Tabletop]:
    """The app for one file of tests, with a table of its own."""
    if dynamodb_local is None:
        with Tabletop() as on_moto:
            yield on_moto
        return
    with tabletop_on(dynamodb_local) as on_dynamodb:
        yield on_dynamodb
