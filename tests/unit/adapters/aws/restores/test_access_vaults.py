"""Access to air-gapped vaults as AWS Backup is asked for it: once for a request, for its requester, and narrowly."""

import json
from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from strongroom.adapters.aws.restores.access_vaults import (
    MemberAccessAsker,
    MemberAccessUses,
    MemberAccessVaults,
    VaultAccessRevoker,
)
from strongroom.domain.errors import (
    AccessRefusedError,
    ApprovalVoidError,
    MalformedRecordError,
    NotFoundError,
    RestoreFailedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.restores.arriving.access import AccessVault
from strongroom.domain.restores.ends.revoking import AskedToRevoke
from strongroom.domain.restores.requests import RestoreRequest, act_token
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.air_gaps import TEAM
from tests.builders.places import PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import a_request

GAPPED = a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)
REQUEST: RestoreRequest = a_request(vault=GAPPED, approval_team=TEAM)


DESCRIBED = {"BackupVaultArn": REQUEST.access_vault, "VaultState": "AVAILABLE"}


class FakeVaults:
    """AWS Backup in the account: what it describes, what it lists, and how it refuses."""

    def __init__(
        self, *, described: dict[str, Any] | None = None, listed: tuple[str, ...] = (), code: str = ""
    ) -> None:
        self.described = described
        self.listed = listed
        self.code = code
        self.requests: list[dict[str, Any]] = []
        self.lent: list[dict[str, Any]] = []

    def client(self, service: str, **lent: Any) -> "FakeVaults":
        self.lent.append({"service": service, **lent})
        return self

    def _refuse(self, operation: str, code: str) -> None:
        if code:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)

    def describe_backup_vault(self, **asked: Any) -> dict[str, Any]:
        self.requests.append(asked)
        self._refuse("DescribeBackupVault", self.code or ("" if self.described else "AccessDeniedException"))
        return self.described or {}

    def create_restore_access_backup_vault(self, **asked: Any) -> dict[str, Any]:
        self.requests.append(asked)
        self._refuse("CreateRestoreAccessBackupVault", self.code)
        return {}

    def get_paginator(self, name: str) -> "FakeVaults":
        assert name == "list_backup_vaults"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"BackupVaultList": [{"BackupVaultArn": each} for each in self.listed]}]


def test_it_is_described_by_its_name_in_its_account() -> None:
    told = DESCRIBED | {"SourceBackupVaultArn": GAPPED, "MpaSessionArn": "arn:session", "VaultState": "CREATING"}
    backup = FakeVaults(described=told)
    found = MemberAccessVaults(backup).find(REQUEST.access_vault)
    assert found == AccessVault(arn=REQUEST.access_vault, source=GAPPED, state="CREATING", session="arn:session")
    assert backup.requests == [{"BackupVaultName": f"strongroom-access-{REQUEST.id}"}]
    assert backup.lent == [{"service": "backup", "account": PAYMENTS, "region": REQUEST.region}]


def test_a_vault_of_its_own_shows_no_other() -> None:
    found = MemberAccessVaults(FakeVaults(described=DESCRIBED)).find(REQUEST.access_vault)
    assert found == AccessVault(arn=REQUEST.access_vault, source="", state="AVAILABLE")


@pytest.mark.parametrize("arn", [f"{REQUEST.access_vault}-2", a_vault_arn("central"), None])
def test_what_answers_for_another_vault_is_believed_of_none(arn: str | None) -> None:
    with pytest.raises(MalformedRecordError, match="describes another vault"):
        MemberAccessVaults(FakeVaults(described=DESCRIBED | {"BackupVaultArn": arn})).find(REQUEST.access_vault)


def test_a_refusal_that_means_that_there_is_none_is_none_and_any_other_stands() -> None:
    assert MemberAccessVaults(FakeVaults()).find(REQUEST.access_vault) is None
    with pytest.raises(AccessRefusedError):
        MemberAccessVaults(FakeVaults(listed=(REQUEST.access_vault,))).find(REQUEST.access_vault)


