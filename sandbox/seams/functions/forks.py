"""Workers of functions as forks of one process that has the AWS SDK imported already."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from sandbox.seams.functions import parent

# Whoever has ended answers to nobody how: his parent is not this process.
_ENDED: Final = 0


class ForkedWorker:
    """A forked process, with what MiniStack uses of a `subprocess.Popen`."""

    def __init__(self, pid: int, stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> None:
        """The other ends of its standard streams, line by line."""
        self.pid, self.stdin, self.stdout, self.stderr = pid, stdin, stdout, stderr
        self._handle: int | None = None
        with contextlib.suppress(ProcessLookupError):
            self._handle = os.pidfd_open(pid)
            weakref.finalize(self, os.close, self._handle)

    def poll(self) -> int | None:
        """None as long as it lives."""
        return None if self._lives_after(0) else _ENDED

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; subprocess.TimeoutExpired after `timeout` seconds."""
        if self._lives_after(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return _ENDED

    def terminate(self) -> None:
        """Ask it to end."""
        self._tell(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._tell(signal.SIGKILL)

    def _lives_after(self, seconds: float | None) -> bool:
        if self._handle is None:
            return False
        poller = select.poll()  # which takes a descriptor of any number
        poller.register(self._handle, select.POLLIN)
        return not poller.poll(None if seconds is None else seconds * 1000)

    def _tell(self, number: signal.Signals) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)


class WorkerParent:
    """The process whose forks the workers are; it begins with this one, and ends with `stop`."""

    def __init__(self) -> None:
        """Start it, and let it import in peace."""
        self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = threading.Lock()
        with asked:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(parent.__file__)), str(asked.fileno())],
                pass_fds=[asked.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def fork(self, script: str, *, directory: str, environment: Mapping[str, str]) -> ForkedWorker:
        """A process that runs the script as `python script` does, in that directory and environment."""
        message = json.dumps({"script": script, "directory": directory, "environment": dict(environment)}).encode()
        (its_stdin, stdin), (stdout, its_stdout), (stderr, its_stderr) = (os.pipe() for _ in range(3))
        ours, its = (stdin, stdout, stderr), (its_stdin, its_stdout, its_stderr)
        with contextlib.ExitStack() as unused:
            for descriptor in ours:
                unused.callback(os.close, descriptor)
            pid = self._forked(message, its)
            unused.pop_all()
        return ForkedWorker(pid, os.fdopen(stdin, "w", buffering=1), os.fdopen(stdout), os.fdopen(stderr))

    def _forked(self, message: bytes, its: Sequence[int]) -> int:
        try:
            with self._turn:
                socket.send_fds(self._asking, [message], its)
                answer = self._asking.recv(parent.MOST_BYTES)
        finally:
            for descriptor in its:
                os.close(descriptor)
        if not answer:
            raise RuntimeError("the process that workers are forked from has ended")
        return int(answer)

    def stop(self) -> None:
        """End it; its forks live on."""
        self._asking.close()
        self._process.wait()


class ForkingSubprocess:
    """`subprocess` as MiniStack's Lambda sees it: what Python runs is forked, all else is as it was."""

    def __init__(self, original: Any, worker_parent: WorkerParent) -> None:
        """`original` is the module."""
        self._original, self._parent = original, worker_parent

    def __getattr__(self, name: str) -> Any:
        """Anything of the module that is not said here."""
        return getattr(self._original, name)

    def Popen(self, command: Sequence[str], **options: Any) -> Any:  # noqa: N802 the module's own name
        """Start a worker."""
        binary, *arguments = command
        if binary == sys.executable and len(arguments) == 1:
            return self._parent.fork(arguments[0], directory=options["cwd"], environment=options["env"])
        return self._original.Popen(command, **options)
