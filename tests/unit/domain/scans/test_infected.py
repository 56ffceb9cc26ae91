"""A backup with malware in it: whose it is, until when to look for a clean one, and what people are told."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import Alert, AlertKind, Severity
from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.candidates.model import Candidates, ListedPoint
from strongroom.domain.restores.candidates.ranking import rank_candidates
from strongroom.domain.restores.choosing.kept import Unread
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.domain.scans.infected import (
    alert_of_malware,
    infected_backup,
    newest_clean,
    question_before,
    ways_opened,
    without_logs,
)
from tests.builders.air_gaps import CENTRAL, with_team, with_vaults
from tests.builders.deciding.candidates import TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME,
    LOCAL_VAULT,
    PAYMENTS,
    REPLICA_REGION,
    REPLICA_VAULT,
    a_vault_arn,
)
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT

VOLUME, BUCKET = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1", "arn:aws:s3:::payments-docs"
SNAPSHOT = f"arn:aws:ec2:{HOME}::snapshot/snap-1"
LOG = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:payments-docs-1"
BAD = a_listed_point(scan=Scan.THREATS, scanned_at=NOW)
DAY = timedelta(days=1)


def a_night_before(nights: int, **changes: object) -> ListedPoint:
    """The local recovery point of an earlier night."""
    return a_listed_point(arn=f"{POINT}-{nights}", created_at=TWO_O_CLOCK - nights * DAY, **changes)


def found(point: ListedPoint, *others: ListedPoint) -> Candidates:
    infected = infected_backup(point, among=others)
    return rank_candidates(without_logs((point, *others)), question_before(infected, opened={}, now=NOW))


def told(point: ListedPoint, *others: ListedPoint, unread: tuple[Unread, ...] = ()) -> Alert:
    infected = infected_backup(point, among=others)
    return alert_of_malware(infected, clean=newest_clean(found(point, *others)), unread=unread, now=NOW)


def clean_arn(point: ListedPoint, *others: ListedPoint) -> str | None:
    row = newest_clean(found(point, *others))
    return None if row is None else row.best.point.arn


def test_the_newest_one_before_it_in_which_a_scan_found_none_is_chosen() -> None:
    others = (
        a_night_before(-1, scan=Scan.CLEAN),
        a_listed_copy(scan=Scan.CLEAN),
        a_night_before(1),
        a_night_before(2, scan=Scan.INCOMPLETE),
        a_night_before(3, scan=Scan.CLEAN),
        a_night_before(4, scan=Scan.CLEAN),
    )
    assert clean_arn(BAD, *others) == f"{POINT}-3"
    assert clean_arn(BAD, *reversed(others)) == f"{POINT}-3"


def test_a_scan_of_one_copy_counts_for_the_backup_and_malware_in_another_more() -> None:
    point = a_night_before(1)
    central = a_listed_copy(arn="arn:copy", created_at=point.created_at, scan=Scan.CLEAN)
    assert clean_arn(BAD, point, central) == point.arn
    bad_local = a_night_before(1, scan=Scan.THREATS)
    assert clean_arn(BAD, bad_local, central) is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"scan": Scan.NEVER}, id="never scanned"),
        pytest.param({"scan": Scan.INCOMPLETE}, id="scanned in part"),
        pytest.param({"scan": Scan.CLEAN, "status": "EXPIRED"}, id="not restorable"),
        pytest.param({"scan": Scan.CLEAN, "expires_at": NOW}, id="about to expire"),
        pytest.param({"scan": Scan.CLEAN, "is_composite": True}, id="a composite"),
    ],
)
def test_what_is_not_clean_or_does_not_come_back_is_not_named(changes: dict[str, object]) -> None:
    assert clean_arn(BAD, a_night_before(1, **changes)) is None


def test_a_type_that_is_restored_by_hand_has_a_clean_one_too() -> None:
    disk = {
        "resource": f"arn:aws:storagegateway:{HOME}:{PAYMENTS}:gateway/sgw-1/volume/vol-1",
        "resource_type": "Storage Gateway",
    }
    bad = a_listed_point(arn=SNAPSHOT, scan=Scan.THREATS, **disk)
    good = a_night_before(1, scan=Scan.CLEAN, **disk)
    assert clean_arn(bad, good) == good.arn
    assert (
        f"in local-prod-vault of {PAYMENTS} in {HOME}; Storage Gateway must be restored by hand"
        in told(bad, good).reason
    )


def test_of_a_file_system_nobody_is_told_to_restore_it_by_hand() -> None:
    system = {"resource": f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/fs-0123456789abcdef0", "resource_type": "FSx"}
    bad, good = a_listed_point(scan=Scan.THREATS, **system), a_night_before(1, scan=Scan.CLEAN, **system)
    assert "by hand" not in told(bad, good).reason


def test_a_log_is_never_the_clean_one_and_an_infected_one_is_searched_until_now() -> None:
    bucket = {"resource": BUCKET, "resource_type": "S3"}
    bad = a_listed_point(scan=Scan.THREATS, **bucket)
    assert clean_arn(bad, a_listed_point(arn=LOG, created_at=TWO_O_CLOCK - 9 * DAY, scan=Scan.CLEAN, **bucket)) is None
    begun = TWO_O_CLOCK - 9 * DAY
    bad_log = a_listed_point(arn=LOG, created_at=begun, completed_at=begun, scan=Scan.THREATS, **bucket)
    last_night = a_listed_point(scan=Scan.CLEAN, **bucket)
    assert clean_arn(bad_log, last_night) == POINT
    assert told(bad_log, last_night).reason.startswith(f"malware was found in the log of {BUCKET}: {LOG} in ")


def test_what_lies_in_another_account_is_reckoned_as_copied_back_or_opened_to_its_own(intent: Intent) -> None:
    opened = ways_opened(with_team(with_vaults(intent, safe=CENTRAL)))
    way_of = question_before(infected_backup(BAD, among=()), opened=opened, now=NOW).way_of
    assert (way_of(BAD), way_of(a_listed_copy())) == (Way.LOCAL, Way.COPY_BACK)
    shared, guarded = (a_listed_copy(vault=a_vault_arn(name)) for name in (CENTRAL.name, "guarded-vault"))
    assert (way_of(shared), way_of(guarded)) == (Way.AIR_GAPPED, Way.AIR_GAPPED_MPA)
    with pytest.raises(RestoreRefusedError, match=r"^its status is DELETING$"):
        way_of(a_listed_point(status="DELETING"))


@pytest.mark.parametrize(
    ("point", "account"),
    [
        pytest.param(BAD, PAYMENTS, id="its ARN names it"),
        pytest.param(a_listed_copy(scan=Scan.THREATS), PAYMENTS, id="its ARN names it, in a central vault"),
        pytest.param(
            a_listed_copy(vault=REPLICA_VAULT, source_vault=CENTRAL_VAULT), PAYMENTS, id="its ARN names it, copied on"
        ),
        pytest.param(a_listed_point(resource=BUCKET, resource_type="S3"), PAYMENTS, id="a bucket in its own vault"),
        pytest.param(a_listed_copy(resource=BUCKET, resource_type="S3"), PAYMENTS, id="a bucket copied from there"),
    ],
)
def test_the_alert_is_of_the_account_that_owns_the_resource(point: ListedPoint, account: str) -> None:
    assert (told(point).account, told(point).region) == (account, HOME)


def test_it_is_one_alert_for_each_backup_whichever_copy_was_scanned() -> None:
    copy = a_listed_copy(scan=Scan.THREATS, created_at=TWO_O_CLOCK + timedelta(microseconds=7000))
    assert told(BAD).fingerprint == told(copy).fingerprint
    assert told(BAD).subject == f"{DATABASE} 2026-11-23T02:00:00Z"
    assert told(BAD).fingerprint != told(a_night_before(1, scan=Scan.THREATS)).fingerprint
    other = a_listed_point(resource=f"{DATABASE}-2", scan=Scan.THREATS)
    assert told(BAD).fingerprint != told(other).fingerprint


def test_people_are_told_what_was_found_where_what_is_clean_and_what_to_type() -> None:
    unread = tuple(Unread(vault=each, reason="AWS refused the call") for each in (CENTRAL_VAULT, REPLICA_VAULT))
    further = a_listed_copy(arn=f"{CENTRAL_POINT}-2", vault=REPLICA_VAULT, source_vault=CENTRAL_VAULT)
    alert = told(BAD, a_listed_copy(), further, a_night_before(3, scan=Scan.CLEAN), unread=unread)
    assert (alert.kind, alert.severity) == (AlertKind.MALWARE_FOUND, Severity.CRITICAL)
    assert (alert.resource, alert.region) == (DATABASE, HOME)
    where = f"{DATABASE}: {POINT} in local-prod-vault of {PAYMENTS} in {HOME}"
    local, central = f"local-prod-vault of {PAYMENTS} in {HOME}", f"central-backup-vault of {BACKUP_ACCOUNT} in {HOME}"
    replica = f"replica-backup-vault of {BACKUP_ACCOUNT} in {REPLICA_REGION}"
    assert alert.reason.split(". ") == [
        f"malware was found in the backup of 2026-11-23 02:00 UTC of {where}, by a scan of 2026-11-23 14:20 UTC",
        f"So it is in its copies, in {central}, {replica}",
        f"The newest before it in which a scan found none is of 2026-11-20 02:00 UTC: {POINT}-3 in {local}",
        f"There may be a newer one in {central}: AWS refused the call, {replica}: AWS refused the call",
        f"To choose: strongroom restore find {PAYMENTS} {DATABASE} --before 2026-11-23T02:00:00Z",
    ]


def test_that_none_is_known_to_be_clean_is_said_and_nothing_else_is() -> None:
    bad = a_listed_point(scan=Scan.THREATS)
    local = f"local-prod-vault of {PAYMENTS} in {HOME}"
    assert bad.vault == LOCAL_VAULT
    assert told(bad, a_night_before(1)).reason.split(". ") == [
        f"malware was found in the backup of 2026-11-23 02:00 UTC of {DATABASE}: {POINT} in {local}",
        "No backup before it is known to be clean",
        f"To choose: strongroom restore find {PAYMENTS} {DATABASE} --before 2026-11-23T02:00:00Z",
    ]


def test_a_backup_that_says_nothing_of_its_end_is_of_its_beginning() -> None:
    file_system = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"
    bad = a_listed_point(resource=file_system, resource_type="EFS", completed_at=None, scan=Scan.THREATS)
    assert infected_backup(bad, among=()).before(NOW) == TWO_O_CLOCK
    whole = replace(bad, completed_at=TWO_O_CLOCK + timedelta(minutes=10))
    assert infected_backup(whole, among=()).before(NOW) == TWO_O_CLOCK + timedelta(minutes=10)


def test_the_copies_are_those_of_the_same_backup() -> None:
    infected = infected_backup(BAD, among=(a_listed_copy(), a_night_before(1)))
    assert {point.arn for point in infected.backup.points} == {POINT, CENTRAL_POINT}


def test_a_backup_of_the_same_second_in_vaults_of_its_own_is_another() -> None:
    other = a_listed_point(arn=f"{POINT}-other", vault=REPLICA_VAULT)
    infected = infected_backup(BAD, among=(other, a_listed_copy()))
    assert {point.arn for point in infected.backup.points} == {POINT, CENTRAL_POINT}