def test_the_team_is_asked_by_the_requests_own_token_for_its_requester_and_no_more() -> None:
    backup = FakeVaults()
    MemberAccessAsker(backup).ask(REQUEST)
    assert backup.requests == [
        {
            "SourceBackupVaultArn": GAPPED,
            "BackupVaultName": f"strongroom-access-{REQUEST.id}",
            "CreatorRequestId": act_token(REQUEST),
            "RequesterComment": f"Strongroom restore request {REQUEST.id}",
        }
    ]
    [lent] = backup.lent
    assert lent["behalf"] == Behalf(subject=REQUEST.requester, ticket=REQUEST.ticket, request_id=REQUEST.id)
    allowed = {
        action: statement["Resource"]
        for statement in json.loads(lent["policy"])["Statement"]
        for action in statement["Action"]
    }
    assert allowed == {
        "backup:CreateRestoreAccessBackupVault": [REQUEST.access_vault, GAPPED],
        "mpa:StartSession": [TEAM],
    }


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AlreadyExistsException", RestoreFailedError),
        ("InvalidRequestException", RestoreFailedError),
        ("LimitExceededException", RestoreFailedError),
        ("ThrottlingException", TemporarilyUnavailableError),
        ("ServiceUnavailableException", TemporarilyUnavailableError),
    ],
)
def test_what_aws_does_not_take_is_told_as_what_it_means(code: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=code):
        MemberAccessAsker(FakeVaults(code=code)).ask(REQUEST)


class FakeJobs:
    """What AWS Backup in the account that is restored into lists as going on: restores, and copies."""

    def __init__(self, *, restores: list[dict[str, str]], copies: list[dict[str, str]]) -> None:
        self.found = {"RestoreJobs": ("ByStatus", restores), "CopyJobs": ("ByState", copies)}
        self.asked: list[dict[str, str]] = []

    def client(self, service: str, **lent: Any) -> "FakeJobs":
        assert (service, lent) == ("backup", {"account": PAYMENTS, "region": REQUEST.region})
        return self

    def get_paginator(self, name: str) -> "FakeLists":
        return FakeLists(self, {"list_restore_jobs": "RestoreJobs", "list_copy_jobs": "CopyJobs"}[name])


class FakeLists:
    """One of these lists."""

    def __init__(self, jobs: FakeJobs, kind: str) -> None:
        self.jobs, self.kind = jobs, kind

    def paginate(self, **asked: str) -> list[dict[str, Any]]:
        self.jobs.asked.append(asked)
        by, found = self.jobs.found[self.kind]
        return [{self.kind: [each for each in found if each["state"] == asked[by]]}]


def test_a_job_without_an_id_counts_and_a_page_of_nothing_is_one() -> None:
    unnamed = {"state": "RUNNING"}
    assert MemberAccessUses(FakeJobs(restores=[unnamed], copies=[])).of(REQUEST) == ("restore job without an id",)


def running(state: str, **told: str) -> dict[str, str]:
    return {"state": state, "RestoreJobId": "1", "CopyJobId": "1", **told}


OTHERS: str = f"arn:aws:backup:{REQUEST.region}:{VAULT_ACCOUNT}:recovery-point:other"
OWN: str = f"arn:aws:backup:{REQUEST.region}:{PAYMENTS}:recovery-point:own"


