"""The logical ids of rendered CloudFormation resources."""

import re
from collections.abc import Collection
from itertools import count
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z0-9]+")


def logical_id(name: str, *, kind: str = "", taken: Collection[str] = ()) -> str:
    """The words of a name in PascalCase with the kind behind them, and a number in between where that id is taken."""
    stem = "".join(word[0].upper() + word[1:] for word in _WORD.findall(name))
    wanted = f"{stem}{kind}"
    if wanted not in taken:
        return wanted
    return next(each for number in count(2) if (each := f"{stem}{number}{kind}") not in taken)
