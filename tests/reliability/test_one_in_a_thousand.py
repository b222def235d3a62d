"""One poison company among a thousand connections, on DynamoDB Local. `make faults` runs this."""

import os

import pytest

from duebill.domain.connection import Provider
from duebill.storage import keys
from duebill.storage.values import text
from duebill.storage.writes import Update
from sandbox.dynamodb_local import what_is_missing
from sandbox.tabletop import Tabletop
from tests.fakes.fleet import Fleet, ids

EACH = 500
_VISIBLE_AGAIN_SECONDS = 720  # template.yaml, of the queue of sweeps
_RECEIVED_AT_MOST = 5  # template.yaml, maxReceiveCount

if "DUEBILL_FAULTS" not in os.environ:
    pytest.skip("some minute and a half: `make faults` runs this", allow_module_level=True)
if missing := what_is_missing():
    pytest.skip(missing, allow_module_level=True)


def test_one_poison_company_among_a_thousand_delays_no_other(tabletop: Tabletop) -> None:
    fleet = Fleet(tabletop, EACH, 1)
    paid = fleet.members[:: EACH // 50]
    poison = paid[7]
    fleet.pay(*paid)
    key = keys.watched(poison.connection.company, poison.connection.id, poison.invoices[0])
    table = tabletop.wiring().table
    sound = table.get(key)
    assert sound is not None
    table.write(Update(key, "SET #due_on = :bad", {":bad": text("no date at all")}))
    since = fleet.until_due()
    before = {provider: fleet.questions(provider) for provider in Provider}

    assert fleet.sweep() == 2 * EACH

    assert fleet.not_looked_at_since(since) == ids([poison])
    assert fleet.true_in_time(since, paid) == ids(paid) - ids([poison])
    asked = {provider: fleet.questions(provider) - before[provider] for provider in Provider}
    assert asked == {poison.connection.provider: EACH - 1} | {
        provider: EACH for provider in Provider if provider is not poison.connection.provider
    }

    for _ in range(_RECEIVED_AT_MOST):
        tabletop.sleep(_VISIBLE_AGAIN_SECONDS)
        fleet.show_failed_messages()
        tabletop.schedule.work_off()
    [letter] = fleet.dead_letters()
    assert str(poison.connection.id) in letter

    table.write(Update(key, "SET #due_on = :good", {":good": sound["due_on"]}))
    fleet.again()
    assert poison.connection.id in fleet.true_in_time(since, [poison])
    assert tabletop.failures == []
    assert fleet.dead_letters() == []
