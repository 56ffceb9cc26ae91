"""Everything that is wrong or dangerous in one backup policy document, ours or a stranger's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import PolicyText, json_path, printable
from strongroom.domain.backup_policy.linting.air_gaps import find_air_gap_faults
from strongroom.domain.backup_policy.linting.codes import CODES, Fault
from strongroom.domain.backup_policy.linting.completeness import find_gaps
from strongroom.domain.backup_policy.linting.copies import find_copy_faults
from strongroom.domain.backup_policy.linting.locks import find_open_places
from strongroom.domain.backup_policy.linting.overlapping import find_overlap_faults
from strongroom.domain.backup_policy.linting.reading import Subject, VaultRange
from strongroom.domain.backup_policy.linting.regions import find_region_faults
from strongroom.domain.backup_policy.linting.retention import find_retention_faults
from strongroom.domain.backup_policy.linting.rules import find_rule_faults
from strongroom.domain.backup_policy.linting.shape import find_shape_faults
from strongroom.domain.backup_policy.linting.tags import find_tag_faults
from strongroom.domain.findings import Finding, Level

_CHECKS: Final[tuple[Callable[[Subject], Iterator[Fault]], ...]] = (
    find_shape_faults,
    find_gaps,
    find_region_faults,
    find_rule_faults,
    find_overlap_faults,
    find_copy_faults,
    find_air_gap_faults,
    find_retention_faults,
    find_tag_faults,
    find_open_places,
)
_DEEPEST: Final = 14  # a member of a list below the deepest setting of the grammar

type Steps = tuple[str | int, ...]


class Placed(Struct, frozen=True):
    """A finding, and the steps from the root of the document to its place."""

    steps: Steps
    finding: Finding


def lint(
    text: PolicyText,
    *,
    partitions: Mapping[str, frozenset[str]] = MappingProxyType({}),
    vault_lock: VaultRange | None = None,
    today: date | None = None,
) -> tuple[Finding, ...]:
    """Every finding in the order of the document; `path` is a JSON path, `code` a row of `linting.codes.CODES`.

    `partitions` are the Regions that are known, by partition; without them no Region is judged. `vault_lock` is the
    range of the vault that the copies go into; with `today`, a schedule whose years are over counts as one that never
    fires.
    """
    subject = Subject(text, vault_lock=vault_lock, today=today, partitions=partitions)
    return tuple(placed.finding for placed in lint_places(subject))


def lint_places(subject: Subject) -> tuple[Placed, ...]:
    """The same with the place of each finding; in a document that must be complete, a gap is an error."""
    faults = [fault for check in _CHECKS for fault in check(subject)]
    order = _order(subject.text.document)
    faults.sort(key=lambda fault: _place(fault.path, order))
    told = (Placed(tuple(fault.path), _told(fault)) for fault in faults)
    return tuple(_as_error(placed) for placed in told) if subject.must_be_complete else tuple(told)


def _told(fault: Fault) -> Finding:
    code = CODES[fault.code]
    message = f"{fault.found}: {code.effect}; {fault.instead}"
    return Finding(code.level, code.name, json_path(fault.path), printable(message))


def _as_error(placed: Placed) -> Placed:
    is_gap = placed.finding.code == "incomplete"
    return replace(placed, finding=replace(placed.finding, level=Level.ERROR)) if is_gap else placed


def _order(document: Any) -> dict[Steps, int]:
    """The number of every place of the document, parents first."""
    order: dict[Steps, int] = {}
    pending: list[tuple[Steps, Any]] = [((), document)]
    while pending:
        path, node = pending.pop()
        order[path] = len(order)
        if len(path) < _DEEPEST:
            pending += [((*path, step), child) for step, child in reversed(_inner(node))]
    return order


def _inner(node: Any) -> list[tuple[str | int, Any]]:
    if isinstance(node, Mapping):
        return list(node.items())
    return list(enumerate(node)) if isinstance(node, list) else []


def _place(path: Sequence[str | int], order: Mapping[Steps, int]) -> int:
    """Where a finding belongs; what is absent belongs to the nearest object around it."""
    steps = tuple(path[:_DEEPEST])
    while steps not in order and steps:
        steps = steps[:-1]
    return order[steps]