@pytest.mark.parametrize(
    ("job", "reads"),
    [
        pytest.param(running("RUNNING", BackupVaultArn=REQUEST.access_vault), True, id="through it"),
        pytest.param(running("PENDING", BackupVaultArn=REQUEST.access_vault), True, id="soon"),
        pytest.param(running("RUNNING", BackupVaultArn=GAPPED), True, id="through it, as another name says"),
        pytest.param(running("COMPLETED", BackupVaultArn=REQUEST.access_vault), False, id="it has ended"),
        pytest.param(running("RUNNING", BackupVaultArn=a_vault_arn("local", account=PAYMENTS)), False, id="another"),
        pytest.param(running("RUNNING", BackupVaultArn=a_vault_arn("other")), True, id="out of another account's"),
        pytest.param(running("RUNNING", RecoveryPointArn=REQUEST.recovery_point), True, id="the approved one"),
        pytest.param(
            running(
                "RUNNING",
                BackupVaultArn=a_vault_arn("local", account=PAYMENTS),
                RecoveryPointArn=REQUEST.recovery_point,
            ),
            True,
            id="the approved one, as if it were its own",
        ),
        pytest.param(running("RUNNING", RecoveryPointArn=OTHERS), True, id="some point of another account"),
        pytest.param(running("RUNNING", RecoveryPointArn=OWN), False, id="a point of its own"),
        pytest.param(running("RUNNING"), True, id="nobody is told out of what"),
    ],
)
def test_restores_that_may_read_through_it_are_told(job: dict[str, str], *, reads: bool) -> None:
    jobs = FakeJobs(restores=[job], copies=[])
    assert MemberAccessUses(jobs).of(REQUEST) == (("restore job 1",) if reads else ())
    assert {each["ByAccountId"] for each in jobs.asked} == {PAYMENTS}


@pytest.mark.parametrize(
    ("job", "reads"),
    [
        pytest.param(running("RUNNING", SourceBackupVaultArn=REQUEST.access_vault), True, id="through it"),
        pytest.param(running("CREATED", SourceBackupVaultArn=REQUEST.access_vault), True, id="soon"),
        pytest.param(running("RUNNING", SourceRecoveryPointArn=OWN), False, id="a point of its own"),
    ],
)
def test_and_so_are_copies(job: dict[str, str], *, reads: bool) -> None:
    assert MemberAccessUses(FakeJobs(restores=[], copies=[job])).of(REQUEST) == (("copy job 1",) if reads else ())


class FakeOwner:
    """AWS Backup in the account of the air-gapped vault: who has access, and what is asked of the team."""

    def __init__(self, *listed: dict[str, Any]) -> None:
        self.listed = listed
        self.revoked: list[dict[str, Any]] = []
        self.lent: list[dict[str, Any]] = []

    def client(self, service: str, **lent: Any) -> "FakeOwner":
        self.lent.append({"service": service, **lent})
        return self

    def list_restore_access_backup_vaults(self, **asked: Any) -> dict[str, Any]:
        """One at a time."""
        number = int(asked.pop("NextToken", "0"))
        assert asked == {"BackupVaultName": "gapped-vault"}
        more = {"NextToken": str(number + 1)} if number + 1 < len(self.listed) else {}
        return {"RestoreAccessBackupVaults": list(self.listed[number : number + 1]), **more}

    def revoke_restore_access_backup_vault(self, **asked: Any) -> None:
        self.revoked.append(asked)


SINCE = datetime(2026, 11, 24, 14, tzinfo=UTC)
UNTIL = datetime(2026, 11, 25, 14, tzinfo=UTC)
OURS = {"RestoreAccessBackupVaultArn": REQUEST.access_vault}
ANOTHER = {"RestoreAccessBackupVaultArn": f"{REQUEST.access_vault}-2", "LatestRevokeRequest": {"Status": "PENDING"}}


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({}, None),
        ({"LatestRevokeRequest": {}}, None),
        (
            {"LatestRevokeRequest": {"Status": "FAILED", "InitiationDate": SINCE, "StatusMessage": "REJECTED"}},
            AskedToRevoke(state="FAILED", since=SINCE, message="REJECTED"),
        ),
        (
            {"LatestRevokeRequest": {"Status": "PENDING", "InitiationDate": SINCE}},
            AskedToRevoke(state="PENDING", since=SINCE),
        ),
        (
            {"LatestRevokeRequest": {"Status": "PENDING", "InitiationDate": SINCE, "ExpiryDate": UNTIL}},
            AskedToRevoke(state="PENDING", since=SINCE, until=UNTIL),
        ),
        ({"LatestRevokeRequest": {"InitiationDate": SINCE}}, AskedToRevoke(state="", since=SINCE)),
    ],
    ids=["nothing told", "nothing said", "refused", "pending", "pending until then", "without a word for it"],
)
def test_what_the_team_was_asked_last_is_read_of_the_requests_access(
    told: dict[str, Any], asked: AskedToRevoke | None
) -> None:
    owner = FakeOwner(ANOTHER, OURS | told)
    assert VaultAccessRevoker(owner).asked(REQUEST, team=TEAM) == asked


