"""What we touch inside MiniStack's Lambda is still there, and names errors as AWS does."""

import inspect

import pytest
from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from sandbox.seams.lambda_workers import error_name

TRACE = """Traceback (most recent call last):
  File "app.py", line 1, in handler
strongroom.domain.errors.TicketWithdrawnError: the ticket was withdrawn
"""


def test_what_is_replaced_is_still_there() -> None:
    assert next(iter(inspect.signature(lambda_svc._execute_function_with_config_scope).parameters))  # noqa: SLF001


def test_workers_are_kept_as_we_expect_them() -> None:
    assert isinstance(lambda_runtime._workers, dict)  # noqa: SLF001
    assert next(iter(inspect.signature(lambda_runtime.kill_workers).parameters)) == "workers"
    source = inspect.getsource(lambda_runtime.reap_idle_workers)
    assert "worker.in_use" in source
    assert '"last_used"' in source


@pytest.mark.parametrize(
    ("message", "log", "expected"),
    [
        ("the ticket was withdrawn", TRACE, "TicketWithdrawnError"),
        ("", "Traceback (most recent call last):\nKeyError", "KeyError"),
        ("two\nlines", "Traceback\nValueError: two\nlines", "ValueError"),
        ("another", TRACE, "Runtime.HandlerError"),
    ],
    ids=["of-a-package", "without-message", "message-of-two-lines", "no-such-line"],
)
def test_error_is_named_after_its_class(message: str, log: str, expected: str) -> None:
    assert error_name({"errorMessage": message}, log) == expected
