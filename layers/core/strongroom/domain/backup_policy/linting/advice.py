"""What somebody who wrote a wrong word probably meant."""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, assert_never

from strongroom.domain.backup_policy.documents import OPERATORS
from strongroom.domain.backup_policy.grammar import BACKUP_POLICY, Block, Collection, Node, Setting

_LIKE_ENOUGH: Final = 0.5

_RENAMED: Final = {
    "todeleteafterdays": "delete_after_days",
    "deleteafter": "delete_after_days",
    "tomovetocoldstorageafterdays": "move_to_cold_storage_after_days",
    "coldstorageafter": "move_to_cold_storage_after_days",
    "startwindowminutes": "start_backup_window_minutes",
    "startwindow": "start_backup_window_minutes",
    "completewindowminutes": "complete_backup_window_minutes",
    "completionwindowminutes": "complete_backup_window_minutes",
    "completionwindow": "complete_backup_window_minutes",
    "schedule": "schedule_expression",
    "targetvaultname": "target_backup_vault_name",
    "targetvault": "target_backup_vault_name",
    "destinationbackupvaultarn": "target_backup_vault_arn",
}
_SAYINGS: Final = {
    "schedule_expression_timezone": "leave it out: policies run in UTC, so shift the hours of schedule_expression",
    "rule_name": "leave it out: the key of the rule is its name",
    "selection_name": "leave it out: the key of the selection is its name",
    "resource_types": "write it below selections.resources.<name>, where types are selected",
    "not_resource_types": "write it below selections.resources.<name>, where types are selected",
    "tag_key": "write it below selections.tags.<name>, where tags are selected",
    "tag_value": "write it below selections.tags.<name>, where tags are selected",
    "enforced_for": "leave it out: it belongs to tag policies; lock with @@operators_allowed_for_child_policies",
}
_OPERATORS_MEANT: Final = {
    "@@enforced_for": 'write "@@operators_allowed_for_child_policies": ["@@none"], which is what locks a setting',
    "@@operators_allowed_for_child_policy": "write @@operators_allowed_for_child_policies",
    "@@overwrite": "write @@assign",
    "@@override": "write @@assign",
    "@@replace": "write @@assign",
    "@@set": "write @@assign",
    "@@add": "write @@append",
    "@@delete": "write @@remove",
}


def advise_operator(word: str) -> str:
    """What to write instead of an operator that there is not."""
    return _OPERATORS_MEANT.get(word.lower()) or f"write {nearest(word, OPERATORS)}"


def certain_operator(word: str) -> str | None:
    """The operator that a word can only mean; None where that is a guess."""
    said = _OPERATORS_MEANT.get(word.lower(), "").removeprefix("write ")
    return next((operator for operator in OPERATORS if operator in {word.lower(), said}), None)


def certain_key(word: str, block: Block) -> str | None:
    """The key of a block that a word can only mean; None where that is a guess."""
    meant = _meant(word)
    return meant if meant in block.children else None


def advise_key(word: str, block: Block) -> str:
    """What to write instead of a key that a block does not have, and where, if it belongs further down or up."""
    meant = _meant(word)
    if meant in block.children:
        return f"write {meant}"
    if word.lower() in _SAYINGS:
        return _SAYINGS[word.lower()]
    place = place_of(meant, block) or place_of(meant, BACKUP_POLICY)
    return f"write {meant} below {place}" if place else f"write {nearest(word, block.children)}"


def place_of(key: str, block: Block) -> str | None:
    """The nearest place below a block that has such a key, as a path with <names> in it; None where there is none."""
    pending: deque[tuple[tuple[str, ...], Node]] = deque([((), block)])
    while pending:
        path, node = pending.popleft()
        match node:
            case Block(children=children):
                if key in children and path:
                    return ".".join(path)
                pending += [((*path, name), child) for name, child in children.items()]
            case Collection(of=body, noun=noun):
                pending.append(((*path, f"<{noun}>"), body))
            case Setting():
                continue
            case _:
                assert_never(node)
    return None


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like the given one, or `one of ...` where none is."""
    words = tuple(known)
    pieces = _pieces(word[:80].lower())
    alike = {each: _likeness(pieces, _pieces(each.lower())) for each in words}
    best = max(words, key=alike.__getitem__, default="")
    return best if best and alike[best] >= _LIKE_ENOUGH else f"one of {', '.join(words)}"


def _meant(word: str) -> str:
    bare = _bare(word)
    return _RENAMED.get(bare) or next((key for key in _KEYS if _bare(key) == bare), word.lower())


def _bare(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def _keys_of(node: Node) -> Iterator[str]:
    match node:
        case Block(children=children):
            for name, child in children.items():
                yield name
                yield from _keys_of(child)
        case Collection(of=body):
            yield from _keys_of(body)
        case Setting():
            return
        case _:
            assert_never(node)


@lru_cache(maxsize=512)
def _pieces(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[place : place + 2] for place in range(len(padded) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


_KEYS: Final = tuple(dict.fromkeys(_keys_of(BACKUP_POLICY)))
