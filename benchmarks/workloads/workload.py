"""What one row is measured on: things that are made, events about them, and the proof that they were handled."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.aws.stage import Stage
from benchmarks.measurement import ROOT

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A function's events, each about one subject, which is told apart by a token that is all of its name.

    `make` makes that many subjects and returns their tokens, `left_undone` reads back which of them were not handled,
    and `after` is the workload that must have been done on the same subjects before.
    """

    name: str
    function: str
    batch: int
    make: Callable[[Stage, int], Sequence[str]]
    event: Callable[[Stage, str], Json]
    left_undone: Callable[[Stage, Sequence[str]], Sequence[str]]
    after: Self | None = None


def sample(path: str) -> Json:
    """The sample under `events/`, by its path without the ending."""
    event: Json = json.loads((ROOT / "events" / f"{path}.json").read_text(encoding="utf-8"))
    return event


def queued(events: Sequence[Mapping[str, Any]], *, region: str) -> Json:
    """A batch of a queue, as Lambda hands it over."""
    return {
        "Records": [
            {
                "messageId": f"00000000-0000-4000-8000-{number:012d}",
                "receiptHandle": "receipt",
                "body": json.dumps(event),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{region}:999999999999:queue",
                "awsRegion": region,
            }
            for number, event in enumerate(events)
        ]
    }
