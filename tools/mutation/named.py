"""Make changes that once went unnoticed, each by its name, in a copy of the repository: its tests must notice today."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tools.mutation.__main__ import say

_LEFT: Final = shutil.ignore_patterns(".git", ".venv*", ".aws-sam", "build", "node_modules", "__pycache__", ".*_cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChange:
    """A change of one place of a module, and the tests that must notice; or why nobody can, and then no place."""

    name: str
    module: str = ""
    before: str = ""
    after: str = ""
    tests: tuple[str, ...] = ()
    why: str = ""

    def made_in(self, source: str) -> str:
        """The source with the change; ValueError where there is not one place for it."""
        if source.count(self.before) != 1:
            raise ValueError(f"{self.name}: {self.module} does not hold it once")
        return source.replace(self.before, self.after)


def read_named(root: Path) -> list[NamedChange]:
    """The changes of `tests/mutation/named.toml`."""
    content: dict[str, Any] = tomllib.loads((root / "tests/mutation/named.toml").read_text(encoding="utf-8"))
    return [NamedChange(**(each | {"tests": tuple(each.get("tests", ()))})) for each in content["change"]]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every change was noticed, else 1."""
    parser = argparse.ArgumentParser(prog="tools.mutation.named", description=__doc__)
    parser.add_argument("--only", default="", help="of the changes, only those whose module has this in it")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="of the repository")
    asked = parser.parse_args(arguments)
    changes = [each for each in read_named(asked.root) if each.tests and asked.only in each.module]
    if not changes:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "repository"
        shutil.copytree(asked.root, copy, ignore=_LEFT)
        _demand_passing(copy, sorted({test for each in changes for test in each.tests}))
        survivors = list(_survivors(copy, changes))
    for each in survivors:
        say(f"\nSURVIVED {each.name}: {each.module}\n  - {each.before}\n  + {each.after}")
    say(f"{len(changes)} changes by name, {len(survivors)} survived")
    return 1 if survivors else 0


def _survivors(copy: Path, changes: Sequence[NamedChange]) -> Iterator[NamedChange]:
    for each in changes:
        module = copy / each.module
        source = module.read_text(encoding="utf-8")
        module.write_text(each.made_in(source), encoding="utf-8")
        if _code_of(copy, each.tests) != pytest.ExitCode.TESTS_FAILED:
            yield each
        module.write_text(source, encoding="utf-8")


def _demand_passing(copy: Path, tests: Sequence[str]) -> None:
    if _code_of(copy, tests) != pytest.ExitCode.OK:
        raise SystemExit("tests/mutation/named.toml: its tests fail without any change")


def _code_of(copy: Path, tests: Sequence[str]) -> int:
    """What pytest ends with over these tests of the copy."""
    paths = os.pathsep.join(str(copy / each) for each in ("", "cli", "layers/core"))
    ran = subprocess.run(  # noqa: S603 - what is run is this interpreter
        [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", *tests],
        cwd=copy,
        # A change may be as long as what it replaces, and written within the same second: byte-code would outlive it.
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
