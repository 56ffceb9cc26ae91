"""Recovery points as AWS Backup lists and describes them, in our own words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.backup.listed_points import ListedPoints, PastRestores, known_scan
from strongroom.adapters.aws.clients import MemberClients, client
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.deciding.candidates import GIB, TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT
from tests.fakes.account_clients import Pages
from tests.fakes.backup import FakeBackup, a_point_answer


def a_point(arn: str = POINT, *, vault: str = LOCAL_VAULT, **changes: Any) -> dict[str, Any]:
    told = {
        "ResourceArn": DATABASE,
        "ResourceType": "RDS",
        "CreationDate": TWO_O_CLOCK,
        "CompletionDate": TWO_O_CLOCK + timedelta(minutes=10),
        "BackupSizeInBytes": 100 * GIB,
        "Lifecycle": {"DeleteAfterDays": 35},
        "CalculatedLifecycle": {"DeleteAt": NOW + timedelta(days=35)},
    }
    return a_point_answer(arn, vault=vault, **(told | changes))


@pytest.fixture
def own(fake_clients: Any) -> FakeBackup:
    backup = fake_clients.own["backup"] = FakeBackup(vaults={"central-backup-vault": {}})
    return backup


@pytest.fixture
def member(fake_clients: Any) -> FakeBackup:
    backup = fake_clients.member[PAYMENTS, "backup"] = FakeBackup(vaults={"local-prod-vault": {}})
    return backup


@pytest.fixture
def inspection(intent: Intent) -> MemberClients:
    return MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=lambda: datetime.now(UTC)
    )


@pytest.fixture
def lists(inspection: MemberClients, own: FakeBackup, member: FakeBackup) -> ListedPoints:
    return ListedPoints(client, inspection, own_account=BACKUP_ACCOUNT, now=NOW)


def test_a_members_list_is_read_in_its_account_to_its_last_page(lists: ListedPoints, member: FakeBackup) -> None:
    member.points = [a_point(), a_point(f"{POINT}-2"), a_point("other", ResourceArn="arn:aws:rds:::db:other")]
    assert lists.of_resource(DATABASE, vault=LOCAL_VAULT) == [a_listed_point(), a_listed_point(arn=f"{POINT}-2")]


def test_a_copy_in_our_own_account_names_the_vault_that_it_came_from(lists: ListedPoints, own: FakeBackup) -> None:
    copied_at = TWO_O_CLOCK + timedelta(minutes=30)
    own.points = [
        a_point(CENTRAL_POINT, vault=CENTRAL_VAULT, SourceBackupVaultArn=LOCAL_VAULT, CompletionDate=copied_at)
    ]
    assert lists.of_resource(DATABASE, vault=CENTRAL_VAULT) == [a_listed_copy()]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        pytest.param({"SourceBackupVaultArn": LOCAL_VAULT}, {}, id="a backup whose source is its own vault"),
        pytest.param({"SourceBackupVaultArn": None}, {}, id="no source"),
        pytest.param({"IsParent": True}, {"is_composite": True}, id="composite"),
        pytest.param({"Lifecycle": {"DeleteAfterDays": -1}}, {"kept_for_days": None}, id="kept for ever"),
        pytest.param(
            {"Lifecycle": {}, "CalculatedLifecycle": {}}, {"kept_for_days": None, "expires_at": None}, id="no lifecycle"
        ),
        pytest.param(
            {"CalculatedLifecycle": {"MoveToColdStorageAt": NOW}}, {"is_cold": True, "expires_at": None}, id="cold"
        ),
        pytest.param(
            {"CalculatedLifecycle": {"MoveToColdStorageAt": NOW + timedelta(seconds=1)}},
            {"expires_at": None},
            id="warm",
        ),
        pytest.param(
            {"AggregatedScanResult": {"FailedScan": False, "Findings": [], "LastComputed": NOW}},
            {"scan": Scan.CLEAN, "scanned_at": NOW},
            id="clean",
        ),
        pytest.param(
            {"AggregatedScanResult": {"FailedScan": True, "Findings": ["MALWARE"], "LastComputed": NOW}},
            {"scan": Scan.THREATS, "scanned_at": NOW},
            id="infected, and another scan failed",
        ),
        pytest.param(
            {"AggregatedScanResult": {"FailedScan": True, "LastComputed": NOW}},
            {"scan": Scan.INCOMPLETE, "scanned_at": NOW},
            id="failed",
        ),
    ],
)
def test_what_a_list_tells_is_known(
    told: dict[str, Any], known: dict[str, Any], lists: ListedPoints, member: FakeBackup
) -> None:
    member.points = [a_point(**told)]
    assert lists.of_resource(DATABASE, vault=LOCAL_VAULT) == [a_listed_point(**known)]


def test_a_point_that_is_not_yet_made_tells_less(lists: ListedPoints, member: FakeBackup) -> None:
    point = a_point(Status="CREATING")
    del point["CompletionDate"], point["BackupSizeInBytes"]
    member.points = [point]
    wanted = a_listed_point(status="CREATING", completed_at=None, size=None)
    assert lists.of_resource(DATABASE, vault=LOCAL_VAULT) == [wanted]


def test_a_vault_that_is_not_there_is_not_found_and_one_that_is_closed_is_refused(
    lists: ListedPoints, own: FakeBackup, member: FakeBackup
) -> None:
    own.vaults = {}
    with pytest.raises(NotFoundError):
        lists.of_resource(DATABASE, vault=CENTRAL_VAULT)
    member.points = [a_point()]
    member.errors["list_recovery_points_by_backup_vault"] = "AccessDeniedException"
    with pytest.raises(AccessRefusedError):
        lists.of_resource(DATABASE, vault=LOCAL_VAULT)


def a_scan(state: str = "COMPLETED", *findings: str, at: datetime = NOW) -> dict[str, Any]:
    return {"ScanJobState": state, "LastScanTimestamp": at, "Findings": list(findings)}


EARLIER = NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "known"),
    [
        pytest.param({}, {}, id="nothing new"),
        pytest.param({"StorageClass": "COLD"}, {"is_cold": True}, id="cold"),
        pytest.param({"StorageClass": "WARM"}, {"is_cold": False}, id="warm"),
        pytest.param({"Status": "DELETING"}, {"status": "DELETING"}, id="state"),
        pytest.param({"ScanResults": [a_scan()]}, {"scan": Scan.CLEAN, "scanned_at": NOW}, id="clean"),
        pytest.param(
            {"ScanResults": [a_scan("COMPLETED_WITH_ISSUES")]},
            {"scan": Scan.INCOMPLETE, "scanned_at": NOW},
            id="with issues",
        ),
        pytest.param(
            {"ScanResults": [a_scan(), a_scan("FAILED", at=EARLIER)]},
            {"scan": Scan.CLEAN, "scanned_at": NOW},
            id="the last one tells",
        ),
        pytest.param(
            {"ScanResults": [a_scan(), a_scan("COMPLETED", "MALWARE", at=EARLIER)]},
            {"scan": Scan.THREATS, "scanned_at": NOW},
            id="what was found stays found",
        ),
    ],
)
def test_a_look_at_a_point_tells_its_storage_and_its_scans(
    told: dict[str, Any], known: dict[str, Any], lists: ListedPoints, member: FakeBackup
) -> None:
    member.points = [a_point(**told)]
    assert lists.looked_at(a_listed_point()) == a_listed_point(**known)


def test_a_look_that_says_nothing_of_storage_and_scans_leaves_what_is_known(
    lists: ListedPoints, member: FakeBackup
) -> None:
    member.points = [a_point()]
    known = a_listed_point(is_cold=True, scan=Scan.THREATS, scanned_at=EARLIER)
    assert lists.looked_at(known) == known


@pytest.mark.parametrize("last", [a_scan("FAILED"), a_scan()], ids=["failed", "clean"])
def test_a_look_takes_nothing_back_of_what_an_earlier_scan_found(
    last: dict[str, Any], lists: ListedPoints, member: FakeBackup
) -> None:
    member.points = [a_point(ScanResults=[last])]
    known = a_listed_point(scan=Scan.THREATS, scanned_at=EARLIER)
    assert lists.looked_at(known) == known


def a_scan_job(arn: str = POINT, *, result: str = "THREATS_FOUND", **changes: Any) -> dict[str, Any]:
    told = {"RecoveryPointArn": arn, "ResourceArn": DATABASE, "BackupVaultName": "local-prod-vault"}
    told["State"] = "COMPLETED"
    return told | {"ScanResult": {"ScanResultStatus": result}} | changes


FAILED = {"FailedScan": True, "LastComputed": NOW}
CLEAN = {"FailedScan": False, "LastComputed": NOW}


@pytest.mark.parametrize(
    ("jobs", "known"),
    [
        pytest.param([a_scan_job()], Scan.THREATS, id="malware"),
        pytest.param([a_scan_job("other"), a_scan_job()], Scan.THREATS, id="on the second page"),
        pytest.param([a_scan_job(f"{POINT}-2")], None, id="in another point"),
        pytest.param([a_scan_job(ResourceArn="arn:aws:rds:::db:other")], None, id="of another resource"),
        pytest.param([a_scan_job(BackupVaultName="other")], None, id="in another vault"),
        pytest.param([a_scan_job(result="NO_THREATS_FOUND", State="COMPLETED_WITH_ISSUES")], None, id="in part"),
        pytest.param([], None, id="no job of the last thirty days"),
    ],
)
@pytest.mark.parametrize(("last", "by_list"), [(FAILED, Scan.INCOMPLETE), (CLEAN, Scan.CLEAN)], ids=["failed", "clean"])
def test_a_later_scan_does_not_hide_what_one_before_it_found(
    jobs: list[dict[str, Any]],
    known: Scan | None,
    last: dict[str, Any],
    by_list: Scan,
    lists: ListedPoints,
    member: FakeBackup,
) -> None:
    member.points, member.scan_jobs = [a_point(AggregatedScanResult=last)], jobs
    [point] = lists.of_resource(DATABASE, vault=LOCAL_VAULT)
    assert point.scan is (known or by_list)


WHOLE = a_scan_job(result="NO_THREATS_FOUND")
PARTIAL = a_scan_job(result="NO_THREATS_FOUND", State="COMPLETED_WITH_ISSUES")
LOG = "arn:aws:backup:eu-west-1:111122223333:recovery-point:continuous:db-1"


@pytest.mark.parametrize(
    ("arn", "jobs", "known"),
    [
        pytest.param(POINT, [PARTIAL, WHOLE], Scan.CLEAN, id="whole and clean before"),
        pytest.param(POINT, [PARTIAL], Scan.INCOMPLETE, id="in part alone"),
        pytest.param(POINT, [a_scan_job("other", result="NO_THREATS_FOUND")], Scan.INCOMPLETE, id="another point"),
        pytest.param(POINT, [WHOLE, a_scan_job()], Scan.THREATS, id="malware counts before both"),
        pytest.param(LOG, [a_scan_job(LOG, result="NO_THREATS_FOUND")], Scan.INCOMPLETE, id="a log grows"),
    ],
)
def test_a_clean_whole_scan_stands_against_a_later_one_that_saw_a_part(
    arn: str, jobs: list[dict[str, Any]], known: Scan, lists: ListedPoints, member: FakeBackup
) -> None:
    point = a_point(AggregatedScanResult=FAILED, ScanResults=[a_scan("FAILED")]) | {"RecoveryPointArn": arn}
    member.points, member.scan_jobs = [point], jobs
    [listed] = lists.of_resource(DATABASE, vault=LOCAL_VAULT)
    assert listed.scan is known
    looked = lists.looked_at(listed)
    assert looked is not None
    assert looked.scan is known


def test_a_look_calls_nothing_clean_whose_jobs_cannot_be_listed(lists: ListedPoints, member: FakeBackup) -> None:
    member.points = [a_point(ScanResults=[a_scan("FAILED")])]
    member.scan_jobs, member.errors["list_scan_jobs"] = [WHOLE], "AccessDeniedException"
    looked = lists.looked_at(a_listed_point(scan=Scan.CLEAN))
    assert looked is not None
    assert looked.scan is Scan.INCOMPLETE


@pytest.mark.parametrize(
    ("arn", "later", "known"),
    [
        (POINT, a_scan("FAILED"), Scan.CLEAN),
        (POINT, a_scan("FAILED", "MALWARE"), Scan.THREATS),
        (LOG, a_scan("FAILED"), Scan.INCOMPLETE),
        (LOG, a_scan("FAILED", "MALWARE"), Scan.THREATS),
    ],
    ids=["clean stands", "malware counts first", "of a log the last one counts", "malware in a log is found"],
)
def test_of_several_results_a_whole_clean_one_stands(arn: str, later: dict[str, Any], known: Scan) -> None:
    assert known_scan([later, a_scan(at=EARLIER)], of=arn) == (known, NOW)


@pytest.mark.parametrize("told", [None, {"Findings": ["MALWARE"], "LastComputed": NOW}], ids=["never", "infected"])
def test_where_no_scan_can_hide_anything_their_jobs_are_not_asked_for(
    told: dict[str, Any] | None, lists: ListedPoints, member: FakeBackup
) -> None:
    member.points = [a_point() if told is None else a_point(AggregatedScanResult=told)]
    lists.of_resource(DATABASE, vault=LOCAL_VAULT)
    assert "list_scan_jobs" not in member.calls


def test_jobs_that_cannot_be_listed_are_not_taken_for_none(lists: ListedPoints, member: FakeBackup) -> None:
    member.points = [a_point(AggregatedScanResult=CLEAN)]
    member.errors["list_scan_jobs"] = "AccessDeniedException"
    with pytest.raises(AccessRefusedError):
        lists.of_resource(DATABASE, vault=LOCAL_VAULT)


def test_malware_that_the_list_tells_of_is_not_lost_with_the_jobs(lists: ListedPoints, member: FakeBackup) -> None:
    infected = {"Findings": ["MALWARE"], "LastComputed": NOW}
    member.points = [a_point("clean", AggregatedScanResult=CLEAN), a_point("bad", AggregatedScanResult=infected)]
    member.errors["list_scan_jobs"] = "AccessDeniedException"
    found = {point.arn: point.scan for point in lists.of_resource(DATABASE, vault=LOCAL_VAULT)}
    assert found == {"clean": Scan.CLEAN, "bad": Scan.THREATS}


def test_a_list_is_of_the_minutes_around_a_moment_where_one_is_said(lists: ListedPoints, member: FakeBackup) -> None:
    near, far = timedelta(minutes=1), timedelta(minutes=1, seconds=1)
    times = {"at": timedelta(), "after": near, "before": -near, "late": far, "early": -far}
    member.points = [a_point(name, CreationDate=TWO_O_CLOCK + span) for name, span in times.items()]
    found = lists.of_resource(DATABASE, vault=LOCAL_VAULT, created_at=TWO_O_CLOCK)
    assert [point.arn for point in found] == ["at", "after", "before"]


def test_a_point_that_is_gone_is_none(lists: ListedPoints) -> None:
    assert lists.looked_at(a_listed_point()) is None


def test_past_restores_tell_how_long_they_took_the_newest_first(inspection: MemberClients, fake_clients: Any) -> None:
    asked: dict[str, Any] = {}
    jobs = [
        {"CreationDate": EARLIER, "CompletionDate": EARLIER + timedelta(minutes=9)},
        {"CreationDate": NOW, "CompletionDate": NOW + timedelta(minutes=3)},
        {"CreationDate": NOW},
    ]

    class Backup:
        def get_paginator(self, method: str) -> Pages:
            assert method == "list_restore_jobs"
            return Pages(lambda **request: asked.update(request) or {"RestoreJobs": jobs})

    fake_clients.member[PAYMENTS, "backup"] = Backup()
    found = PastRestores(inspection).last("RDS", account=AccountId(PAYMENTS), region=Region(HOME))
    assert found == (timedelta(minutes=3), timedelta(minutes=9))
    assert asked == {"ByAccountId": PAYMENTS, "ByResourceType": "RDS", "ByStatus": "COMPLETED"}
