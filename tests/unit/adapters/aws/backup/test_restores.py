"""AWS Backup for restores, against a client that answers as boto3 does."""

import json
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.backup.recovery_points import LeftPoints, MemberPointTags, VaultedPoints
from strongroom.adapters.aws.backup.restores import (
    CentralCopiesBegun,
    CentralCopyJobs,
    CentralCopyStarter,
    MemberRestoreJobs,
    MemberRestoreStarter,
)
from strongroom.domain.errors import (
    AccessRefusedError,
    ApprovalVoidError,
    ConfigurationMissingError,
    CopyBackFailedError,
    CredentialsExpiredError,
    CredentialsUnknownError,
    NotFoundError,
    RestoreFailedError,
    StrongroomError,
    TemporarilyUnavailableError,
    ThrottledError,
)
from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.arriving.landing import hop_between, last_hop
from strongroom.domain.restores.ends.standing import begun, begun_between
from strongroom.domain.restores.requests import RestoreRequest, act_token
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.air_gaps import CENTRAL, with_vaults
from tests.builders.intents import with_restores
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME,
    LOCAL_VAULT,
    PAYMENTS,
    REPLICA_REGION,
    REPLICA_VAULT,
    REPORTS,
    TEMPORARY_VAULT,
    VAULT_ACCOUNT,
    a_vault_arn,
)
from tests.builders.restores import (
    BETWEEN_POINT,
    CENTRAL_POINT,
    COPIED_POINT,
    DATABASE,
    NOW,
    POINT,
    PROFILE,
    ROLE,
    a_copy_back_job,
    a_landing_vault,
    a_local_landing,
    a_request,
    a_restore_job,
)
from tests.fakes.backup import FakeBackup, a_copy_job_answer, a_point_answer, a_restore_job_answer, a_vault_answer

_TOLD = (
    "RecoveryPointArn",
    "SourceBackupVaultName",
    "DestinationBackupVaultArn",
    "IdempotencyToken",
    "Lifecycle",
)


@dataclass
class Places:
    """Our own client and the members', apart; `behalf` is for whom a member's was lent."""

    mine: FakeBackup = field(default_factory=FakeBackup)
    theirs: FakeBackup = field(default_factory=FakeBackup)
    asked: list[tuple[str, str]] = field(default_factory=list)
    behalf: Behalf | None = None
    policy: str = ""

    def own(self, service: str, region: str) -> FakeBackup:
        self.asked.append(("own", region))
        return self.mine

    def client(
        self, service: str, *, account: str, region: str, behalf: Behalf | None = None, policy: str = ""
    ) -> FakeBackup:
        self.asked.append((account, region))
        self.behalf, self.policy = behalf, policy
        return self.theirs


def _places(**errors: str) -> Places:
    """The database's recovery point lies in both vaults; the methods that are named fail with their codes."""
    described = {
        "ResourceArn": DATABASE,
        "ResourceType": "RDS",
        "CreationDate": datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        "EncryptionKeyArn": "arn:key",
        "StorageClass": "WARM",
        "RestoreMetadata": {"DBInstanceClass": "db.t3.small"},
    }

    def backup(vault: str) -> FakeBackup:
        return FakeBackup(points=[a_point_answer(POINT, vault=vault, **described)], errors=errors)

    return Places(mine=backup(CENTRAL_VAULT), theirs=backup(LOCAL_VAULT))


@pytest.mark.parametrize(
    ("vault", "asked"),
    [(LOCAL_VAULT, ("222222222222", "eu-west-1")), (CENTRAL_VAULT, ("own", "eu-west-1"))],
    ids=["local", "central"],
)
def test_a_point_is_read_where_its_vault_is(vault: str, asked: tuple[str, str], intent: Intent) -> None:
    places = _places()
    points = VaultedPoints(places.own, places, intent=intent)
    found = points.find(POINT, vault=vault)
    assert found is not None
    assert (found.resource, found.vault) == (DATABASE, vault)
    assert found.restore_metadata == {"DBInstanceClass": "db.t3.small"}
    assert (found.is_cold, found.encryption_key) == (False, "arn:key")
    assert not found.is_composite
    assert set(places.asked) == {asked}


