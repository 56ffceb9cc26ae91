"""Private touches of MiniStack's CloudFormation: its actions, its stacks' records, and what a condition can see."""
# ruff: noqa: SLF001

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from http import HTTPStatus
from typing import Any, Final

from sandbox.seams import host as seams

_SERVICE: Final = "ministack.services.cloudformation"
_CALLERS: Final = tuple(f"{_SERVICE}.{name}" for name in ("stacks", "changesets", "handlers"))

type Answer = Callable[[dict[str, Any]], seams.ServiceAnswer]
type Evaluate = Callable[[dict[str, Any], dict[str, Any]], dict[str, bool]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action is refused, with CloudFormation's code and status for it."""

    message: str
    code: str = "ValidationError"
    status: int = 400


type Request = dict[str, Any]
type Result = dict[str, Any] | Refusal
type Action = Callable[[Request], Result]
type Check = Callable[[Request], Refusal | None]
type Provision = Callable[[str, str, dict[str, Any], str], Any]


def answer_actions(actions: Mapping[str, Action]) -> None:
    """Let CloudFormation answer further actions; members of a result may be texts, maps and lists."""
    answers = {name: _answering(name, action) for name, action in actions.items()}
    seams.replace(_SERVICE, "_ACTION_HANDLERS", lambda known: {**known, **answers})


def check_actions(checks: Mapping[str, Check]) -> None:
    """Let an action of MiniStack's pass its check first."""

    def build(known: Mapping[str, Answer]) -> dict[str, Answer]:
        return {**known, **{name: _checked(check, known[name]) for name, check in checks.items()}}

    seams.replace(_SERVICE, "_ACTION_HANDLERS", build)


def _checked(check: Check, original: Answer) -> Answer:
    def answer(request: Request) -> seams.ServiceAnswer:
        refusal = check(request)
        return original(request) if refusal is None else _refused(refusal)

    return answer


def rewrite_answers(action: str, rewrite: Callable[[str], str]) -> None:
    """Let the body of every answer to an action be another one."""

    def build(known: Mapping[str, Answer]) -> dict[str, Answer]:
        def answer(request: Request) -> seams.ServiceAnswer:
            status, headers, body = known[action](request)
            return status, headers, rewrite(body.decode()).encode()

        return {**known, action: answer}

    seams.replace(_SERVICE, "_ACTION_HANDLERS", build)


def let_failed_stacks_go_on(statuses: Collection[str]) -> None:
    """Let stacks in these statuses, which MiniStack holds for the end, be updated by UpdateStack."""

    def build(known: Mapping[str, Answer]) -> dict[str, Answer]:
        def answer(request: Request) -> seams.ServiceAnswer:
            record = stack_record(text_of(request, "StackName"))
            if record is None or record["StackStatus"] not in statuses:
                return known["UpdateStack"](request)
            before = dict(record)
            # An empty template differs from any: the same one again is an update, too, because something is missing.
            record.update(StackStatus="UPDATE_COMPLETE", _template={})
            answered = known["UpdateStack"](request)
            if answered[0] >= HTTPStatus.BAD_REQUEST:
                record.update(before)
            return answered

        return {**known, "UpdateStack": answer}

    seams.replace(_SERVICE, "_ACTION_HANDLERS", build)


def stack_record(name: str) -> dict[str, Any] | None:
    """MiniStack's record of the stack of that name or id in the account and Region of the request."""
    from ministack.services.cloudformation import handlers

    record: dict[str, Any] | None = handlers._resolve_stack(name)
    return record


@dataclass(frozen=True, slots=True)
class Deployed:
    """A resource of a stack as it was made: no intrinsic function is left in its properties."""

    account: str
    region: str
    stack: str
    logical_id: str
    kind: str
    physical_id: str
    properties: dict[str, Any]


def deployed_resources() -> Iterator[Deployed]:
    """Every resource of every stack in any account and Region."""
    for (account, region, _), stack in list(seams.service_module("cloudformation")._stacks._data.items()):
        for logical_id, made in stack["_resources"].items():
            kind, physical_id = made["ResourceType"], made["PhysicalResourceId"]
            properties = made.get("Properties") or {}
            yield Deployed(account, region, stack["StackName"], logical_id, kind, physical_id, properties)


def age_stacks(span: timedelta) -> None:
    """Let every stack in any account and Region have been made, and changed, that much earlier."""
    for stack in seams.service_module("cloudformation")._stacks._data.values():
        for moment in ("CreationTime", "LastUpdatedTime"):
            stack[moment] = f"{datetime.fromisoformat(stack[moment]) - span:%Y-%m-%dT%H:%M:%S.%fZ}"


def change_set_record(name: str, stack: str) -> dict[str, Any] | None:
    """MiniStack's record of a change set."""
    from ministack.services.cloudformation import changesets

    record: dict[str, Any] | None = changesets._find_change_set(name, stack)[1]
    return record


def validate_templates(why_refused: Callable[[dict[str, Any], dict[str, bool]], str | None]) -> None:
    """Refuse a template, when there is a reason, before anything of it is made; conditions are evaluated already."""

    def build(original: Callable[..., None]) -> Callable[..., None]:
        def validate(template: dict[str, Any], conditions: dict[str, bool], params: Any = None) -> None:
            original(template, conditions, params=params)
            if reason := why_refused(template, conditions):
                raise ValueError(reason)

        return validate

    for module in ("changesets", "handlers"):
        seams.replace(f"{_SERVICE}.{module}", "validate_template_support", build)


def before_each_resource(look: Callable[[str, str, str, dict[str, Any]], None]) -> None:
    """Call `look(stack, logical id, type, properties)` before a resource is made; what it raises fails the resource."""

    def build(original: Provision) -> Provision:
        def provision(resource_type: str, logical_id: str, properties: dict[str, Any], stack: str) -> Any:
            look(stack, logical_id, resource_type, properties)
            return original(resource_type, logical_id, properties, stack)

        return provision

    seams.replace(f"{_SERVICE}.stacks", "_provision_resource", build)


def log_no_failure_of(kind: type[Exception]) -> None:
    """Keep MiniStack from logging resources that failed by an error of this kind."""

    def is_told(record: logging.LogRecord) -> bool:
        return not (isinstance(record.args, tuple) and any(isinstance(each, kind) for each in record.args))

    told = logging.getLogger("cloudformation.told")
    told.filters[:] = [is_told]
    seams.replace(f"{_SERVICE}.stacks", "logger", lambda _: told)


def text_of(request: Request, name: str) -> str:
    """One member of a request, empty when it is not there."""
    from ministack.services.cloudformation import helpers

    return str(helpers._p(request, name))


def texts_of(request: Request, name: str) -> list[str]:
    """A list of texts in a request."""
    from ministack.services.cloudformation import helpers

    texts: list[str] = helpers._extract_string_members(request, name)
    return texts


def parameters_of(request: Request) -> list[dict[str, Any]]:
    """The parameters in a request: `Key`, `Value`, and whether the previous value is meant, `UsePreviousValue`."""
    from ministack.services.cloudformation import helpers

    parameters: list[dict[str, Any]] = helpers._extract_members(request, "Parameters")
    return parameters


def _answering(name: str, action: Action) -> Answer:
    def answer(request: Request) -> seams.ServiceAnswer:
        from ministack.services.cloudformation import helpers

        result = action(request)
        if isinstance(result, Refusal):
            return _refused(result)
        done: seams.ServiceAnswer = helpers._xml(200, f"{name}Response", f"<{name}Result>{_xml(result)}</{name}Result>")
        return done

    return answer


def _xml(value: Any) -> str:
    """A member of an answer as the query protocol writes it."""
    if isinstance(value, Mapping):
        return "".join(f"<{key}>{_xml(each)}</{key}>" for key, each in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


def _refused(refusal: Refusal) -> seams.ServiceAnswer:
    from ministack.services.cloudformation import helpers

    answer: seams.ServiceAnswer = helpers._error(refusal.code, refusal.message, refusal.status)
    return answer


def let_alarms_calculate() -> None:
    """Take alarms on metric math, which MiniStack refuses: each watches the first of its metrics, and never rings here.

    Nothing feeds metrics that a log line declares, so that there is nothing to calculate with.
    """

    def build(original: Callable[[str, dict[str, Any]], Any]) -> Callable[[str, dict[str, Any]], Any]:
        def record(name: str, properties: dict[str, Any]) -> Any:
            stats = (each["MetricStat"] for each in properties.get("Metrics") or () if "MetricStat" in each)
            first = next(stats, None)
            if first is None:
                return original(name, properties)
            others = {key: value for key, value in properties.items() if key != "Metrics"}
            watched = {key: first["Metric"][key] for key in ("Namespace", "MetricName", "Dimensions")}
            return original(name, others | watched | {"Period": first["Period"], "Statistic": first["Stat"]})

        return record

    seams.replace("ministack.services.cloudformation.provisioners", "_cw_metric_alarm_record", build)


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
