"""Where an account lies, as Organizations spells it: `o-…/r-…/ou-…/ou-…/123456789012/`.

Source: AWS Organizations API reference, Account, Paths.
"""

from collections.abc import Sequence

_UNIT = "ou-"


def units_in(paths: Sequence[str]) -> tuple[str, ...] | None:
    """The ids of the units above an account, the nearest first; None where no path is told, or more than one."""
    if len(paths) != 1:
        return None
    [path] = paths
    return tuple(part for part in reversed(path.split("/")) if part.startswith(_UNIT))
