"""Private touches of MiniStack's CloudFormation: what a condition can see of the place where its stack is made."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox import seams

_CALLERS: Final = tuple(f"ministack.services.cloudformation.{name}" for name in ("stacks", "changesets", "handlers"))

type Evaluate = Callable[[dict[str, Any], dict[str, Any]], dict[str, bool]]


def let_conditions_see_the_place() -> None:
    """Let conditions compare `AWS::Region` and `AWS::AccountId`, which MiniStack knows everywhere but there."""
    for module in _CALLERS:
        seams.replace(module, "_evaluate_conditions", _with_place)


def _with_place(original: Evaluate) -> Evaluate:
    def evaluate(template: dict[str, Any], parameters: Mapping[str, Any]) -> dict[str, bool]:
        place = {
            "AWS::Region": {"Value": seams.request_region()},
            "AWS::AccountId": {"Value": seams.request_account()},
        }
        return original(template, {**place, **parameters})

    return evaluate
