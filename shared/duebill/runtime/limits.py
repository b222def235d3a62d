"""The limits of outside systems, put together: which rules, whose count, and what this process remembers."""

import random
from typing import TYPE_CHECKING

from duebill.domain.connection import Connection, Provider
from duebill.domain.ids import CompanyId
from duebill.domain.limits import BooksLimit, CrmLimit, Limited, pace
from duebill.errors import DuebillError
from duebill.outside.http import Http
from duebill.outside.limited import ForgivingLimiter, LimitedHttp, Rules, Silence
from duebill.ports import Limiter

if TYPE_CHECKING:
    from duebill.runtime.wiring import Wiring


def limiter_of(wiring: "Wiring") -> Limiter:
    """The count that all containers share; lets pass while the table does not answer."""
    from duebill.storage.limiter import DynamoLimiter

    kept = wiring.kept
    behind = DynamoLimiter(
        wiring.table, kept.setdefault("months_of_reads", {}), kept.setdefault("blocks_of_the_app", {})
    )
    return ForgivingLimiter(behind, kept.setdefault("silent_limiter", Silence()), _log)


def crm_http(wiring: "Wiring", company: CompanyId) -> Http:
    """The wire to one company's CRM."""
    from duebill.crm.pipedrive.limits import PipedriveRules

    rules = PipedriveRules(company, wiring.kept.setdefault("crm_bursts", {}))
    return _limited(wiring, CrmLimit(company), rules)


def books_http(wiring: "Wiring", connection: Connection) -> Http:
    """The wire to a connection's books."""
    from duebill.providers.registry import rules_of

    ours = wiring.settings.providers[connection.provider]
    rules = rules_of(connection.provider, calls_a_day=ours.calls_a_day)
    return _limited(wiring, BooksLimit(connection.provider, connection.tenant.id), rules)


def background_pace(wiring: "Wiring", provider: Provider) -> int:
    """By how much the intervals of background reads are longer than usual: 1, or 2 late in the month's reads."""
    from duebill.providers.registry import reads_a_month

    budget = reads_a_month(provider)
    if budget is None:
        return 1
    return pace(limiter_of(wiring).reads_used(provider, wiring.clock.now()), budget)


def _limited(wiring: "Wiring", limited: Limited, rules: Rules) -> Http:
    # Jitter spreads those who wait; nobody must not guess it.
    return LimitedHttp(wiring.http, limiter_of(wiring), limited, rules, wiring.asker, wiring.clock, random.random)


def _log(error: DuebillError) -> None:
    from duebill.runtime.logs import logger

    logger().warning("limiter_does_not_answer", extra={"code": error.code})
