"""`python -I -S -B probe.py JOB RESULT`: start a contender, hand it its events, and tell what they cost.

The job is JSON with `paths` to import from, the `contender`, its `events`, how many of them only warm up, and whether
to `record`. Where it has `pipes`, each event waits for a byte in the first, and its end is told by one in the second.
CPU time is that of this process, user and system, from before the contender's first import. Nothing but what this file
needs is imported here, because it would be missing from every contender's start.
"""

import gc
import importlib
import json
import posix
import sys
import time
from typing import Any


def main(job_file: str, result_file: str) -> None:
    """Do the job and write the result."""
    with open(job_file, encoding="utf-8") as file:  # noqa: PTH123 pathlib is no part of what is measured
        job = json.load(file)
    sys.path[:0] = job["paths"]
    gc.freeze()  # the job is no garbage that a contender would have to look through
    result = _recorded(job) if job["record"] else _measured(job)
    with open(result_file, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(result, file)


def _measured(job: dict[str, Any]) -> dict[str, Any]:
    events, warming, pipes = job["events"], job["warming"], job["pipes"]
    if pipes is not None:
        _wait_for_turn(pipes)
    before = time.process_time()
    take = importlib.import_module(job["contender"]).start()
    take(events[0])
    costs = [time.process_time() - before]
    for event in events[1:]:
        if pipes is not None:
            _tell_end(pipes)
            _wait_for_turn(pipes)
        before = time.process_time()
        take(event)
        costs.append(time.process_time() - before)
    if pipes is not None:
        _tell_end(pipes)
    return {"cold": costs[0], "warm": costs[1 + warming :]}


def _wait_for_turn(pipes: list[int]) -> None:
    posix.read(pipes[0], 1)


def _tell_end(pipes: list[int]) -> None:
    posix.write(pipes[1], b".")


def _recorded(job: dict[str, Any]) -> dict[str, Any]:
    recorder = importlib.import_module("recorder").install()
    take = importlib.import_module(job["contender"]).start()
    seen = []
    for event in job["events"]:
        take(event)
        seen.append(recorder.seen_since())
    return {"events": seen}


if __name__ == "__main__":
    main(*sys.argv[1:])
