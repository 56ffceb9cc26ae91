"""Who waits long is told how far the stacks of governed accounts are."""

from collections.abc import Callable
from copy import replace

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, MEMBERS_STACK
from strongroom.domain.rollout.members import LiveInstance
from strongroom.domain.rollout.steps import Act, BringStacks, DeployStack, Step, StepKind
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from strongroom_cli.rollout.waiting import Waiting, progress_of
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.fakes.rollout import FakeOrganization

SET = "strongroom-member"
BRING = BringStacks(SET, accounts=(PAYMENTS,), regions=(HOME,), are_new=True)


def waited(*seconds: float, look: Callable[[], str]) -> list[str]:
    told: list[str] = []
    waiting = Waiting(sleep=lambda _: None, tell=told.append)
    waiting.look = look
    for pause in seconds:
        waiting(pause)
    return [line.removeprefix("...").strip() for line in told]


def test_short_waits_are_told_nothing_and_long_ones_what_is_new() -> None:
    seen = iter(["1 of 2", "1 of 2", "2 of 2", ""])
    assert waited(0.1, 1.0, 2.0, 3.0, 4.0, look=lambda: next(seen)) == ["1 of 2", "2 of 2"]


def test_who_cannot_look_waits_all_the_same() -> None:
    def look() -> str:
        raise TemporarilyUnavailableError("throttled")

    assert waited(5.0, look=look) == []


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (DeployStack(MEMBERS_STACK), "strongroom-member: 1 of 2 current"),
        (BRING, "strongroom-member: 1 of 2 current"),
        (DeployStack(MANAGEMENT_STACK), ""),
    ],
    ids=["the stack of the StackSets", "one more try", "another stack"],
)
def test_the_stacks_of_a_step_are_counted(organization: FakeOrganization, act: Act, told: str) -> None:
    template = MemberTemplate(name=SET, body="{}", parameters={}, regions=(HOME,))
    organization.bind(StackSet(name=SET, template=template, units=("ou-1",)))
    instances = tuple(
        LiveInstance(account=account, region=HOME, status=status)
        for account, status in ((PAYMENTS, "CURRENT"), (BACKUP_ACCOUNT, "OUTDATED"))
    )
    members = replace(organization.live.members, instances={SET: instances})
    organization.live = replace(organization.live, members=members)
    step = Step(
        id="a",
        kind=StepKind.UPDATE_STACK,
        account=PAYMENTS,
        region=HOME,
        what="stacks",
        before="old",
        after="new",
        act=act,
    )
    assert progress_of(step, desired=organization.wanted, members=organization)() == told
