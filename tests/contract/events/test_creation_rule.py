"""The calls that make what AWS Backup protects, against AWS's own models: what is heard, and what is read out of it."""

import json
import re
from collections import Counter
from typing import Any, Final

import pytest

from sandbox.seams.host import lets_in
from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Kind, Sign
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS, TYPES
from strongroom.domain.tags.creations import CREATIONS, Found, find_resources
from strongroom.domain.tags.patterns import LONGEST_PATTERN, creation_pattern
from tests.contract.events.creation_records import (
    IDS,
    CreationRecord,
    forms_of,
    is_modelled,
    leads,
    records_of,
)
from tests.contract.events.every_operation import every_operation

# What is known of AWS, once more and by hand: the calls, by how it is known what their records look like.
HEARD: Final = {
    Evidence.RECORDED: """
        cloudformation:CreateStack dynamodb:CreateTable ec2:CreateFleet ec2:CreateVolume ec2:RunInstances
        eks:CreateCluster elasticfilesystem:CreateFileSystem fsx:CreateFileSystem rds:CreateDBCluster
        rds:CreateDBInstance rds:RestoreDBClusterFromSnapshot rds:RestoreDBClusterToPointInTime
        rds:RestoreDBInstanceFromDBSnapshot rds:RestoreDBInstanceFromS3 rds:RestoreDBInstanceToPointInTime
        redshift:CreateCluster s3:CreateBucket
    """,
    Evidence.PUBLISHED: "dynamodb:UpdateTable redshift-serverless:CreateNamespace",
    Evidence.CONSTRUCTED: """
        backup-gateway:ImportHypervisorConfiguration cloudformation:CreateChangeSet dsql:CreateCluster
        dynamodb:ImportTable dynamodb:RestoreTableFromBackup dynamodb:RestoreTableToPointInTime ec2:CopyVolumes
        ec2:CreateReplaceRootVolumeTask ec2:RestoreVolumeFromRecycleBin
        elasticfilesystem:CreateReplicationConfiguration fsx:CreateFileSystemFromBackup fsx:CreateVolume
        fsx:CreateVolumeFromBackup rds:CreateBlueGreenDeployment rds:CreateDBInstanceReadReplica
        rds:RestoreDBClusterFromS3 redshift-serverless:RestoreFromRecoveryPoint
        redshift-serverless:RestoreFromSnapshot redshift:RestoreFromClusterSnapshot ssm-sap:RegisterApplication
        storagegateway:CreateCachediSCSIVolume storagegateway:CreateStorediSCSIVolume timestream:CreateTable
    """,
    Evidence.UNCONFIRMED: "dsql:StartRestoreJob dynamodb:RestoreTableFromAwsBackup timestream:StartAwsRestoreJob",
}
CREATION: Final = creation_pattern()
MODELLED: Final = {call: known for call, known in CREATIONS.items() if is_modelled(known[1])}
RECORDS: Final = [record for call in MODELLED for record in records_of(call)]
# Event sources, where they are not what AWS's models call the service.
SOURCES: Final = {"efs": "elasticfilesystem", "timestream-write": "timestream", "timestream-query": "timestream"}
CASES = pytest.mark.parametrize("record", RECORDS, ids=lambda each: f"{each.call} {each.form}")


@pytest.fixture(scope="module")
def services_having() -> dict[str, set[str]]:
    """Every operation of AWS's models, and the event sources that have one of this name."""
    having = dict[str, set[str]]()
    for service, names in every_operation().items():
        for name in names:
            having.setdefault(name, set()).add(SOURCES.get(service, service))
    return having


def found(record: CreationRecord) -> tuple[str, ...]:
    """The ARNs that the record leads to, none of which was doubted."""
    assert told_by(record.call, record).misfits == ()
    return found_by(record.call, record)


def found_by(call: str, record: CreationRecord) -> tuple[str, ...]:
    """The ARNs that the record leads to, were it one of this call."""
    return tuple(resource.arn for resource in told_by(call, record).resources)


def told_by(call: str, record: CreationRecord) -> Found:
    place: Any = {"account": record.account, "region": record.region}
    return find_resources(CREATIONS[call], request=record.request, response=record.response, **place)


