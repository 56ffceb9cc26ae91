"""The command as somebody gets it who never saw the checkout: built, and installed where nothing else is."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Installation:
    """An environment that holds the wheel and what it declares, and the source distribution that it was built from."""

    home: Path
    environment: Path
    wheel: Path
    sdist: Path

    def python(self, *arguments: str) -> str:
        """What the environment's interpreter prints."""
        return self._ran([str(self.environment / "bin" / "python"), *arguments], {}, check=True).stdout

    def strongroom(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command, run in an empty home folder."""
        return self._ran(self.line(*arguments), environment, check=False)

    def line(self, *arguments: str) -> list[str]:
        """The command with its arguments."""
        return [str(self.environment / "bin" / "strongroom"), *arguments]

    def surroundings(self, **environment: str) -> dict[str, str]:
        """What a process is told: nothing of this one but the path."""
        return {"HOME": str(self.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment}

    def _ran(
        self, line: Sequence[str], environment: dict[str, str], *, check: bool
    ) -> subprocess.CompletedProcess[str]:
        surroundings = self.surroundings(**environment)
        return subprocess.run(line, cwd=self.home, env=surroundings, capture_output=True, text=True, check=check)


def install(folder: Path) -> Installation:
    """Build the source distribution, the wheel from that, and install the wheel with what it declares."""
    built, environment, home = folder / "dist", folder / "environment", folder / "home"
    home.mkdir()
    in_here = ("--no-build-isolation", "--python", sys.executable)
    _run("uv", "build", "--quiet", *in_here, "--out-dir", str(built), str(ROOT))
    [wheel], [sdist] = built.glob("*.whl"), built.glob("*.tar.gz")
    _run(sys.executable, "-m", "venv", str(environment))
    _run(str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel))
    return Installation(home=home, environment=environment, wheel=wheel, sdist=sdist)


def _run(*line: str) -> None:
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(line, env=outside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
