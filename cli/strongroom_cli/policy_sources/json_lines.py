"""On which line of a JSON text a place stands, which a parser of JSON does not tell."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from strongroom_cli.policy_sources.found import Steps

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]', re.DOTALL)
_SPACE: Final = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class JsonLines:
    """The lines of a JSON text, or of the part of it at `below`; `before` lines stand above the text in its file."""

    text: str
    below: Steps = ()
    before: int = 0

    def of(self, places: Sequence[Steps]) -> list[int | None]:
        """The line of each place, counted from 1."""
        whole = [(*self.below, *place) for place in places]
        if "\n" not in self.text:
            return [self.before + 1] * len(places)
        wanted = {place[:depth] for place in whole for depth in range(len(place) + 1)}
        offsets = dict(_offsets(self.text, wanted))
        ends = [each.start() for each in re.finditer("\n", self.text)]
        return [self.before + 1 + bisect_left(ends, _nearest(place, offsets)) for place in whole]


def _nearest(place: Steps, offsets: dict[Steps, int]) -> int:
    while place not in offsets:
        place = place[:-1]
    return offsets[place]


@dataclass(slots=True)
class _Container:
    path: Steps | None  # None: nothing in it is wanted
    is_list: bool
    count: int = 0
    at_key: bool = True


def _offsets(text: str, wanted: set[Steps]) -> Iterator[tuple[Steps, int]]:
    """Where each wanted place begins in a text that is known to be JSON; what stands twice, where it stands last."""
    around: list[_Container] = []
    path: Steps | None = ()
    yield (), _after_space(text, 0)
    for token in _TOKEN.finditer(text):
        inner = around[-1] if around else None
        match token[0]:
            case "{" | "[" as opening:
                around.append(_Container(path, opening == "["))
                path = _member(around[-1], wanted)
            case "}" | "]":
                around.pop()
                continue
            case "," if inner is not None:
                inner.count, inner.at_key = inner.count + 1, True
                path = _member(inner, wanted)
            case ":" if inner is not None:
                inner.at_key = False
                continue
            case name if inner is not None and not inner.is_list and inner.at_key:
                path = _inside(inner.path, json.loads(name), wanted)
                if path is not None:
                    yield path, token.start()
                continue
            case _:
                continue
        if path is not None:
            yield path, _after_space(text, token.end())


def _member(container: _Container, wanted: set[Steps]) -> Steps | None:
    return _inside(container.path, container.count, wanted) if container.is_list else None


def _inside(path: Steps | None, step: str | int, wanted: set[Steps]) -> Steps | None:
    inner = None if path is None else (*path, step)
    return inner if inner in wanted else None


def _after_space(text: str, offset: int) -> int:
    space = _SPACE.match(text, offset)
    return space.end() if space else offset
