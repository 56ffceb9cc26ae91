"""A YAML file as plain values, with the place of each; what is too large, too deep or ambiguous is refused early.

YAML's safe subset: dates stay texts, names stay as they are typed, no key stands twice in one mapping, and no tag makes
anything. Anchors and `<<` are read, and counted as what they stand for.
"""

from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from strongroom_cli.intent.places import Place, Steps, path_of
from strongroom_cli.intent.yaml_faults import CRON_IN_BRACES, YamlFaultError, explained, refuse_strange_text

MOST_BYTES: Final = 1_000_000
MOST_VALUES: Final = 50_000
MOST_LEVELS: Final = 20
MOST_DIGITS: Final = 100

# libyaml where PyYAML was built with it: ten times as fast.
PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MERGE: Final = "<<"
_TEXT: Final = "tag:yaml.org,2002:str"
_KINDS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))


@dataclass(frozen=True, slots=True)
class Written:
    """A document, and the place of each of its parts by path."""

    document: Any
    places: dict[str, Place]


def read_yaml(file: Path) -> Written:
    """What a file holds; YamlFaultError where that is no YAML that we read, OSError where it cannot be read."""
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise YamlFaultError(f"the file is larger than the {MOST_BYTES:,} bytes that are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        raise YamlFaultError("the file is not UTF-8 text: save it as UTF-8", line=line) from failure
    return parse_yaml(text)


def parse_yaml(text: str, *, parser: Any = PARSER) -> Written:
    """What a text holds; YamlFaultError where that is no YAML that we read."""
    refuse_strange_text(text)
    try:
        return _Reading(yaml.parse(text, Loader=parser)).written()
    except yaml.MarkedYAMLError as failure:
        raise explained(failure, text) from failure


class _Scalars(yaml.resolver.Resolver, yaml.constructor.SafeConstructor):
    """What a text without quotes means in YAML 1.1, but for dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012 PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag in _KINDS]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def value_of(self, event: yaml.ScalarEvent) -> Any:
        """The value; ValueError where it is a number that nobody means."""
        tag = self.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        if tag in _KINDS and len(event.value) > MOST_DIGITS:
            raise ValueError(tag)
        return self.yaml_constructors.get(tag, type(self).construct_scalar)(self, yaml.ScalarNode(tag, event.value))


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias stands for: its value, what was typed there, and the places within it."""

    value: Any
    typed: str | None
    within: tuple[tuple[Steps, Place], ...]


@dataclass(slots=True)
class _Reading:
    """One pass over what a parser finds."""

    events: Iterator[Any]
    scalars: _Scalars = field(default_factory=_Scalars)
    places: list[tuple[Steps, Place]] = field(default_factory=list)
    anchors: dict[str, _Anchored] = field(default_factory=dict)
    brackets: int = 0

    def written(self) -> Written:
        """The only document, and the places in it."""
        next(self.events)  # the stream's beginning
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return Written(None, {})
        first = next(self.events)
        document = self._value(first, (), _beginning(first))
        next(self.events)  # the document's end
        if isinstance(second := next(self.events), yaml.DocumentStartEvent):
            raise _fault(second, "a second document begins here: one file holds one")
        places: dict[str, Place] = {}
        for steps, place in self.places:
            places.setdefault(path_of(steps), place)
        return Written(document, places)

    def _value(self, event: Any, steps: Steps, place: Place) -> Any:
        """The value that begins with an event; `place` is where its key or its item begins."""
        begun = len(self.places)
        typed = event.value if isinstance(event, yaml.ScalarEvent) and not event.style else None
        self._record(steps, replace(place, typed=typed))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, steps, place)
        value = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else self._collection(event, steps)
        if event.anchor is not None:
            within = tuple((below[len(steps) :], place) for below, place in self.places[begun + 1 :])
            self.anchors[event.anchor] = _Anchored(value, typed, within)
        return value

    def _record(self, steps: Steps, place: Place) -> None:
        """Keep a place; YamlFaultError where there are too many, or it lies too deep."""
        if len(self.places) == MOST_VALUES:
            raise YamlFaultError(f"the file holds more than the {MOST_VALUES:,} values that are read")
        if len(steps) > MOST_LEVELS:
            message = f"this is nested more deeply than the {MOST_LEVELS} levels that are read"
            raise YamlFaultError(message, line=place.line, column=place.column)
        self.places.append((steps, place))

    def _alias(self, event: yaml.AliasEvent, steps: Steps, place: Place) -> Any:
        found = self.anchors.get(event.anchor or "")
        if found is None:
            raise _fault(event, f"*{event.anchor} stands for nothing that is complete before it")
        self.places[-1] = (steps, replace(place, typed=found.typed))
        for below, within in found.within:
            self._record((*steps, *below), within)
        return found.value

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        if event.tag not in {None, "!", _TEXT}:
            raise _fault(event, f"the tag {event.tag} is not read: write the plain value")
        if not event.style and self.brackets and event.value.startswith("cron("):
            raise _fault(event, CRON_IN_BRACES)  # libyaml takes it, other parsers do not
        try:
            return event.value if event.tag is not None else self.scalars.value_of(event)
        except ValueError as failure:
            raise _fault(event, "this number cannot be read") from failure

    def _collection(self, event: yaml.CollectionStartEvent, steps: Steps) -> Any:
        if event.tag is not None:
            raise _fault(event, f"the tag {event.tag} is not read: write the plain value")
        self.brackets += bool(event.flow_style)
        value = self._list(steps) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(steps)
        self.brackets -= bool(event.flow_style)
        return value

    def _list(self, steps: Steps) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*steps, len(items)), _beginning(event)))
        return items

    def _mapping(self, steps: Steps) -> dict[str, Any]:
        begun = len(self.places)
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _fault(event, "a key must be a plain name; put a text that begins with a bracket in quotes")
            key, place = event.value, _beginning(event)
            if first := lines.get(key):
                raise _fault(event, f"the key {key!r} stands twice in one mapping, first in line {first}")
            lines[key] = place.line
            values[key] = self._value(next(self.events), (*steps, key), place)
            if key == _MERGE and not _is_mergeable(values[key]):
                raise _fault(event, "<< takes a mapping, or a list of mappings")
        return self._merged(values, steps, begun) if _MERGE in values else values

    def _merged(self, values: dict[str, Any], steps: Steps, begun: int) -> dict[str, Any]:
        """The mapping with what `<<` adds to it; what it says itself wins, and the first of several."""
        added = values.pop(_MERGE)
        sources = added if isinstance(added, list) else [added]
        skipped = len(steps) + (2 if isinstance(added, list) else 1)
        own = {(*steps, key) for key in values}
        for below, place in self.places[begun:]:
            merged = (*steps, *below[skipped:])
            if below[len(steps)] == _MERGE and len(below) > skipped and merged[: len(steps) + 1] not in own:
                self._record(merged, place)
        return {key: value for source in (*reversed(sources), values) for key, value in source.items()}


def _is_mergeable(value: Any) -> bool:
    return all(isinstance(each, dict) for each in (value if isinstance(value, list) else [value]))


def _beginning(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _fault(event: yaml.Event, message: str) -> YamlFaultError:
    place = _beginning(event)
    return YamlFaultError(message, line=place.line, column=place.column)
