"""Who renews tokens ends at each step of it: what there is two minutes later, for each way in which providers behave.

Guarantees §3 (e): due work repeats the renewal within two minutes with the same token. Pipedrive always answers;
QuickBooks too, unless it has replaced the refresh token and lets the old one go at once; Xero takes the old one for 30
minutes, for all organisations of a consent.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.reliability.crash.line import Plan, When
from tests.reliability.crash.stage import Stage
from tests.reliability.crash.town import Town
from tests.reliability.crash.vendors import FORGETFUL, QUICKBOOKS, XERO

Doc = dict[str, Any]
_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a provider treats a refresh token that was used before."""

    name: str
    whose: str
    exchange: str
    rotation: str = "strict"
    token_age_hours: float = 1.0


BEHAVIOURS = {
    QUICKBOOKS.name: (
        Behaviour("Pipedrive", "pipedrive", "POST /oauth/token"),
        Behaviour("QuickBooks, young token", "books", QUICKBOOKS.exchange),
        Behaviour("QuickBooks, replaced, grace", "books", QUICKBOOKS.exchange, "grace", 25.0),
        Behaviour("QuickBooks, replaced, strict", "books", QUICKBOOKS.exchange, "strict", 25.0),
    ),
    XERO.name: (Behaviour("Xero, two organisations", "books", XERO.exchange),),
}
_STEPS = ("before the lease", "lease taken", "before the exchange", "exchanged", "before it is stored", "stored")


def killed_holders(town: Town) -> list[Doc]:
    """One line for each behaviour and step."""
    return [_killed(town, behaviour, step) for behaviour in BEHAVIOURS[town.vendor.name] for step in range(len(_STEPS))]


def _killed(town: Town, behaviour: Behaviour, step: int) -> Doc:
    town.vary(replace(FORGETFUL, rotation=behaviour.rotation))
    if town.ask("health")["needs_reconnect"]:
        town.ask("reconnect")
    deal = town.new_deal()
    town.ask("draft", linked=True)
    town.clock.push(timedelta(minutes=61))
    town.ask("expire", issued_hours_ago=behaviour.token_age_hours)
    path = f"/deals/{deal}" if behaviour.whose == "pipedrive" else f"/connections/{town.connection}/customers?query=a"
    exchanges, version = town.ask("exchanges")[behaviour.whose], town.ask("health")["versions"]
    when = When.AFTER if step % 2 else When.BEFORE
    like = ("dynamodb UpdateItem TOKENS", behaviour.exchange, "dynamodb PutItem TOKENS")[step // 2]
    crashed = town.run(town.api("GET", path), plan=Plan(1, when, like=like)).crashed
    stage = Stage(town, [])
    stage.play(lasts=_WITHIN)
    health = town.ask("health")
    answer = town.api("GET", path)()
    return {
        "behaviour": behaviour.name,
        "step": _STEPS[step],
        "crashed": crashed,
        "needs_reconnect": health["needs_reconnect"],
        "connections": health["connections"],
        "reason": health["reason"],
        "is_renewed": health["versions"][behaviour.whose] != version[behaviour.whose],
        "status": answer["status"],
        "exchanges": town.ask("exchanges")[behaviour.whose] - exchanges,
        "bugs": stage.bugs,
    }
