"""Private touches of MiniStack's Lambda.

An error of a function keeps the name of its class, as on AWS, and too large an answer is one, or one that is no JSON,
or the end of its worker. A function of another account is invoked where it lies; MiniStack looks for it in the
caller's account alone. A layer is unpacked once for all workers, each of which would unpack it anew. What a function
raises ends the invocation and not its worker, which goes on with all that it remembers; MiniStack starts another. And
a worker that nobody needs ends: MiniStack keeps one of every function for good, which for twenty functions is more
memory than a small machine has. Where the system can, workers are forks of a process that has imported the AWS SDK,
which each would import anew.
"""
# ruff: noqa: SLF001

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from sandbox.seams import host as seams
from sandbox.seams.functions.forks import ForkingSubprocess, WorkerParent
from sandbox.seams.host import ServiceAnswer, ServiceHandler
from sandbox.settings import Settings

MOST_BYTES: Final = (
    6_291_556  # recorded on AWS: localstack/localstack, tests/aws/services/lambda_/test_lambda.snapshot.json
)
_TOO_LARGE: Final = "Function.ResponseSizeTooLarge"
_ANONYMOUS: Final = "Runtime.HandlerError"
_OF_THE_RUNTIME: Final = "Runtime."
_DIED: Final = "Worker process died"
# Seen on AWS: https://github.com/brefphp/bref, its tests of the runtime.
_EXITED: Final = {"errorType": "Runtime.ExitError", "errorMessage": "Error: Runtime exited without providing a reason"}
_INVOKED: Final = re.compile(
    r"/2015-03-31/functions/arn:[^:/]+:lambda:(?P<region>[^:/]+):(?P<account>\d{12}):function:[^/]+/invocations"
)
_LAST_LINE: Final = re.compile(r"^(?P<path>[A-Za-z_][\w.]*)(: (?P<message>.*))?$")

# The end of MiniStack's loop over the invocations of a worker, and one that its host does not end the worker for.
_RAISED: Final = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
_RAISED_AND_KEPT: Final = f'{{"status": "ok", "result": None, "raised": {_RAISED}}}'

# How a worker says what its handler has answered, and how it says what cannot be said as JSON: by the error and words
# of aws-lambda-python-runtime-interface-client, `bootstrap.py`.
_SAID: Final = 'json.dumps({"status": "ok", "result": result})'
_MARSHALLED: Final = "_marshalled(result)"
_MARSHALLING: Final = """
class MarshalError(Exception):
    __module__ = "Runtime"

def _marshalled(result):
    import json
    try:
        return json.dumps({"status": "ok", "result": result})
    except (TypeError, ValueError, RecursionError) as error:
        raise MarshalError(f"Unable to marshal response: {error}") from error

"""

_LOOK_SECONDS: Final = 2.0
_LOOK_AGAIN_SECONDS: Final = 0.05
_LAST_SECONDS: Final = 5.0
_stopping = threading.Event()
_parents: list[WorkerParent] = []

type Result = dict[str, Any]


def install(settings: Settings) -> None:
    """Name errors to the callers of a function, state machines above all; share layers; end idle workers."""
    unpacked = f"{settings.run_dir}/layers"
    seams.replace("ministack.services.lambda_svc", "_execute_function_with_config_scope", _naming_errors)
    seams.replace("ministack.services.lambda_svc", "handle_request", _answering_where_it_lies)
    seams.replace("ministack.services.lambda_svc", "_DOCKER_EXTRACT_CACHE", lambda _: unpacked)
    if settings.lambda_concurrency is not None:
        seams.replace(
            "ministack.services.lambda_svc", "_ACCOUNT_CONCURRENCY_CAP", lambda _: settings.lambda_concurrency
        )
    seams.replace("ministack.core.lambda_runtime", "_PYTHON_WORKER_SCRIPT", _keeping_on)
    seams.replace("ministack.core.lambda_runtime", "Worker", _sharing_layers)
    if sys.platform == "linux":  # which alone has handles of processes that are nobody's children
        _parents.append(WorkerParent())
        seams.replace("ministack.core.lambda_runtime", "subprocess", lambda it: ForkingSubprocess(it, _parents[-1]))
    _stopping.clear()
    arguments = (settings.lambda_idle_seconds,)
    threading.Thread(target=_end_idle_workers, args=arguments, name="idle-workers", daemon=True).start()


def _answering_where_it_lies(original: ServiceHandler) -> ServiceHandler:
    """Developer Guide, "Granting Lambda function access to other accounts": the caller names the function's ARN."""

    async def handle_request(
        method: str, path: str, headers: dict[str, Any], body: bytes, query_params: dict[str, Any]
    ) -> ServiceAnswer:
        named = _INVOKED.fullmatch(unquote(path))
        if named is None:
            return await original(method, path, headers, body, query_params)
        with seams.request_scope(named["account"], named["region"]):
            return await original(method, path, headers, body, query_params)

    return handle_request