def test_a_point_that_holds_others_is_told_to_be_a_composite(intent: Intent) -> None:
    places = _places()
    places.theirs.points[0]["IsParent"] = True
    found = VaultedPoints(places.own, places, intent=intent).find(POINT, vault=LOCAL_VAULT)
    assert found is not None
    assert found.is_composite


MADE_BY = {"BackupPlanArn": f"arn:aws:backup:{HOME}:{PAYMENTS}:backup-plan:orgs/1", "BackupRuleId": "r1"}
PLANS = {"orgs/1": {"BackupPlanName": "strongroom-daily-prod", "Rules": []}}


@pytest.mark.parametrize(
    ("told", "plans", "name"),
    [
        pytest.param({**MADE_BY, "BackupPlanName": "strongroom-gfs"}, PLANS, "strongroom-gfs", id="named"),
        pytest.param(MADE_BY, PLANS, "strongroom-daily-prod", id="named by its account"),
        pytest.param(MADE_BY, {}, None, id="named by nobody"),
        pytest.param(
            {"BackupPlanArn": f"arn:aws:backup:{HOME}:333333333333:backup-plan:orgs/1"}, PLANS, None, id="elsewhere"
        ),
        pytest.param({"BackupPlanArn": f"arn:aws:backup:{HOME}:{PAYMENTS}:backup-plan:1"}, PLANS, None, id="foreign"),
    ],
)
@pytest.mark.parametrize("vault", [LOCAL_VAULT, CENTRAL_VAULT], ids=["local", "central"])
def test_the_plan_that_made_a_point_is_named_by_aws_backup_or_by_the_account_of_the_plan(
    told: dict[str, str], plans: dict[str, Any], name: str | None, vault: str, intent: Intent
) -> None:
    places = _places()
    for each in (places.mine, places.theirs):
        each.points[0]["CreatedBy"] = told
    places.theirs.plans = plans
    found = VaultedPoints(places.own, places, intent=intent).find(POINT, vault=vault)
    assert found is not None
    assert found.made_by is not None
    assert (found.made_by.plan, found.made_by.plan_name) == (told["BackupPlanArn"], name)
    assert places.mine.calls.count("get_backup_plan") == 0


@pytest.mark.parametrize(
    ("code", "sees"),
    [
        pytest.param("", True, id="shared"),
        pytest.param("AccessDeniedException", False, id="not shared"),
        pytest.param("ResourceNotFoundException", False, id="not there"),
    ],
)
def test_an_account_sees_what_is_shared_with_it_as_it_asks_itself(code: str, *, sees: bool, intent: Intent) -> None:
    errors = {"describe_backup_vault": code} if code else {}
    places = Places(theirs=FakeBackup(vaults={"gapped": {}}, errors=errors))
    gapped = a_vault_arn("gapped", account=VAULT_ACCOUNT)
    assert VaultedPoints(places.own, places, intent=intent).sees(PAYMENTS, gapped) is sees
    assert places.asked == [(PAYMENTS, HOME)]
    assert places.theirs.calls[0] == "describe_backup_vault"


@pytest.mark.parametrize(
    ("errors", "error"),
    [
        pytest.param(
            {"describe_backup_vault": "ExpiredTokenException"}, CredentialsExpiredError, id="its session is over"
        ),
        pytest.param(
            {"describe_backup_vault": "UnrecognizedClientException"}, CredentialsUnknownError, id="unknown there"
        ),
        pytest.param(
            {"describe_backup_vault": "AccessDeniedException", "list_backup_vaults": "AccessDeniedException"},
            AccessRefusedError,
            id="the role may nothing",
        ),
        pytest.param(
            {"describe_backup_vault": "AccessDeniedException", "list_backup_vaults": "ThrottlingException"},
            TemporarilyUnavailableError,
            id="not answered",
        ),
    ],
)
def test_a_refusal_of_whoever_asks_is_not_taken_for_one_of_the_vault(
    errors: dict[str, str], error: type[StrongroomError], intent: Intent
) -> None:
    places = Places(theirs=FakeBackup(vaults={"gapped": {}}, errors=errors))
    with pytest.raises(error):
        VaultedPoints(places.own, places, intent=intent).sees(PAYMENTS, a_vault_arn("gapped", account=VAULT_ACCOUNT))


