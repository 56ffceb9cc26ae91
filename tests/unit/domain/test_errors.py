"""The tree of errors is the one that is drawn."""

import re

from strongroom.domain import errors
from strongroom.domain.errors import StrongroomError


def _drawn(picture: str) -> dict[str, str]:
    """Each error of the picture with the one that it hangs from."""
    parents: dict[str, str] = {}
    branch: list[str] = []
    for prefix, name in re.findall(r"^([│├└─ ]*)(\w+Error)\b", picture, re.MULTILINE):
        depth = len(prefix) // 4
        branch[depth:] = [name]
        parents[name] = branch[depth - 1] if depth else "Exception"
    return parents


def test_the_errors_hang_as_they_are_drawn() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, StrongroomError)]
    assert _drawn(errors.__doc__ or "") == {each.__name__: each.__bases__[0].__name__ for each in classes}


def test_every_error_hangs_from_a_branch_that_says_what_follows() -> None:
    assert {each.__name__ for each in StrongroomError.__subclasses__() if each.__module__ == errors.__name__} == {
        "TemporarilyUnavailableError",
        "MalformedError",
        "RefusedError",
        "VoidError",
        "NotFoundError",
        "FailedError",
    }
