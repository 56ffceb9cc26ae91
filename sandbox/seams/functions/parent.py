"""`python parent.py DESCRIPTOR`: a process that has imported the AWS SDK, and forks into the workers of functions.

Every worker imports the SDK before its handler, which takes longer than all else that it does to begin. On AWS it lies
in the runtime. Nothing of ours is imported here: a worker takes that from its own layers.

A request is a message on the socket of the descriptor, with the worker's three standard streams; the answer is the
process's id. The process ends with its socket.
"""

import json
import os
import runpy
import signal
import socket
import sys
from typing import Any, Final

import boto3  # noqa: F401
import botocore.handlers  # noqa: F401

MOST_BYTES: Final = 128 * 1024
_STREAMS: Final = 3


def main(descriptor: int) -> None:
    """Fork for each request, until nobody asks any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends leaves nothing to collect
    asked = socket.socket(fileno=descriptor)
    while True:
        message, streams, _, _ = socket.recv_fds(asked, MOST_BYTES, _STREAMS)
        if not message:
            return
        child = os.fork()
        if child == 0:
            _become(json.loads(message), streams)
            return
        for stream in streams:
            os.close(stream)
        asked.send(str(child).encode())


def _become(worker: dict[str, Any], streams: list[int]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(_STREAMS, os.sysconf("SC_OPEN_MAX"))
    os.environ.clear()
    os.environ.update(worker["environment"])
    os.chdir(worker["directory"])
    path = worker["script"]
    sys.argv, sys.path[0] = [path], os.path.dirname(path)  # noqa: PTH120 as Python itself does it
    runpy.run_path(path, run_name="__main__")


if __name__ == "__main__":
    main(int(sys.argv[1]))
