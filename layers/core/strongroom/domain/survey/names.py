"""Names for entries of the file: of the characters that one may have, and each once."""

import re
from collections.abc import Container
from itertools import count
from typing import Final

# Of a vault or a tier, so that there is room for a number behind it.
LONGEST: Final = 36


def plain_name(text: str) -> str:
    """The text of such characters as every name may have."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)


def free_name(name: str, taken: Container[str]) -> str:
    """The name, with the first number that makes it one that is not taken yet."""
    if name not in taken:
        return name
    return next(numbered for number in count(2) if (numbered := f"{name}-{number}") not in taken)
