"""Which parameters a person may write for each call, which of them are needed, and what is of each form."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.by_hand.parameters import PARAMETERS, PLAIN, Form, Parameter, has_form

TABLE_PARTS: Final = ("DatabaseName", "SchemaName", "TableName")
KNOWN: Final = {
    "fsx:CreateFileSystemFromBackup": (
        "TEXTS SubnetIds!",
        "TEXTS SecurityGroupIds!",
        "TEXT KmsKeyId!",
        "TEXT StorageType",
        "NUMBER StorageCapacity",
        "RECORD OpenZFSConfiguration!",
        "TEXT OpenZFSConfiguration.DeploymentType!",
        "TEXT OpenZFSConfiguration.PreferredSubnetId!",
        "NUMBER OpenZFSConfiguration.ThroughputCapacity!",
        "NUMBER OpenZFSConfiguration.AutomaticBackupRetentionDays!",
        "FLAG OpenZFSConfiguration.CopyTagsToBackups",
        "FLAG OpenZFSConfiguration.CopyTagsToVolumes",
        "TEXT OpenZFSConfiguration.WeeklyMaintenanceStartTime",
        "RECORD OpenZFSConfiguration.DiskIopsConfiguration",
        "TEXT OpenZFSConfiguration.DiskIopsConfiguration.Mode",
        "NUMBER OpenZFSConfiguration.DiskIopsConfiguration.Iops",
        "RECORD OpenZFSConfiguration.ReadCacheConfiguration",
        "TEXT OpenZFSConfiguration.ReadCacheConfiguration.SizingMode",
        "NUMBER OpenZFSConfiguration.ReadCacheConfiguration.SizeGiB",
    ),
    "ec2:CreateVolume": (
        "TEXT AvailabilityZone!",
        "TEXT KmsKeyId!",
        "NUMBER VolumeInitializationRate! 100-300",
        "TEXT VolumeType",
        "NUMBER Size",
        "NUMBER Iops",
        "NUMBER Throughput",
    ),
    "redshift:RestoreTableFromClusterSnapshot": (
        "TEXT ClusterIdentifier!",
        *(f"NAME Source{part}!" for part in TABLE_PARTS),
        "NAME TargetDatabaseName!",
        "NAME TargetSchemaName!",
        "NAME NewTableName!",
    ),
    "redshift-serverless:RestoreTableFromSnapshot": (
        "PLACE namespaceName!",
        "PLACE workgroupName!",
        *(f"NAME source{part}!" for part in TABLE_PARTS),
        "NAME targetDatabaseName!",
        "NAME targetSchemaName!",
        "NAME newTableName!",
    ),
    "redshift-serverless:RestoreFromSnapshot": ("PLACE namespaceName!", "PLACE workgroupName!"),
}


def spelled(parameters: tuple[Parameter, ...], *, path: str = "") -> Iterator[str]:
    """Each with its form, `!` where it is needed, and the numbers that it lies within."""
    for each in parameters:
        within = f" {each.within[0]}-{each.within[1]}" if each.within else ""
        yield f"{each.form.name} {path}{each.name}{'!' if each.is_needed else ''}{within}"
        yield from spelled(each.inner, path=f"{path}{each.name}.")


def test_these_are_written_and_no_others() -> None:
    assert {call: tuple(spelled(parameters)) for call, parameters in PARAMETERS.items()} == KNOWN


def test_forms_are_told_to_people() -> None:
    assert {form.name: str(form) for form in Form} == {
        "TEXT": "a text",
        "NAME": "a letter or underscore, then letters, digits and underscores, all of them small and at most 127",
        "PLACE": "3 to 64 small letters, digits and hyphens",
        "NUMBER": "a whole number",
        "FLAG": "true or false",
        "TEXTS": "a list of texts",
        "RECORD": "a mapping of what it takes",
    }
    assert PLAIN == (Form.TEXT, Form.NAME, Form.PLACE)


OF_FORM: Final[dict[Form, tuple[tuple[Any, ...], tuple[Any, ...]]]] = {
    Form.TEXT: (("", "a"), (1, None, ["a"])),
    Form.NAME: (("_", "a1", "t" * 127), ("", "1a", "A", "a-b", "t" * 128, 1)),
    Form.PLACE: (("a-1", "p" * 64), ("ab", "p" * 65, "a_b", "Abc", 123)),
    Form.NUMBER: ((0, 1), (-1, True, 1.0, "1")),
    Form.FLAG: ((True, False), (0, "true", None)),
    Form.TEXTS: ((["a"], ["a", "b"]), ([], ["a", 1], "a", {"a": "b"})),
    Form.RECORD: (({}, {"a": 1}), ([], "{}", None)),
}


@pytest.mark.parametrize("form", Form)
def test_what_has_the_form_is_taken_and_what_has_not_is_none(form: Form) -> None:
    taken, refused = OF_FORM[form]
    assert [has_form(value, form) for value in (*taken, *refused)] == [True] * len(taken) + [False] * len(refused)
