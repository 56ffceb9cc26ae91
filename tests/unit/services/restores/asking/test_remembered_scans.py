"""Malware stays found, also where AWS tells of a later scan alone that finds nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.services.restores.asking.know_scans import know_scans
from strongroom.services.restores.asking.remembered_scans import RememberedScans
from tests.builders.deciding.candidates import TWO_O_CLOCK, a_listed_point
from tests.builders.places import LOCAL_VAULT, PAYMENTS
from tests.builders.restores import NOW, a_recovery_point
from tests.fakes.many.candidates import FakeLists

BUCKET = "arn:aws:s3:::shop-docs"
OF_BUCKET: dict[str, Any] = {"resource": BUCKET, "resource_type": "S3", "scanned_at": NOW}
FOUND_AT = NOW - timedelta(days=40)


@dataclass
class FakeFindings:
    """Malware that was told of, by resource and moment of the backup; what was asked."""

    told: dict[tuple[str, datetime], datetime] = field(default_factory=lambda: {(BUCKET, TWO_O_CLOCK): FOUND_AT})
    asked: list[str] = field(default_factory=list)

    def found_at(self, resource: str, *, made_at: datetime) -> datetime | None:
        self.asked.append(resource)
        return self.told.get((resource, made_at))


def remembered(point: ListedPoint, findings: FakeFindings | None = None) -> RememberedScans:
    return RememberedScans(FakeLists(points=[point]), findings or FakeFindings())


@pytest.mark.parametrize("scan", [Scan.CLEAN, Scan.NEVER, Scan.INCOMPLETE])
def test_what_was_found_before_counts_whatever_the_last_scan_says(scan: Scan, intent: Intent) -> None:
    point = a_listed_point(scan=scan, **OF_BUCKET)
    lists = remembered(point)
    looked_at = lists.looked_at(point)
    assert looked_at is not None
    assert (looked_at.scan, looked_at.scanned_at) == (Scan.THREATS, FOUND_AT)
    asked = a_recovery_point(
        arn=point.arn, created_at=TWO_O_CLOCK, restore_metadata={}, resource=BUCKET, resource_type="S3"
    )
    assert know_scans(asked, account=AccountId(PAYMENTS), intent=intent, lists=lists)[0].scan is Scan.THREATS


def test_of_another_backup_the_last_scan_counts() -> None:
    point = a_listed_point(scan=Scan.CLEAN, created_at=TWO_O_CLOCK + timedelta(days=1), **OF_BUCKET)
    assert remembered(point).looked_at(point) == point


def test_what_aws_still_tells_of_is_told_as_aws_does() -> None:
    point, findings = a_listed_point(scan=Scan.THREATS, **OF_BUCKET), FakeFindings()
    assert remembered(point, findings).looked_at(point) == point
    assert findings.asked == []


def test_of_what_is_never_scanned_nobody_is_asked() -> None:
    point, findings = a_listed_point(), FakeFindings()
    assert remembered(point, findings).looked_at(point) == point
    assert findings.asked == []


def test_of_a_whole_list_nobody_is_asked_before_a_point_is_looked_at() -> None:
    point, findings = a_listed_point(scan=Scan.CLEAN, **OF_BUCKET), FakeFindings()
    lists = remembered(point, findings)
    assert lists.of_resource(BUCKET, vault=LOCAL_VAULT) == [point]
    assert findings.asked == []


def test_what_is_gone_stays_gone() -> None:
    point = a_listed_point(scan=Scan.CLEAN, **OF_BUCKET)
    gone = RememberedScans(FakeLists(points=[point], described={point.arn: None}), FakeFindings())
    assert gone.looked_at(point) is None