@pytest.mark.parametrize(
    ("vault", "asked"),
    [
        pytest.param(CENTRAL_VAULT, ("own", HOME), id="of the backup account"),
        pytest.param(a_vault_arn("gapped", account=VAULT_ACCOUNT), (VAULT_ACCOUNT, HOME), id="of another"),
    ],
)
def test_the_team_of_a_vault_is_told_by_its_own_account(vault: str, asked: tuple[str, str], intent: Intent) -> None:
    name = Arn.parse(vault).name
    guarded = FakeBackup(vaults={name: {"MpaApprovalTeamArn": "arn:team"}})
    places = Places(mine=guarded, theirs=guarded)
    points = VaultedPoints(places.own, places, intent=intent)
    assert (points.team_of(vault), places.asked) == ("arn:team", [asked])
    guarded.vaults[name] = {}
    assert points.team_of(vault) == ""
    guarded.errors["describe_backup_vault"] = "ResourceNotFoundException"
    assert points.team_of(vault) == ""
    guarded.errors = dict.fromkeys(("describe_backup_vault", "list_backup_vaults"), "AccessDeniedException")
    with pytest.raises(AccessRefusedError):
        points.team_of(vault)


def test_what_scans_say_of_a_point_is_read_with_it(intent: Intent) -> None:
    places = _places()
    scan = {"ScanJobState": "FAILED", "LastScanTimestamp": NOW, "Findings": ["MALWARE"]}
    points = VaultedPoints(places.own, places, intent=intent)
    before = points.find(POINT, vault=LOCAL_VAULT)
    places.theirs.points[0]["ScanResults"] = [scan]
    after = points.find(POINT, vault=LOCAL_VAULT)
    assert before is not None
    assert after is not None
    assert (before.scan, after.scan) == (Scan.NEVER, Scan.THREATS)


def test_a_point_that_was_asked_for_by_hand_was_made_by_no_plan(intent: Intent) -> None:
    places = _places()
    found = VaultedPoints(places.own, places, intent=intent).find(POINT, vault=LOCAL_VAULT)
    assert found is not None
    assert found.made_by is None


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidParameterValueException"])
def test_a_point_that_is_not_there_is_none(code: str, intent: Intent) -> None:
    places = _places(describe_recovery_point=code)
    assert VaultedPoints(places.own, places, intent=intent).find(POINT, vault=LOCAL_VAULT) is None


@pytest.mark.parametrize("lock", [{}, {"MinRetentionDays": 7, "MaxRetentionDays": 400}], ids=["open", "locked"])
def test_the_vault_that_is_copied_back_into_is_described_in_the_member(lock: dict[str, int], intent: Intent) -> None:
    places = Places(theirs=FakeBackup(vaults={"local-prod-vault": {"EncryptionKeyArn": "arn:key", **lock}}))
    landing = VaultedPoints(places.own, places, intent=intent).landing(PAYMENTS, HOME)
    assert landing == a_local_landing(
        encryption_key="arn:key", min_days=lock.get("MinRetentionDays"), max_days=lock.get("MaxRetentionDays")
    )
    assert places.asked == [(PAYMENTS, HOME)]


@dataclass
class Native:
    """The services that keep snapshots."""

    def read(self, arn: str, *, account: str, region: str) -> dict[str, str]:
        return {"Backup": "daily-prod", "aws:backup:source-resource": arn, "of": f"{account} {region}"}


def _tags(places: Places, point: str, intent: Intent) -> dict[str, str]:
    """What a restore into payments learns of the recovery point's tags."""
    reader = MemberPointTags(places.own, places, native=Native(), intent=intent)
    return reader.tags(point, account=PAYMENTS, region=HOME)


def test_the_tags_of_a_snapshot_are_read_at_its_own_service(intent: Intent) -> None:
    places = _places(list_tags="InvalidParameterValueException")
    assert _tags(places, POINT, intent) == {"Backup": "daily-prod", "of": f"{PAYMENTS} {HOME}"}


