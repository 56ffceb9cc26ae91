"""What we touch inside MiniStack's Lambda is still there, and names errors as AWS does."""

import inspect

import pytest
from ministack.core import lambda_runtime
from ministack.services import eventbridge, lambda_svc, scheduler, sts

from sandbox.seams import host as seams
from sandbox.seams.functions import workers
from sandbox.seams.functions.workers import MOST_BYTES, error_name, within_limit

TRACE = """Traceback (most recent call last):
  File "app.py", line 1, in handler
strongroom.domain.errors.TicketWithdrawnError: the ticket was withdrawn
"""


def test_what_is_replaced_is_still_there() -> None:
    assert next(iter(inspect.signature(lambda_svc._execute_function_with_config_scope).parameters))  # noqa: SLF001
    request = ["method", "path", "headers", "body", "query_params"]
    assert list(inspect.signature(lambda_svc.handle_request).parameters) == request


def test_workers_are_kept_as_we_expect_them() -> None:
    assert isinstance(lambda_runtime._workers, dict)  # noqa: SLF001
    assert next(iter(inspect.signature(lambda_runtime.kill_workers).parameters)) == "workers"
    source = inspect.getsource(lambda_runtime.reap_idle_workers)
    assert "worker.in_use" in source
    assert '"last_used"' in source


def test_an_eleventh_function_does_not_run_where_ten_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda Developer Guide, "Understanding Lambda function scaling": whatever functions they are of."""
    monkeypatch.setattr(lambda_svc, "_ACCOUNT_CONCURRENCY_CAP", 10)
    ten = [lambda_svc._acquire_execution_slot({}, {"FunctionName": f"f-{each}"}) for each in range(10)]  # noqa: SLF001
    try:
        assert [refused for _, refused in ten] == [None] * 10
        assert lambda_svc._acquire_execution_slot({}, {"FunctionName": "eleventh"}) == (None, "account")  # noqa: SLF001
    finally:
        for key, _ in ten:
            lambda_svc._release_execution_slot(key)  # noqa: SLF001


def test_what_starts_functions_can_be_emptied_and_what_is_at_work_is_counted() -> None:
    assert callable(eventbridge.reset)
    assert callable(scheduler.reset)
    assert callable(lambda_runtime.reset)
    assert callable(lambda_svc._esms.clear)  # noqa: SLF001
    assert isinstance(lambda_svc._esm_inflight, dict)  # noqa: SLF001
    assert "_esm_inflight.pop(esm_id" in inspect.getsource(lambda_svc._dispatch_esm_batch)  # noqa: SLF001


def test_a_worker_gets_its_layers_where_we_put_them() -> None:
    spawn = inspect.getsource(lambda_runtime.Worker._spawn)  # noqa: SLF001
    assert 'self.config.get("Layers", [])' in spawn
    assert "_LAMBDA_LAYERS_DIRS" in lambda_runtime._PYTHON_WORKER_SCRIPT  # noqa: SLF001
    assert lambda_runtime._PYTHON_WORKER_SCRIPT.count(workers._RAISED) == 1  # noqa: SLF001
    assert lambda_runtime._PYTHON_WORKER_SCRIPT.count(workers._SAID) == 1  # noqa: SLF001
    assert f'"{workers._DIED}"' in inspect.getsource(lambda_runtime.Worker.invoke)  # noqa: SLF001
    assert "_LAMBDA_LAYERS_DIRS" not in lambda_runtime._RESERVED_RUNTIME_ENV_VARS  # noqa: SLF001
    assert list(inspect.signature(lambda_svc._resolve_layer_zip).parameters) == ["attachment"]  # noqa: SLF001
    assert list(inspect.signature(lambda_svc._docker_extracted_dir).parameters) == ["blob", "kind"]  # noqa: SLF001
    assert isinstance(lambda_svc._DOCKER_EXTRACT_CACHE, str)  # noqa: SLF001


@pytest.mark.parametrize(
    ("message", "log", "expected"),
    [
        ("the ticket was withdrawn", TRACE, "TicketWithdrawnError"),
        ("", "Traceback (most recent call last):\nKeyError", "KeyError"),
        ("two\nlines", "Traceback\nValueError: two\nlines", "ValueError"),
        ("Unable to say", "Traceback\nRuntime.MarshalError: Unable to say", "Runtime.MarshalError"),
        ("another", TRACE, "Runtime.HandlerError"),
    ],
    ids=["of-a-package", "without-message", "message-of-two-lines", "of-the-runtime", "no-such-line"],
)
def test_error_is_named_after_its_class(message: str, log: str, expected: str) -> None:
    assert error_name({"errorMessage": message}, log) == expected


@pytest.mark.parametrize("may_assume", [True, False], ids=["trusted", "not-trusted"])
def test_a_function_gets_a_session_of_a_role_that_lambda_may_assume(
    monkeypatch: pytest.MonkeyPatch, *, may_assume: bool
) -> None:
    """Source: Lambda Developer Guide, "Defining Lambda function permissions with an execution role"."""
    monkeypatch.setattr("ministack.app.AUTH", True)
    workers.ask_before_lending(lambda role: may_assume and role.endswith("/worker"))
    place = "111122223333"
    configuration = {
        "FunctionName": "f",
        "FunctionArn": f"arn:aws:lambda:eu-west-1:{place}:function:f",
        "Role": f"arn:aws:iam::{place}:role/worker",
    }
    lent = lambda_runtime.execution_credentials(configuration)
    seams.restore()
    assert (sts._sessions.pop(lent["AWS_ACCESS_KEY_ID"], None) is not None) is may_assume  # noqa: SLF001


def test_an_answer_above_six_megabytes_is_an_error() -> None:
    refused = within_limit({"body": "x" * (MOST_BYTES + 1)})
    assert refused["error"] is True
    assert refused["body"]["errorType"] == "Function.ResponseSizeTooLarge"
    assert str(MOST_BYTES) in refused["body"]["errorMessage"]


@pytest.mark.parametrize("body", ["x" * MOST_BYTES, {"said": "yes"}, None])
def test_another_answer_is_handed_on(body: object) -> None:
    assert within_limit({"body": body}) == {"body": body}
