"""KMS in members is asked once for each key, and not at once again where it does not tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws

from strongroom.adapters.aws.clients import MemberClients, connect
from strongroom.adapters.aws.keys.managers import BUSY_FOR, TOGETHER, UNTOLD_FOR, KeptManagers, MemberKeys
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.key_managers import KeyManager
from tests.conftest import FakeClients
from tests.fakes.moto_clients import moto_client

ACCOUNT, REGION, FAR = AccountId("123456789012"), Region("eu-west-1"), Region("eu-central-1")
NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
KEY, OTHER = "1234abcd-12ab-34cd-56ef-1234567890ab", "1234abcd-12ab-34cd-56ef-1234567890ac"


class Kms:
    """A KMS that manages everything for AWS, unless it refuses; `asked` are the keys asked for."""

    def __init__(self, code: str = "") -> None:
        self.code, self.asked = code, list[str]()

    def describe_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self.asked.append(KeyId)
        if self.code:
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "DescribeKey")
        return {"KeyMetadata": {"KeyManager": "AWS"}}


class Process:
    """One process with what it keeps, an event each time that something is asked."""

    def __init__(self, fake_clients: FakeClients, kms: Any) -> None:
        fake_clients.member[ACCOUNT, "kms"] = kms
        self.kept, self.now = KeptManagers(), NOW

    def event(self) -> MemberKeys:
        clients = MemberClients("arn:aws:iam::{}:role/strongroom/strongroom-tagging".format, now=lambda: self.now)
        return MemberKeys(clients, self.kept, now=lambda: self.now)

    def ask(self, key: str = KEY, *, region: Region = REGION) -> KeyManager | type[StrongroomError]:
        try:
            return self.event().manager(key, account=ACCOUNT, region=region)
        except StrongroomError as error:
            return type(error)


class SlowKms(Kms):
    """A KMS that answers late, or never: then the client gives it up after all that it waits."""

    def __init__(self, process: Process, *, late: timedelta | None = None) -> None:
        super().__init__()
        self.process, self.late = process, late

    def describe_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self.process.now += self.late or given_up_after()
        if self.late is None:
            raise ReadTimeoutError(endpoint_url="https://kms")
        return super().describe_key(KeyId=KeyId)


def given_up_after() -> timedelta:
    waits = connect("kms", region=REGION, credentials=None, hasty=True).meta.config
    return timedelta(seconds=(waits.connect_timeout + waits.read_timeout) * waits.retries["total_max_attempts"])


def test_a_key_is_asked_for_once(fake_clients: FakeClients) -> None:
    kms = Kms()
    process = Process(fake_clients, kms)
    assert [process.ask(), process.ask(), process.ask(OTHER)] == [KeyManager.AWS] * 3
    assert kms.asked == [KEY, OTHER]


def test_kms_itself_knows_whose_a_key_is_and_that_there_is_none(fake_clients: FakeClients) -> None:
    with mock_aws():
        kms = moto_client("kms", REGION)
        arn = kms.create_key()["KeyMetadata"]["Arn"]
        process = Process(fake_clients, kms)
        assert [process.ask(arn), process.ask(KEY)] == [KeyManager.CUSTOMER, NotFoundError]


def test_what_is_refused_is_asked_for_again_a_while_later_and_keeps_no_other_from_it(fake_clients: FakeClients) -> None:
    kms = Kms("AccessDeniedException")
    process = Process(fake_clients, kms)
    assert [process.ask(), process.ask(), process.ask(OTHER)] == [AccessRefusedError] * 3
    kms.code, process.now = "", NOW + UNTOLD_FOR - timedelta(seconds=1)
    assert process.ask() is AccessRefusedError
    process.now = NOW + UNTOLD_FOR
    assert process.ask() is KeyManager.AWS
    assert kms.asked == [KEY, OTHER, KEY]


@pytest.mark.parametrize("answer", [{}, {"KeyMetadata": {}}, {"KeyMetadata": {"KeyManager": "SOMEBODY"}}], ids=str)
def test_an_answer_without_a_manager_that_we_know_tells_nothing(
    answer: dict[str, Any], fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    kms = Kms()
    monkeypatch.setattr(kms, "describe_key", lambda **_: answer)
    assert Process(fake_clients, kms).ask() is CallRefusedError


@pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException"])
def test_a_kms_that_is_too_busy_is_asked_for_nothing_else_for_a_moment(code: str, fake_clients: FakeClients) -> None:
    kms = Kms()
    process = Process(fake_clients, kms)
    assert process.ask(OTHER) is KeyManager.AWS
    kms.code = code
    assert [process.ask(), process.ask("third"), process.ask(OTHER)] == [
        TemporarilyUnavailableError, TemporarilyUnavailableError, KeyManager.AWS,
    ]  # fmt: skip
    assert process.ask(region=FAR) is TemporarilyUnavailableError
    kms.code, process.now = "", NOW + BUSY_FOR
    assert process.ask() is KeyManager.AWS
    assert kms.asked == [OTHER, KEY, KEY, KEY]


@pytest.mark.parametrize("silent", [3, 20])
def test_the_silent_of_many_accounts_leave_a_batch_most_of_its_minute(silent: int, fake_clients: FakeClients) -> None:
    process = Process(fake_clients, None)
    keys, kms = process.event(), SlowKms(process)
    for account in (AccountId(f"{number:012}") for number in range(silent)):
        fake_clients.member[account, "kms"] = kms
        with pytest.raises(TemporarilyUnavailableError):
            keys.manager(KEY, account=account, region=REGION)
    assert process.now - NOW <= timedelta(seconds=20)


def test_what_there_was_no_time_for_is_said_and_asked_for_by_the_next_event(fake_clients: FakeClients) -> None:
    process = Process(fake_clients, None)
    kms = fake_clients.member[ACCOUNT, "kms"] = SlowKms(process, late=TOGETHER)
    keys = process.event()
    assert keys.manager(KEY, account=ACCOUNT, region=REGION) is KeyManager.AWS
    with pytest.raises(TemporarilyUnavailableError, match="questions about keys had taken 10 seconds by then"):
        keys.manager(OTHER, account=ACCOUNT, region=REGION)
    assert keys.manager(KEY, account=ACCOUNT, region=REGION) is KeyManager.AWS
    assert process.ask(OTHER) is KeyManager.AWS
    assert kms.asked == [KEY, OTHER]
