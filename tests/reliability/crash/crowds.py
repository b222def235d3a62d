"""Many processes at once, in real time, on DynamoDB Local: what each of them was told, and what there is afterwards."""

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.pipedrive.seed import ADA, BEN
from tests.reliability.crash.child import Child
from tests.reliability.crash.scenarios import NOTE_IS_LEFT
from tests.reliability.crash.suite import new_wishes
from tests.reliability.crash.town import Town
from tests.reliability.crash.vendors import FORGETFUL
from tests.reliability.crash.wish import Wish

Doc = dict[str, Any]
MOST_TRIES = 20
MOST_WAIT_SECONDS = 5.0


def at_once(town: Town, works: list[Callable[[], Any]]) -> list[Any]:
    """What each work returned; all begin when the last process is there."""
    waiting, gate = os.pipe()

    def behind_the_gate(work: Callable[[], Any]) -> Callable[[], Any]:
        def begin() -> Any:  # noqa: ANN401  what the work returns
            os.close(gate)
            os.read(waiting, 1)  # ends when the driver closes its end
            return work()

        return begin

    children: list[Child] = [town.start(behind_the_gate(work)) for work in works]
    os.close(waiting)
    os.close(gate)
    return [child.wait().result for child in children]


def expired_tokens(town: Town, people: int) -> Doc:
    """People ask while every access token has ended: first all for what needs Pipedrive, then all for what needs the
    books. Their refresh token is replaced, by QuickBooks strictly: a second exchange at the same time would cost the
    consent. Who is told to come later does so, as the page does.
    """
    town.vary(FORGETFUL)
    deal = town.new_deal()
    town.clock.push(timedelta(minutes=61))
    town.ask("expire", issued_hours_ago=25.0)
    before = town.ask("exchanges")
    paths = {"pipedrive": f"/deals/{deal}", "books": f"/connections/{town.connection}/customers?query=a"}
    told = {name: at_once(town, [_patiently(town, path) for _ in range(people)]) for name, path in paths.items()}
    after = town.ask("exchanges")
    return {
        name: {
            "exchanges": after[name] - before[name],
            "in_the_end": dict(Counter(answers[-1] for answers in told[name])),
            "told_to_come_later": sum(len(answers) - 1 for answers in told[name]),
        }
        for name in paths
    } | {"needs_reconnect": town.ask("health")["needs_reconnect"]}


def _patiently(town: Town, path: str) -> Callable[[], list[str]]:
    """Ask again after a 503 with Retry-After, as often as that comes; the statuses, with what was wrong with them."""

    def ask() -> list[str]:
        told: list[str] = []
        for _ in range(MOST_TRIES):
            answer = town.api("GET", path)()
            told.append(str(answer["status"]))
            if answer["status"] != 503:
                break
            if "retry-after" not in answer["headers"]:
                told[-1] += " without Retry-After"
                break
            town.time().sleep(min(float(answer["headers"]["retry-after"]), MOST_WAIT_SECONDS))
        return told

    return ask


def two_people(town: Town, rounds: int) -> Doc:
    """Two people press at once, each on a form of their own; then who was told no presses again, on purpose."""
    town.ask("colleague", user=BEN)
    first, again, books = Counter[str](), Counter[str](), Counter[str]()
    for wish in new_wishes(town, [None] * rounds):
        people = (ADA, BEN)
        answers = at_once(town, [_press(town, wish, user, f"form-{wish.deal}-{user}", "0") for user in people])
        first[" and ".join(sorted(str(answer["status"]) for answer in answers))] += 1
        told_no = [user for user, answer in zip(people, answers, strict=True) if answer["status"] == 412]
        books[f"{_invoices(town, wish)} after the first"] += 1
        for user in told_no:
            basis = str(town.api("GET", f"/deals/{wish.deal}", user=user)()["json"]["basis"])
            second = _press(town, wish, user, f"again-{wish.deal}-{user}", basis)()
            again[str(second["status"])] += 1
        books[f"{_invoices(town, wish)} after pressing again"] += 1
    return {"first": dict(first), "again": dict(again), "books": dict(books)}


def one_key(town: Town, rounds: int, people: int) -> Doc:
    """One form, sent by many processes at once, as by a page that is impatient and a network that repeats."""
    statuses, books = Counter[str](), Counter[str]()
    for wish in new_wishes(town, [None] * rounds):
        answers = at_once(town, [_press(town, wish, ADA, wish.key, "0") for _ in range(people)])
        statuses.update(str(answer["status"]) for answer in answers)
        books[f"{_invoices(town, wish)}"] += 1
    return {"statuses": dict(statuses), "books": dict(books)}


def one_due_work(town: Town, pieces: int, dispatchers: int) -> Doc:
    """Many dispatchers find the same work due."""
    wishes = new_wishes(town, [None] * pieces)
    for wish in wishes:
        wish.open_with(NOTE_IS_LEFT)
    town.clock.push(timedelta(minutes=4))
    answers = at_once(town, [town.function("dispatch_due", {}) for _ in range(dispatchers)])
    bodies: Counter[str] = Counter()
    while messages := town.cloud.sqs.receive_message(
        QueueUrl=town.environment["WORK_QUEUE_URL"], MaxNumberOfMessages=10
    ).get("Messages"):
        bodies.update(deal for message in messages for deal in json.loads(message["Body"])["ids"][:1])
    ours = {str(wish.deal): bodies[str(wish.deal)] for wish in wishes}
    return {
        "claimed": sum(ours.values()),  # other work is due meanwhile, too: sweeps, and the CRM's webhooks
        "dispatchers_with_work": sum(answer["sent"] > 0 for answer in answers),
        "messages_per_piece": dict(Counter(str(count) for count in ours.values())),
    }


def _press(town: Town, wish: Wish, user: int, key: str, basis: str) -> Callable[[], Doc]:
    headers = {"idempotency-key": key, "if-match": basis}
    return town.api("POST", f"/deals/{wish.deal}/invoices", user=user, json=wish.draft, headers=headers)


def _invoices(town: Town, wish: Wish) -> int:
    return len(town.ask("report", mark=wish.mark, deal=wish.deal)["invoices"])
