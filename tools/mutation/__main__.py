"""Change each deciding module in every small way, and list the changes that no test noticed: `make mutation`."""

import argparse
import resource
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Final

from tools.mutation.mutants import Mutant, mutants_of
from tools.mutation.trials import Outcome, Trial, load_the_rest, outcomes

_FLOORS: Final = ("layers/core", "cli", "")


@dataclass(frozen=True, slots=True)
class Module:
    """A module that is changed, by its path from the root, and the tests that must notice, its own first."""

    root: Path
    path: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        """By what it is imported."""
        floor = next(floor for floor in _FLOORS if self.path.startswith(floor))
        return self.path.removeprefix(floor).strip("/").removesuffix(".py").replace("/", ".")

    @property
    def source(self) -> str:
        """What it says now."""
        return (self.root / self.path).read_text(encoding="utf-8")

    def trial(self, code: CodeType) -> Trial:
        """That code in the module's place, before its tests."""
        return Trial(self.name, self.root / self.path, code, self.tests)


@dataclass(frozen=True, order=True, slots=True)
class Survivor:
    """A change that no test noticed."""

    module: str
    where: str
    before: str
    after: str


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every change was noticed or is explained, else 1."""
    parser = argparse.ArgumentParser(prog="tools.mutation", description=__doc__)
    parser.add_argument("--only", default="", help="of the modules, only those whose path has this in it")
    parser.add_argument("--at-once", type=int, default=2, help="how many processes")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="of the repository")
    asked = parser.parse_args(arguments)
    modules = [module for module in read_modules(asked.root) if asked.only in module.path]
    tests = {test for module in modules for test in module.tests}
    explained = set(read_explained(asked.root))
    survivors: set[Survivor] = set()
    with tempfile.TemporaryDirectory() as cache:
        load_the_rest([module.name for module in modules], sorted(tests), cache=cache)
        patience = try_unchanged(modules)
        for module in modules:
            left = try_module(module, at_once=asked.at_once, patience=patience[frozenset(module.tests)])
            tell_unexplained(left - explained)
            survivors |= left
    return report(survivors, explained, modules=[module.path for module in modules])


def read_modules(root: Path) -> Iterator[Module]:
    """The modules that are listed, each with its tests."""
    for group in tomllib.loads((root / "tests/mutation/modules.toml").read_text(encoding="utf-8"))["group"]:
        tests = list(dict.fromkeys(test for pattern in group["tests"] for test in _found(root, pattern)))
        for pattern in group["modules"]:
            for path in _found(root, pattern):
                yield Module(root, path, tuple(sorted(tests, key=lambda test: not _is_own(test, path))))


def _found(root: Path, pattern: str) -> list[str]:
    found = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))
    if not found:
        raise SystemExit(f"tests/mutation/modules.toml: there is no {pattern}")
    return found


def _is_own(test: str, path: str) -> bool:
    name, module = Path(test).stem.removeprefix("test_"), Path(path).stem
    return name == module or name.startswith(f"{module}_")


def try_unchanged(modules: Sequence[Module]) -> dict[frozenset[str], int]:
    """How long each set of tests may compute over a change, in seconds, by how long it does over none."""
    patience = {}
    for tests, module in {frozenset(module.tests): module for module in modules}.items():
        before = _computed()
        unchanged = module.trial(compile(module.source, module.path, "exec"))
        if [outcome for _, outcome in outcomes([unchanged], at_once=1, patience=600)] != [Outcome.SURVIVED]:
            raise SystemExit(f"{module.path}: its tests fail without any change")
        patience[tests] = 10 + 3 * int(_computed() - before)
    return patience


def try_module(module: Module, *, at_once: int, patience: int) -> set[Survivor]:
    """The module's changes that no test noticed."""
    started = time.monotonic()
    mutants: list[Mutant] = []

    def trials() -> Iterator[Trial]:
        for mutant in mutants_of(module.source, path=module.path):
            mutants.append(mutant)
            yield module.trial(mutant.code)

    found = dict(outcomes(trials(), at_once=at_once, patience=patience))
    counted = Counter(found.values())
    told = ", ".join(f"{counted[outcome]} {outcome}" for outcome in Outcome if counted[outcome])
    say(f"{module.path}: {len(mutants)} changes, {told or 'none'}, {time.monotonic() - started:.0f} s")
    for number in sorted(found):
        if found[number] is Outcome.ENDLESS:
            say(f"  endless, {mutants[number].where}: {mutants[number].before} -> {mutants[number].after}")
    left = [mutants[number] for number in found if found[number] is Outcome.SURVIVED]
    return {Survivor(module.path, *mutant.told) for mutant in left}


def tell_unexplained(survivors: set[Survivor]) -> None:
    """Tell what survived without a reason, as soon as its module is done."""
    for each in sorted(survivors):
        say(f"\nSURVIVED {each.module}, {each.where or 'module'}\n  - {each.before}\n  + {each.after}")


def _computed() -> float:
    """For how many seconds the trials that have ended had the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read_explained(root: Path) -> dict[Survivor, str]:
    """The changes that nobody has to notice, with why."""
    content = tomllib.loads((root / "tests/mutation/explained.toml").read_text(encoding="utf-8"))
    return {
        Survivor(each["module"], each["where"], each["before"], each["after"]): each["why"]
        for each in content.get("survivor", [])
    }


def say(line: str) -> None:
    """Print a line at once, for a run takes minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def report(survivors: set[Survivor], explained: set[Survivor], *, modules: Sequence[str]) -> int:
    """Tell how much survived, and whether all of it is explained, and nothing else."""
    unexplained = survivors - explained
    stale = sorted(each for each in explained - survivors if each.module in modules)
    for each in stale:
        say(f"\nEXPLAINED, BUT DOES NOT SURVIVE {each.module}, {each.where}\n  - {each.before}\n  + {each.after}")
    kept = len(survivors & explained)
    say(f"\n{len(unexplained)} unexplained survivors, {kept} explained, {len(stale)} explained in vain")
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main())
