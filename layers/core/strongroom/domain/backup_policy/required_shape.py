"""Whether an effective policy has the keys that it needs, and as many of everything as AWS takes.

Sources: AWS Organizations User Guide, "Backup policy syntax and examples"; AWS Backup Developer Guide, "AWS Backup
quotas".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from strongroom.domain.backup_policy.documents import Document, Path
from strongroom.domain.backup_policy.faults import PolicyFault, key_missing, too_few, too_many
from strongroom.domain.backup_policy.grammar import BACKUP_POLICY, Block, Collection, Kind, Node, Setting
from strongroom.domain.backup_policy.quotas import CONDITIONS_PER_SELECTION, TAG_VALUES_PER_SELECTION


def shape_faults(effective: Document) -> Iterator[PolicyFault]:
    """Keys that are missing, and lists and maps with too few or too many elements; an empty plan is none of these."""
    return _faults(BACKUP_POLICY, effective, ())


def _faults(node: Node, value: Any, path: Path) -> Iterator[PolicyFault]:
    match node:
        case Setting():
            yield from _setting_faults(node, value, path)
        case Collection() if isinstance(value, Mapping):
            if node.most is not None and len(value) > node.most:
                yield too_many(path, count=len(value), most=node.most)
            for name, child in value.items():
                if child != {}:
                    yield from _faults(node.of, child, (*path, name))
        case Block() if isinstance(value, Mapping):
            yield from _block_faults(node, value, path)


def _block_faults(block: Block, value: Document, path: Path) -> Iterator[PolicyFault]:
    given = {name.lower(): name for name, child in value.items() if child != {}}
    for name, child in block.children.items():
        spelled = given.get(name.lower())
        if spelled is not None:
            yield from _faults(child, value[spelled], (*path, spelled))
        elif child.required:
            yield key_missing(name, path)
        if name == "conditions" and spelled is not None:
            yield from _condition_faults(value[spelled], (*path, spelled))


def _setting_faults(setting: Setting, value: Any, path: Path) -> Iterator[PolicyFault]:
    if not isinstance(value, list):
        return
    if setting.required and not value:
        yield too_few(path)
    if setting.kind is Kind.TAG_VALUE and len(value) > TAG_VALUES_PER_SELECTION:
        yield too_many(path, count=len(value), most=TAG_VALUES_PER_SELECTION)


def _condition_faults(conditions: Any, path: Path) -> Iterator[PolicyFault]:
    if not isinstance(conditions, Mapping):
        return
    # Each operator's own count is a matter of its collection; AWS counts the conditions of a selection together.
    counts = [len(named) for named in conditions.values() if isinstance(named, Mapping)]
    if max(counts, default=0) <= CONDITIONS_PER_SELECTION < sum(counts):
        yield too_many(path, count=sum(counts), most=CONDITIONS_PER_SELECTION)