def test_the_calls_that_are_heard_are_those_that_are_known() -> None:
    known = {call: evidence for evidence, calls in HEARD.items() for call in calls.split()}
    assert {call: creation.evidence for call, (_, creation) in CREATIONS.items()} == known
    assert Counter(evidence for evidence in known.values()) == {
        Evidence.RECORDED: 17,
        Evidence.PUBLISHED: 2,
        Evidence.CONSTRUCTED: 23,
        Evidence.UNCONFIRMED: 3,
    }
    assert len(TYPES) == 21


def test_sixteen_modelled_calls_restore_or_import() -> None:
    kinds = [creation.kind for _, creation in MODELLED.values()]
    assert sum(kind in {Kind.RESTORE, Kind.IMPORT} for kind in kinds) == 16
    assert len(MODELLED) == 42


def test_the_models_lack_exactly_the_calls_whose_shape_nobody_has_published() -> None:
    assert {CREATIONS[call][1].evidence for call in CREATIONS.keys() - MODELLED.keys()} == {Evidence.UNCONFIRMED}


def test_the_pattern_fits_into_a_rule_and_names_each_call_once() -> None:
    assert len(json.dumps(CREATION, separators=(",", ":"))) == 1813
    assert LONGEST_PATTERN == 2048
    names = [name for branch in CREATION["$or"] for name in branch["detail"]["eventName"]]
    assert len(names) == len(set(names)) == 40


def test_no_branch_lets_through_a_call_that_is_not_heard(services_having: dict[str, set[str]]) -> None:
    let_through = {
        f"{source.removeprefix('aws.')}:{name}"
        for branch in CREATION["$or"]
        for source in branch["source"]
        for name in branch["detail"]["eventName"]
        if source.removeprefix("aws.") in services_having.get(name, set())
    }
    assert let_through == set(MODELLED)


@CASES
def test_a_creation_is_heard_and_leads_to_what_was_made(record: CreationRecord) -> None:
    assert lets_in(CREATION, record.event)
    assert found(record) == record.arns


@CASES
def test_a_creation_that_failed_is_not_heard(record: CreationRecord) -> None:
    event = record.event
    assert not lets_in(CREATION, event | {"detail": event["detail"] | {"errorCode": "Client.InvalidParameter"}})


def test_each_call_has_a_record_by_each_of_its_paths_or_names() -> None:
    assert {record.call for record in RECORDS} == set(MODELLED)
    assert len(RECORDS) >= 100


@CASES
def test_the_same_record_of_another_service_is_neither_heard_nor_read(
    record: CreationRecord, services_having: dict[str, set[str]]
) -> None:
    name = record.call.split(":")[1]
    others = {f"{service}:{name}" for service in services_having[name]} - set(CREATIONS)
    for other in others:
        source = other.split(":")[0]
        assert not lets_in(CREATION, record.event | {"source": f"aws.{source}"}), other


def test_the_same_record_of_another_service_of_ours_leads_nowhere() -> None:
    """Two tables of one name stand in the request alike; the event's source, which AWS sets, tells them apart."""
    misread = {
        (record.call, other)
        for record in RECORDS
        for other in CREATIONS.keys() - {record.call}
        if other.endswith(f":{record.call.split(':')[1]}") and found_by(other, record)
    }
    assert misread == {("timestream:CreateTable", "dynamodb:CreateTable")}


def test_names_that_many_services_have_are_among_the_cases(services_having: dict[str, set[str]]) -> None:
    shared = {call.split(":")[1] for call in CREATIONS if len(services_having.get(call.split(":")[1], ())) > 1}
    assert {"CreateCluster", "CreateTable", "CreateVolume", "CreateFileSystem", "CreateFleet", "UpdateTable"} <= shared