@pytest.mark.parametrize(
    ("account", "asked"),
    [(PAYMENTS, (PAYMENTS, HOME)), (BACKUP_ACCOUNT, ("own", HOME)), (VAULT_ACCOUNT, (VAULT_ACCOUNT, HOME))],
    ids=["its own vault", "a vault of the backup account", "a vault of an account of vaults"],
)
def test_the_tags_of_what_aws_backup_keeps_itself_are_read_in_the_account_of_its_arn(
    account: AccountId, asked: tuple[str, str], intent: Intent
) -> None:
    point = f"arn:aws:backup:{HOME}:{account}:recovery-point:1"
    backup = FakeBackup(tags={point: {"Backup": "daily-prod", "aws:backup:source-resource": "x"}})
    places = Places(mine=backup) if account == BACKUP_ACCOUNT else Places(theirs=backup)
    gapped = with_vaults(intent, safe=replace(CENTRAL, account=VAULT_ACCOUNT))
    assert _tags(places, point, gapped) == {"Backup": "daily-prod"}
    assert places.asked == [asked]


def test_no_account_is_asked_for_tags_that_has_no_vaults_by_the_intent(intent: Intent) -> None:
    places = _places()
    with pytest.raises(
        ConfigurationMissingError, match=f"account {VAULT_ACCOUNT} has no vaults by the intent; read them"
    ):
        _tags(places, f"arn:aws:backup:{HOME}:{VAULT_ACCOUNT}:recovery-point:1", intent)
    assert places.asked == []


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidParameterValueException"])
def test_tags_that_aws_backup_does_not_tell_are_not_taken_for_none(code: str, intent: Intent) -> None:
    point = f"arn:aws:backup:{HOME}:{BACKUP_ACCOUNT}:recovery-point:1"
    places = Places(mine=FakeBackup(errors={"list_tags": code}))
    with pytest.raises(NotFoundError, match=f"the tags of {point} cannot be listed: ListTags answered {code}"):
        _tags(places, point, intent)


def test_where_a_profile_names_a_key_that_is_the_temporary_vault(intent: Intent) -> None:
    places = Places(theirs=FakeBackup(vaults={"strongroom-restores": {"EncryptionKeyArn": "arn:key"}}))
    profiled = with_restores(intent, profiles=(PROFILE,))
    landing = VaultedPoints(places.own, places, intent=profiled).landing(PAYMENTS, HOME)
    assert landing == a_landing_vault(encryption_key="arn:key")


def test_a_refusal_is_no_absence(intent: Intent) -> None:
    places = _places(describe_recovery_point="AccessDeniedException")
    with pytest.raises(AccessRefusedError):
        VaultedPoints(places.own, places, intent=intent).find(POINT, vault=LOCAL_VAULT)


def _started(places: Places, request: RestoreRequest, intent: Intent) -> str:
    """The job of the copy of its recovery point into its account."""
    hop = last_hop(request, recovery_point=request.recovery_point, intent=intent)
    return CentralCopyStarter(places, intent=intent).start(request, hop)


def test_of_two_copies_each_is_started_where_its_source_lies_with_a_token_of_its_own(intent: Intent) -> None:
    places, wide = Places(), with_restores(intent, profiles=(replace(PROFILE, region=REPLICA_REGION, keys=()),))
    request = a_request(
        vault=CENTRAL_VAULT,
        recovery_point=CENTRAL_POINT,
        region=REPLICA_REGION,
        through_vault=REPLICA_VAULT,
        through_kept_for=timedelta(days=35),
        copy_kept_for=timedelta(days=15),
    )
    starter = CentralCopyStarter(places, intent=wide)
    starter.start(request, hop_between(request, intent=wide))
    starter.start(request, last_hop(request, recovery_point=BETWEEN_POINT, intent=wide))
    assert places.asked == [(BACKUP_ACCOUNT, HOME), (BACKUP_ACCOUNT, REPLICA_REGION)]
    assert [tuple(each[name] for name in _TOLD) for each in places.theirs.started] == [
        (CENTRAL_POINT, "central-backup-vault", REPLICA_VAULT, "r-abcdefgh2345-copy-through", {"DeleteAfterDays": 35}),
        (
            BETWEEN_POINT,
            "replica-backup-vault",
            LOCAL_VAULT.replace(HOME, REPLICA_REGION),
            "r-abcdefgh2345-copy-back",
            {"DeleteAfterDays": 15},
        ),
    ]


