"""One mistake, one finding: what vanishes as soon as a name is spelled right was said because of that name only.

Which name was meant is tried, and not guessed: of each kind of names the nearest is put in place of the one that is
refused, and where that finding is gone, the kind was right.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import replace
from typing import Any, Final

from strongroom.domain.findings import Finding, Level
from strongroom_cli.intent.mistakes import did_you_mean, likeness, nearest
from strongroom_cli.intent.places import Steps, path_of

# With more of them it is another file, and every trial costs a judgement.
MOST_REFUSED: Final = 20

type Judge = Callable[[Any], tuple[Finding, ...]]
type Kinds = Sequence[Sequence[str]]


def find_causes(document: Any, *, judge: Judge, names: Kinds) -> tuple[Finding, ...]:
    """What the judge finds, but for what follows from a wrong name, and with the nearest right one where it helps.

    `names` are those that the document may use, a sequence for each kind.
    """
    findings = judge(document)
    values = dict(_single_values(document))
    spelled = {name for known in names for name in known}
    wrong = {
        path: values[path]
        for path in _refused(findings)
        if isinstance(values.get(path), str) and values[path] not in spelled
    }
    if 0 < len(wrong) <= MOST_REFUSED:
        meant = _meant(document, wrong, judge=judge, names=names)
        left = judge(_with(document, meant)) if meant else findings
        causes = [_suggesting(each, wrong, meant) for each in findings if each.path in meant or each in left]
        findings = tuple(_without_repeats(_once(causes, wrong), wrong))
    return tuple(_first_of_each(findings, values))


def names_in(document: Any, schema: Mapping[str, Any]) -> Kinds:
    """The keys of each mapping whose keys are names; those among another one's are left out."""
    kinds: list[tuple[str, ...]] = []
    for each in sorted(set(_keys(document, schema, schema["$defs"])), key=lambda names: (-len(names), names)):
        if not any(set(each) <= set(other) for other in kinds):
            kinds.append(each)
    return kinds


def _keys(node: Any, schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    schema = defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    for branch in schema.get("anyOf", ()):
        yield from _keys(node, branch, defs)
    other = schema.get("additionalProperties")
    if isinstance(node, dict):
        if isinstance(other, dict):
            yield tuple(node)
        for key, value in node.items():
            yield from _keys(value, schema.get("properties", {}).get(key, other) or {}, defs)
    elif isinstance(node, list):
        for value in node:
            yield from _keys(value, schema.get("items", {}), defs)


def _single_values(node: Any, steps: Steps = ()) -> Iterator[tuple[str, Any]]:
    """Everything in the document that is neither mapping nor list, by its path."""
    if not isinstance(node, dict | list):
        yield path_of(steps), node
    for step, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _single_values(value, (*steps, step))


def _first_of_each(findings: Iterable[Finding], values: Mapping[str, Any]) -> Iterator[Finding]:
    """All findings, but of several errors about a single value the first."""
    seen: set[str] = set()
    for each in findings:
        if each.level is not Level.ERROR or each.path not in seen:
            yield each
        if each.level is Level.ERROR and each.path in values:
            seen.add(each.path)


def _refused(findings: Iterable[Finding]) -> set[str]:
    return {each.path for each in findings if each.level is Level.ERROR}


def _meant(document: Any, wrong: Mapping[str, str], *, judge: Judge, names: Kinds) -> dict[str, str]:
    """By path the name which, put there, is not refused; those that are spelled most alike are tried first."""
    guesses = {path: _nearest_of_each(text, names) for path, text in wrong.items()}
    meant: dict[str, str] = {}
    for number in range(len(names)):
        tried = {path: names[number] for path, names in guesses.items() if path not in meant and number < len(names)}
        if tried:
            refused = _refused(judge(_with(document, meant | tried)))
            meant |= {path: name for path, name in tried.items() if path not in refused}
    return meant


def _nearest_of_each(text: str, names: Kinds) -> list[str]:
    guesses = (nearest(text, known, cutoff=0) for known in names)
    return sorted((each for each in guesses if each is not None), key=lambda name: -likeness(text, name))


def _with(node: Any, values: Mapping[str, str], steps: Steps = ()) -> Any:
    """A copy of the document with other values at these paths."""
    match node:
        case dict():
            return {key: _with(value, values, (*steps, key)) for key, value in node.items()}
        case list():
            return [_with(value, values, (*steps, number)) for number, value in enumerate(node)]
        case _:
            return values.get(path_of(steps), node)


def _suggesting(finding: Finding, wrong: Mapping[str, str], meant: Mapping[str, str]) -> Finding:
    text, name = wrong.get(finding.path), meant.get(finding.path)
    if text is None or name is None or text not in finding.message or "did you mean" in finding.message:
        return finding
    return replace(finding, message=finding.message + did_you_mean(text, [name]))


def _without_repeats(findings: Iterable[Finding], wrong: Mapping[str, str]) -> Iterator[Finding]:
    """All but those that speak of a value which was refused at its own place before."""
    told: list[re.Pattern[str]] = []
    for each in findings:
        if any(text.search(each.message) for text in told):
            continue
        yield each
        if text := wrong.get(each.path):
            told.append(re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])"))


def _once(findings: Sequence[Finding], wrong: Mapping[str, str]) -> Iterator[Finding]:
    """The same wrong name at several places as one finding, which says where else it stands."""
    places: dict[str, list[str]] = {}
    for each in findings:
        if each.path in wrong:
            places.setdefault(each.message, []).append(each.path)
    for each in findings:
        first, *others = places[each.message] if each.path in wrong else [each.path]
        if each.path == first:
            yield replace(each, message=f"{each.message} (also {', '.join(others)})") if others else each