def test_all_that_are_open_are_listed_by_who_may_do_no_more() -> None:
    states = {"AVAILABLE": "a", "CREATING": "b", "FAILED": "c"}
    listed = [{"RestoreAccessBackupVaultArn": arn, "VaultState": state} for state, arn in states.items()]
    owner = FakeOwner(*listed, {"RestoreAccessBackupVaultArn": "d"})
    assert VaultAccessRevoker(owner).open_accesses(GAPPED) == ("a",)
    [lent] = owner.lent
    assert (lent["account"], lent["region"]) == (VAULT_ACCOUNT, REQUEST.region)
    [allowed] = json.loads(lent["policy"])["Statement"]
    assert (allowed["Action"], allowed["Resource"]) == (["backup:ListRestoreAccessBackupVaults"], [GAPPED])


@pytest.mark.parametrize("told", [{"Status": "PENDING"}, {"Status": "FAILED", "InitiationDate": None}])
def test_a_question_of_which_nobody_says_when_is_malformed(told: dict[str, Any]) -> None:
    with pytest.raises(MalformedRecordError, match="and not when"):
        VaultAccessRevoker(FakeOwner({}, OURS | {"LatestRevokeRequest": told})).asked(REQUEST, team=TEAM)


def test_an_open_access_without_its_arn_is_malformed() -> None:
    with pytest.raises(MalformedRecordError, match="without its ARN"):
        VaultAccessRevoker(FakeOwner({"VaultState": "AVAILABLE"})).open_accesses(GAPPED)


def test_an_access_that_its_vault_does_not_know_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="has no access"):
        VaultAccessRevoker(FakeOwner(ANOTHER)).asked(REQUEST, team=TEAM)


def test_the_end_of_exactly_this_access_is_asked_for_where_its_vault_is_and_no_more_may_be() -> None:
    owner = FakeOwner()
    VaultAccessRevoker(owner).revoke(REQUEST, team=TEAM)
    assert owner.revoked == [
        {
            "BackupVaultName": "gapped-vault",
            "RestoreAccessBackupVaultArn": REQUEST.access_vault,
            "RequesterComment": f"Strongroom restore request {REQUEST.id} is over",
        }
    ]
    [lent] = owner.lent
    assert (lent["account"], lent["region"], lent["session"]) == (VAULT_ACCOUNT, REQUEST.region, REQUEST.id)
    allowed = {
        action: statement["Resource"]
        for statement in json.loads(lent["policy"])["Statement"]
        for action in statement["Action"]
    }
    assert allowed == {
        "backup:ListRestoreAccessBackupVaults": [GAPPED],
        "backup:RevokeRestoreAccessBackupVault": [REQUEST.access_vault, GAPPED],
        "mpa:StartSession": [TEAM],
    }


def test_a_vault_whose_name_would_mean_others_is_asked_of_nobody() -> None:
    owner = FakeOwner()
    with pytest.raises(ApprovalVoidError):
        VaultAccessRevoker(owner).revoke(replace(REQUEST, vault=f"{GAPPED[:-1]}*"), team=TEAM)
    assert (owner.lent, owner.revoked) == ([], [])
