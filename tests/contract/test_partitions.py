"""No source of what is deployed or rendered says in which partition of AWS it lies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.templates import APPLICATIONS, ROOT

COMMERCIAL = "arn:aws:"
# What is read by people, or written by an attacker, and never sent to AWS.
EXCEPTIONS = {
    "cli/strongroom_cli/restores/noted.py": "an example in a command's help",
    "layers/core/strongroom/domain/forms.py": "examples in the reference of the intent",
    "layers/core/strongroom/domain/backup_policy/attacking/additions.py": "what an attacker might add to a policy",
    "layers/core/strongroom/domain/backup_policy/linting/shape.py": "advice on what to write",
    "layers/core/strongroom/domain/backup_policy/linting/values.py": "advice on what to write",
}


def _sources() -> Iterator[Path]:
    for folder in ("layers/core", "functions", "stacks", "statemachines", "cli", "audit"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".yaml"})
    yield from (ROOT / path for path in APPLICATIONS)


NAMING = {path.relative_to(ROOT).as_posix() for path in _sources() if COMMERCIAL in path.read_text(encoding="utf-8")}


def test_an_arn_takes_its_partition_from_the_intent_or_from_cloudformation() -> None:
    assert sorted(NAMING - EXCEPTIONS.keys()) == []


@pytest.mark.parametrize("path", EXCEPTIONS)
def test_an_exception_is_still_one(path: str) -> None:
    assert path in NAMING


def test_templates_take_the_suffix_of_hosts_from_cloudformation() -> None:
    """Service principals end alike in every partition but that of CloudWatch Logs, which is regional."""
    hosts = [
        f"{path.name}: {line.strip()}"
        for path in (*(ROOT / path for path in APPLICATIONS), *(ROOT / "stacks").glob("*.yaml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "${AWS::Region}.amazonaws.com" in line
    ]
    assert hosts == []