@pytest.mark.parametrize(
    ("profiles", "told", "vault"),
    [
        pytest.param((PROFILE,), TEMPORARY_VAULT, TEMPORARY_VAULT, id="temporary"),
        pytest.param((), TEMPORARY_VAULT, LOCAL_VAULT, id="the intent has none"),
        pytest.param((PROFILE,), "", LOCAL_VAULT, id="nobody approved it"),
    ],
)
def test_a_copy_back_runs_in_our_account_into_the_approved_vault_once_per_request(
    profiles: tuple[AccountProfile, ...], told: str, vault: str, intent: Intent
) -> None:
    places, kept = Places(), timedelta(days=54)
    wide = with_restores(intent, profiles=profiles)
    asked = a_request(vault=CENTRAL_VAULT, recovery_point=CENTRAL_POINT, copy_kept_for=kept, temporary_vault=told)
    assert [_started(places, asked, wide), _started(places, asked, wide)] == ["started-1", "started-1"]
    [request] = places.theirs.started
    assert request["RecoveryPointArn"] == CENTRAL_POINT
    assert request["DestinationBackupVaultArn"] == vault
    assert request["SourceBackupVaultName"] == "central-backup-vault"
    assert request["IamRoleArn"] == "arn:aws:iam::999999999999:role/strongroom/strongroom-central-backup"
    assert request["IdempotencyToken"] == "r-abcdefgh2345-copy-back"
    assert request["Lifecycle"] == {"DeleteAfterDays": 54}
    assert places.asked == [(BACKUP_ACCOUNT, HOME)] * 2
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket, request_id="r-abcdefgh2345")


def test_a_copy_into_another_region_is_started_and_looked_at_where_its_source_lies(intent: Intent) -> None:
    places, there = Places(), replace(PROFILE, region=REPLICA_REGION, keys=())
    asked = a_request(vault=CENTRAL_VAULT, recovery_point=CENTRAL_POINT, region=REPLICA_REGION)
    _started(places, asked, with_restores(intent, profiles=(there,)))
    assert places.theirs.started[0]["DestinationBackupVaultArn"] == LOCAL_VAULT.replace(HOME, REPLICA_REGION)
    replica = a_request(vault=REPLICA_VAULT, recovery_point=CENTRAL_POINT.replace(HOME, REPLICA_REGION))
    _started(places, replica, intent)
    assert places.asked == [(BACKUP_ACCOUNT, HOME), (BACKUP_ACCOUNT, REPLICA_REGION)]


def test_x_10_a_copy_back_is_started_by_a_session_that_may_start_no_other(intent: Intent) -> None:
    places = Places()
    _started(places, a_request(vault=CENTRAL_VAULT, recovery_point=CENTRAL_POINT), intent)
    assert json.loads(places.policy)["Statement"] == [
        {"Effect": "Allow", "Action": "backup:StartCopyJob", "Resource": CENTRAL_POINT},
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "arn:aws:iam::999999999999:role/strongroom/strongroom-central-backup",
            "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
        },
    ]


@pytest.mark.parametrize("wild", ["*", "?", "${aws:PrincipalTag/ticket}"])
def test_x_10_a_point_that_a_policy_would_read_as_more_is_never_copied(wild: str, intent: Intent) -> None:
    places, request = Places(), a_request(vault=CENTRAL_VAULT, recovery_point=CENTRAL_POINT + wild)
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        _started(places, request, intent)
    assert (places.asked, places.theirs.started) == ([], [])


def test_a_copy_back_that_has_ended_is_told_with_what_it_made(intent: Intent) -> None:
    told = {"SourceRecoveryPointArn": CENTRAL_POINT, "DestinationBackupVaultArn": LOCAL_VAULT}
    done = a_copy_job_answer(**told, DestinationRecoveryPointArn=COPIED_POINT, CompletionDate=NOW)
    places = Places(mine=FakeBackup(copy_jobs=[done]))
    assert CentralCopyJobs(places.own).describe("copy-1", region=HOME) == a_copy_back_job(completed_at=NOW)
    assert places.asked == [("own", HOME)]


