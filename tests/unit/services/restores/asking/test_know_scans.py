"""What scans say of a backup is judged when it is asked for, and again when it is restored, by all its copies."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest

from strongroom.domain.errors import (
    ApprovalVoidError,
    FaultsFoundError,
    NotFoundError,
    QuorumUndefinedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import RestoreLimits
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.asking.know_scans import know_scans
from strongroom.services.restores.asking.listed_points import vaults_of
from tests.builders.deciding.candidates import TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.intents import with_restores
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import a_recovery_point, a_ticket, a_wish
from tests.fakes.many.candidates import FakeLists
from tests.fakes.restores.world import CeremonyWorld

BUCKET = "arn:aws:s3:::shop-docs"
DOCS = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:shop-docs-1"
COPY = DOCS.replace(PAYMENTS, "999999999999")
OF_BUCKET: dict[str, Any] = {"resource": BUCKET, "resource_type": "S3"}
NEVER_SCANNED = "It was never scanned for malware."
MALWARE_SINCE = "malware was found in the backup after it was asked for"


def a_bucket_point(**changes: Any) -> RecoveryPoint:
    made = {**OF_BUCKET, "arn": DOCS, "created_at": TWO_O_CLOCK, "restore_metadata": {}}
    return a_recovery_point(**made | changes)


def listed(**changes: Any) -> ListedPoint:
    return a_listed_point(**{**OF_BUCKET, "arn": DOCS, **changes})


def listed_copy(**changes: Any) -> ListedPoint:
    return a_listed_copy(**{**OF_BUCKET, "arn": COPY, **changes})


def known(intent: Intent, point: RecoveryPoint, lists: FakeLists) -> Scan:
    return know_scans(point, account=AccountId(PAYMENTS), intent=intent, lists=lists)[0].scan


@pytest.mark.parametrize(
    ("of_point", "of_list", "of_copy", "expected"),
    [
        pytest.param(Scan.NEVER, Scan.NEVER, Scan.NEVER, Scan.NEVER, id="nobody scanned it"),
        pytest.param(Scan.NEVER, Scan.NEVER, Scan.CLEAN, Scan.CLEAN, id="its copy is clean, and so is it"),
        pytest.param(Scan.CLEAN, Scan.CLEAN, Scan.THREATS, Scan.THREATS, id="its copy is infected, and so is it"),
        pytest.param(Scan.THREATS, Scan.NEVER, Scan.CLEAN, Scan.THREATS, id="it is infected, and its copy is clean"),
        pytest.param(Scan.INCOMPLETE, Scan.THREATS, Scan.NEVER, Scan.THREATS, id="a later scan of it failed"),
        pytest.param(Scan.INCOMPLETE, Scan.INCOMPLETE, Scan.NEVER, Scan.INCOMPLETE, id="in part"),
    ],
)
def test_what_one_copy_says_holds_for_the_backup(
    of_point: Scan, of_list: Scan, of_copy: Scan, expected: Scan, intent: Intent
) -> None:
    lists = FakeLists(points=[listed(scan=of_list), listed_copy(scan=of_copy)])
    assert known(intent, a_bucket_point(scan=of_point), lists) is expected


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"created_at": TWO_O_CLOCK - timedelta(days=1)}, id="of the day before"),
        pytest.param({"source_vault": REPLICA_VAULT}, id="copied from elsewhere"),
        pytest.param({"resource": "arn:aws:s3:::other"}, id="of another bucket"),
    ],
)
def test_what_is_no_copy_of_it_says_nothing(other: dict[str, Any], intent: Intent) -> None:
    lists = FakeLists(points=[listed(), listed_copy(scan=Scan.THREATS, **other)])
    assert known(intent, a_bucket_point(), lists) is Scan.NEVER


def test_a_vault_that_cannot_be_read_says_nothing_and_stops_nobody(intent: Intent) -> None:
    lists = FakeLists(
        points=[listed(scan=Scan.CLEAN)], refused={CENTRAL_VAULT: TemporarilyUnavailableError("the Region is gone")}
    )
    assert known(intent, a_bucket_point(), lists) is Scan.CLEAN


def test_a_vault_for_which_no_time_is_left_says_nothing_either(intent: Intent) -> None:
    lists = FakeLists(points=[listed(scan=Scan.CLEAN), listed_copy(scan=Scan.THREATS)])

    def in_time() -> bool:
        return not lists.listed

    found, is_whole = know_scans(
        a_bucket_point(), account=AccountId(PAYMENTS), intent=intent, lists=lists, in_time=in_time
    )
    assert (found.scan, is_whole) == (Scan.CLEAN, False)
    assert len(lists.listed) == 1


@pytest.mark.parametrize("kind", ["RDS", "Tape"])
def test_of_a_type_that_is_not_scanned_nothing_is_read(kind: str, intent: Intent) -> None:
    point, lists = a_recovery_point(resource_type=kind), FakeLists()
    assert know_scans(point, account=AccountId(PAYMENTS), intent=intent, lists=lists) == (point, True)
    assert lists.listed == []


class Bucket:
    """A ceremony about the bucket, whose copy in the central vault is scanned meanwhile."""

    def __init__(self, world: CeremonyWorld) -> None:
        self.world = world
        world.tickets.ticket = a_ticket(resources=(BUCKET,), summary="Restore shop-docs to 02:00")
        self.scanned()

    def scanned(self, *, point: Scan = Scan.NEVER, copy: Scan = Scan.NEVER) -> None:
        self.world.points.points[DOCS, LOCAL_VAULT] = a_bucket_point(scan=point)
        self.world.finding.lists.points = [listed(scan=point), listed_copy(scan=copy)]

    def allow(self, infected: Literal["never", "elevated"]) -> None:
        """Let the intent say so, with a rule for what is graver."""
        usual = ApprovalRule(unit="Production", group="approvers", needed=1)
        grave = replace(usual, risks=("elevated",))
        limits = RestoreLimits(infected=infected)
        self.world.intent = with_restores(self.world.intent, limits=limits, rules=(usual, grave))

    def request(self) -> RestoreRequest:
        return self.world.kept(self.ask()).sealed.request

    def ask(self) -> str:
        request = self.world.come_to_approval(a_wish(recovery_point=DOCS, target_name="shop-docs-restored"))
        if len(self.world.ceremony.restores.rules) > 1:
            self.world.sign(request, "sana")
        return request

    def restore(self, request: str) -> str:
        execution = self.world.execution(request)
        return start_restore(request, execution=execution, needs=self.world.restoring, now=self.world.now).job


@pytest.fixture
def bucket(world: CeremonyWorld) -> Bucket:
    return Bucket(world)


@pytest.mark.parametrize(
    ("point", "copy", "risks"),
    [
        pytest.param(Scan.NEVER, Scan.NEVER, ("never-scanned",), id="never"),
        pytest.param(Scan.NEVER, Scan.CLEAN, (), id="clean by its copy"),
        pytest.param(Scan.CLEAN, Scan.INCOMPLETE, (), id="clean by itself"),
        pytest.param(Scan.INCOMPLETE, Scan.NEVER, ("elevated", "scan-incomplete"), id="in part"),
        pytest.param(Scan.NEVER, Scan.THREATS, ("elevated", "infected"), id="infected by its copy"),
        pytest.param(Scan.THREATS, Scan.CLEAN, ("elevated", "infected"), id="infected by itself"),
    ],
)
def test_who_asks_is_told_what_scans_say(point: Scan, copy: Scan, risks: tuple[str, ...], bucket: Bucket) -> None:
    bucket.allow("elevated")
    bucket.scanned(point=point, copy=copy)
    about_scans = {"elevated", "infected", "scan-incomplete", "never-scanned"}
    request = bucket.request()
    assert tuple(risk for risk in request.risks if risk in about_scans) == risks
    assert (NEVER_SCANNED in request.risk_sentences) == ("never-scanned" in risks)


GONE = TemporarilyUnavailableError("the Region is gone")
UNREAD = f"What scans found in {CENTRAL_VAULT} could not be read: malware in a copy there is not known."


def test_a_vault_that_cannot_be_read_stops_no_request_and_approvers_read_which_one_it_is(bucket: Bucket) -> None:
    bucket.scanned(point=Scan.CLEAN, copy=Scan.THREATS)
    bucket.world.finding.lists.refused[CENTRAL_VAULT] = GONE
    request = bucket.ask()
    sealed = bucket.world.kept(request).sealed.request
    assert "scan-unread" in sealed.risks
    assert [each for each in sealed.risk_sentences if "could not be read" in each] == [UNREAD]
    assert bucket.restore(request) == "restore-1"


def test_malware_there_ends_it_once_the_vault_can_be_read(bucket: Bucket) -> None:
    bucket.scanned(point=Scan.CLEAN, copy=Scan.THREATS)
    bucket.world.finding.lists.refused[CENTRAL_VAULT] = GONE
    request = bucket.ask()
    del bucket.world.finding.lists.refused[CENTRAL_VAULT]
    with pytest.raises(ApprovalVoidError, match=MALWARE_SINCE):
        bucket.restore(request)


def test_a_vault_that_can_be_read_by_then_and_has_none_stops_nothing(bucket: Bucket) -> None:
    bucket.world.finding.lists.refused[CENTRAL_VAULT] = GONE
    request = bucket.ask()
    del bucket.world.finding.lists.refused[CENTRAL_VAULT]
    assert bucket.restore(request) == "restore-1"


def test_a_vault_that_is_lost_between_approval_and_act_stops_nothing(bucket: Bucket) -> None:
    request = bucket.ask()
    bucket.world.finding.lists.refused[CENTRAL_VAULT] = GONE
    assert "scan-unread" not in bucket.world.kept(request).sealed.request.risks
    assert bucket.restore(request) == "restore-1"


def test_of_a_vault_that_is_not_there_nobody_is_told(bucket: Bucket) -> None:
    bucket.world.finding.lists.refused[REPLICA_VAULT] = NotFoundError("no such vault")
    assert "scan-unread" not in bucket.request().risks


@pytest.mark.parametrize(("point", "copy"), [(Scan.THREATS, Scan.NEVER), (Scan.CLEAN, Scan.THREATS)])
def test_an_infected_backup_is_refused_where_the_intent_lets_none_be_restored(
    point: Scan, copy: Scan, bucket: Bucket
) -> None:
    bucket.allow("never")
    bucket.scanned(point=point, copy=copy)
    with pytest.raises(FaultsFoundError, match="malware was found in the backup, and the intent lets none"):
        bucket.ask()


def test_an_infected_backup_is_refused_where_no_rule_is_stricter(bucket: Bucket) -> None:
    bucket.world.intent = with_restores(bucket.world.intent, limits=RestoreLimits(infected="elevated"))
    bucket.scanned(copy=Scan.THREATS)
    with pytest.raises((RestoreRefusedError, QuorumUndefinedError), match="Malware was found in the backup"):
        bucket.ask()


@pytest.mark.parametrize("infected", ["never", "elevated"])
@pytest.mark.parametrize(("point", "copy"), [(Scan.THREATS, Scan.NEVER), (Scan.NEVER, Scan.THREATS)])
def test_malware_that_is_found_between_approval_and_act_ends_it(
    infected: Literal["never", "elevated"], point: Scan, copy: Scan, bucket: Bucket
) -> None:
    bucket.allow(infected)
    request = bucket.ask()
    bucket.scanned(point=point, copy=copy)
    with pytest.raises(ApprovalVoidError, match=MALWARE_SINCE):
        bucket.restore(request)
    assert bucket.world.restores.begun == []


def test_a_scan_that_failed_meanwhile_is_not_what_was_approved(bucket: Bucket) -> None:
    bucket.allow("elevated")
    request = bucket.ask()
    bucket.scanned(copy=Scan.INCOMPLETE)
    with pytest.raises(ApprovalVoidError, match="by which its approvers were chosen"):
        bucket.restore(request)


def test_what_was_clean_by_a_copy_that_is_gone_is_not_what_was_approved(bucket: Bucket) -> None:
    bucket.scanned(copy=Scan.CLEAN)
    request = bucket.ask()
    bucket.world.finding.lists.points = [listed()]
    with pytest.raises(ApprovalVoidError, match="by which its approvers were chosen"):
        bucket.restore(request)


@pytest.mark.parametrize("now", [Scan.NEVER, Scan.CLEAN])
def test_a_scan_that_ends_well_meanwhile_stops_nothing(now: Scan, bucket: Bucket) -> None:
    request = bucket.ask()
    bucket.scanned(copy=now)
    assert bucket.restore(request) == "restore-1"


def test_malware_that_was_approved_is_restored_whatever_a_later_scan_says(bucket: Bucket) -> None:
    bucket.allow("elevated")
    bucket.scanned(copy=Scan.THREATS)
    request = bucket.ask()
    bucket.scanned(copy=Scan.CLEAN)
    assert bucket.restore(request) == "restore-1"


@pytest.mark.parametrize("seconds", [9, 10])
def test_an_act_begins_no_list_after_ten_seconds(seconds: int, bucket: Bucket) -> None:
    request, world = bucket.ask(), bucket.world
    bucket.scanned(copy=Scan.THREATS)
    known = world.finding.lists

    class Slow(FakeLists):
        def of_resource(self, resource: str, *, vault: str, created_at: datetime | None = None) -> list[ListedPoint]:
            world.now += timedelta(seconds=seconds if vault == first else 0)
            return known.of_resource(resource, vault=vault, created_at=created_at)

    first = vaults_of(world.intent, account=AccountId(PAYMENTS), region=Region(""))[0]
    world.finding.lists = Slow()
    if seconds < 10:
        with pytest.raises(ApprovalVoidError, match=MALWARE_SINCE):
            bucket.restore(request)
    else:
        assert bucket.restore(request) == "restore-1"
