"""The sandbox as a process: it starts, stands beside another, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from sandbox import lifecycle
from sandbox.clients import client
from tests.integration.lambda_functions.functions import create_function

ROOT = Path(__file__).parents[2]
ACCOUNT = "222222222222"
SOURCE = """
import os, boto3
def handler(event, context):
    return {"pid": os.getpid(), "arn": boto3.client("sts").get_caller_identity()["Arn"]}
"""


@dataclass(frozen=True)
class Process:
    """A sandbox in a process of its own."""

    popen: "subprocess.Popen[str]"
    url: str
    tmp: Path

    def client(self, service: str) -> Any:
        """A client of the root of the payments account, towards this sandbox."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.url,
            region_name="eu-west-1",
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="test",
        )


def _environment(tmp: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp), "TMPDIR": str(tmp), "PYTHONPATH": str(ROOT)}


def _command(port: int) -> list[str]:
    return [sys.executable, "-m", "sandbox", "--bare", "--port", str(port)]


@contextmanager
def _started(tmp: Path) -> Iterator[Process]:
    with subprocess.Popen(
        _command(0), cwd=ROOT, env=_environment(tmp), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as popen:
        try:
            assert popen.stdout is not None
            first = popen.stdout.readline()
            assert first.startswith("AWS "), first + popen.stdout.read()
            yield Process(popen, first.split()[1], tmp)
        finally:
            popen.kill()


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], Any]:
    """Start a sandbox whose temporary files go to the test's own directory."""
    return lambda: _started(tmp_path)


SLOW_SOURCE = """
import os, pathlib, time, boto3
def handler(event, context):
    pathlib.Path(os.environ["STARTED"]).touch()
    time.sleep(1)
    boto3.client("sqs").get_queue_url(QueueName="work")
    pathlib.Path(os.environ["FINISHED"]).touch()
"""


def _with_a_warm_function(process: Process) -> int:
    """The process id of a Lambda worker of the sandbox."""
    create_function(process.client, "warm", SOURCE)
    answer = json.loads(process.client("lambda").invoke(FunctionName="warm")["Payload"].read())
    assert answer["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/warm/warm"
    return int(answer["pid"])


def _is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def _gone(pid: int) -> bool:
    return _eventually(lambda: not _is_alive(pid))


def _eventually(happened: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)
    return happened()


def test_it_answers_as_soon_as_it_says_that_it_is_up(start: Callable[[], Any]) -> None:
    with start() as process:
        assert requests.get(f"{process.url}/_sandbox/health", timeout=60).json()["status"] == "ok"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_it_with_its_lambda_workers_and_its_directory(
    start: Callable[[], Any], number: signal.Signals
) -> None:
    with start() as process:
        worker = _with_a_warm_function(process)
        assert _is_alive(worker)
        assert any(process.tmp.iterdir())
        process.popen.send_signal(number)
        assert process.popen.wait(60) == 0
        assert _gone(worker)
        assert list(process.tmp.iterdir()) == []


def test_a_batch_at_work_comes_to_its_end_before_the_sandbox_does(
    start: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    marks = tmp_path_factory.mktemp("marks")
    started, finished = marks / "started", marks / "finished"
    with start() as process:
        marked = {"Variables": {"STARTED": str(started), "FINISHED": str(finished)}}
        create_function(process.client, "slow", SLOW_SOURCE, Environment=marked)
        queue = process.client("sqs").create_queue(QueueName="work", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
        arn = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:work"
        process.client("lambda").create_event_source_mapping(FunctionName="slow", EventSourceArn=arn)
        process.client("sqs").send_message(QueueUrl=queue, MessageBody="work")
        assert _eventually(started.exists)
        process.popen.send_signal(signal.SIGTERM)
        said = process.popen.communicate(timeout=10)[0]
    assert finished.exists()
    assert "WARNING" not in said


def test_what_a_killed_sandbox_left_is_swept_by_the_next(start: Callable[[], Any]) -> None:
    with start() as process:
        worker = _with_a_warm_function(process)
        process.popen.kill()
        process.popen.wait(60)
        assert _gone(worker)
        left = list(process.tmp.iterdir())
    assert left
    with start():
        assert not any(path.exists() for path in left)


def test_a_port_in_use_is_told_in_one_line(sandbox_host: lifecycle.Sandbox, tmp_path: Path) -> None:
    command = _command(sandbox_host.settings.port)
    ended = subprocess.run(
        command, cwd=ROOT, env=_environment(tmp_path), capture_output=True, text=True, timeout=20, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        f"sandbox: port {sandbox_host.settings.port} on 127.0.0.1 is in use: Address already in use"
    ]
    assert list(tmp_path.iterdir()) == []


def test_two_sandboxes_side_by_side_share_nothing(sandbox_host: lifecycle.Sandbox, start: Callable[[], Any]) -> None:
    client("sqs", ACCOUNT).create_queue(QueueName="only-here")
    with start() as other:
        assert other.url != sandbox_host.url
        assert other.client("sqs").list_queues().get("QueueUrls", []) == []
        assert _with_a_warm_function(other) != os.getpid()


def test_an_unknown_control_route_is_not_found(sandbox_host: lifecycle.Sandbox) -> None:
    assert requests.get(f"{sandbox_host.url}/_sandbox/nothing/here", timeout=60).status_code == 404
