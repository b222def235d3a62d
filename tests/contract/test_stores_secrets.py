"""Token sets at rest, the app's own secrets, and the work queue: what KMS, Parameter Store and SQS hold."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId, TokenSetId
from duebill.errors import DuebillError, InvalidRequest, TryLater
from duebill.storage import keys
from duebill.storage.cipher import Cipher, Sealed
from duebill.storage.queue import SqsWorkQueue, message_of, parse_message
from duebill.storage.secrets import Secrets
from duebill.storage.tokens import DynamoTokens
from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.still_clock import StillClock
from tests.fakes.stored_examples import COMPANY, NOW, OTHER_COMPANY, TOKEN_SET, after, token_set

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

KEY = keys.token_set(COMPANY, TOKEN_SET)
CONTEXT = {"company": "7", "token_set": TOKEN_SET}


class Counted:
    """A client that counts its calls."""

    def __init__(self, client: object) -> None:
        self.client = client
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> object:
        found = getattr(self.client, name)
        if name == "exceptions":
            return found

        def call(**arguments: object) -> object:
            self.calls.append(name)
            return found(**arguments)

        return call


@pytest.fixture
def kms(aws: dict[str, Any]) -> Counted:
    return Counted(aws["kms"])


@pytest.fixture
def cipher(kms: Counted, aws: dict[str, Any], clock: StillClock) -> Cipher:
    return Cipher(kms, aws["key_id"], clock)  # type: ignore[arg-type]  counts for the client


def moved(dynamo: DynamoStores, company: CompanyId, token_set: TokenSetId) -> None:
    """Copy the stored set under another key, as somebody would who can write to the table."""
    item = dynamo.table.client.get_item(TableName=dynamo.table.name, Key={"pk": {"S": KEY.pk}, "sk": {"S": KEY.sk}})
    target = keys.token_set(company, token_set)
    dynamo.table.client.put_item(
        TableName=dynamo.table.name, Item={**item["Item"], "pk": {"S": target.pk}, "sk": {"S": target.sk}}
    )


def test_the_table_shows_no_token(dynamo: DynamoStores) -> None:
    dynamo.tokens.create(token_set(access_token="access-1"), due_at=NOW)
    stored = repr(dynamo.table.get(KEY))
    for secret in ("access-1", "refresh-1", "refresh-0"):
        assert secret not in stored


@pytest.mark.parametrize("company", [COMPANY, OTHER_COMPANY])
def test_tokens_that_were_moved_to_another_item_do_not_open(dynamo: DynamoStores, company: CompanyId) -> None:
    dynamo.tokens.create(token_set(), due_at=NOW)
    moved(dynamo, company, TokenSetId("other"))
    fresh = DynamoTokens(dynamo.table, Cipher(dynamo.kms, dynamo.key_id, dynamo.clock))
    for tokens in (dynamo.tokens, fresh):  # with the data key at hand, and with KMS to be asked for it
        with pytest.raises(DuebillError) as caught:
            tokens.get(company, TokenSetId("other"))
        assert caught.value.code == "unreadable_secret"


def test_the_data_key_at_hand_opens_no_other_item(cipher: Cipher) -> None:
    sealed = cipher.encrypt(b"secret", item=KEY, context=CONTEXT)
    with pytest.raises(DuebillError) as caught:
        cipher.decrypt(sealed, item=keys.token_set(COMPANY, TokenSetId("other")), context=CONTEXT)
    assert caught.value.code == "unreadable_secret"


def test_kms_opens_no_data_key_for_another_company(cipher: Cipher, aws: dict[str, Any], clock: StillClock) -> None:
    sealed = cipher.encrypt(b"secret", item=KEY, context=CONTEXT)
    with pytest.raises(DuebillError):
        Cipher(aws["kms"], aws["key_id"], clock).decrypt(sealed, item=KEY, context={**CONTEXT, "company": "8"})


def test_tokens_that_were_changed_do_not_open(cipher: Cipher) -> None:
    sealed = cipher.encrypt(b"secret", item=KEY, context=CONTEXT)
    flipped = bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]
    with pytest.raises(DuebillError):
        cipher.decrypt(Sealed(sealed.wrapped_key, sealed.nonce, flipped), item=KEY, context=CONTEXT)


def test_each_write_has_a_data_key_and_a_nonce_of_its_own(cipher: Cipher) -> None:
    first, second = (cipher.encrypt(b"secret", item=KEY, context=CONTEXT) for _ in range(2))
    assert first.wrapped_key != second.wrapped_key
    assert first.nonce != second.nonce
    assert first.ciphertext != second.ciphertext


def test_a_plain_data_key_lives_for_five_minutes(cipher: Cipher, kms: Counted, clock: StillClock) -> None:
    sealed = cipher.encrypt(b"secret", item=KEY, context=CONTEXT)
    clock.move(minutes=4, seconds=59)
    assert cipher.decrypt(sealed, item=KEY, context=CONTEXT) == b"secret"
    assert kms.calls == ["generate_data_key"]
    clock.move(seconds=1)
    assert cipher.decrypt(sealed, item=KEY, context=CONTEXT) == b"secret"
    assert cipher.decrypt(sealed, item=KEY, context=CONTEXT) == b"secret"
    assert kms.calls == ["generate_data_key", "decrypt"]


def test_no_data_key_outlives_its_time_in_memory(cipher: Cipher, clock: StillClock) -> None:
    cipher.encrypt(b"secret", item=KEY, context=CONTEXT)
    clock.move(minutes=5)
    cipher.encrypt(b"secret", item=KEY, context=CONTEXT)
    assert len(cipher._data_keys) == 1


def test_a_container_holds_a_bounded_number_of_data_keys(cipher: Cipher) -> None:
    for number in range(600):
        cipher._remember(str(number).encode(), b"plain")
    assert len(cipher._data_keys) == 500
    assert b"599" in cipher._data_keys


def test_nothing_that_is_printed_holds_a_key_or_a_token(cipher: Cipher) -> None:
    cipher.encrypt(b"secret", item=KEY, context=CONTEXT)
    plain = next(iter(cipher._data_keys.values()))[0]
    assert repr(plain) not in repr(cipher)
    assert "access" not in repr(token_set(access_token="access-1")).replace("access_token", "")


def test_kms_that_is_throttled_is_for_later(cipher: Cipher, kms: Counted) -> None:
    class Throttled:
        def generate_data_key(self, **arguments: object) -> None:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "GenerateDataKey")

    kms.client = Throttled()
    with pytest.raises(TryLater):
        cipher.encrypt(b"secret", item=KEY, context=CONTEXT)


@pytest.fixture
def ssm(aws: dict[str, Any]) -> Counted:
    aws["ssm"].put_parameter(
        Name="/duebill/test/pipedrive/client_secret", Value="new\nold\n\n", Type="SecureString", Overwrite=True
    )
    return Counted(aws["ssm"])


def test_a_secret_that_is_being_replaced_has_two_values_the_newest_first(ssm: Counted, clock: StillClock) -> None:
    secrets = Secrets(ssm, "/duebill/test", clock)  # type: ignore[arg-type]  counts for the client
    assert secrets.values("pipedrive/client_secret") == ("new", "old")


def test_a_secret_is_asked_for_every_fifteen_minutes(ssm: Counted, clock: StillClock) -> None:
    secrets = Secrets(ssm, "/duebill/test", clock)  # type: ignore[arg-type]  counts for the client
    secrets.values("pipedrive/client_secret")
    ssm.client.put_parameter(
        Name="/duebill/test/pipedrive/client_secret", Value="newest", Type="SecureString", Overwrite=True
    )
    clock.move(minutes=14, seconds=59)
    assert secrets.values("pipedrive/client_secret") == ("new", "old")
    assert len(ssm.calls) == 1
    clock.move(seconds=1)
    assert secrets.values("pipedrive/client_secret") == ("newest",)
    assert "newest" not in repr(secrets)


def test_a_secret_that_nobody_stored_is_named(ssm: Counted, clock: StillClock) -> None:
    with pytest.raises(DuebillError) as caught:
        Secrets(ssm, "/duebill/test", clock).values("nothing")  # type: ignore[arg-type]  counts for the client
    assert (caught.value.code, caught.value.values) == ("secret_missing", {"parameter": "/duebill/test/nothing"})


WORK = [
    DueId(DueKind.INTENT, COMPANY, ("5", "key")),
    DueId(DueKind.ERASURE, OTHER_COMPANY),
    *(DueId(DueKind.TOKEN, COMPANY, (f"set-{number}",)) for number in range(23)),
]


def received(client: "SQSClient", url: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    while some := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]).get("Messages"):
        messages.extend(some)
    return messages


def test_all_work_is_sent_however_much(aws: dict[str, Any]) -> None:
    url = aws["sqs"].create_queue(QueueName="work")["QueueUrl"]
    SqsWorkQueue(aws["sqs"], url).send(WORK)
    messages = received(aws["sqs"], url)
    assert {parse_message(message["Body"]) for message in messages} == set(WORK)
    assert len(messages) == len(WORK)
    groups = {message["Attributes"]["MessageGroupId"] for message in messages}
    assert groups == {str(COMPANY), str(OTHER_COMPANY)}


def test_messages_that_sqs_did_not_take_are_counted_and_hold_up_no_others(
    aws: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    class Picky:
        asked = 0

        def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803  boto3's names
            self.asked += len(Entries)
            return {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]}

    picky = Picky()
    SqsWorkQueue(picky, "url").send(WORK)  # type: ignore[arg-type]  a stand-in
    assert picky.asked == len(WORK)
    assert "1 of 10 messages were not taken: InternalError" in caplog.text


@pytest.mark.parametrize("work", WORK[:3])
def test_a_message_says_ids_and_nothing_else(work: DueId) -> None:
    assert json.loads(message_of(work)) == {
        "v": 1,
        "kind": work.kind.value,
        "company": work.company,
        "ids": list(work.ids),
    }
    assert parse_message(message_of(work)) == work


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "1",
        "{}",
        '{"v": 1, "kind": "dance", "company": 7, "ids": []}',
        '{"v": 1, "kind": "token", "company": "x", "ids": []}',
        '{"v": 1, "kind": "token", "company": 7, "ids": 3}',
        '{"v": 2, "kind": "token", "company": 7, "ids": []}',
        '{"v": null, "kind": "token", "company": 7, "ids": []}',
    ],
)
def test_a_message_that_cannot_be_understood_is_refused(body: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_message(body)
    assert caught.value.code == "unreadable_message"


def test_what_was_due_is_found_again_after_its_message_was_lost(dynamo: DynamoStores) -> None:
    dynamo.tokens.create(token_set(), due_at=NOW)
    shard = keys.shard_of(KEY)
    again = {"now": NOW, "again_at": after(minutes=15), "limit": 10}
    assert len(dynamo.due.claim(DueKind.TOKEN, shard, **again)) == 1
    assert dynamo.due.claim(DueKind.TOKEN, shard, **again) == ()
    assert len(dynamo.due.claim(DueKind.TOKEN, shard, **{**again, "now": after(minutes=15)})) == 1
