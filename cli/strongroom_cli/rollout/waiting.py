"""What is told while AWS is at work: how far the stacks of governed accounts are."""

import time
from collections.abc import Callable
from typing import Final

from strongroom.domain.errors import StrongroomError
from strongroom.domain.rollout.desired import MEMBERS_STACK, Desired
from strongroom.domain.rollout.members import LiveInstance, count_current
from strongroom.domain.rollout.steps import BringStacks, DeployStack, Step
from strongroom.ports.rollout import MemberStacks

# The pauses grow: who waits for one of a second has waited for some five already.
_LONG_SECONDS: Final = 1.0


def _nothing() -> str:
    return ""


class Waiting:
    """Sleeps, and says during long waits what `look` sees, whenever that is something new."""

    def __init__(self, *, sleep: Callable[[float], None] = time.sleep, tell: Callable[[str], None] = print) -> None:
        """`tell` takes a line."""
        self.look: Callable[[], str] = _nothing
        self._sleep = sleep
        self._tell = tell
        self._told = ""

    def __call__(self, seconds: float) -> None:
        """Sleep so long."""
        self._sleep(seconds)
        if seconds < _LONG_SECONDS:
            return
        try:
            seen = self.look()
        except StrongroomError:
            return  # what is waited for must not fail because nobody can look
        if seen and seen != self._told:
            self._tell(f"{'...':<12}  {seen}")
            self._told = seen


def progress_of(step: Step, *, desired: Desired, members: MemberStacks) -> Callable[[], str]:
    """What tells how far the StackSets of a step are: nothing where it has none."""
    match step.act:
        case DeployStack(name=name) if name == MEMBERS_STACK:
            names = [each.name for each in desired.rendered.stack_sets]
        case BringStacks(stack_set=name):
            names = [name]
        case _:
            return _nothing

    def look() -> str:
        found: dict[str, tuple[LiveInstance, ...]] = {name: members.instances(name) or () for name in names}
        return ", ".join(count_current(name, instances) for name, instances in found.items() if instances)

    return look
