"""How each step by hand stands, and how people read it."""

from datetime import UTC, datetime

import pytest

from strongroom.domain.restores.checklists.standing import StepStanding, checklist
from strongroom.domain.restores.checklists.stated import StatedOutcome, StatedStep
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep

AT = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
NAMES = {"idp|omar": "Omar Haddad"}


def stated(step: str, outcome: StatedOutcome, reason: str = "") -> StatedStep:
    """Omar says so."""
    return StatedStep(step=step, outcome=outcome, reason=reason, subject="idp|omar", at=AT, text="{}")


def test_each_step_stands_at_its_number_with_what_was_stated_of_it() -> None:
    found = {"b": stated("b", StatedOutcome.DISMISSED, "gone"), "elsewhere": stated("elsewhere", StatedOutcome.DONE)}
    assert checklist(("a", SENTENCES[MachineStep.WRITER], "b"), found, name_of=NAMES.__getitem__) == (
        StepStanding(number=1, step="a", outcome="", by="", at=None, reason=""),
        StepStanding(number=2, step="b", outcome="dismissed", by="Omar Haddad", at=AT, reason="gone"),
    )


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (StepStanding(number=1, step="Name it."), "left to do by hand: Name it."),
        (
            StepStanding(number=1, step="Name it.", outcome="done", by="Omar Haddad", at=AT),
            "done by Omar Haddad: Name it.",
        ),
        (
            StepStanding(number=1, step="Name it.", outcome="dismissed", by="Omar Haddad", at=AT, reason="gone"),
            "dismissed by Omar Haddad, because: gone: Name it.",
        ),
    ],
    ids=["left", "done", "dismissed"],
)
def test_how_a_step_stands_is_told_in_words(standing: StepStanding, told: str) -> None:
    assert standing.told == told
    assert (StepStanding(number=1, step="a").by, StepStanding(number=1, step="a").reason) == ("", "")
