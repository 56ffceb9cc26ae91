"""A request whose metadata or parameters a person wrote, as the one decision makes it."""

import json
from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import FaultsFoundError, RestoreRefusedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.requests import UNNAMED, RestoreRequest
from tests.builders.deciding.called import (
    CALL,
    NAMESPACE_CALL,
    SNAPSHOT_POINT,
    TABLE_CALL,
    VOLUME_CALL,
    WRITTEN_TABLE,
    a_namespace_request,
    a_table_request,
    a_volume_request,
)
from tests.builders.deciding.written import WRITTEN, a_machine_point
from tests.builders.restores import POLICY, PROFILE, a_proving_intent, a_recovery_point, a_request

GRAVE: Final = {"group": "approvers", "needed": 2, "when": {"risks": ["elevated"]}}
STRICTER: Final = canonical_text(json.loads(POLICY) | {"rules": [GRAVE]})
LETS: Final = replace(
    PROFILE,
    subnets=("subnet-0r1", "subnet-0r2"),
    zones=("eu-west-1a",),
    native=(CALL, VOLUME_CALL, TABLE_CALL, NAMESPACE_CALL),
    raw=("VirtualMachine",),
)
LEAVE_OUT: Final = "leave the name out"


def _sorted(written: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(written.items()))


def _decided(intent: Intent, asked: RestoreRequest, **point: Any) -> RestoreRequest:
    restores = replace(ceremony_of(a_proving_intent(intent)).restores, profiles=(LETS,))
    told = {"arn": asked.recovery_point, "resource": asked.resource, "resource_type": asked.resource_type}
    found = a_recovery_point(**{**told, "restore_metadata": {}, **point})
    return as_decided(replace(asked, policy=STRICTER, call="", metadata=()), point=found, restores=restores)


def _faults(intent: Intent, asked: RestoreRequest) -> list[str]:
    with pytest.raises(FaultsFoundError) as found:
        _decided(intent, asked)
    return list(found.value.faults)


@pytest.mark.parametrize(
    ("asked", "call"),
    [
        pytest.param(a_volume_request(target_name=UNNAMED), VOLUME_CALL, id="a volume"),
        pytest.param(a_table_request(target_name=UNNAMED), TABLE_CALL, id="a table, into what was backed up"),
        pytest.param(a_namespace_request(target_name=UNNAMED), NAMESPACE_CALL, id="a namespace, whose ARN has no name"),
    ],
)
def test_the_call_that_takes_what_was_written_is_made_with_it(asked: RestoreRequest, call: str, intent: Intent) -> None:
    decided = _decided(intent, asked)
    assert (decided.call, decided.metadata, decided.risks[0]) == (call, asked.wishes, "elevated")


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        pytest.param(
            a_table_request(target_name="orders"),
            f"the parameters of {TABLE_CALL} say what becomes of it; {LEAVE_OUT}",
            id="a name beside the parameters",
        ),
        pytest.param(
            a_volume_request(target_name="orders"),
            f"what is made of EBS has no name to choose: the job tells the volume's id; {LEAVE_OUT}",
            id="a name for what has none",
        ),
        pytest.param(
            a_table_request(target_name=UNNAMED, wishes=_sorted(WRITTEN_TABLE | {"ClusterIdentifier": "day"})),
            f"ClusterIdentifier must be night, which was backed up: {TABLE_CALL} adds to nothing else",
            id="another cluster",
        ),
        pytest.param(
            a_volume_request(target_name=UNNAMED, recovery_point=a_request().recovery_point),
            f"the recovery point is none of the service's own, which alone {VOLUME_CALL} takes",
            id="a recovery point of another service",
        ),
    ],
)
def test_what_is_wrong_with_a_call_is_told_in_one_sentence(asked: RestoreRequest, fault: str, intent: Intent) -> None:
    assert _faults(intent, asked) == [fault]


def test_without_the_word_native_the_machine_makes_what_is_sent(intent: Intent) -> None:
    asked = a_volume_request(kind="", target_name=UNNAMED, wishes=(), call="")
    decided = _decided(intent, asked, restore_metadata={"volumeSize": "8", "volumeType": "gp3"})
    assert (decided.call, dict(decided.metadata)["volumeSize"]) == ("", "8")


def test_the_machine_restores_a_recovery_point_of_whichever_service_it_is(intent: Intent) -> None:
    asked = a_request(metadata=(), wishes=(), recovery_point=SNAPSHOT_POINT)
    assert _decided(intent, asked, restore_metadata=a_recovery_point().restore_metadata).call == ""


def test_what_a_person_wrote_is_sent_under_the_name_that_it_has_though_the_kind_chooses_none(intent: Intent) -> None:
    point = a_machine_point()
    asked = a_request(
        kind="raw",
        resource=point.resource,
        resource_type=point.resource_type,
        recovery_point=point.arn,
        target_name=WRITTEN["VMName"],
        wishes=_sorted(WRITTEN),
    )
    decided = _decided(intent, asked)
    assert (decided.call, decided.metadata) == ("", _sorted(WRITTEN))
    with pytest.raises(RestoreRefusedError, match="VirtualMachine must be restored by hand"):
        _decided(intent, replace(asked, kind=""))