def test_a_copy_back_that_still_runs_has_made_nothing(intent: Intent) -> None:
    told = {"SourceRecoveryPointArn": CENTRAL_POINT, "DestinationBackupVaultArn": LOCAL_VAULT, "State": "RUNNING"}
    places = Places(mine=FakeBackup(copy_jobs=[a_copy_job_answer(**told)]))
    described = CentralCopyJobs(places.own).describe("copy-1", region=HOME)
    assert described == a_copy_back_job(state="RUNNING", recovery_point="", completed_at=None)


def test_a_copy_whose_start_nobody_wrote_down_is_looked_for_by_source_account_and_time(intent: Intent) -> None:
    """The intent may name another vault by now, and the clock of AWS may be a minute behind ours."""
    end = begun(a_request(recovery_point=CENTRAL_POINT), vault=TEMPORARY_VAULT, job="", since=NOW, now=NOW)
    jobs = (
        ("later", CENTRAL_POINT, TEMPORARY_VAULT, 120),
        ("of another", POINT, TEMPORARY_VAULT, 60),
        ("into another account", CENTRAL_POINT, REPLICA_VAULT, 60),
        ("first", CENTRAL_POINT, LOCAL_VAULT, -60),
        ("before", CENTRAL_POINT, TEMPORARY_VAULT, -61),
    )
    places = Places(mine=FakeBackup(copy_jobs=[_copied(*job) for job in jobs]))
    assert CentralCopiesBegun(places.own).jobs_of(end) == ("first", "later")
    assert places.asked == [("own", HOME)]


def test_a_copy_between_whose_start_nobody_wrote_down_is_looked_for_in_the_vault_that_was_signed() -> None:
    """The backup account has vaults besides, into which the same recovery point is copied."""
    request = a_request(recovery_point=CENTRAL_POINT, through_vault=REPLICA_VAULT)
    jobs = (("between", CENTRAL_POINT, REPLICA_VAULT, 60), ("elsewhere", CENTRAL_POINT, f"{REPLICA_VAULT}-2", 120))
    places = Places(mine=FakeBackup(copy_jobs=[_copied(*job) for job in jobs]))
    end = begun_between(request, job="", since=NOW, now=NOW)
    assert CentralCopiesBegun(places.own).jobs_of(end) == ("between",)


def _copied(job: str, source: str, vault: str, seconds: int) -> dict[str, Any]:
    """A copy of the point into the vault, so long after now."""
    return a_copy_job_answer(
        CopyJobId=job,
        SourceRecoveryPointArn=source,
        DestinationBackupVaultArn=vault,
        CreationDate=NOW + timedelta(seconds=seconds),
    )


def test_what_is_to_go_is_there_until_its_vault_does_not_know_it() -> None:
    places = _places()
    assert LeftPoints(places.own, places, own_account=BACKUP_ACCOUNT).status(POINT, vault=LOCAL_VAULT) == "COMPLETED"
    assert LeftPoints(places.own, places, own_account=BACKUP_ACCOUNT).status(COPIED_POINT, vault=LOCAL_VAULT) is None
    assert places.asked == [(PAYMENTS, HOME)] * 2


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidParameterValueException", "ThrottlingException"])
def test_a_refusal_is_never_taken_for_something_that_is_gone(code: str) -> None:
    places = _places(describe_recovery_point=code)
    places.theirs.vaults = {Arn.parse(LOCAL_VAULT).name: a_vault_answer(LOCAL_VAULT, key="arn:key")}
    with pytest.raises(StrongroomError):
        LeftPoints(places.own, places, own_account=BACKUP_ACCOUNT).status(COPIED_POINT, vault=LOCAL_VAULT)


def test_a_restore_runs_in_the_member_with_exactly_the_approved_metadata_once_per_request() -> None:
    places = Places()
    starter = MemberRestoreStarter(places)
    jobs = [starter.start_job(a_request(), recovery_point=COPIED_POINT) for _ in range(2)]
    assert jobs == ["started-1", "started-1"]
    assert places.theirs.started == [
        {
            "RecoveryPointArn": COPIED_POINT,
            "Metadata": dict(a_request().metadata),
            "IamRoleArn": ROLE,
            "IdempotencyToken": act_token(a_request()),
            "ResourceType": "RDS",
        }
    ]
    assert places.asked == [(PAYMENTS, HOME)] * 2
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket, request_id="r-abcdefgh2345")


