"""Every operation that is called answers as its model says, and refuses what its model forbids."""

import math
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conformance.answers import complaints, error_code
from tests.conformance.conftest import Stage
from tests.conformance.inputs import Input, inputs
from tests.conformance.operations import operations

HERE = Path(__file__).parent
LENIENT = tomllib.loads((HERE / "lenient.toml").read_text(encoding="utf-8")).get("accepted", [])
FINGERPRINT = HERE / "fingerprint.json"
SURE = 40  # inputs of one leniency that are all refused: it is none any more

pytestmark = pytest.mark.timeout(900)


@dataclass(slots=True)
class Tally:
    """What a run found."""

    calls: Counter[str] = field(default_factory=Counter)
    complaints: Counter[str] = field(default_factory=Counter)
    accepted: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    codes: dict[str, str] = field(default_factory=dict)
    fingerprint: dict[str, str] = field(default_factory=dict)

    def note(self, call: Input, stage: Stage) -> None:
        """Make a call and hold its answer to the model."""
        answer = stage.line.send(call)
        self.calls[call.operation.service] += 1
        self.complaints.update(f"{call.operation}: {each}" for each in complaints(call.operation, answer))
        if call.mutation is None:
            return
        if answer.status < 300:
            self.accepted[leniency(call)] += 1
        elif call.operation.model.http["method"] != "HEAD":
            self.fingerprint.setdefault(" ".join(leniency(call)), error_code(call.operation, answer))

    def told(self, seed: str) -> Iterator[str]:
        """The run in lines: the seed, and of each service its calls and what was wrong."""
        yield f"seed {seed}, {self.calls.total()} calls, {self.complaints.total()} errors"
        for service, number in sorted(self.calls.items()):
            wrong = sum(many for what, many in self.complaints.items() if what.startswith(f"{service}:"))
            yield f"  {service:<16}{number:>6} calls {wrong:>5} errors"


@pytest.fixture(scope="module")
def tally(stage: Stage, seed: str, calls: int) -> Tally:
    """One run: the operations by turns, so that each meets what the others have left."""
    found = Tally()
    several = [(each, inputs(each, stage.pool.get(each.service, {}), seed)) for each in operations()]
    for _ in range(math.ceil(calls / len(several))):
        for _, more in several:
            found.note(next(more), stage)
    print("", *found.told(seed), sep="\n")  # noqa: T201 `make conformance` shows it
    return found


def leniency(call: Input) -> tuple[str, str, str]:
    """How `lenient.toml` names what a call has wrong."""
    assert call.mutation is not None
    return str(call.operation), str(call.mutation.kind), call.mutation.member


def test_every_answer_has_the_shape_of_its_model(tally: Tally) -> None:
    assert tally.complaints == Counter()


def test_enough_calls_were_made(tally: Tally, calls: int) -> None:
    assert tally.calls.total() >= calls
    assert set(tally.calls) == {operation.service for operation in operations()}


def test_nothing_wrong_is_accepted_but_what_is_listed(tally: Tally) -> None:
    listed = {(each["operation"], each["kind"], each["member"]) for each in LENIENT}
    assert sorted(set(tally.accepted) - listed) == []
