"""The table of kinds as a whole: every type of the catalogue once, each told apart, none guessed."""

import re

import pytest

from strongroom.domain import forms
from strongroom.domain.catalogue.rows import RISKS_OF_TYPES, TYPES
from strongroom.domain.restores.deciding.decision import Danger
from strongroom.domain.restores.kinds.model import Grade, Key, RestoreKind, Use
from strongroom.domain.restores.kinds.table import KINDS, kind_named, kind_of
from tests.conftest import ROOT
from tools.import_table import embed
from tools.restore_table import BEGIN, render_restores

DATABASE = "arn:aws:rds:eu-west-1:222222222222:db:orders"
CLUSTER = "arn:aws:rds:eu-west-1:222222222222:cluster:orders"
FILES = "arn:aws:fsx:eu-west-1:222222222222:file-system/fs-1"


def test_every_type_of_the_catalogue_has_a_kind() -> None:
    assert {kind.row.label for kind in KINDS} == {row.label for row in TYPES}


def test_rows_of_the_catalogue_are_those_that_are_meant() -> None:
    assert {kind.name: kind.row.label for kind in KINDS if kind.name != kind.row.name or kind.row.service == "rds"} == {
        "RDS": "RDS instance",
        "RDS cluster": "Multi-AZ database cluster",
        "Aurora": "database cluster",
        "DocumentDB": "DocumentDB cluster",
        "Neptune": "Neptune cluster",
        "FSx Windows": "FSx file system",
        "FSx Lustre": "FSx file system",
        "FSx OpenZFS": "FSx file system",
        "FSx ONTAP": "FSx volume",
    }


def test_names_are_said_once() -> None:
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names) == 23


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_keys_of_a_kind_are_told_apart_in_any_letters(kind: RestoreKind) -> None:
    for keys in (kind.keys, *(key.inner for key in kind.keys)):
        names = [key.name.lower() for key in keys]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_conditions_name_keys_that_are_there(kind: RestoreKind) -> None:
    for keys in (kind.keys, *(key.inner for key in kind.keys)):
        names = {key.name for key in keys}
        conditions = [condition for key in keys for condition in (key.with_backup, key.needs) if condition]
        assert {condition.key for condition in conditions} <= names


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_has_a_name_says_how_it_is_spelled(kind: RestoreKind) -> None:
    is_named = any(key.use is Use.NAME for key in kind.keys)
    assert bool(kind.target.shape) is bool(kind.target.rule) is is_named
    assert re.compile(kind.target.shape)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_who_restores_by_hand_is_told_why(kind: RestoreKind) -> None:
    assert bool(kind.by_hand) is (kind.grade is Grade.BY_HAND or kind.by_hand_when is not None)
    assert bool(kind.keys) is (kind.grade is not Grade.BY_HAND)


def test_a_kind_keeps_its_key_where_none_can_be_chosen_though_it_is_in_a_network() -> None:
    assert [kind.name for kind in KINDS if kind.row.keeps_key] == ["RDS"]


def test_tags_are_not_copied_where_asking_for_it_fails_the_job() -> None:
    """AWS Backup API Reference, StartRestoreJob, CopySourceTagsToRestoredResource."""
    failing = {"DynamoDB", "S3", "Timestream", "VirtualMachine", "SAP HANA on Amazon EC2"}
    assert {kind.name for kind in KINDS if not kind.tags_are_copied} == failing


def test_what_nobody_here_can_tag_is_said_to_have_no_tags_of_ours() -> None:
    assert [kind.name for kind in KINDS if not kind.row.is_tagged and not kind.untagged] == []


def test_risks_are_those_that_rules_can_name_and_in_the_same_order() -> None:
    assert ("elevated", *Danger) == forms.RISKS


def test_what_the_stricter_rule_always_decides_is_known_to_whoever_verifies_a_bundle() -> None:
    """By the catalogue, because a request could leave the risk out."""
    known = {name for name, risks in RISKS_OF_TYPES.items() if forms.ELEVATED_RISK in risks.of_type}
    assert known == {"Aurora DSQL", "CloudFormation", "EKS", "Timestream"}


@pytest.mark.parametrize(
    ("resource_type", "resource", "backup", "name"),
    [
        pytest.param("RDS", DATABASE, {}, "RDS", id="an instance"),
        pytest.param("RDS", CLUSTER, {}, "RDS cluster", id="a cluster"),
        pytest.param("Aurora", CLUSTER, {}, "Aurora", id="a cluster of Aurora"),
        pytest.param("FSx", FILES, {"FileSystemType": "LUSTRE"}, "FSx Lustre", id="a file system"),
        pytest.param("FSx", FILES, {"fileSystemType": "ONTAP"}, "FSx ONTAP", id="in other letters"),
        pytest.param("FSx", FILES, {}, None, id="a file system that says nothing"),
        pytest.param(
            "FSx", FILES, {"FileSystemType": "LUSTRE", "filesystemtype": "ONTAP"}, None, id="said in two ways"
        ),
        pytest.param("FSx", FILES, {"FileSystemType": "TOMORROW"}, None, id="a file system of tomorrow"),
        pytest.param("RedshiftServerless", FILES, {}, "Redshift Serverless", id="spelled in the other way"),
        pytest.param("Tomorrow", FILES, {}, None, id="a type of tomorrow"),
    ],
)
def test_a_recovery_point_is_of_one_kind_or_of_none(
    resource_type: str, resource: str, backup: dict[str, str], name: str | None
) -> None:
    found = kind_of(resource_type, resource=resource, backup=backup)
    assert (found and found.name) == name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_found_by_its_name(kind: RestoreKind) -> None:
    assert kind_named(kind.name) is kind


def test_the_committed_page_is_fresh() -> None:
    page = (ROOT / "docs/reference/restores.md").read_text(encoding="utf-8")
    assert embed(page, render_restores(), BEGIN) == page, "run `make reference`"


def test_no_key_that_names_a_role_is_ever_the_backups_or_the_askers() -> None:
    def named(keys: tuple[Key, ...]) -> list[Key]:
        inner = [each for key in keys for each in named(key.inner)]
        return inner + [key for key in keys if "role" in key.name.lower() or "instanceprofile" in key.name.lower()]

    found = [key for kind in KINDS for key in named(kind.keys)]
    assert {key.use for key in found} == {Use.NEVER, Use.ROLE}
    assert {str(key.barred) for key in found} == {"role"}
