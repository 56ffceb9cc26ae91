"""What was approved beside what a job used: a key is one key in whatever letters."""

import pytest

from strongroom.domain.restores.metadata import differing_keys


@pytest.mark.parametrize(
    ("used", "differing"),
    [
        pytest.param({"dbinstanceidentifier": "x", "aws:backup:request-id": "1"}, (), id="the same in another case"),
        pytest.param({"DBInstanceIdentifier": "y"}, ("dbinstanceidentifier",), id="another value"),
        pytest.param({"DBInstanceIdentifier": "x", "EngineVersion": "16.4"}, (), id="one more"),
        pytest.param({}, ("dbinstanceidentifier",), id="one less"),
        pytest.param({"DBInstanceIdentifier": "x", "dbInstanceIdentifier": "x"}, (), id="the same twice"),
        pytest.param(
            {"DBInstanceIdentifier": "x", "dbInstanceIdentifier": "y"},
            ("dbinstanceidentifier",),
            id="two values, the right one first",
        ),
        pytest.param(
            {"dbInstanceIdentifier": "y", "DBInstanceIdentifier": "x"},
            ("dbinstanceidentifier",),
            id="two values, the right one last",
        ),
    ],
)
def test_attack_22_keys_are_one_key_in_whatever_case(used: dict[str, str], differing: tuple[str, ...]) -> None:
    assert differing_keys({"DBInstanceIdentifier": "x"}, used=used) == differing


def test_what_was_approved_in_two_ways_nothing_is_like() -> None:
    approved = {"Engine": "postgres", "engine": "mysql"}
    assert differing_keys(approved, used=approved) == ("engine",)


def test_values_that_only_look_alike_differ() -> None:
    assert differing_keys({"MultiAZ": True, "Port": "1"}, used={"MultiAZ": 1, "Port": 1}) == ("multiaz", "port")
