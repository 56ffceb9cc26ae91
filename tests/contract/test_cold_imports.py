"""What an execution environment loads before its first event: no cryptography, no Slack, no tickets, no tokens."""

import json
import subprocess
import sys
from functools import cache

import pytest

from tests.contract.apps import FUNCTIONS
from tests.contract.templates import ROOT

# Whoever asks people, or judges what they signed, loads these when there is something to ask or to judge.
LATER = ("boto3", "cryptography", "jwt", "slack_sdk", "urllib3")
BUSY = (
    *("assess_account", "enforce_tags", "open_promises", "reassess_accounts", "report_tampering"),
    *("sweep_overdue_copies", "verify_copy"),
)
CEREMONY = (
    "strongroom.adapters.identity",
    "strongroom.adapters.slack",
    "strongroom.adapters.tickets",
    "strongroom.domain.proofs",
    "strongroom.domain.restores.ceremony",
    "strongroom.domain.restores.requests",
    "strongroom.services.restores",
)
_LAYERS = [str(ROOT / "layers/core"), *(path for path in sys.path if "site-packages" in path)]
_LOADED = """
import json, sys
sys.path[:0] = sys.argv[1:]
import app
print(json.dumps(sorted(sys.modules)))
"""


@cache
def loaded_by(function: str) -> frozenset[str]:
    """The modules that a fresh interpreter has loaded once the function is imported."""
    command = [sys.executable, "-I", "-S", "-B", "-c", _LOADED, str(ROOT / "functions" / function), *_LAYERS]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return frozenset(json.loads(done.stdout))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_importing_a_function_loads_nothing_that_only_the_ceremony_needs(function: str) -> None:
    loaded = {name.split(".")[0] for name in loaded_by(function)}
    assert "strongroom" in loaded
    assert loaded.isdisjoint(LATER)


@pytest.mark.parametrize("function", BUSY)
def test_what_every_event_wakes_loads_nothing_of_the_ceremony_itself(function: str) -> None:
    loaded = loaded_by(function)
    assert any(name.startswith("strongroom.services.") for name in loaded)
    assert [name for name in loaded if name.startswith(CEREMONY)] == []


def test_what_is_loaded_later_is_there_to_be_loaded() -> None:
    work = f"import sys; sys.path[:0] = sys.argv[1:]; import {', '.join(LATER)}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", work, *_LAYERS], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