@pytest.mark.parametrize(
    ("call", "detail"),
    [
        ("dynamodb:UpdateTable", {"requestParameters": {"tableName": "orders"}}),
        ("dynamodb:UpdateTable", {"requestParameters": {"replicaUpdates": [{"delete": {"regionName": "eu-north-1"}}]}}),
        ("cloudformation:CreateChangeSet", {"requestParameters": {"changeSetType": "UPDATE"}}),
        ("cloudformation:CreateChangeSet", {"requestParameters": {}}),
    ],
    ids=["scaled table", "replica deleted", "stack updated", "stack updated by default"],
)
def test_a_call_that_makes_something_only_sometimes_is_heard_only_then(call: str, detail: dict[str, Any]) -> None:
    source, name = call.split(":")
    event = {"source": f"aws.{source}", "detail-type": "AWS API Call via CloudTrail", "account": "1", "region": "r"}
    assert not lets_in(CREATION, event | {"detail": {"eventName": name, **detail}})


def paths_of(creation: Creation) -> list[tuple[str, str]]:
    """Every path by which a record of the call is read, with the side that it begins at."""
    per = "" if creation.per is None else f"{creation.per}."
    paths = [("response", per + path) for path in creation.response]
    paths += [("request", path) for path in creation.request]
    paths += [("request", path) for path in re.findall(r"{(.+?)}", creation.request_joined or "")]
    if creation.home is not None:
        paths.append(("response" if per else "request", per + creation.home))
    if creation.owner is not None:
        paths.append(("response", per + creation.owner))
    return paths


@pytest.mark.parametrize("call", MODELLED)
def test_each_path_walks_the_model_to_a_text(call: str) -> None:
    creation = MODELLED[call][1]
    forms = forms_of(creation)
    lost = [(side, path) for side, path in paths_of(creation) if not any(leads(getattr(f, side), path) for f in forms)]
    assert lost == []


@pytest.mark.parametrize("call", [call for call in MODELLED if MODELLED[call][1].origins])
def test_each_path_to_what_something_was_made_of_walks_the_model_to_a_text(call: str) -> None:
    creation = MODELLED[call][1]
    paths = [path.partition(".") for origin in creation.origins for path in origin.paths]
    lost = [
        (side, path) for side, _, path in paths if not any(leads(getattr(f, side), path) for f in forms_of(creation))
    ]
    assert lost == []


def test_there_are_as_many_paths_as_are_known() -> None:
    """Of 88, two are CloudTrail's own: the name of a bucket, and that of a cluster of EKS as 2018 told it."""
    assert sum(len(paths_of(creation)) for _, creation in MODELLED.values()) == 86 + 2


def signs_of(row: ResourceType) -> list[Sign]:
    """Every sign that the row, and the calls that make such a thing, look for."""
    limits = [sign for limit in row.limits for sign in (*limit.shown, *limit.missing)]
    keys = [Sign(paths=limit.key_at) for limit in row.limits if limit.key_at]
    calls = [
        sign
        for creation in row.creations
        for sign in (*(when for when, _ in creation.kind_when), *(cover.sign for cover in creation.covers))
    ]
    return [*limits, *keys, *calls, *(c.only_when for c in row.creations if c.only_when is not None)]


@pytest.mark.parametrize(
    ("row", "sign"),
    [pytest.param(row, sign, id=f"{row.label} {sign.paths[0]}") for row in TYPES for sign in signs_of(row)],
)
def test_a_sign_is_to_be_found_in_a_record_of_its_type(row: ResourceType, sign: Sign) -> None:
    forms = [form for each, creation in CREATIONS.values() if each.arn == row.arn for form in forms_of(creation)]
    sides = [path.split(".", 1) for path in sign.paths]
    assert any(leads(getattr(form, side), path) for side, path in sides for form in forms)


@pytest.mark.parametrize("call", ["ec2:CreateFleet", "ec2:CopyVolumes", "ec2:CreateReplaceRootVolumeTask"])
def test_every_form_of_a_wrapped_answer_leads_to_the_same(call: str) -> None:
    records = records_of(call)
    assert {record.form for record in records} == {"items", "item", "single item"}
    assert len({found(record) for record in records}) == 1


def test_every_name_of_the_builder_has_the_shape_that_its_row_demands() -> None:
    shapes = {row.label: row.id_shape for row in ROWS} | {
        named.label: named.id_shape for _, creation in CREATIONS.values() for named in creation.names
    }
    assert [label for label, name in IDS.items() if re.fullmatch(shapes[label], name) is None] == []
