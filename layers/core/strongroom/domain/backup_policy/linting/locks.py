"""What a policy attached further down could still change.

Source: AWS Organizations User Guide, "Inheritance operators"; a control on an object does not reach the settings below.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.backup_policy.documents import (
    ALL,
    CHILD_CONTROL,
    NONE,
    Document,
    Path,
    is_setting,
    nodes,
)
from strongroom.domain.backup_policy.grammar import Block, Collection, node_at
from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.controls import left_open
from strongroom.domain.backup_policy.linting.reading import Place, Subject

_LOCK: Final = f'write "{CHILD_CONTROL}": ["{NONE}"] beside it'
_LOCK_ALL: Final = f'write "{CHILD_CONTROL}": ["{NONE}"] into every object, settings included'
_DEEPEST: Final = 12  # deeper than any setting of the grammar
_IN_RULES: Final = ("start_backup_window_minutes", "complete_backup_window_minutes", "enable_continuous_backup")
_IN_LIFECYCLES: Final = ("delete_after_days", "opt_in_to_archive_for_supported_resources")


def find_open_places(subject: Subject) -> Iterator[Fault]:
    """Every setting without a lock and, in a document that locks something, every object and key left open.

    Of a document that keeps nothing from children, that alone is said, once.
    """
    known = [(path, node) for path, node in nodes(subject.root.node) if len(path) <= _DEEPEST]
    if not any(_keeps_something(node) for _, node in known):
        if any(is_setting(node) for _, node in known):
            yield Fault("unlocked", (), "nothing is locked, so every setting is left to child policies", _LOCK_ALL)
        return
    locks_something = any(_is_locked(node) for _, node in known)
    for path, node in known:
        if is_setting(node):
            yield from _setting(path, node)
        elif locks_something and isinstance(node_at(path), Block | Collection):
            yield from _container(path, node)
    for rule in subject.rules if locks_something else ():
        yield from _unset(rule)


def _keeps_something(node: Document) -> bool:
    return CHILD_CONTROL in node and left_open(node[CHILD_CONTROL]) != (ALL,)


def _is_locked(node: Document) -> bool:
    return node.get(CHILD_CONTROL) == [NONE]


def _setting(path: Path, node: Document) -> Iterator[Fault]:
    left = left_open(node.get(CHILD_CONTROL, [ALL]))
    if left:
        yield Fault("unlocked", path, f"{', '.join(left)} is left to child policies", _LOCK)


def _container(path: Path, node: Document) -> Iterator[Fault]:
    if left_open(node.get(CHILD_CONTROL, [ALL])) == (ALL,):
        instead = f'write "{CHILD_CONTROL}": ["{NONE}"] into it'
        yield Fault("open-container", path, "the object does not say what child policies may add", instead)


def _unset(rule: Place) -> Iterator[Fault]:
    if not any(is_setting(place.node) and _is_locked(place.node) for place in rule.children()):
        return
    yield from _absent(rule, _IN_RULES)
    for owner in (rule, *rule.below("copy_actions")):
        lifecycle = owner.at("lifecycle")
        yield from _absent(lifecycle, _IN_LIFECYCLES) if lifecycle else _absent(owner, ("lifecycle",))


def _absent(place: Place, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in place.lacks(*names):
        found = f"{name} is not set, while other settings of the rule are locked"
        yield Fault("unset-leaf", (*place.path, name), found, "set it to what it would be anyway, and lock it")
