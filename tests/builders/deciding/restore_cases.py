"""Restores to decide on, out of the cases that are kept as files, and others on the same defaults."""

import json
from typing import Any, Final

from strongroom.domain.restores.deciding.case import RestoreCase
from strongroom_cli.restores.files.case_files import read_case
from tests.conftest import ROOT

_KEPT: Final = ROOT / "tests" / "vectors" / "restores"
CASES: Final[dict[str, Any]] = json.loads((_KEPT / "cases.json").read_text(encoding="utf-8"))
INVARIANTS: Final[dict[str, Any]] = json.loads((_KEPT / "invariants.json").read_text(encoding="utf-8"))["kinds"]
PROFILE: Final[dict[str, Any]] = CASES["defaults"]["profile"]


def a_restore(kind: str, **said: Any) -> RestoreCase:
    """A restore of that kind on the defaults, with what is said laid over them."""
    content = {"defaults": CASES["defaults"], "input": {"type": kind, **said}}
    return read_case(json.dumps(content).encode(), name="the case")
