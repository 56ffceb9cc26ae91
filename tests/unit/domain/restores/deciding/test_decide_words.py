"""What people read of each restore that is decided on, and what AWS is sent, word for word as it is kept in a file.

A change of words is a change of the file, which is read through before it is kept: `KEEP=1` writes it anew.
"""

import json
import os
from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.decide import decide_restore
from tests.builders.deciding.restore_cases import CASES, a_restore
from tests.conftest import ROOT

_FILE: Final = ROOT / "tests/vectors/restores/words.json"
_KEPT: Final[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
# Each case that is kept with what is decided on it, and more of which nobody but this test tells.
INPUTS: Final = {case["id"]: case["input"] for case in CASES["cases"]} | _KEPT["more"]


def _told(said: dict[str, Any]) -> dict[str, Any]:
    decision = decide_restore(
        a_restore(said["type"], **{name: value for name, value in said.items() if name != "type"})
    )
    told = {
        "verdict": decision.verdict.value,
        "metadata": dict(decision.metadata),
        "refusals": [f"{each.fault.value} ({each.key}): {each.sentence}" for each in decision.refusals],
        "risks": [f"{each.danger.value}: {each.sentence}" for each in decision.risks],
        "left_out": [f"{each.key}: {each.reason}" for each in decision.left_out],
        "steps": list(decision.steps),
    }
    return {name: value for name, value in told.items() if value}


@pytest.mark.parametrize("case", INPUTS)
def test_a_restore_is_told_in_the_words_that_are_kept(case: str) -> None:
    assert _told(INPUTS[case]) == _KEPT["words"].get(case)


def test_no_words_are_kept_of_what_is_not_decided() -> None:
    if os.environ.get("KEEP"):
        words = {case: _told(said) for case, said in sorted(INPUTS.items())}
        lines = ",\n".join(
            f" {json.dumps(case)}: {json.dumps(told, ensure_ascii=False)}" for case, told in words.items()
        )
        more = ",\n".join(
            f" {json.dumps(case)}: {json.dumps(said, ensure_ascii=False)}" for case, said in _KEPT["more"].items()
        )
        _FILE.write_text(f'{{\n"more": {{\n{more}\n}},\n"words": {{\n{lines}\n}}\n}}\n', encoding="utf-8")
    assert set(_KEPT["words"]) == set(INPUTS)
