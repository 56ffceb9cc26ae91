"""What the linter says of the policies in a file, each finding with its place in the file."""

from collections.abc import Iterator, Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from strongroom.domain.backup_policy.documents import ASSIGN, json_path
from strongroom.domain.backup_policy.lint import Placed, lint_places
from strongroom.domain.backup_policy.linting.reading import Subject, VaultRange
from strongroom_cli.intent.regions import known_partitions
from strongroom_cli.policy.files import Source
from strongroom_cli.policy_sources.found import Form, FoundPolicy, Steps
from strongroom_cli.policy_sources.intrinsics import is_unknown
from strongroom_cli.reports.report import Note, Place, PlacedFinding

# What is said of names and locks, and so holds whatever value stands there.
_ABOUT_NAMES: Final = frozenset(
    {
        "unlocked",
        "unknown-key",
        "unknown-operator",
        "operator-on-container",
        "list-operator-on-single-value",
        "child-control",
        "key-twice",
        "name-in-two-cases",
    }
)
_ABOUT_LOCKS: Final = frozenset({"unlocked", "open-container", "unset-leaf"})


@dataclass(frozen=True, slots=True)
class Facts:
    """In the light of what policies are judged; see `Subject`."""

    vault_lock: VaultRange | None = None
    vault_locks: Mapping[str, VaultRange] = field(default_factory=dict)
    must_be_complete: bool = False
    today: date | None = None


def judge(source: Source, facts: Facts) -> Iterator[PlacedFinding]:
    """Every finding in every policy of a file, in the order of the file."""
    for policy in source.found.policies:
        found = list(_effective(policy, facts) if policy.form is Form.EFFECTIVE else _written(policy, facts))
        lines = policy.lines.of([placed.steps for placed in found])
        for placed, line in zip(found, lines, strict=True):
            path = json_path((*policy.place, *placed.steps))
            place = Place(file=source.name, line=line, resource=policy.resource)
            yield PlacedFinding(replace(placed.finding, path=path), place)


def notes_on(source: Source) -> Iterator[Note]:
    """What is in a file and not judged."""
    for remark in source.found.remarks:
        yield Note(remark.text, Place(file=source.name, line=remark.line, resource=remark.resource))
    if others := source.found.others:
        count = "one policy of another type is" if others == 1 else f"{others} policies of other types are"
        yield Note(f"{count} left out", Place(file=source.name))


def _written(policy: FoundPolicy, facts: Facts) -> Iterator[Placed]:
    for placed in lint_places(_subject(policy, facts, policy.text.document)):
        if not policy.has_placeholders or placed.finding.code in _ABOUT_NAMES or _is_known(policy, placed.steps):
            yield placed


def _is_known(policy: FoundPolicy, steps: Steps) -> bool:
    value: Any = policy.text.document
    for step in steps:
        inner = value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
        value = value.get(step) if isinstance(value, Mapping) else inner
    return not is_unknown(value) and not (steps and is_unknown(steps[-1]))


def _effective(policy: FoundPolicy, facts: Facts) -> Iterator[Placed]:
    """An effective policy is judged as the document that assigns it; it has no locks, and nothing stands above it."""
    subject = _subject(policy, replace(facts, must_be_complete=True), _assigned(policy.text.document))
    for placed in lint_places(replace(subject, text=replace(subject.text, characters=0))):
        if placed.finding.code not in _ABOUT_LOCKS:
            yield replace(placed, steps=tuple(step for step in placed.steps if step != ASSIGN))


def _assigned(effective: Any) -> Any:
    if not isinstance(effective, Mapping):
        return {ASSIGN: effective}
    return {name: _assigned(child) for name, child in effective.items()}


def _subject(policy: FoundPolicy, facts: Facts, document: Any) -> Subject:
    return Subject(
        text=replace(policy.text, document=document),
        vault_lock=facts.vault_lock,
        vault_locks=facts.vault_locks,
        must_be_complete=facts.must_be_complete,
        today=facts.today,
        partitions=known_partitions(),
    )
