"""What stops many copies opens with the first, is over with the last, and is told as one: a table of cases."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.groups.standing import Gone, Group, GroupState, Member, joined, left, postponed, told
from strongroom.domain.copies.obstacles import Cause, GroupKey, GroupKind, of_account, shared_cause, without
from strongroom.domain.copies.promises import Promise
from tests.builders.copies import TOO_LATE, a_promise
from tests.builders.places import HOME, PAYMENTS

KEY_ARN = "arn:aws:kms:eu-central-1:222222222222:key/11111111-2222-3333-4444-555555555555"
KEY = GroupKey(GroupKind.KEY, KEY_ARN)
WITHIN = timedelta(minutes=15)


def promised(number: int, *, of: int | None = None, version: int = 2) -> Promise:
    """The promise of that number; `of` is the number of its resource, where that is another."""
    resource = f"arn:aws:ec2:eu-west-1:222222222222:volume/vol-{number if of is None else of}"
    reason = f"the copy job ended FAILED; diagnosed as cannot: key policy: of {number}"
    return a_promise(recovery_point=f"arn:{number}", resource=resource, reason=reason, version=version)


def join(known: Group | None, *numbers: int, version: int = 2) -> Group:
    for number in numbers:
        known = joined(known, KEY, promised(number, version=version), within=WITHIN, now=TOO_LATE) or known
    assert known is not None
    return known


def leave(known: Group, *numbers: int, version: int = 3) -> Group:
    for number in numbers:
        known = left(known, KEY, promised(number, version=version), within=WITHIN, now=TOO_LATE) or known
    return known


def test_the_first_opens_it_and_it_is_told_once_those_beside_it_had_time_to_come() -> None:
    group = join(None, 1)
    assert (group.state, group.untold, group.due_at, group.version) == (GroupState.OPEN, True, TOO_LATE + WITHIN, 1)
    assert not group.is_due(TOO_LATE)
    assert group.is_due(TOO_LATE + WITHIN)


def test_those_that_come_together_are_told_together() -> None:
    group = join(None, 1, 2, 3)
    assert (group.size, group.version, group.due_at) == (3, 1, TOO_LATE + WITHIN)


@pytest.mark.parametrize(
    ("known", "after"),
    [
        pytest.param(join(None, 1), None, id="it-stops-it-already"),
        pytest.param(leave(join(None, 1, 2), 1), None, id="it-left-since"),
    ],
)
def test_nothing_comes_of_a_promise_that_is_known_or_comes_late(known: Group, after: None) -> None:
    assert joined(known, KEY, promised(1), within=WITHIN, now=TOO_LATE) is after


def test_a_promise_that_is_stopped_again_joins_again() -> None:
    assert join(leave(join(None, 1, 2), 1, version=3), 1, version=4).size == 2


@pytest.mark.parametrize(("size", "version"), [(9, 1), (10, 2)])
def test_it_is_told_again_once_it_is_ten_times_as_large(size: int, version: int) -> None:
    group = join(told(join(None, 1)), *range(2, size + 1))
    assert (group.untold, group.version) == (version == 2, version)


def test_it_is_over_with_the_last_and_not_before() -> None:
    group = told(join(None, 1, 2))
    one_left = leave(group, 1)
    assert (one_left.state, one_left.untold, one_left.version) == (GroupState.OPEN, False, 1)
    over = leave(one_left, 2)
    assert (over.state, over.untold, over.version, over.size) == (GroupState.RESOLVED, True, 2, 0)
    assert over.reason.startswith("no copy that it stopped is owed any more")


def test_it_opens_again_with_the_cause_that_there_is_then() -> None:
    over = told(leave(told(join(None, 1)), 1))
    again = join(over, 2)
    assert (again.state, again.version, again.untold, again.told_size) == (GroupState.OPEN, 3, True, 0)
    assert again.reason.endswith("; cannot: key policy: of 2")


def test_whoever_leaves_before_it_was_heard_of_does_not_come_back_as_it_was() -> None:
    group = left(None, KEY, promised(1, version=3), within=WITHIN, now=TOO_LATE)
    assert group is not None
    assert (group.state, group.untold, group.due_at) == (GroupState.RESOLVED, False, None)
    assert joined(group, KEY, promised(1, version=2), within=WITHIN, now=TOO_LATE) is None
    assert join(group, 2).state is GroupState.OPEN


def test_whoever_has_left_leaves_once() -> None:
    group = leave(join(None, 1, 2), 1)
    assert left(group, KEY, promised(1, version=3), within=WITHIN, now=TOO_LATE) is None


def test_it_remembers_so_many_that_left_and_no_more() -> None:
    group = leave(join(None, *range(230)), *range(229))
    assert (len(group.gone), group.gone[-1]) == (200, Gone(Member.of(promised(228)).promise, 3))


def test_a_resource_counts_once_however_many_of_its_copies_are_stopped() -> None:
    group = join(None, 1)
    group = joined(group, KEY, promised(2, of=1), within=WITHIN, now=TOO_LATE) or group
    assert (len(group.members), group.size) == (2, 1)
    assert group.reason == "1 resource has no copy: " + promised(1).resource + "; cannot: key policy: of 1"


def test_five_are_named_and_the_rest_is_counted() -> None:
    reason = join(None, *range(1, 41)).reason
    assert reason.startswith("40 resources have no copy: ")
    assert [f"vol-{number}," in f"{reason}," for number in (1, 5)] == [True, False]
    assert "vol-5 and 35 more; cannot: key policy: of 1" in reason
    assert "vol-6" not in reason


def test_others_are_named_in_place_of_those_that_left() -> None:
    reason = leave(join(None, *range(1, 41)), *range(1, 11)).reason
    assert "vol-11, " in reason
    assert reason.startswith("30 resources have no copy: ")


def test_where_nothing_was_diagnosed_what_became_of_the_copy_is_the_cause() -> None:
    silent = replace(promised(1), reason="nothing arrived; the account could not be asked")
    group = joined(None, of_account(PAYMENTS), silent, within=WITHIN, now=TOO_LATE)
    assert group is not None
    assert group.reason.endswith("; nothing arrived; the account could not be asked")


@pytest.mark.parametrize(
    ("key", "kind", "subject", "region"),
    [
        (KEY, AlertKind.COPIES_STOPPED_BY_KEY, KEY_ARN, "eu-central-1"),
        (of_account(PAYMENTS), AlertKind.COPIES_STOPPED_BY_ACCOUNT, PAYMENTS, HOME),
    ],
    ids=["key", "account"],
)
def test_the_alert_is_about_what_stops_them(key: GroupKey, kind: AlertKind, subject: str, region: str) -> None:
    group = joined(None, key, promised(1), within=WITHIN, now=TOO_LATE)
    assert group is not None
    alert = group.alert
    assert (alert.kind, alert.subject, alert.account, alert.region) == (kind, subject, PAYMENTS, region)


def because(number: int, why: str) -> Promise:
    return replace(promised(number, version=4), reason=f"nothing arrived; diagnosed as {why}")


@pytest.mark.parametrize(
    ("whys", "told_now"),
    [
        pytest.param(["access is refused: a"], ["access is refused: a"], id="what-is-known-replaces-what-is-not"),
        pytest.param(["access is refused: a", "access is refused: b"], ["access is refused: a"], id="the-same-once"),
        pytest.param(
            ["access is refused: a", "cannot: type not opted in: b"],
            ["access is refused: a", "cannot: type not opted in: b"],
            id="each-that-there-is",
        ),
    ],
)
def test_it_is_told_again_when_more_is_known_of_the_cause(whys: list[str], told_now: list[str]) -> None:
    silent = replace(promised(1), reason="nothing arrived")
    group = joined(None, of_account(PAYMENTS), silent, within=WITHIN, now=TOO_LATE)
    assert group is not None
    group, before = told(group), group.version
    for number, why in enumerate(whys, start=1):
        group = joined(group, group.key, because(number, why), within=WITHIN, now=TOO_LATE) or group
    assert (list(group.causes), group.untold, group.version) == (told_now, True, before + 1)


def test_what_was_told_is_due_no_more_and_what_could_not_be_is_due_later() -> None:
    group = join(None, 1, 2)
    assert (told(group).untold, told(group).due_at, told(group).told_size) == (False, None, 2)
    assert postponed(group, again=TOO_LATE + 2 * WITHIN).due_at == TOO_LATE + 2 * WITHIN


@pytest.mark.parametrize(
    ("cause", "key", "group"),
    [
        (Cause.KEY_POLICY, KEY_ARN, KEY),
        (Cause.KEY_POLICY, None, None),
        (Cause.KEY_POLICY, "alias/backups", None),
        (Cause.AWS_MANAGED_KEY, KEY_ARN, None),
        (Cause.ACCOUNT_LEFT, KEY_ARN, of_account(PAYMENTS)),
        (Cause.OPT_IN, None, of_account(PAYMENTS)),
        (Cause.ROLE, None, of_account(PAYMENTS)),
        (Cause.VAULT_POLICY, KEY_ARN, None),
        (Cause.SOURCE_GONE, KEY_ARN, None),
        (Cause.UNKNOWN, KEY_ARN, None),
        (None, KEY_ARN, None),
    ],
    ids=str,
)
def test_some_causes_stop_others_too(cause: Cause | None, key: str | None, group: GroupKey | None) -> None:
    assert shared_cause(cause, key=key, account=PAYMENTS) == group


@pytest.mark.parametrize("key", [KEY, of_account(PAYMENTS)], ids=["key", "account"])
def test_a_key_is_read_as_it_was_written(key: GroupKey) -> None:
    assert GroupKey.parse(key.text) == key


def test_groups_are_listed_once_without_the_one_that_is_joined() -> None:
    account = of_account(PAYMENTS)
    assert without((KEY, account, KEY), account) == (KEY,)
    assert without((KEY,), None) == (KEY,)
