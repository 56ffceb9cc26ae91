"""Every way in which three people can behave, decided as the design says when one simply tries everything."""

import sys
from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import product

import pytest

from strongroom.domain.proofs import decisions
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.statements import Decision
from tests.builders.proving.oracle import CLOCKS, Rules, Said, decided, oracle
from tests.builders.proving.signed_requests import APPROVE_BEFORE, MARIA, OMAR, PIET, SOON

MINUTE = timedelta(minutes=1)
TRIO = (OMAR, MARIA, PIET)
GROUPS = (("all", (OMAR, MARIA, PIET)), ("maria", (MARIA,)), ("nobody", ()), ("engineers", (OMAR,)))
SETS = {
    "one": Rules(needed=(("all", 1),), groups=GROUPS),
    "two": Rules(needed=(("all", 2),), groups=GROUPS),
    "one and Maria": Rules(needed=(("all", 1), ("maria", 1)), groups=GROUPS),
    "Maria, and then a delay": Rules(needed=(("maria", 1),), groups=GROUPS, delay=timedelta(minutes=208)),
    "two, whoever approved the ticket": Rules(needed=(("all", 2),), groups=GROUPS, bars_ticket_approver=False),
    "somebody of nobody": Rules(needed=(("all", 1), ("nobody", 1)), groups=GROUPS),
    "no rule": Rules(needed=(), groups=GROUPS),
}
WAYS: dict[str, tuple[tuple[Decision, bool], ...]] = {
    "nothing": (),
    "approves": ((Decision.APPROVE, True),),
    "approves too late": ((Decision.APPROVE, False),),
    "denies": ((Decision.DENY, False),),
    "cancels": ((Decision.CANCEL, True),),
    "approves and denies": ((Decision.APPROVE, True), (Decision.DENY, True)),
}


def said_by(person: str, way: str) -> list[Said]:
    """What the person says, each a minute after the one before, or as much after the end of approving."""
    minutes = MINUTE * (1 + TRIO.index(person))
    return [
        Said(SOON + minutes if in_time else APPROVE_BEFORE + minutes / 60, person, decision)
        for decision, in_time in WAYS[way]
    ]


@pytest.fixture(autouse=True)
def _proofs_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same few proofs are judged many thousand times; how they are read has tests of its own."""
    monkeypatch.setattr(decisions, "read_proof", cache(read_proof))


@pytest.mark.parametrize("pinned", SETS)
def test_whatever_three_people_do_is_decided_as_the_design_says(
    pinned: str, capsys: pytest.CaptureFixture[str]
) -> None:
    states: Counter[DecisionState] = Counter()
    for ways in product(WAYS, repeat=len(TRIO)):
        said = [each for person, way in zip(TRIO, ways, strict=True) for each in said_by(person, way)]
        for current, (clock, now), approver in product((None, *SETS), CLOCKS.items(), ("", MARIA)):
            rules = [SETS[pinned]] if current is None else [SETS[pinned], SETS[current]]
            expected = oracle(said, rules, now=now, ticket_approver=approver)
            state = decided(said, rules, now=now, ticket_approver=approver).state
            assert state is expected, (ways, current, clock, approver)
            states[state] += 1
    with capsys.disabled():
        counted = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
        sys.stdout.write(f"\n{pinned}: {states.total():,} ceremonies of three people, {counted}\n")
