"""Backup policies, levels of them, and JSON that is none, for tests that try many."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from strongroom.domain.backup_policy.documents import CHILD_CONTROL, OPERATORS, VALUE_OPERATORS
from tests.builders.places import a_vault_arn

type Document = dict[str, Any]
type Steps = tuple[str, ...]

VAULTS: Final = tuple(a_vault_arn(name) for name in ("central", "Central", "replica"))

_RULE: Final = ("plans", "daily", "rules", "nightly")
_SELECTION: Final = ("plans", "daily", "selections", "tags", "tagged")
SCALARS: Final[tuple[Steps, ...]] = (
    (*_RULE, "schedule_expression"),
    (*_RULE, "enable_continuous_backup"),
    (*_RULE, "lifecycle", "delete_after_days"),
    (*_RULE, "lifecycle", "move_to_cold_storage_after_days"),
    *((*_RULE, "copy_actions", vault, "target_backup_vault_arn") for vault in VAULTS),
    ("plans", "daily", "rules", "weekly", "target_backup_vault_name"),
    (*_SELECTION, "iam_role_arn"),
    ("plans", "archive", "rules", "yearly", "schedule_expression"),
)
LISTS: Final[tuple[Steps, ...]] = (
    ("plans", "daily", "regions"),
    ("plans", "archive", "regions"),
    (*_SELECTION, "tag_value"),
    ("plans", "daily", "scan_settings", "GUARDDUTY", "resource_types"),
)

values = st.one_of(
    st.sampled_from(("a", "b", "c", "35", "true", "")), st.integers(0, 40), st.booleans(), st.none(), st.just(35.0)
)
lists_of_values = st.lists(values, max_size=3)
child_controls = st.one_of(
    st.sampled_from((["@@all"], ["@@none"])),
    st.lists(st.sampled_from(VALUE_OPERATORS), min_size=1, max_size=3, unique=True),
)


@st.composite
def paths(draw: st.DrawFn, among: Sequence[Steps] = SCALARS + LISTS) -> Steps:
    """The path of a setting, its author's names and AWS's in any letter case; the ARN of a vault as it is."""
    steps = draw(st.sampled_from(among))
    return tuple(
        step if step in VAULTS else draw(st.sampled_from((step, step, step.upper(), step.title()))) for step in steps
    )


@st.composite
def settings(draw: st.DrawFn, operators: Sequence[str] = VALUE_OPERATORS, *, controlled: bool = True) -> Document:
    """An object with at least one operator, and now and then a child control."""
    chosen = draw(st.lists(st.sampled_from(operators), min_size=1, max_size=3, unique=True))
    node: Document = {operator: draw(values | lists_of_values) for operator in chosen}
    if controlled and draw(st.booleans()):
        node[CHILD_CONTROL] = draw(child_controls)
    return node


@st.composite
def policies(draw: st.DrawFn, *, controlled: bool = True) -> Document:
    """A policy of a few settings, with a child control on some of its containers."""
    entries = draw(st.lists(st.tuples(paths(), settings(controlled=controlled)), max_size=5))
    document = document_of(entries)
    if controlled:
        for steps, _ in entries:
            depth = draw(st.integers(0, len(steps) - 1))
            if draw(st.booleans()):
                container_at(document, steps[:depth])[CHILD_CONTROL] = draw(child_controls)
    return document


def levels(*, controlled: bool = True, most: int = 3) -> st.SearchStrategy[list[list[Document]]]:
    """A few levels, root first, each of up to two policies."""
    return st.lists(st.lists(policies(controlled=controlled), max_size=2), max_size=most)


plain_policies = st.dictionaries(
    st.sampled_from(SCALARS + LISTS), (values | lists_of_values).map(lambda value: {"@@assign": value}), max_size=8
).map(lambda entries: document_of(entries.items()))

appending_policies = st.lists(st.tuples(paths(LISTS), lists_of_values), max_size=5).map(
    lambda entries: document_of((steps, {"@@append": value}) for steps, value in entries)
)

_hostile_keys = st.one_of(
    st.sampled_from(
        (*OPERATORS, "@@enforced_for", "plans", "rules", "Rules", "copy_actions", "selections", "regions", "lifecycle")
    ),
    st.sampled_from(("delete_after_days", "enable_continuous_backup", "tags", "conditions", "schedule_expression")),
    st.text(st.characters(), max_size=3),
)
_hostile_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**3_000),
    st.floats(),
    st.text(st.characters(), max_size=5),
    st.sampled_from(("true", "36", "99999999999999999999", "٣", "cron(0 2 ? * * *)", "\ud800", "@@none")),
)
hostile_json = st.recursive(
    _hostile_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_hostile_keys, inner, max_size=4),
    max_leaves=25,
)
hostile_documents = st.dictionaries(_hostile_keys, hostile_json, max_size=4)


def document_of(entries: Iterable[tuple[Steps, Document]]) -> Document:
    """The policy that has these settings; of two with the same path, the last one."""
    document: Document = {}
    for steps, node in entries:
        container_at(document, steps[:-1])[steps[-1]] = node
    return document


def container_at(document: Document, steps: Steps) -> Document:
    """The object at a path, made where it is not there."""
    for step in steps:
        document = document.setdefault(step, {})
    return document


def nested(depth: int) -> Document:
    """A policy of objects within objects, with a value at the bottom."""
    node: Document = {"@@assign": "deep"}
    for _ in range(depth):
        node = {"a": node}
    return {"plans": node}