def test_attack_20_a_restore_is_started_by_a_session_that_may_start_no_other() -> None:
    places = Places()
    MemberRestoreStarter(places).start_job(a_request(), recovery_point=COPIED_POINT)
    assert json.loads(places.policy)["Statement"] == [
        {"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": COPIED_POINT},
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": ROLE,
            "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
        },
    ]


@pytest.mark.parametrize("wild", ["*", "?", "${aws:PrincipalTag/ticket}"])
@pytest.mark.parametrize("what", ["recovery point", "role"])
def test_attack_20_what_a_policy_would_read_as_more_is_never_started(what: str, wild: str) -> None:
    places = Places()
    request = a_request(role=ROLE + wild) if what == "role" else a_request()
    point = COPIED_POINT if what == "role" else COPIED_POINT + wild
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        MemberRestoreStarter(places).start_job(request, recovery_point=point)
    assert (places.asked, places.theirs.started) == ([], [])


def test_x_10_a_copy_back_goes_to_the_vault_of_the_request_s_account_and_to_no_other(intent: Intent) -> None:
    places = Places()
    _started(places, a_request(account=REPORTS, vault=CENTRAL_VAULT, recovery_point=CENTRAL_POINT), intent)
    assert places.theirs.started[0]["DestinationBackupVaultArn"] == LOCAL_VAULT.replace(PAYMENTS, REPORTS)


def test_x12_the_session_of_an_urgent_restore_names_its_incident_in_place_of_a_ticket() -> None:
    places = Places()
    request = replace(a_request(), ticket="", incident="INC-77")
    MemberRestoreStarter(places).start_job(request, recovery_point=COPIED_POINT)
    assert places.behalf == Behalf(subject="idp|omar", ticket="INC-77", request_id="r-abcdefgh2345")


def test_a_restore_runs_under_the_role_that_was_approved() -> None:
    places = Places()
    MemberRestoreStarter(places).start_job(a_request(role=f"{ROLE}-of-then"), recovery_point=POINT)
    assert places.theirs.started[0]["IamRoleArn"] == f"{ROLE}-of-then"


def test_a_restore_is_watched_in_the_member() -> None:
    used = {"DBInstanceIdentifier": "payments-db-0200"}
    places = Places(theirs=FakeBackup(restore_jobs=[a_restore_job_answer(Metadata=used)]))
    assert MemberRestoreJobs(places).describe("restore-1", request=a_request()) == a_restore_job(metadata=used)
    assert places.asked == [(PAYMENTS, HOME)]


def test_a_restore_is_described_as_it_is_and_not_as_it_was_asked_for() -> None:
    other = {
        "AccountId": BACKUP_ACCOUNT,
        "RecoveryPointArn": COPIED_POINT,
        "IamRoleArn": f"{ROLE}-other",
        "CreationDate": NOW + timedelta(minutes=1),
        "Status": "FAILED",
        "StatusMessage": "no such subnet group",
    }
    answer = a_restore_job_answer(**other)
    del answer["CreatedResourceArn"]
    described = MemberRestoreJobs(Places(theirs=FakeBackup(restore_jobs=[answer]))).describe(
        "restore-1", request=a_request()
    )
    assert described == a_restore_job(
        account=BACKUP_ACCOUNT,
        recovery_point=COPIED_POINT,
        role=f"{ROLE}-other",
        created_at=NOW + timedelta(minutes=1),
        status="FAILED",
        message="no such subnet group",
        created="",
        metadata={},
    )


def test_what_a_lost_answer_left_running_is_found_by_point_role_and_time() -> None:
    changes: dict[str, dict[str, Any]] = {
        "ours": {},
        "of another point": {"RecoveryPointArn": COPIED_POINT},
        "under another role": {"IamRoleArn": f"{ROLE}-other"},
        "of no role yet": {"IamRoleArn": None},
        "of before": {"CreationDate": NOW - timedelta(hours=1)},
        "in another account": {"AccountId": BACKUP_ACCOUNT},
        "of another type": {"ResourceType": "EBS"},
        "ours once more": {"Status": "FAILED"},
    }
    jobs = [a_restore_job_answer(RestoreJobId=name, **each) for name, each in changes.items()]
    places = Places(theirs=FakeBackup(restore_jobs=jobs))
    found = MemberRestoreJobs(places).started(a_request(), recovery_point=POINT, since=NOW - timedelta(minutes=1))
    assert found == ("ours", "ours once more")
    assert places.asked == [(PAYMENTS, HOME)]


