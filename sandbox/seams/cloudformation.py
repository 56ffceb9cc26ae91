"""Private touches of MiniStack's CloudFormation: what a condition can see, and actions that it does not know."""
# ruff: noqa: SLF001

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.seams import host as seams

_CALLERS: Final = tuple(f"ministack.services.cloudformation.{name}" for name in ("stacks", "changesets", "handlers"))

type Evaluate = Callable[[dict[str, Any], dict[str, Any]], dict[str, bool]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action is refused: a ValidationError of this message."""

    message: str


type Result = dict[str, str] | Refusal
type Action = Callable[[dict[str, Any]], Result]


def answer_actions(actions: Mapping[str, Action]) -> None:
    """Let CloudFormation answer further actions, each with flat text members."""
    answers = {name: _answering(name, action) for name, action in actions.items()}
    seams.replace("ministack.services.cloudformation", "_ACTION_HANDLERS", lambda known: {**known, **answers})


def _answering(name: str, action: Action) -> Callable[[dict[str, Any]], seams.ServiceAnswer]:
    def answer(request: dict[str, Any]) -> seams.ServiceAnswer:
        from ministack.services.cloudformation import helpers

        result = action(request)
        if isinstance(result, Refusal):
            refusal: seams.ServiceAnswer = helpers._error("ValidationError", result.message)
            return refusal
        members = "".join(f"<{key}>{helpers._esc(value)}</{key}>" for key, value in result.items())
        done: seams.ServiceAnswer = helpers._xml(200, f"{name}Response", f"<{name}Result>{members}</{name}Result>")
        return done

    return answer


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
