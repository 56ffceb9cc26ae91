"""The AWS SDK as the Lambda runtime brings it, with byte-code made exactly as that of our layers."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from benchmarks.measurement import NotMeasuredError

_ROOT: Final = "boto3"
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9._-]")


def build_sdk(folder: Path) -> Path:
    """Copy boto3 and all that it needs from this environment, compile it, and return the folder to import from."""
    for each in _closure():
        for file in each.files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(each.locate_file(file)), target)
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 this interpreter
    if done.returncode:
        raise NotMeasuredError(f"the SDK cannot be compiled:\n{done.stdout.strip()}{done.stderr.strip()}")
    return folder


def _closure() -> list[Distribution]:
    found: dict[str, Distribution] = {}
    wanted = [_ROOT]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError as error:
            raise NotMeasuredError(f"{name}, which {_ROOT} needs, is not installed") from error
        wanted += [_NO_NAME.split(need, maxsplit=1)[0] for need in found[name].requires or () if "extra ==" not in need]
    return list(found.values())
