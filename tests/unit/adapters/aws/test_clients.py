"""Borrowed roles are kept while they are good, and never handed out for another account."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from strongroom.adapters.aws import clients
from strongroom.adapters.aws.clients import (
    AttributedMemberClients,
    BorrowedRoles,
    Credentials,
    MemberClients,
    NarrowedMemberClients,
    PersonMemberClients,
    connect,
)
from strongroom.adapters.aws.errors import REFUSALS, aws_errors
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.source_identity import Behalf

HOME, ELSEWHERE = Region("eu-west-1"), Region("eu-central-1")
PAYMENTS, REPORTS = AccountId("222222222222"), AccountId("333333333333")
NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
CREDENTIALS = Credentials(access_key="a", secret_key="s", session_token="t", expires_at=NOW)


def role_of(account: AccountId) -> str:
    """The ARN of the role in an account."""
    return f"arn:aws:iam::{account}:role/strongroom/strongroom-inspection"


@dataclass
class Lender:
    """Plays STS and boto3: the credentials of a role name it, and a client is what it was made with."""

    assumed: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    now: datetime = NOW
    refusals: list[Any] = field(default_factory=list)
    attempts: list[int | None] = field(default_factory=list)

    def assume_role(self, **request: Any) -> dict[str, Any]:
        self.assumed.append(request["RoleArn"])
        self.asked.append(request)
        return {
            "Credentials": {
                "AccessKeyId": f"{request['RoleArn']} {len(self.assumed)}",
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": self.now + timedelta(hours=1),
            }
        }

    def connect(self, service: str, *, region: Region | None, credentials: Credentials | None, **more: Any) -> Any:
        if credentials is None:
            return self
        self.refusals.append(more.get("refused"))
        self.attempts.append(more.get("attempts"))
        return self.connect_member(service, region=region, credentials=credentials, **more)

    def connect_member(self, service: str, *, region: Region | None, credentials: Credentials, **_: Any) -> Any:
        return [service, region, credentials.access_key]


@pytest.fixture
def lender(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lender]:
    lender = Lender()
    clients.forget_clients()
    monkeypatch.setattr(clients, "connect", lender.connect)
    yield lender
    clients.forget_clients()


@pytest.fixture
def members(lender: Lender) -> MemberClients:
    return MemberClients(role_of, now=lambda: lender.now)


def test_a_client_is_made_once_for_each_service_and_region(members: MemberClients, lender: Lender) -> None:
    first = members.client("backup", account=PAYMENTS, region=HOME)
    assert members.client("backup", account=PAYMENTS, region=HOME) is first
    assert members.client("backup", account=PAYMENTS, region=ELSEWHERE) is not first
    assert members.client("iam", account=PAYMENTS, region=HOME) is not first
    assert lender.assumed == [role_of(PAYMENTS)]


def test_what_one_event_borrowed_the_next_one_finds(members: MemberClients, lender: Lender) -> None:
    first = members.client("backup", account=PAYMENTS, region=HOME)
    again = MemberClients(role_of, now=lambda: lender.now)
    assert again.client("backup", account=PAYMENTS, region=HOME) is first


def test_a_hasty_client_is_another_one_of_the_same_role(members: MemberClients, lender: Lender) -> None:
    patient = members.client("kms", account=PAYMENTS, region=HOME)
    hasty = MemberClients(role_of, now=lambda: lender.now, hasty=True)
    first = hasty.client("kms", account=PAYMENTS, region=HOME)
    assert first is not patient
    assert hasty.client("kms", account=PAYMENTS, region=HOME) is first
    assert members.client("kms", account=PAYMENTS, region=HOME) is patient
    assert lender.assumed == [role_of(PAYMENTS)]


def test_an_account_is_never_given_the_client_of_another(members: MemberClients, lender: Lender) -> None:
    made = [members.client("backup", account=account, region=HOME) for account in (PAYMENTS, REPORTS, PAYMENTS)]
    assert [client[2] for client in made] == [
        f"{role_of(PAYMENTS)} 1",
        f"{role_of(REPORTS)} 2",
        f"{role_of(PAYMENTS)} 1",
    ]


def test_another_role_of_the_same_account_has_clients_of_its_own(members: MemberClients, lender: Lender) -> None:
    other = MemberClients(lambda account: f"{role_of(account)}-other", now=lambda: lender.now)
    assert members.client("backup", account=PAYMENTS, region=HOME) != other.client(
        "backup", account=PAYMENTS, region=HOME
    )


@pytest.mark.parametrize(
    ("age", "borrowed"),
    [
        pytest.param(timedelta(minutes=54, seconds=59), 1, id="good"),
        pytest.param(timedelta(minutes=55), 2, id="about-to-expire"),
    ],
)
def test_a_role_is_borrowed_anew_five_minutes_before_it_expires(
    age: timedelta, borrowed: int, members: MemberClients, lender: Lender
) -> None:
    members.client("backup", account=PAYMENTS, region=HOME)
    lender.now += age
    members.client("backup", account=PAYMENTS, region=HOME)
    assert len(lender.assumed) == borrowed


def test_the_role_that_was_not_used_for_longest_is_given_up(lender: Lender) -> None:
    roles = BorrowedRoles(limit=2)
    for role in ("a", "b", "a", "c", "a", "b"):
        roles.client("backup", role=role, region=HOME, now=NOW, since=NOW)
    assert lender.assumed == ["a", "b", "c", "b"]


def test_thirty_two_roles_are_kept(members: MemberClients, lender: Lender) -> None:
    accounts = [AccountId(f"{number:012}") for number in range(33)]
    for account in accounts:
        members.client("backup", account=account, region=HOME)
    members.client("backup", account=accounts[1], region=HOME)
    assert len(lender.assumed) == 33
    members.client("backup", account=accounts[0], region=HOME)
    assert len(lender.assumed) == 34


def test_a_role_that_a_service_refused_is_borrowed_anew(members: MemberClients, lender: Lender) -> None:
    members.client("backup", account=PAYMENTS, region=HOME)
    members.client("backup", account=REPORTS, region=HOME)
    lender.refusals[0]("no")
    for account in (PAYMENTS, REPORTS):
        members.client("backup", account=account, region=HOME)
    assert lender.assumed == [role_of(PAYMENTS), role_of(REPORTS), role_of(PAYMENTS)]


class Events:
    """Events one after the other in one function: each has clients of its own, and a minute passes between them."""

    def __init__(self, lender: Lender) -> None:
        self.lender = lender

    def takes(self, *calls: str) -> list[str]:
        """What an event makes of these calls, each of which is answered or refused."""
        self.lender.now += timedelta(minutes=1)
        members = MemberClients(role_of, now=lambda: self.lender.now)
        told = []
        for call in calls:
            members.client("backup", account=PAYMENTS, region=HOME)
            try:
                if call is REFUSAL:
                    self.lender.refusals[-1]("DescribeCopyJob answered ExpiredToken")
                told.append(call)
            except TemporarilyUnavailableError as error:
                told.append(str(error))
        return told


ANSWER, REFUSAL = "answered", "refused"
KEPT = "DescribeCopyJob answered ExpiredToken: the credentials were kept from before, and are borrowed anew"


def test_a_refusal_of_credentials_that_were_kept_is_tried_again_with_new_ones(lender: Lender) -> None:
    events = Events(lender)
    assert events.takes(ANSWER) == [ANSWER]
    assert events.takes(REFUSAL) == [KEPT]
    assert events.takes(ANSWER) == [ANSWER]
    assert lender.assumed == [role_of(PAYMENTS)] * 2


def test_a_refusal_of_credentials_that_were_borrowed_for_the_event_is_final(lender: Lender) -> None:
    assert Events(lender).takes(ANSWER, REFUSAL) == [ANSWER, REFUSAL]


def test_a_refusal_that_lasts_is_put_off_once_whoever_borrowed_the_role_in_between(lender: Lender) -> None:
    events = Events(lender)
    events.takes(ANSWER)
    assert events.takes(REFUSAL) == [KEPT]
    assert events.takes(ANSWER) == [ANSWER]
    assert events.takes(REFUSAL) == [REFUSAL]


def test_a_role_can_grow_stale_more_than_once(lender: Lender) -> None:
    events = Events(lender)
    events.takes(ANSWER)
    assert events.takes(REFUSAL) == [KEPT]
    events.takes(ANSWER)
    lender.now += timedelta(hours=1)
    events.takes(ANSWER)
    assert events.takes(REFUSAL) == [KEPT]


def test_a_late_refusal_of_credentials_that_are_given_up_leaves_the_new_ones_alone(lender: Lender) -> None:
    events = Events(lender)
    events.takes(REFUSAL)
    events.takes(ANSWER)
    lender.refusals[0]("no")
    events.takes(ANSWER)
    assert lender.assumed == [role_of(PAYMENTS)] * 2


@pytest.mark.parametrize("code", REFUSALS)
def test_an_adapter_is_told_to_try_again_first_and_of_the_refusal_then(
    code: str, members: MemberClients, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lender, "connect_member", connect)
    members.client("backup", account=PAYMENTS, region=HOME)
    for meaning in (TemporarilyUnavailableError, AccessRefusedError, AccessRefusedError):
        lender.now += timedelta(minutes=1)
        backup = MemberClients(role_of, now=lambda: lender.now).client("backup", account=PAYMENTS, region=HOME)
        with Stubber(backup) as answers:
            answers.add_client_error("describe_backup_vault", code)
            with pytest.raises(meaning), aws_errors():
                backup.describe_backup_vault(BackupVaultName="any")


@pytest.mark.parametrize(
    ("code", "times"),
    [("AccessDeniedException", 1), ("InvalidClientTokenId", 1), ("ExpiredToken", 1), ("ResourceNotFoundException", 0)],
)
def test_a_client_tells_when_its_credentials_may_be_good_no_more(code: str, times: int) -> None:
    told: list[str] = []
    backup = connect("backup", region=HOME, credentials=CREDENTIALS, refused=told.append)
    with Stubber(backup) as answers:
        answers.add_client_error("describe_backup_vault", code)
        with pytest.raises(ClientError):
            backup.describe_backup_vault(BackupVaultName="any")
        answers.add_response("describe_backup_vault", {})
        backup.describe_backup_vault(BackupVaultName="any")
    assert told == [f"DescribeBackupVault answered {code}"] * times


def test_a_role_for_a_person_and_a_ticket_is_assumed_each_time(lender: Lender) -> None:
    restorers = AttributedMemberClients(role_of)
    behalf = Behalf(subject="idp|omar", ticket="OPS-1", request_id="r-abcdefgh2345")
    made = [restorers.client("backup", account=PAYMENTS, region=HOME, behalf=behalf, policy="{}") for _ in range(2)]
    assert made[0] != made[1]
    assert lender.assumed == [role_of(PAYMENTS)] * 2
    assert lender.asked[0] == {
        "RoleArn": role_of(PAYMENTS),
        "RoleSessionName": "r-abcdefgh2345",
        "SourceIdentity": "idp=7Comar",
        "Tags": [{"Key": "ticket", "Value": "OPS-1"}],
        "Policy": "{}",
    }


def test_what_starts_a_restore_sends_it_once() -> None:
    """Behind an answer to the last of several tries could be one that AWS took, and whose answer was lost."""
    config = connect("backup", region=HOME, credentials=CREDENTIALS, attempts=1).meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}


def test_a_role_for_a_person_and_a_ticket_sends_as_often_as_it_is_told(lender: Lender) -> None:
    behalf = Behalf(subject="idp|omar", ticket="OPS-1", request_id="r-abcdefgh2345")
    AttributedMemberClients(role_of, attempts=1).client(
        "backup", account=PAYMENTS, region=HOME, behalf=behalf, policy="{}"
    )
    assert lender.attempts == [1]


def test_a_role_for_a_person_is_assumed_each_time_and_names_them(lender: Lender) -> None:
    scanners = PersonMemberClients(role_of)
    for subject in ("idp|omar", "ada"):
        scanners.client("backup", account=PAYMENTS, region=HOME, subject=subject)
    assert [(each["RoleArn"], each["SourceIdentity"]) for each in lender.asked] == [
        (role_of(PAYMENTS), "idp=7Comar"),
        (role_of(PAYMENTS), "ada"),
    ]


def test_a_role_for_an_act_of_the_machine_is_assumed_each_time_and_narrowed(lender: Lender) -> None:
    revokers = NarrowedMemberClients(role_of)
    for policy in ("{}", '{"Version": "2012-10-17"}'):
        revokers.client("backup", account=PAYMENTS, region=HOME, session="r-abcdefgh2345", policy=policy)
    assert [(each["RoleArn"], each["RoleSessionName"], each["Policy"]) for each in lender.asked] == [
        (role_of(PAYMENTS), "r-abcdefgh2345", "{}"),
        (role_of(PAYMENTS), "r-abcdefgh2345", '{"Version": "2012-10-17"}'),
    ]


def test_only_the_first_client_changes_what_the_garbage_collector_looks_through() -> None:
    connect("sts", region=HOME, credentials=None)
    frozen = gc.get_freeze_count()
    connect("dynamodb", region=HOME, credentials=None)
    assert gc.get_freeze_count() <= frozen
