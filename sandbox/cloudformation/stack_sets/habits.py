"""What AWS says of StackSets in two ways, or not at all: the sandbox can be switched to either.

* Suspended accounts fail operations (cloudformation-coverage-roadmap #1177), or are skipped and named
  SKIPPED_SUSPENDED_ACCOUNT (API reference, StackInstanceComprehensiveStatus).
* The stack that an account kept when it left is strange to the StackSet ("You can't re-associate a retained stack", API
  reference, StackSetOperation), or found again when the account returns.
* Automatic deployment follows all accounts of a unit, those that a StackSet leaves out (DIFFERENCE) among them, or only
  those that it reaches: the filter is a property of an operation's targets, and AutoDeployment says nothing of it (API
  reference, DeploymentTargets and AutoDeployment).
"""

from dataclasses import dataclass
from typing import Any

from sandbox.settings import Settings
from sandbox.web import control


@dataclass(slots=True)
class Habits:
    """How AWS behaves now."""

    skips_suspended: bool = False
    finds_kept_stacks: bool = False
    follows_left_out: bool = True


habits = Habits()


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Begin with the stricter answer to each."""
    _set({"skips_suspended": False, "finds_kept_stacks": False, "follows_left_out": True})
    control.register("POST", "/stack-sets/habits", _set)


def _set(wanted: dict[str, Any]) -> dict[str, Any]:
    for name, value in wanted.items():
        if name not in Habits.__slots__:
            raise control.ControlError(f"unknown habit {name}")
        setattr(habits, name, bool(value))
    return {name: getattr(habits, name) for name in Habits.__slots__}
