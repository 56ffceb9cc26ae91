"""The step that restores: everything is looked at again first, and the intent is witnessed."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    ForeignExecutionError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.log.notes import NoteKey
from strongroom.domain.restores.requests import RestoreWish
from tests.builders.places import LOCAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, NOW, POINT, ROLE, a_recovery_point, a_ticket, a_wish
from tests.fakes.ceremony import Functions
from tests.fakes.evidence.log import MemorySigner


class Impostor(MemorySigner):
    """Signs under the name of another, with a key of its own."""

    @property
    def own(self) -> MemorySigner:
        return MemorySigner("impostor", self.kind)

    def key(self) -> NoteKey:
        return replace(super().key(), public_key=self.own.key().public_key)

    def sign(self, message: bytes) -> bytes:
        return self.own.sign(message)


def test_an_approved_restore_is_started_once_in_the_member_account(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    jobs = [functions.step("start_restore", request)["job"] for _ in range(2)]
    [started] = functions.member.started
    assert jobs == ["started-1", "started-1"]
    assert functions.member.calls.count("start_restore_job") == 1
    assert (started["RecoveryPointArn"], started["IamRoleArn"]) == (POINT, ROLE)
    assert started["Metadata"]["DBInstanceIdentifier"] == "payments-db-0200"
    assert functions.facts == ["RestoreApproved"]


def test_the_member_account_sees_for_whom_and_for_which_ticket(functions: Functions) -> None:
    functions.step("start_restore", functions.world.come_to_approval())
    [borrowed] = [each for each in functions.clients.own["sts"].requests if "Tags" in each]
    assert borrowed["RoleArn"] == f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore"
    assert borrowed["SourceIdentity"] == "idp=7Comar"
    assert borrowed["Tags"] == [{"Key": "ticket", "Value": "OPS-123"}]


def test_what_was_copied_back_is_restored_from_its_copy(functions: Functions) -> None:
    request = functions.world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    for function in ("start_copy_back", "check_copy_back", "start_restore"):
        functions.step(function, request)
    [started] = functions.member.started
    assert started["RecoveryPointArn"] == COPIED_POINT


def test_what_nobody_approved_is_not_started(functions: Functions) -> None:
    request = functions.world.open()
    functions.step("snapshot_ticket", request)
    with pytest.raises(ApprovalPendingError):
        functions.step("start_restore", request)
    assert functions.member.started == []


@pytest.mark.parametrize("signer", ["log_key", "witness_key"])
def test_nothing_is_started_on_the_word_of_another_log_or_witness(signer: str, functions: Functions) -> None:
    """The intent names both keys; the step is tried again, in case that the audit account comes to its senses."""
    request = functions.world.come_to_approval()
    ours: MemorySigner = getattr(functions.log.log, signer)
    setattr(functions.log.log, signer, Impostor(ours.name, ours.kind))
    with pytest.raises(TemporarilyUnavailableError) as caught:
        functions.step("start_restore", request)
    assert type(caught.value) is TemporarilyUnavailableError
    assert functions.member.started == []


def test_another_execution_starts_nothing(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    other = functions.world.execution("r-bbbbbbbbbbbb")
    functions.world.running.add(other)
    with pytest.raises(ForeignExecutionError):
        functions.step("start_restore", request, execution=other)
    assert functions.member.started == []


MALWARE = {"ScanJobState": "COMPLETED", "LastScanTimestamp": NOW, "Findings": ["MALWARE"]}


@pytest.mark.parametrize(
    ("wish", "infected"),
    [
        pytest.param(a_wish(), POINT, id="what is restored"),
        pytest.param(a_wish(recovery_point=CENTRAL_POINT), CENTRAL_POINT, id="what was copied back"),
        pytest.param(a_wish(recovery_point=CENTRAL_POINT), COPIED_POINT, id="the copy of it"),
    ],
)
def test_malware_that_was_found_since_is_not_restored(wish: RestoreWish, infected: str, functions: Functions) -> None:
    request = functions.world.come_to_approval(wish)
    if wish.recovery_point == CENTRAL_POINT:
        functions.step("start_copy_back", request)
        functions.step("check_copy_back", request)
    for point in (*functions.member.points, *functions.central.points):
        point["ScanResults"] = [MALWARE] if point["RecoveryPointArn"] == infected else []
    with pytest.raises(ApprovalVoidError, match="malware was found in the backup after it was asked for"):
        functions.step("start_restore", request)
    assert functions.member.started == []


def test_malware_in_a_copy_that_nobody_restores_ends_it_as_well(functions: Functions) -> None:
    """A bucket's backup, whose copy in the central vault was scanned: before the last one, a scan has found it."""
    bucket: dict[str, Any] = {"resource": "arn:aws:s3:::shop-docs", "resource_type": "S3"}
    world = functions.world
    world.points.points[POINT, LOCAL_VAULT] = a_recovery_point(**bucket, restore_metadata={})
    world.tickets.ticket = a_ticket(resources=(bucket["resource"],))
    request = world.come_to_approval(a_wish(target_name="shop-docs-restored"))
    of_bucket = {"ResourceArn": bucket["resource"], "ResourceType": "S3", "RestoreMetadata": {}}
    local, central = functions.member.points[0], functions.central.points[0]
    local |= of_bucket
    central |= of_bucket | {
        "SourceBackupVaultArn": LOCAL_VAULT,
        "AggregatedScanResult": {"FailedScan": True, "Findings": [], "LastComputed": NOW},
    }
    functions.central.scan_jobs = [
        {**of_bucket, **central, "State": "COMPLETED", "ScanResult": {"ScanResultStatus": "THREATS_FOUND"}},
    ]
    with pytest.raises(ApprovalVoidError, match="malware was found in the backup after it was asked for"):
        functions.step("start_restore", request)
    assert functions.member.started == []
