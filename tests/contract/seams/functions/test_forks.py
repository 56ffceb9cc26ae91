"""What workers are forked from: each is a process of its own, in its own place, that lives and ends as another does."""

import inspect
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ministack.core import lambda_runtime

from sandbox.seams.functions.forks import ForkedWorker, ForkingSubprocess, WorkerParent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are told by handles that only Linux has")

# Answers each line with where it is and what it finds there, and raises at a line that says so.
SCRIPT = """
import json, os, random, sys
import beside
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    if line == "raise\\n":
        raise LookupError("as asked")
    imported = "boto3" in sys.modules
    told = {"pid": os.getpid(), "said": line.strip(), "here": os.getcwd(), "name": os.environ.get("NAME"),
            "path": os.environ.get("PATH"), "first": sys.path[0], "beside": beside.WORD, "imported": imported,
            "chance": random.random(), "arguments": sys.argv, "open": sorted(map(int, os.listdir("/proc/self/fd")))}
    print(json.dumps(told), flush=True)
"""


@pytest.fixture(scope="module")
def parent() -> Iterator[WorkerParent]:
    begun = WorkerParent()
    yield begun
    begun.stop()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "beside.py").write_text("WORD = 'found'\n")
    path = tmp_path / "worker.py"
    path.write_text(SCRIPT)
    return path


type Begin = Callable[..., ForkedWorker]


@pytest.fixture
def begin(parent: WorkerParent, script: Path) -> Iterator[Begin]:
    """Start a worker that has said it is ready; all of them are gone at the end."""
    workers: list[ForkedWorker] = []

    def begun(of: WorkerParent = parent, **environment: str) -> ForkedWorker:
        workers.append(of.fork(str(script), directory=str(script.parent), environment=environment))
        assert workers[-1].stdout.readline() == '{"ready": true}\n'
        return workers[-1]

    yield begun
    for worker in workers:
        worker.kill()
        for stream in (worker.stdin, worker.stdout, worker.stderr):
            stream.close()


def asked(worker: ForkedWorker, word: str) -> dict[str, object]:
    worker.stdin.write(word + "\n")
    answer: dict[str, object] = json.loads(worker.stdout.readline())
    return answer


def test_a_worker_is_in_its_own_place_and_sees_its_own_environment_alone(begin: Begin, script: Path) -> None:
    worker = begin(NAME="one")
    told = asked(worker, "hello")
    chance = told.pop("chance")
    assert told == {
        "pid": worker.pid,
        "said": "hello",
        "here": str(script.parent),
        "name": "one",
        "path": None,
        "first": str(script.parent),
        "beside": "found",
        "imported": True,
        "arguments": [str(script)],
        "open": [0, 1, 2, 3],  # the last one is the directory that is being listed
    }
    other = begin(NAME="two")
    again = asked(other, "hello")
    assert (again["name"], again["pid"] == told["pid"], again["chance"] == chance) == ("two", False, False)


def test_a_worker_lives_until_it_is_told_to_end_and_leaves_nothing_behind(begin: Begin) -> None:
    worker = begin()
    assert worker.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.01)
    worker.terminate()
    assert worker.wait(20) == 0
    assert worker.poll() == 0
    worker.kill()  # which tells nobody else who may have its number by now
    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid, signal.SIG_DFL)


def test_a_worker_ends_when_nobody_speaks_to_it_any_more(begin: Begin) -> None:
    worker = begin()
    worker.stdin.close()
    assert worker.wait(20) == 0


def test_what_a_worker_dies_of_is_read_on_its_standard_error(begin: Begin) -> None:
    worker = begin()
    worker.stdin.write("raise\n")
    assert worker.stderr.read().splitlines()[-1] == "LookupError: as asked"
    assert worker.wait(20) == 0


def test_workers_outlive_the_process_they_were_forked_from_and_then_none_is_forked(begin: Begin) -> None:
    ending = WorkerParent()
    worker = begin(ending)
    ending.stop()
    assert asked(worker, "still")["said"] == "still"
    with pytest.raises(OSError, match="Bad file descriptor"):
        begin(ending)


def test_only_what_python_runs_alone_is_forked(parent: WorkerParent, script: Path) -> None:
    forking = ForkingSubprocess(subprocess, parent)
    forked = forking.Popen([sys.executable, str(script)], cwd=str(script.parent), env={})
    assert isinstance(forked, ForkedWorker)
    forked.kill()
    for stream in (forked.stdin, forked.stdout, forked.stderr):
        stream.close()
    plain = forking.Popen([sys.executable, "-c", "print('plain')"], stdout=subprocess.PIPE, text=True)
    assert isinstance(plain, subprocess.Popen)
    assert plain.communicate(timeout=20)[0] == "plain\n"
    assert forking.TimeoutExpired is subprocess.TimeoutExpired


def test_ministack_starts_workers_as_we_expect_it_to() -> None:
    spawn = inspect.getsource(lambda_runtime.Worker._spawn)  # noqa: SLF001
    assert "subprocess.Popen(\n            [binary, worker_path],\n            cwd=code_dir," in spawn
    assert "env=spawn_env," in spawn
    source = inspect.getsource(lambda_runtime)
    asked_of_it = {"poll", "terminate", "wait", "kill", "stdin", "stdout", "stderr"}
    assert all(f"proc.{name}" in source for name in asked_of_it)
