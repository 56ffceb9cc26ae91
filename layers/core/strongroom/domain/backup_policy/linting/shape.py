"""Whether every key and operator stands where the grammar has it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from strongroom.domain.backup_policy.documents import CHILD_CONTROL, VALUE_OPERATORS, Path
from strongroom.domain.backup_policy.grammar import BACKUP_POLICY, Block, Collection, Names, Node, Setting, is_name
from strongroom.domain.backup_policy.linting.advice import advise_key, advise_operator
from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.controls import CONTROL_ADVICE, fault_of_control
from strongroom.domain.backup_policy.linting.reading import Subject, minified_characters, shown
from strongroom.domain.backup_policy.linting.settings import find_setting_faults
from strongroom.domain.backup_policy.quotas import CONDITIONS_PER_SELECTION, POLICY_CHARACTERS


def find_shape_faults(subject: Subject) -> Iterator[Fault]:
    """Everything that stands where the grammar has something else or nothing, values included."""
    for path in subject.text.duplicates:
        yield Fault("key-twice", path, f"{shown(path[-1])} stands twice in one object", "keep one of the two")
    document = subject.text.document
    if subject.text.characters > POLICY_CHARACTERS:
        yield _too_long(subject.text.characters, minified_characters(document))
    if isinstance(document, Mapping) and not document:
        yield Fault("empty-document", (), "the document is empty", 'write {"plans": {}} and fill it')
    else:
        yield from _node(document, (), BACKUP_POLICY)


def _too_long(characters: int, minified: int) -> Fault:
    advice = "without white space it fits, so minify it" if minified <= POLICY_CHARACTERS else "split it by plan"
    found = f"{characters:,} characters, {minified:,} without white space, are more than {POLICY_CHARACTERS:,}"
    return Fault("document-too-long", (), found, advice)


def _node(value: Any, path: Path, grammar: Node) -> Iterator[Fault]:
    if isinstance(grammar, Setting):
        yield from find_setting_faults(value, path, grammar)
        if isinstance(value, Mapping):
            yield from _operators(value, path, is_container=False)
        return
    if not isinstance(value, Mapping):
        yield Fault("not-an-object", path, f"{shown(value)} stands where an object must be", "write {...} here")
        return
    yield from _operators(value, path, is_container=True)
    yield from _names_in_two_cases(value, path)
    match grammar:
        case Block():
            yield from _block(value, path, grammar)
        case Collection():
            yield from _collection(value, path, grammar)
        case _:
            assert_never(grammar)


def _block(value: Mapping[str, Any], path: Path, grammar: Block) -> Iterator[Fault]:
    children = {name.lower(): child for name, child in grammar.children.items()}
    for name, child in _keys(value):
        if (known := children.get(name.lower())) is not None:
            yield from _node(child, (*path, name), known)
        else:
            found = f"there is no key {shown(name)} here"
            yield Fault("unknown-key", (*path, name), found, advise_key(name, grammar))
    if {"tags", "resources"} <= {name.lower() for name, child in _keys(value) if child} and "tags" in children:
        found = "selections by tags and by resources exclude each other within a plan"
        yield Fault("tags-and-resources", path, found, "select by resources, with the tags as conditions")
    if "string_equals" in children:
        yield from _conditions_in_all(value, path)


def _conditions_in_all(value: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    counts = [len(list(_keys(child))) for _, child in _keys(value) if isinstance(child, Mapping)]
    if max(counts, default=0) <= CONDITIONS_PER_SELECTION < sum(counts):
        yield _too_many(sum(counts), CONDITIONS_PER_SELECTION, "condition", path)


def _collection(value: Mapping[str, Any], path: Path, grammar: Collection) -> Iterator[Fault]:
    for name, child in _keys(value):
        if not is_name(name, grammar.names):
            yield _bad_name(name, (*path, name), grammar)
        yield from _node(child, (*path, name), grammar.of)
    count = sum(1 for _ in _keys(value))
    if grammar.most is not None and count > grammar.most:
        yield _too_many(count, grammar.most, grammar.noun, path)


def _too_many(count: int, most: int, noun: str, path: Path) -> Fault:
    return Fault("too-many", path, f"{count} {noun}s are more than the {most} that AWS takes", f"keep {most} at most")


def _bad_name(name: str, path: Path, grammar: Collection) -> Fault:
    if grammar.names is not Names.VAULT_ARN:
        found = f"{shown(name)} cannot be the name of a {grammar.noun}"
        return Fault("bad-name", path, found, f"write {grammar.names}")
    if "$region" in name:
        found = f"$region stands in {shown(name)}"
        return Fault("region-variable", path, found, "write the Region's code, with one plan for each Region")
    right = "write arn:aws:backup:<Region>:<12 digits, or $account>:backup-vault:<name>"
    return Fault("copy-key", path, f"{shown(name)} is no ARN of a vault", right)


def _operators(value: Mapping[str, Any], path: Path, *, is_container: bool) -> Iterator[Fault]:
    for name in (name for name in value if name.startswith("@@")):
        where = (*path, name)
        if name == CHILD_CONTROL:
            if (found := fault_of_control(value[name])) is not None:
                yield Fault("child-control", where, found, CONTROL_ADVICE)
        elif name not in VALUE_OPERATORS:
            yield Fault("unknown-operator", where, f"there is no operator {shown(name)}", advise_operator(name))
        elif is_container:
            found = f"{name} stands on an object, and objects hold keys, not values"
            yield Fault("operator-on-container", where, found, "write it on each setting below")


def _names_in_two_cases(value: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if path and path[-1].lower() == "copy_actions":  # ARNs keep their case
        return
    seen = Counter(name.lower() for name in value)
    first: dict[str, str] = {}
    for name in value if len(seen) < len(value) else ():
        other = first.setdefault(name.lower(), name)
        if other != name:
            found = f"{shown(name)} and {shown(other)} differ in letter case only"
            yield Fault("name-in-two-cases", (*path, name), found, "write one of them, or give them different names")


def _keys(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, child) for name, child in value.items() if not name.startswith("@@"))
