"""A restore that nobody wrote down is known by what it used, which must be all of what was approved."""

import pytest

from strongroom.services.restores.acting.find_started import find_started
from tests.builders.restores import POINT
from tests.fakes.restores.world import CeremonyWorld


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        pytest.param({}, True, id="just what was approved"),
        pytest.param({"StorageType": "gp3"}, True, id="a default of AWS's beside it"),
        pytest.param({"DBInstanceIdentifier": "payments-db-0300"}, False, id="another name"),
        pytest.param({"DBInstanceClass": None}, False, id="less than was approved"),
    ],
)
def test_x07_only_what_was_approved_is_found(
    changes: dict[str, str | None], world: CeremonyWorld, *, is_found: bool
) -> None:
    request = world.kept(world.open()).sealed.request
    used = dict(request.metadata) | changes
    world.restores.known = ["restore-7"]
    world.restores.used_by["restore-7"] = {key: value for key, value in used.items() if value is not None}
    found = find_started(request, recovery_point=POINT, since=world.now, jobs=world.restores)
    assert found == (("restore-7",) if is_found else ())
