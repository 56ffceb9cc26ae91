"""Each reading is a call that its service has, by an action that changes nothing and opens no data."""

import re
from typing import Final

import pytest
from botocore import xform_name
from botocore.session import get_session

from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.restores.kinds import table as kinds
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Grade
from strongroom.domain.restores.settings.reading import Reading
from strongroom.domain.restores.settings.table import KINDS, SettingsKind, actions_of, move_of, settings_kind

READINGS: Final = [(kind.dimension, each) for kind in KINDS for each in kind.readings]
LOOKS: Final = re.compile(r"[a-z0-9-]+:(Describe|List|GetBucket|GetLifecycle|GetEncryption|GetReplication|GetResource)")
ANYWHERE: Final = "eu-west-1:222222222222:"


@pytest.mark.parametrize(("of", "reading"), READINGS, ids=[f"{of}-{each.what}" for of, each in READINGS])
def test_the_service_has_the_call_with_these_parameters_and_such_an_answer(of: str, reading: Reading) -> None:
    service = get_session().get_service_model(reading.service)
    [operation] = [each for each in service.operation_names if xform_name(each) == reading.call]
    model = service.operation_model(operation)
    assert model.input_shape is not None
    assert model.output_shape is not None
    assert {parameter for parameter, _ in reading.by} <= set(model.input_shape.members), of
    assert set(reading.at.split("/")[:1]) - {""} <= set(model.output_shape.members), of


def test_nothing_is_read_by_an_action_that_changes_something_or_opens_data() -> None:
    assert [each for each in actions_of(KINDS) if not LOOKS.match(each)] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.dimension)
def test_no_two_readings_of_a_kind_are_called_the_same_and_each_comes_after_what_it_needs(kind: SettingsKind) -> None:
    names = [each.what for each in kind.readings]
    assert len(set(names)) == len(names)
    for number, each in enumerate(kind.readings):
        assert not each.each or each.each.partition(":")[0] in names[:number]


@pytest.mark.parametrize(
    ("arn", "dimension"),
    [
        (f"arn:aws:dynamodb:{ANYWHERE}table/orders", "TableName"),
        (f"arn:aws:rds:{ANYWHERE}db:orders", "DBInstanceIdentifier"),
        (f"arn:aws:rds:{ANYWHERE}cluster:orders", "DBClusterIdentifier"),
        ("arn:aws:s3:::orders", "BucketName"),
        (f"arn:aws:ec2:{ANYWHERE}volume/vol-1", "VolumeId"),
        (f"arn:aws:ec2:{ANYWHERE}instance/i-1", "InstanceId"),
        (f"arn:aws:elasticfilesystem:{ANYWHERE}file-system/fs-1", "FileSystemId"),
        (f"arn:aws:fsx:{ANYWHERE}file-system/fs-1", "FileSystemId"),
        (f"arn:aws:fsx:{ANYWHERE}volume/fs-1/fsvol-1", "VolumeId"),
        (f"arn:aws:redshift:{ANYWHERE}cluster:shop", "ClusterIdentifier"),
        (f"arn:aws:timestream:{ANYWHERE}database/a/table/b", ""),
        (f"arn:aws:ec2:{ANYWHERE}snapshot/snap-1", ""),
    ],
)
def test_a_resource_is_of_the_kind_that_its_arn_says(arn: str, dimension: str) -> None:
    kind = settings_kind(Arn.parse(arn))
    assert (kind.dimension if kind else "") == dimension


@pytest.mark.parametrize(
    ("was", "now", "values"),
    [
        (f"arn:aws:dynamodb:{ANYWHERE}table/a", f"arn:aws:dynamodb:{ANYWHERE}table/b", {"TableName": ("a", "b")}),
        ("arn:aws:s3:::a", "arn:aws:s3:::b", {"BucketName": ("a", "b")}),
        (
            f"arn:aws:fsx:{ANYWHERE}volume/fs-1/fsvol-1",
            f"arn:aws:fsx:{ANYWHERE}volume/fs-2/fsvol-2",
            {"VolumeId": ("fsvol-1", "fsvol-2"), "FileSystemId": ("fs-1", "fs-2")},
        ),
        (f"arn:aws:rds:{ANYWHERE}cluster:a", f"arn:aws:rds:{ANYWHERE}db:a", None),
        (f"arn:aws:ec2:{ANYWHERE}snapshot/a", f"arn:aws:ec2:{ANYWHERE}snapshot/b", None),
    ],
)
def test_alarms_move_by_what_tells_the_metrics_of_the_kind_apart(
    was: str, now: str, values: dict[str, tuple[str, str]] | None
) -> None:
    move = move_of(Arn.parse(was), Arn.parse(now), account=AccountId("222222222222"))
    assert (None if move is None else move.values) == values


# Of what only part is put into something live the alarms are those of that, and of these nobody is told any.
WITHOUT: Final = {"Aurora DSQL", "CloudFormation", "EKS", "Timestream"}


def test_the_machine_makes_the_alarms_of_every_kind_that_it_restores_on_its_own() -> None:
    automatic = {each.name for each in kinds.KINDS if each.grade is not Grade.BY_HAND}
    with_alarms = {each.name for each in kinds.KINDS if SENTENCES[MachineStep.ALARMS] in each.steps}
    assert with_alarms == automatic - WITHOUT
