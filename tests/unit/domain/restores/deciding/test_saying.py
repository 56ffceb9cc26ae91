"""What a backup tells of its settings, and whoever asks, is taken as it is said, and only what is read in one way."""

from typing import Any

import pytest

from strongroom.domain.restores.deciding.decision import Fault, LeftOut, Refusal
from strongroom.domain.restores.deciding.parameters import UNREADABLE
from strongroom.domain.restores.deciding.saying import folded, read_as_written, read_backup, settings_of
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.table import kind_named
from tests.builders.deciding.restore_cases import a_restore


def test_the_settings_of_a_backup_are_those_that_it_tells_once_and_in_texts() -> None:
    kind = kind_named("RDS")
    assert kind is not None
    told = {
        "multiaz": "true",
        "Engine": "postgres",
        "Port": "5432",
        "port": "5433",
        "AllocatedStorage": 100,
        "LicenseModel": "",
        "Unheard": "of",
    }
    assert settings_of(told, folded(kind.keys)) == (("Engine", "postgres"), ("MultiAZ", "true"))


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ('{"Size":"3"}', (("StackParameters", '{"Size":"3"}'),)),
        ('{"DBPassword":"Hunter2-secret","Size":"3"}', ()),
        ('{"DBPassword":"a/b-Hunter2"}', ()),
        ('{"Login":"****"}', ()),
        ("Hunter2", ()),
    ],
)
def test_parameters_of_a_stack_are_shown_all_or_not_at_all(told: str, shown: tuple[tuple[str, str], ...]) -> None:
    kind = kind_named("CloudFormation")
    assert kind is not None
    assert settings_of({"StackParameters": told}, folded(kind.keys)) == shown


def test_a_setting_is_shown_as_it_is_told_also_where_it_could_not_be_sent() -> None:
    kind = kind_named("RDS")
    assert kind is not None
    assert settings_of({"MultiAZ": "perhaps"}, folded(kind.keys)) == (("MultiAZ", "perhaps"),)


def test_what_a_person_writes_is_taken_letter_by_letter() -> None:
    sheet = Sheet(a_restore("EBS"))
    assert read_as_written({"volumeType": "gp3", "NewKey": "Any"}, sheet=sheet) == {
        "volumeType": "gp3",
        "NewKey": "Any",
    }
    assert sheet.refusals == ()


@pytest.mark.parametrize(
    ("wishes", "fault", "sentence", "key"),
    [
        pytest.param(
            {"volumeType": "gp3", "VolumeType": "gp2"},
            Fault.DOUBLED_KEY,
            "volumetype is said twice, in different letters",
            "volumetype",
            id="said twice",
        ),
        pytest.param(
            {"RestoreTime": "2026-11-23T02:00:00Z"},
            Fault.FORBIDDEN_KEY,
            "RestoreTime: the time is asked for as such, and not as metadata",
            "RestoreTime",
            id="the time",
        ),
        *(
            pytest.param({name: "x"}, Fault.UNKNOWN_KEY, f"{shown} can be no key of a restore", shown, id=shown)
            for name, shown in (
                ("aws:backup:request-id", "aws:backup:request-id"),
                ("InformationalOnly:Size", "InformationalOnly:Size"),
                ("a key", "a key"),
                ("", ""),
                ("\u0430", '"\\u0430"'),
            )
        ),
        *(
            pytest.param(
                {"volumeType": value},
                Fault.BAD_VALUE,
                "volumeType must be a text of 1 to 8,192 visible characters",
                "volumeType",
                id=f"{value!r:.10}",
            )
            for value in ("", 7, None, "a\nb", "x" * 8193)
        ),
    ],
)
def test_what_a_person_writes_otherwise_is_refused(wishes: Any, fault: Fault, sentence: str, key: str) -> None:
    sheet = Sheet(a_restore("EBS"))
    assert read_as_written(wishes, sheet=sheet) == {}
    assert sheet.refusals == (Refusal(fault=fault, key=key, sentence=sentence),)


@pytest.mark.parametrize(
    "told",
    [{"StackParameters": 7}, {"StackParameters": "{}", "stackparameters": "{}"}],
    ids=["no text", "twice"],
)
def test_parameters_that_cannot_be_read_are_named_by_where_they_stand(told: dict[str, Any]) -> None:
    kind = kind_named("CloudFormation")
    assert kind is not None
    sheet = Sheet(a_restore("CloudFormation"))
    assert read_backup(told, folded(kind.keys), sheet=sheet, path="of.") == {}
    key = "of.StackParameters"
    assert sheet.refusals == (Refusal(fault=Fault.BY_HAND, key=key, sentence=f"{key} {UNREADABLE}"),)


@pytest.mark.parametrize(
    ("told", "reason"),
    [({"MultiAZ": 7}, "its value is no text to send"), ({"MultiAZ": "true", "multiaz": "true"}, "it is told twice")],
    ids=["no text", "twice"],
)
def test_any_other_key_that_cannot_be_read_is_left_out_and_named_by_where_it_stands(
    told: dict[str, Any], reason: str
) -> None:
    kind = kind_named("RDS")
    assert kind is not None
    sheet = Sheet(a_restore("RDS"))
    assert read_backup(told, folded(kind.keys), sheet=sheet, path="of.") == {}
    assert (sheet.refusals, sheet.left_out) == ((), (LeftOut(key="of.MultiAZ", reason=reason),))
