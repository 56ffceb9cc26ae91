"""The layers as they are deployed, built by their own Makefiles for this machine."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measurement import ROOT, NotMeasuredError


@dataclass(frozen=True, slots=True)
class BuiltLayers:
    """The built layers by name; each folder holds `python/`."""

    folders: dict[str, Path]

    @property
    def import_paths(self) -> list[str]:
        """What the functions find on their path."""
        return [str(folder / "python") for folder in self.folders.values()]


def build_layers(folder: Path) -> BuiltLayers:
    """Compile the example intent and build the three layers under `folder`."""
    compiled = folder / "compiled"
    _run([sys.executable, "-m", "strongroom_cli", "compile", "strongroom.yaml", "--out", str(compiled)])
    layers = {name: folder / name for name in ("core", "vendor", "intent")}
    for name, artifacts in layers.items():
        target = f"build-{name.capitalize()}Layer"
        _run(
            ["make", "-C", f"layers/{name}", f"ARTIFACTS_DIR={artifacts}", target],
            STRONGROOM_COMPILED=str(compiled),
            LAMBDA_PLATFORM="native",
        )
    return BuiltLayers(layers)


def _run(command: list[str], **variables: str) -> None:
    # The layers' Makefiles look for python3.13 on the path, and the one that runs us is meant.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    environment = os.environ | {"PATH": path} | variables
    try:
        subprocess.run(  # noqa: S603 our own Makefiles and command
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
    except OSError as error:
        raise NotMeasuredError(f"{command[0]} cannot be run: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        raise NotMeasuredError(f"{' '.join(command)} failed:\n{error.stderr.strip()}") from error
