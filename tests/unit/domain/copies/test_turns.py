"""No account's promises keep those of the others waiting."""

from collections import Counter
from collections.abc import Iterable

from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.copies.turns import DueKey, in_turn
from strongroom.domain.identifiers import AccountId
from tests.builders.copies import a_promise
from tests.builders.places import PAYMENTS, REPORTS


def promises(account: AccountId, count: int) -> list[PromiseKey]:
    return [a_promise(account=account, recovery_point=f"arn:{account}:{number}").key for number in range(count)]


def handed_out(listed: Iterable[DueKey], *, share: int, most: int) -> list[DueKey]:
    """What is handed out where each key takes one of its account's share."""
    taken: Counter[AccountId] = Counter()
    found = []
    for key in in_turn(listed, share=share, most=most, taken=taken):
        taken[key.account] += 1
        found.append(key)
    return found


def test_an_account_gives_way_after_its_share_and_goes_on_when_all_others_had_theirs() -> None:
    many, few = promises(PAYMENTS, 5), promises(REPORTS, 1)
    assert handed_out([*many, *few], share=2, most=10) == [*many[:2], *few, *many[2:]]


def test_where_nobody_else_waits_the_order_is_that_in_which_they_were_due() -> None:
    alone = promises(PAYMENTS, 5)
    assert handed_out(alone, share=2, most=10) == alone


def test_no_more_are_kept_for_later_than_can_be_looked_at() -> None:
    assert len(handed_out(promises(PAYMENTS, 100), share=2, most=10)) == 12


def test_what_takes_nothing_of_the_share_keeps_none_of_the_others_of_its_account_waiting() -> None:
    listed = promises(PAYMENTS, 100)
    assert list(in_turn(listed, share=2, most=10, taken={})) == listed


def test_those_within_their_share_are_handed_out_before_the_rest_is_read() -> None:
    endless = iter(promises(PAYMENTS, 3))
    assert next(in_turn(endless, share=2, most=10, taken={})) == promises(PAYMENTS, 1)[0]
    assert len(list(endless)) == 2