DISTRIBUTED = f"arn:aws:dsql:{HOME}:{PAYMENTS}:cluster/abcdefghijklmnopqrstuvwxyz"


def _running(places: Places, request: RestoreRequest) -> list[str]:
    return [job.id for job in MemberRestoreJobs(places).running(request, with_metadata=False)]


def test_what_runs_of_a_type_is_told_with_its_metadata_where_they_matter() -> None:
    used = {"clusterName": "shop"}
    jobs = [a_restore_job_answer(RestoreJobId="runs", Status="RUNNING", BackupSizeInBytes=7, Metadata=used)]
    theirs = FakeBackup(restore_jobs=jobs)
    running = MemberRestoreJobs(Places(theirs=theirs)).running
    [plain], [whole] = (running(a_request(), with_metadata=each) for each in (False, True))
    assert (plain.since, plain.size, plain.metadata) == (jobs[0]["CreationDate"], 7, {})
    assert whole.metadata == used
    theirs.errors["get_restore_job_metadata"] = "InvalidParameterValueException"
    [untold] = running(a_request(), with_metadata=True)
    assert untold.metadata == {}


def test_what_runs_of_a_type_is_counted_once_and_by_its_own_word() -> None:
    """API reference, StartRestoreJob: the pattern of ResourceType takes no blank, which "Aurora DSQL" has."""
    changes: dict[str, Any] = {
        "runs": {"Status": "RUNNING"},
        "waits": {"Status": "PENDING"},
        "ended": {"Status": "COMPLETED"},
        "failed": {"Status": "FAILED"},
        "of another type": {"Status": "RUNNING", "ResourceType": "RDS"},
        "inside of one": {"Status": "RUNNING", "ParentJobId": "runs"},
        "elsewhere": {"Status": "RUNNING", "AccountId": BACKUP_ACCOUNT},
    }
    of_type = {"ResourceType": "Aurora DSQL"}
    jobs = [a_restore_job_answer(RestoreJobId=name, **of_type | each) for name, each in changes.items()]
    places = Places(theirs=FakeBackup(restore_jobs=jobs))
    request = a_request(resource_type="Aurora DSQL", resource=DISTRIBUTED)
    assert _running(places, request) == ["waits", "runs"]
    assert _running(places, a_request()) == ["of another type"]
    since = NOW - timedelta(minutes=1)
    assert "runs" in MemberRestoreJobs(places).started(request, recovery_point=POINT, since=since)


def test_a_type_with_a_blank_is_not_said_where_its_restore_is_started() -> None:
    places = Places()
    MemberRestoreStarter(places).start_job(a_request(resource_type="Aurora DSQL"), recovery_point=COPIED_POINT)
    assert "ResourceType" not in places.theirs.started[0]


@pytest.mark.parametrize(
    ("code", "copy_error", "restore_error"),
    [
        ("ThrottlingException", TemporarilyUnavailableError, ThrottledError),
        ("LimitExceededException", TemporarilyUnavailableError, ThrottledError),
        ("ServiceUnavailableException", TemporarilyUnavailableError, TemporarilyUnavailableError),
        ("AccessDeniedException", CopyBackFailedError, RestoreFailedError),
        ("InvalidRequestException", CopyBackFailedError, RestoreFailedError),
    ],
)
def test_what_a_refused_start_means(
    code: str, copy_error: type[Exception], restore_error: type[Exception], intent: Intent
) -> None:
    places = _places(start_copy_job=code, start_restore_job=code)
    with pytest.raises(copy_error):
        _started(places, a_request(), intent)
    with pytest.raises(restore_error) as refused:
        MemberRestoreStarter(places).start_job(a_request(), recovery_point=POINT)
    assert refused.type is restore_error
