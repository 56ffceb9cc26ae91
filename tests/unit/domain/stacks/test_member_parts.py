"""The member template is cut into parts that stand alone, each resource into one of them."""

import json
import re

import pytest

from strongroom.domain.rollout.stacks import MOST_BYTES_IN_A_REQUEST as MOST
from strongroom.domain.stacks.member_parts import MemberParts, member_parts
from strongroom.domain.stacks.templates import MEMBER, Template, carried_body
from strongroom_cli.templates import read_templates

WHOLE = read_templates().carried[MEMBER]


@pytest.fixture(scope="module")
def parts() -> MemberParts:
    """The project's own template, cut."""
    return member_parts(WHOLE, restores=True)


def each(parts: MemberParts) -> tuple[Template, ...]:
    return parts.vault, parts.roles, parts.rest


def test_the_vault_its_key_and_the_role_that_expires_backups_stay_together(parts: MemberParts) -> None:
    assert list(parts.vault["Resources"]) == ["LocalVaultKey", "LocalVault", "BackupRole"]


def test_the_roles_are_a_part_of_their_own(parts: MemberParts) -> None:
    assert {body["Type"] for body in parts.roles["Resources"].values()} == {"AWS::IAM::Role"}
    assert "AWS::IAM::Role" not in {body["Type"] for body in parts.rest["Resources"].values()}


def test_every_resource_is_in_one_part(parts: MemberParts) -> None:
    names = [name for part in each(parts) for name in part["Resources"]]
    assert sorted(names) == sorted(WHOLE["Resources"])


def test_each_part_fits_into_what_a_stack_set_carries(parts: MemberParts) -> None:
    """The whole is deployed nowhere, so that its length means nothing."""
    assert [name for name in ("vault", "roles", "rest") if len(carried_body(getattr(parts, name))) > MOST] == []


@pytest.mark.parametrize("section", ["Parameters", "Conditions"])
def test_every_parameter_and_condition_is_where_it_is_used_and_nowhere_else(parts: MemberParts, section: str) -> None:
    assert {name for part in each(parts) for name in part[section]} == set(WHOLE[section])
    for part in each(parts):
        text = json.dumps({**part["Resources"], **part["Conditions"]})
        assert [name for name in part[section] if not re.search(rf"\b{name}\b", text)] == []


def test_no_part_refers_to_what_is_in_another(parts: MemberParts) -> None:
    for part in each(parts):
        strangers = set(WHOLE["Resources"]) - set(part["Resources"])
        refers = re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', json.dumps(part["Resources"]))
        assert strangers.isdisjoint(refers)


def test_where_nobody_restores_there_is_no_role_for_it_and_nothing_that_it_alone_is_told(parts: MemberParts) -> None:
    without = member_parts(WHOLE, restores=False).roles
    assert parts.roles["Resources"].keys() - without["Resources"].keys() == {
        "RestoreJobRole",
        "RestoreNativeRole",
        "RestoreAskedRole",
        "RestoreRawRole",
        "RestoreRole",
        "WatchedRole",
    }
    assert parts.roles["Parameters"].keys() - without["Parameters"].keys() == {
        "BreakGlassUserArns",
        "OverwrittenByCallArns",
        "ReplicationRoleArns",
        "RestoredByCallArns",
        "RestoredByHandArns",
        "RestoredClusterArns",
        "RestoredRoleArns",
    }
    assert without["Conditions"].keys() == {"InHomeRegion", "HasAudit"}
