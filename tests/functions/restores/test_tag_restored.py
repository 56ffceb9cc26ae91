"""The step that tags what was restored."""

import pytest

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.evidence.entries import EntryKind
from tests.builders.restores import RESTORED
from tests.fakes.ceremony import Functions


def _restored(functions: Functions) -> str:
    request = functions.world.come_to_approval()
    for function in ("start_restore", "check_restore"):
        functions.step(function, request)
    return request


def test_the_recovery_point_s_tags_are_put_on_what_was_created(functions: Functions) -> None:
    request = _restored(functions)
    answer = functions.step("tag_restored", request)
    assert functions.network.given == [{"on": RESTORED, "Backup": "daily-prod"}]
    assert answer["keys"] == ("Backup",)
    assert functions.world.kept(request).last(EntryKind.TAGGED) == {"resource": RESTORED, "keys": ["Backup"]}


def test_it_tags_under_the_tagging_role(functions: Functions) -> None:
    functions.step("tag_restored", _restored(functions))
    role = "arn:aws:iam::222222222222:role/strongroom/strongroom-restore-after"
    assert functions.clients.own["sts"].assumed[-1] == role


def test_before_anything_was_restored_nothing_is_tagged(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    with pytest.raises(ApprovalVoidError, match="nothing was restored"):
        functions.step("tag_restored", request)
    assert functions.network.given == []
