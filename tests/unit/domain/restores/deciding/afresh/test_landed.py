"""What a copy back has left is restored only where it is the backup that was approved, to the word."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.deciding.afresh.landed import why_not_as_approved
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.plans import RecoveryPoint, RestorePlan
from strongroom.domain.restores.requests import UNNAMED
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.places import HOME, PAYMENTS, TEMPORARY_VAULT
from tests.builders.restores import (
    COPIED_POINT,
    PROFILE,
    RESTORE_KEY,
    WORKLOAD_KEY,
    a_proving_intent,
    a_recovery_point,
    a_request,
)

ANOTHER = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:another-db"
ANOTHER_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/99999999-2222-3333-4444-555555555555"
A_MINUTE = timedelta(minutes=1)
TABLE: dict[str, Any] = {
    "resource": f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders",
    "resource_type": "DynamoDB",
    "restore_metadata": {"originalTableName": "orders", "encryptionType": "Default"},
}
MACHINE: dict[str, Any] = {
    "resource": f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/i-0abc",
    "resource_type": "EC2",
    "restore_metadata": {"InstanceType": "t3.micro"},
}

NO_KEY = "lies under a key that is not told, which is no key of the account's restore profile"
NO_OWN_KEY = f"lies under {WORKLOAD_KEY}, which is no key of the account's restore profile"

type Look = Callable[..., str]


@pytest.fixture
def look(intent: Intent) -> Look:
    """Why a landed point is not restored; changes are those of what landed since the request was approved."""
    profile = replace(PROFILE, subnets=("subnet-0r1",))
    restores = replace(ceremony_of(a_proving_intent(intent)).restores, profiles=(profile,))

    def why(of: dict[str, Any] | None = None, **changes: Any) -> str:
        point: RecoveryPoint = a_recovery_point(arn=COPIED_POINT, **(of or {}))
        asked = a_request(
            plan=RestorePlan.COPY_BACK,
            resource=point.resource,
            resource_type=point.resource_type,
            recovery_point_created_at=point.created_at,
            key=point.encryption_key or "",
            target_name=UNNAMED if point.resource_type == "EC2" else "payments-db-0200",
            metadata=(),
            original=(),
            wishes=(),
            temporary_vault=changes.pop("temporary_vault", ""),
        )
        approved = as_decided(asked, point=point, restores=restores)
        if "later_by" in changes:
            changes["created_at"] = point.created_at + changes.pop("later_by")
        return why_not_as_approved(approved, landed=replace(point, **changes), restores=restores)

    return why


@pytest.mark.parametrize("later_by", [timedelta(), A_MINUTE, -A_MINUTE], ids=["same", "a minute more", "a minute less"])
def test_the_same_backup_is_restored_however_exactly_its_time_is_told(look: Look, later_by: timedelta) -> None:
    assert look(later_by=later_by) == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"resource": ANOTHER}, "is not of the approved resource", id="another resource"),
        pytest.param({"resource_type": "Aurora"}, "is not of the approved resource", id="another type"),
        pytest.param(
            {"encryption_key": ANOTHER_KEY},
            f"lies under {ANOTHER_KEY}, and not under the key that approvers were told",
            id="another key",
        ),
        pytest.param(
            {"encryption_key": None}, "lies under no key, and not under the key that approvers were told", id="no key"
        ),
    ],
)
def test_what_is_something_else_is_not_restored(look: Look, changes: dict[str, Any], why: str) -> None:
    assert look(**changes) == why


@pytest.mark.parametrize("later_by", [A_MINUTE + timedelta(seconds=1), -A_MINUTE - timedelta(seconds=1)])
def test_a_backup_of_another_time_is_not_restored(look: Look, later_by: timedelta) -> None:
    told = f"{a_recovery_point().created_at + later_by:%Y-%m-%d %H:%M}"
    assert look(later_by=later_by) == f"is of a backup of {told}, which is not the approved one"


def test_settings_of_which_something_else_would_be_made_are_not_sent(look: Look) -> None:
    other = {**a_recovery_point().restore_metadata, "Engine": "mysql"}
    assert look(restore_metadata=other) == "tells settings of which the decision makes others than were approved"


def test_a_point_out_of_which_nothing_comes_is_refused(look: Look) -> None:
    with pytest.raises(RestoreRefusedError):
        look(status="EXPIRED")


def test_a_type_that_is_made_under_a_key_of_its_own_may_land_under_any(look: Look) -> None:
    assert look(TABLE) == ""
    assert look(TABLE, encryption_key=ANOTHER_KEY) == ""


@pytest.mark.parametrize(
    ("of", "temporary_vault", "why"),
    [
        pytest.param({"encryption_key": RESTORE_KEY}, TEMPORARY_VAULT, "", id="a key of the profile"),
        pytest.param({}, "", "", id="the local vault's, as approvers were told"),
        pytest.param({}, TEMPORARY_VAULT, NO_OWN_KEY, id="a forged request tells another key"),
        pytest.param(TABLE, TEMPORARY_VAULT, NO_OWN_KEY, id="a type that is made under a key of its own"),
        pytest.param({**TABLE, "encryption_key": None}, TEMPORARY_VAULT, "", id="no key"),
        pytest.param({**TABLE, "encryption_key": ""}, TEMPORARY_VAULT, NO_KEY, id="a key that AWS owns"),
        pytest.param({**MACHINE, "encryption_key": ""}, TEMPORARY_VAULT, "", id="a type that tells no key"),
        pytest.param(MACHINE, TEMPORARY_VAULT, NO_OWN_KEY, id="a type that tells none, and does"),
    ],
)
def test_b_7_what_comes_out_of_a_temporary_vault_lies_under_a_key_of_the_profile(
    of: dict[str, Any], temporary_vault: str, why: str, look: Look
) -> None:
    assert look(of, temporary_vault=temporary_vault) == why


def test_a_type_that_nobody_knows_is_refused(intent: Intent) -> None:
    restores = replace(ceremony_of(a_proving_intent(intent)).restores, profiles=(PROFILE,))
    landed = a_recovery_point(resource_type="Tomorrow")
    asked = a_request(
        resource=landed.resource, resource_type="Tomorrow", recovery_point_created_at=landed.created_at, key=""
    )
    with pytest.raises(RestoreRefusedError):
        why_not_as_approved(asked, landed=landed, restores=restores)


def test_malware_that_was_found_in_the_copy_ends_it(look: Look) -> None:
    with pytest.raises(RestoreRefusedError, match="malware was found in the backup after it was asked for"):
        look(scan=Scan.THREATS)


@pytest.mark.parametrize("scan", [Scan.NEVER, Scan.INCOMPLETE, Scan.CLEAN])
def test_of_a_fresh_copy_nobody_has_to_know_anything(scan: Scan, look: Look) -> None:
    bucket = {"resource": "arn:aws:s3:::shop-docs", "resource_type": "S3", "restore_metadata": {}}
    assert look({**bucket, "scan": Scan.CLEAN}, scan=scan) == ""
