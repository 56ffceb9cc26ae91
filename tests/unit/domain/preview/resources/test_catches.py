"""Counts of what is caught."""

from strongroom.domain.preview.resources.catches import MOST_EXAMPLES, CatchCounter, Change, Offer, change_of
from strongroom.domain.preview.resources.fates import Fate, Verdict
from strongroom.domain.preview.resources.selections import Answer, Choice
from tests.builders.places import PAYMENTS, REPORTS
from tests.builders.preview import a_volume

NOTHING = Verdict(Fate.UNTAGGED)
OFFER = Offer(tiers={"ours": "daily"}, offered={PAYMENTS: frozenset({"ours"})})


def caught_by(*plans: str) -> Verdict:
    """A verdict of these plans."""
    return Verdict(Fate.CAUGHT, tuple(Choice(plan=plan, answer=Answer.YES) for plan in plans), plans)


def test_a_resource_changes_when_other_plans_make_its_backups() -> None:
    assert change_of(NOTHING, caught_by("ours")) is Change.NEWLY
    assert change_of(caught_by("ours"), NOTHING) is Change.NO_LONGER
    assert change_of(caught_by("ours"), caught_by("theirs")) is Change.OTHERWISE
    assert change_of(caught_by("ours", "theirs"), caught_by("theirs", "ours")) is Change.UNCHANGED
    assert change_of(NOTHING, NOTHING) is None


def test_accounts_are_counted_apart_and_together() -> None:
    counter = CatchCounter(OFFER)
    counter.count(a_volume(account=PAYMENTS), before=NOTHING, after=caught_by("ours"))
    counter.count(a_volume(account=REPORTS), before=NOTHING, after=caught_by("ours", "theirs"))
    counter.count(a_volume(account=REPORTS), before=NOTHING, after=NOTHING)
    found = counter.result()
    assert found.total.plans == {"ours": 2, "theirs": 1}
    assert found.accounts[PAYMENTS].fates == {Fate.CAUGHT: 1}
    assert found.accounts[REPORTS].fates == {Fate.CAUGHT: 1, Fate.UNTAGGED: 1}
    assert found.total.caught == 2


def test_no_more_examples_are_remembered_than_somebody_reads() -> None:
    counter = CatchCounter(OFFER)
    for number in range(MOST_EXAMPLES + 5):
        counter.count(a_volume(number), before=NOTHING, after=NOTHING)
    found = counter.result()
    assert found.total.fates == {Fate.UNTAGGED: MOST_EXAMPLES + 5}
    assert len(found.examples[Fate.UNTAGGED]) == MOST_EXAMPLES


def test_what_is_not_ours_need_not_be_offered() -> None:
    assert OFFER.is_offered("theirs", REPORTS)
    assert OFFER.is_offered("ours", PAYMENTS)
    assert not OFFER.is_offered("ours", REPORTS)
