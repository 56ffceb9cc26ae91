"""Every operation that is called answers as its model says, and refuses what its model forbids."""

import json
import math
import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from tests.conformance.answers import complaints, error_code
from tests.conformance.conftest import SEED, Stage
from tests.conformance.inputs import Input, inputs
from tests.conformance.operations import Operation, operations

HERE = Path(__file__).parent
LENIENT = tomllib.loads((HERE / "lenient.toml").read_text(encoding="utf-8"))["accepted"]
FINGERPRINT = HERE / "fingerprint.json"
ENOUGH = 2000  # inputs of an operation, among which each of its mutations has come

pytestmark = pytest.mark.timeout(900)

type Leniency = tuple[str, str, str]


@dataclass(slots=True)
class Tally:
    """What a run found."""

    calls: Counter[str] = field(default_factory=Counter)
    complaints: Counter[str] = field(default_factory=Counter)
    accepted: set[Leniency] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)

    def make(self, call: Input, stage: Stage) -> None:
        """Make a call and hold its answer to the model."""
        answer = stage.line.send(call)
        self.calls[call.operation.service] += 1
        self.complaints.update(f"{call.operation}: {each}" for each in complaints(call.operation, answer))
        if call.mutation is not None and answer.status < 300:
            self.accepted.add(leniency(call))
        elif call.mutation is not None:
            self.codes.setdefault(" ".join(leniency(call)), error_code(call.operation, answer))

    def told(self, seed: str) -> Iterator[str]:
        """The run in lines: the seed, and of each service its calls and what was wrong."""
        yield f"seed {seed}: {self.calls.total()} calls, {self.complaints.total()} errors"
        for service, number in sorted(self.calls.items()):
            wrong = sum(many for what, many in self.complaints.items() if what.startswith(f"{service}:"))
            yield f"  {service:<16}{number:>6} calls {wrong:>5} errors"


@pytest.fixture(scope="module")
def tally(stage: Stage, seed: str, calls: int) -> Tally:
    """One run: the operations by turns, so that each meets what the others have left."""
    found = Tally()
    turns = math.ceil(calls / len(operations()))
    # Of Organizations last, as its policies could forbid all the others.
    for is_last in (False, True):
        several = [each for each in operations() if (each.service == "organizations") is is_last]
        endless = [inputs(each, stage.pool.get(each.service, {}), seed) for each in several]
        for more in endless * turns:
            found.make(next(more), stage)
    print("", *found.told(seed), sep="\n")  # noqa: T201 `make conformance` shows it
    return found


def leniency(call: Input) -> Leniency:
    """How `lenient.toml` names what a call has wrong."""
    assert call.mutation is not None
    return str(call.operation), str(call.mutation.kind), call.mutation.member


def listed() -> set[Leniency]:
    """What `lenient.toml` forgives."""
    return {(each["operation"], each["kind"], each["member"]) for each in LENIENT}


def needless(forgiven: Iterable[Leniency], stage: Stage, seed: str) -> list[Leniency]:
    """What is forgiven although the sandbox refuses it."""
    return [each for each in forgiven if not _is_accepted(each, stage, seed)]


def _is_accepted(forgiven: Leniency, stage: Stage, seed: str) -> bool:
    service, _, name = forgiven[0].partition(":")
    made = islice(inputs(Operation(service, name), stage.pool.get(service, {}), seed), ENOUGH)
    wrong = (call for call in made if call.mutation is not None and leniency(call) == forgiven)
    return any(stage.line.send(call).status < 300 for call in wrong)


def test_every_answer_has_the_shape_of_its_model(tally: Tally) -> None:
    assert tally.complaints == Counter()


def test_enough_calls_were_made_of_every_service(tally: Tally, calls: int) -> None:
    assert tally.calls.total() >= calls
    assert set(tally.calls) == {operation.service for operation in operations()}


def test_nothing_wrong_is_accepted_but_what_is_listed(tally: Tally) -> None:
    assert sorted(tally.accepted - listed()) == []


def test_nothing_is_forgiven_any_more_that_is_refused(stage: Stage, seed: str) -> None:
    assert needless(listed(), stage, seed) == []
    refused = ("sqs:CreateQueue", "missing", "QueueName")
    assert needless([refused], stage, seed) == [refused]


def test_each_fault_is_refused_by_the_code_that_it_had(tally: Tally, seed: str) -> None:
    if seed != SEED:
        pytest.skip("the codes are those of the seed that everybody has")
    if os.environ.get("KEEP"):
        FINGERPRINT.write_text(json.dumps(tally.codes, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    known = json.loads(FINGERPRINT.read_text(encoding="utf-8"))
    both = known.keys() & tally.codes.keys()
    assert len(both) > len(known) / 2
    assert {fault: tally.codes[fault] for fault in both} == {fault: known[fault] for fault in both}
