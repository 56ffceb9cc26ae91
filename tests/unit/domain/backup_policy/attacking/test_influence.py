"""An attack merges only what it can reach, and finds what merging everything again would find."""

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given, settings

from strongroom.domain.backup_policy.attacking.attack import Stuck, attack
from strongroom.domain.backup_policy.attacking.influence import Surroundings, index_of, ranks_of
from strongroom.domain.backup_policy.attacking.mutations import mutations, widening
from strongroom.domain.backup_policy.documents import Document, folded
from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.merge import Merged, Reading, contribution, merge_levels
from tests.unit.domain.backup_policy.strategies import levels as levels_of_policies

type Levels = Sequence[Sequence[Document]]


def attached(levels: Levels, level: int, hostile: Document) -> Iterator[tuple[str, Levels]]:
    """The levels with a hostile document among those of one level, in every way that an attack is attached."""
    above, own, below = list(levels[:level]), list(levels[level]), list(levels[level + 1 :])
    merged = merge_levels(above, reading=Reading.LEAF_ONLY)
    wide = widening(merged)
    yield "", [*above, [*own, hostile], *below]
    if own:
        yield ", attached before the documents of its level", [*above, [hostile, *own], *below]
    after = ", attached after a document that widens every child control"
    yield after, [*above, [*own, wide, hostile], *below]
    before = ", attached before a document that widens every child control"
    yield before, [*above, [hostile, wide, *own], *below]
    higher = merge_levels(above[:-1], reading=Reading.LEAF_ONLY)
    if higher.settings or higher.allowed:
        widened = [*above[:-1], [*above[-1], widening(higher)]]
        yield ", below a level that widens every child control", [*widened, [*own, hostile], *below]


def changed(levels: Levels, attacked: Levels, reading: Reading) -> tuple[Merged, Merged] | None:
    """What comes out before and after, where that is not the same."""
    before, after = (merge_levels(each, reading=reading) for each in (levels, attacked))
    return None if before.settings == after.settings else (before, after)


def sticking(levels: Levels) -> Iterator[tuple[tuple[int, str, str], tuple[Merged, Merged]]]:
    """Each attack that sticks, with what comes out before and after: everything is merged again for every attempt."""
    for level in range(1, len(levels)):
        above = merge_levels(levels[:level], reading=Reading.LEAF_ONLY)
        for mutation in mutations(above) if above.settings or above.allowed else ():
            for how, attacked in attached(levels, level, mutation.document):
                documented = changed(levels, attacked, Reading.BLOCK_NEW_KEYS)
                if (found := documented or changed(levels, attacked, Reading.LEAF_ONLY)) is not None:
                    yield (level, mutation.attack + how, repr(mutation.document)), found
                    break


def as_merged(value: str | list[str] | None) -> str | tuple[str, ...] | None:
    """A value as it stands among merged settings."""
    return tuple(value) if isinstance(value, list) else value


def assert_told_rightly(stuck: Stuck, before: Merged, after: Merged) -> None:
    """The place, the values and the consequence are those of the whole merge."""
    key = folded(stuck.path)
    if stuck.before is None:
        container = after.effective
        for step in after.spelled(key):
            container = container[step]
        assert container.items() >= stuck.after.items()
    else:
        assert before.settings[key] == as_merged(stuck.before)
        assert after.settings.get(key) == as_merged(stuck.after)
    invalid = [fault.message for fault in validate(after.effective) if fault not in validate(before.effective)]
    assert stuck.weakens.startswith("AWS finds the policy invalid") == bool(invalid)
    assert not invalid or stuck.weakens.endswith(tuple(invalid))


@settings(max_examples=10, deadline=None)  # an example is thousands of attempts
@given(levels=levels_of_policies())
def test_what_sticks_is_what_sticks_where_everything_is_merged_again(levels: Levels) -> None:
    report = attack(levels)
    found = [*report.stuck, *report.rests_on_container_controls]
    expected = dict(sticking(levels))
    assert {(each.level, each.attack, repr(each.document)) for each in found} == expected.keys()
    for stuck in found:
        assert_told_rightly(stuck, *expected[stuck.level, stuck.attack, repr(stuck.document)])


def test_a_document_reaches_no_further_than_its_own_plan() -> None:
    plans: dict[str, Any] = {f"p{number}": {"regions": {"@@assign": ["eu-west-1"]}} for number in range(50)}
    merged = merge_levels([[{"plans": plans}]])
    none = index_of(())
    place = Surroundings(above=merged, earlier=none, later=none, lower=(), ranks=ranks_of(merged), undisturbed=merged)
    hostile = contribution({"plans": {"p7": {"regions": {"@@assign": ["us-east-1"]}}}})
    reached = place.within_reach_of(hostile)
    assert reached.before == {("plans", "p7", "regions"): ("eu-west-1",)}
    assert reached.with_document(hostile).settings == {("plans", "p7", "regions"): ("us-east-1",)}