def ask_before_lending(may_assume: Callable[[str], bool]) -> None:
    """Give a function no session of a role that `may_assume(role_arn)` does not let AWS Lambda assume."""

    def build(original: Callable[[Mapping[str, Any]], dict[str, str]]) -> Callable[[Mapping[str, Any]], dict[str, str]]:
        def execution_credentials(configuration: Mapping[str, Any]) -> dict[str, str]:
            lent = original(configuration)
            if not may_assume(str(configuration["Role"])):
                seams.service_module("sts")._sessions.pop(lent["AWS_ACCESS_KEY_ID"], None)
            return lent

        return execution_credentials

    seams.replace("ministack.core.lambda_runtime", "execution_credentials", build)


def stop() -> None:
    """Let nothing start a function any more, give what is at work its time, and end all workers."""
    from ministack.core import lambda_runtime

    _stopping.set()
    lambda_svc = seams.service_module("lambda_svc")
    for caller in ("eventbridge", "scheduler"):
        seams.service_module(caller).reset()
    lambda_svc._esms.clear()
    deadline = time.monotonic() + _LAST_SECONDS
    while lambda_svc._esm_inflight and time.monotonic() < deadline:
        time.sleep(_LOOK_AGAIN_SECONDS)
    lambda_runtime.reset()
    while _parents:
        _parents.pop().stop()


def _end_idle_workers(seconds: float) -> None:
    while not _stopping.wait(_LOOK_SECONDS):
        end_workers_idle_since(time.time() - seconds)


def end_workers_idle_since(moment: float) -> int:
    """End every worker that was last used before the moment (epoch seconds); return how many."""
    from ministack.core import lambda_runtime

    ended = []
    with lambda_runtime._lock:
        for key, workers in list(lambda_runtime._workers.items()):
            idle = [worker for worker in workers if not worker.in_use and worker.last_used < moment]
            ended.extend(idle)
            lambda_runtime._workers[key] = [worker for worker in workers if worker not in idle]
    lambda_runtime.kill_workers(ended)
    return len(ended)


def _keeping_on(script: str) -> str:
    """AWS's runtime reports what a handler raises and takes the next event (its `bootstrap.py` for Python).

    So whatever the handler left in its module's memory is there at the next invocation, after a failure, too.
    """
    if (script.count(_RAISED), script.count(_SAID)) != (1, 1):
        raise RuntimeError("this MiniStack's workers report what a handler does in a way that is not known here")
    return _MARSHALLING + script.replace(_RAISED, _RAISED_AND_KEPT).replace(_SAID, _MARSHALLED)


def _sharing_layers(original: type[Any]) -> type[Any]:
    class Worker(original):  # type: ignore[misc]
        config: Mapping[str, Any]

        def invoke(self, *event: Any, **options: Any) -> Result:
            answered: Result = super().invoke(*event, **options)
            return {**answered, **answered.pop("raised", {})}

        def _spawn(self) -> None:
            whole = self.config
            self.config = with_unpacked_layers(whole)
            try:
                super()._spawn()
            finally:
                self.config = whole

    return Worker


def with_unpacked_layers(config: Mapping[str, Any]) -> dict[str, Any]:
    """A function's configuration with directories in its environment in the place of its layers."""
    lambda_svc = seams.service_module("lambda_svc")
    zips = [lambda_svc._resolve_layer_zip(layer) for layer in config.get("Layers", ())]
    directories = [lambda_svc._docker_extracted_dir(content, "layer") for content in zips if content]
    environment = config.get("Environment", {})
    variables = {**environment.get("Variables", {}), "_LAMBDA_LAYERS_DIRS": os.pathsep.join(directories)}
    return {**config, "Layers": [], "Environment": {**environment, "Variables": variables}}


def _naming_errors(original: Callable[..., Result]) -> Callable[..., Result]:
    def execute(*request: Any, **options: Any) -> Result:
        result = original(*request, **options)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and body.get("errorType") == _ANONYMOUS:
            if body.get("errorMessage") == _DIED:
                return {**result, "body": dict(_EXITED)}
            return {**result, "body": {**body, "errorType": error_name(body, str(result.get("log", "")))}}
        return within_limit(result)

    return execute


def within_limit(result: Result) -> Result:
    """The result, or the error that Lambda makes of an answer which is too large (Developer Guide, "Lambda quotas")."""
    body = result.get("body")
    text = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
    if len(text) <= MOST_BYTES:
        return result
    message = f"Response payload size exceeded maximum allowed payload size ({MOST_BYTES} bytes)."
    return {**result, "error": True, "body": {"errorType": _TOO_LARGE, "errorMessage": message}}


def error_name(body: Mapping[str, Any], log: str) -> str:
    """The class of the exception that the traceback at the end of a log tells of."""
    message = str(body.get("errorMessage", "")).partition("\n")[0]
    for line in reversed(log.splitlines()):
        found = _LAST_LINE.match(line)
        if found and (found["message"] or "") == message:
            path = found["path"]
            return path if path.startswith(_OF_THE_RUNTIME) else path.rpartition(".")[2]
    return _ANONYMOUS
