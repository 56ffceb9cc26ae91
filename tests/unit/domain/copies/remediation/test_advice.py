"""Each cause has its row: what it means, what to change, where, and in whose account."""

import re

import pytest

from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.remediation.advice import ADVICE
from tests.conftest import ROOT

RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")


def test_every_cause_has_its_advice() -> None:
    assert ADVICE.keys() == set(Cause)


@pytest.mark.parametrize("cause", Cause)
def test_advice_is_complete(cause: Cause) -> None:
    advice = ADVICE[cause]
    assert all(re.fullmatch(r".*[^.]", each) for each in (advice.meaning, advice.change, advice.where))


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause.is_told])
def test_the_runbook_knows_every_cause_that_people_are_told(cause: Cause) -> None:
    assert f"`{cause.words}`" in RUNBOOK
