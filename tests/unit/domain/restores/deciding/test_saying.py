"""What a backup tells of its settings is shown as it tells it, and only what can be read in one way."""

import pytest

from strongroom.domain.restores.deciding.saying import folded, settings_of
from strongroom.domain.restores.kinds.table import kind_named


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
