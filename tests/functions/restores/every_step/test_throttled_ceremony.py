"""A bad day of whatever a step asks delays a ceremony, and never decides it: any one of all calls may fail."""

import json
import re
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import pytest
import yaml

from strongroom.adapters.aws import clients as aws_clients
from strongroom.adapters.aws import secrets
from strongroom.adapters.identity.oidc import Web
from strongroom.domain.errors import StrongroomError, TemporarilyUnavailableError
from strongroom.domain.proofs.statements import Decision, make_statement
from tests.builders.proving.signed_requests import PROVIDER
from tests.builders.restores import CENTRAL_POINT, a_wish
from tests.conftest import ROOT
from tests.fakes.aws_failures import PASSING, FailingOnce, Failure
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler

MACHINE = ROOT / "statemachines/restore_approval.asl.yaml"
TASKS: dict[str, Any] = {
    name: state
    for name, state in yaml.load(MACHINE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["States"].items()
    if state["Type"] == "Task"
}
FAILURES = {
    "throttled": PASSING["ThrottlingException"],
    "throttled by a table": PASSING["ProvisionedThroughputExceededException"],
    "no answer in time": PASSING["no answer in time"],
}
# What a ceremony whose recovery point is copied back has gone through when each of its tasks begins.
_TO_COPY = ("StartCopyBack",)
_TO_RESTORE = (*_TO_COPY, "CheckCopyBack")
_TO_CHECK = (*_TO_RESTORE, "StartRestore")
_TO_TAG = (*_TO_CHECK, "CheckRestore")
BEFORE = {
    "SnapshotTicket": (),
    "TellApprovers": (),
    "JudgeApproval": (),
    "KeepDoorbell": (),
    "StartCopyBack": (),
    "CheckCopyBack": _TO_COPY,
    "StartRestore": _TO_RESTORE,
    "CheckRestore": _TO_CHECK,
    "TagRestored": _TO_TAG,
    "CloseRestore": (*_TO_TAG, "TagRestored", "TellApprovers"),
}
# Of AWS, without STS, whose every role is borrowed anew after a failure of it.
ASKED = {
    "SnapshotTicket": {"s3", "stepfunctions"},
    "TellApprovers": {"dynamodb", "secretsmanager"},
    "JudgeApproval": {"s3"},
    "KeepDoorbell": {"dynamodb"},
    "StartCopyBack": {"backup", "lambda", "organizations", "s3", "stepfunctions", "sts"},
    "CheckCopyBack": {"backup", "s3", "stepfunctions"},
    "StartRestore": {
        *("backup", "dynamodb", "events", "lambda", "organizations", "rds", "s3", "stepfunctions", "sts"),
    },
    "CheckRestore": {"backup", "s3", "stepfunctions", "sts"},
    "TagRestored": {"backup", "cloudwatch", "dynamodb", "rds", "s3", "stepfunctions", "sts"},
    "CloseRestore": {"backup", "dynamodb", "events", "lambda", "s3", "secretsmanager", "stepfunctions", "sts"},
}

# Whoever it cannot tell now, the sweep has told later.
TELLS_LATER = {"CloseRestore"}


class BadDay:
    """All clients of AWS with one count over their calls, so that any one call of a step can be the one that fails."""

    def __init__(self, functions: Functions, failure: Failure) -> None:
        self.functions = functions
        self.calls: list[str] = []
        self.asked: set[str] = set()
        own, member = functions.clients.own, functions.clients.member
        for service, client in own.items():
            own[service] = Counted(client, failure, calls=self.calls, service=service, day=self)
        for (account, service), client in member.items():
            member[account, service] = Counted(client, failure, calls=self.calls, service=service, day=self)
        self.clients = [*own.values(), *member.values()]
        self.begin(10**6)

    def begin(self, number: int) -> None:
        """In a new process, let the call of that number fail, counted from zero."""
        aws_clients.forget_clients()
        secrets.forget()
        for client in self.clients:
            client.fail_at(number)


class Counted(FailingOnce):
    """One of them; it says which service was asked."""

    def __init__(self, behind: Any, failure: Failure, *, calls: list[str], service: str, day: BadDay) -> None:
        super().__init__(behind, failure, calls=calls)
        self.service, self.day = service, day

    def _call(self, call: Callable[..., Any], method: str, request: dict[str, Any]) -> Any:
        self.day.asked.add(self.service)
        return super()._call(call, method, request)


def _function(task: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", task).lower()


def _run(task: str, functions: Functions, request: str) -> str:
    """The name of the error that the task ends with, if it does not succeed; it gets what the machine hands over."""
    known = {
        "request_id": request,
        "execution": functions.world.execution(request),
        "task_token": "token",
        "error": "",
        "reason": "",
    }
    handler = load_handler(_function(task))
    try:
        handler({name: known[name] for name in TASKS[task]["Arguments"]["Payload"]}, None)
    except StrongroomError as error:
        return type(error).__name__
    return ""


def _come_to(task: str, functions: Functions) -> str:
    wish = a_wish(recovery_point=CENTRAL_POINT)
    request = functions.world.open(wish) if task == "SnapshotTicket" else functions.world.come_to_approval(wish)
    assert [_run(each, functions, request) for each in BEFORE[task]] == [""] * len(BEFORE[task])
    return request


def _ends(take: Callable[[], str], *, fail_at: Callable[[int], None], has_failed: Callable[[], bool]) -> list[str]:
    """How each try ends, one more call going well each time, until no call was left to fail."""
    ends = []
    for number in count():
        fail_at(number)
        ends.append(take())
        if not has_failed():
            return ends
    raise AssertionError


def _retried(task: str) -> Iterable[str]:
    [retry] = TASKS[task]["Retry"]
    names: list[str] = retry["ErrorEquals"]
    return names


def test_every_task_is_known() -> None:
    assert set(TASKS) == set(BEFORE) == set(ASKED)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("task", TASKS)
def test_whichever_call_of_aws_fails_the_machine_tries_the_step_again(
    task: str, failure: Failure, functions: Functions
) -> None:
    request = _come_to(task, functions)
    day = BadDay(functions, failure)
    has_failed = lambda: len(day.calls) > day.clients[0].number  # noqa: E731
    *failed, at_last = _ends(lambda: _run(task, functions, request), fail_at=day.begin, has_failed=has_failed)
    assert day.asked - {"sts"} == ASKED[task] - {"sts"}
    assert len(failed) >= len(ASKED[task])
    assert set(failed) <= {*_retried(task), *([""] if task in TELLS_LATER else [])}
    assert at_last == ""


@pytest.mark.parametrize(("task", "account"), [("StartCopyBack", "central"), ("StartRestore", "member")])
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_however_often_an_act_is_tried_it_is_done_once(
    task: str, account: str, failure: Failure, functions: Functions
) -> None:
    request = _come_to(task, functions)
    day = BadDay(functions, failure)
    for number in range(60):
        day.begin(number)
        _run(task, functions, request)
    act = {"central": "copy-back", "member": "restore"}[account]
    kinds = functions.world.kinds(request)
    assert len(getattr(functions, account).started) == 1
    assert [kinds.count(f"{act}-{each}") for each in ("intended", "started")] == [1, 1]


@pytest.fixture
def without_provider(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> Functions:
    """The functions while the identity provider is away."""

    def away(_: Web, url: str) -> Any:
        raise TemporarilyUnavailableError(f"{url} cannot be reached")

    monkeypatch.setattr(Web, "get", away)
    return functions


@pytest.mark.parametrize("task", TASKS)
def test_what_people_signed_by_passkey_is_judged_without_the_identity_provider(
    task: str, without_provider: Functions
) -> None:
    assert _run(task, without_provider, _come_to(task, without_provider)) == ""


@pytest.mark.parametrize("task", ["JudgeApproval", "StartCopyBack", "StartRestore"])
def test_a_token_is_judged_once_the_identity_provider_is_there(task: str, without_provider: Functions) -> None:
    """Nobody's word is judged by keys that may be withdrawn."""
    functions, request = without_provider, _come_to(task, without_provider)
    asked = functions.world.kept(request).sealed.asked
    statement = make_statement(asked, Decision.DENY, nonce="A" * 22, issued_at=functions.world.now).text
    functions.world.keeper.add_proof(request, statement=statement, signed=PROVIDER.token("idp|sana", statement))
    assert _run(task, functions, request) == "TemporarilyUnavailableError"


ROUTES = {
    ("request_restore", "POST /restores"): {
        "account": a_wish().account,
        "recovery_point": a_wish().recovery_point,
        "target_name": "payments-db-0201",
        "ticket": "OPS-123",
        "reason": "again",
    },
    ("show_restores", "GET /restores"): None,
    ("show_restores", "GET /restores/{id}"): None,
    ("take_proof", "POST /restores/{id}/statements"): {"decision": "approve"},
}


@pytest.mark.parametrize(("function", "route"), ROUTES, ids=[route for _, route in ROUTES])
def test_whoever_asks_on_a_bad_day_is_told_to_try_again_and_nothing_of_ours(
    function: str, route: str, functions: Functions
) -> None:
    request = functions.world.open()
    BadDay(functions, PASSING["ThrottlingException"]).begin(0)
    status, content = functions.ask(function, route, ROUTES[function, route], person="omar", id=request)
    assert (status, "try again later" in content["error"]) == (503, True)
    assert "Throttling" not in json.dumps(content)
