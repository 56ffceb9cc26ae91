"""Who has been told of a request, and since when somebody could not be."""

from datetime import timedelta

from strongroom.domain.restores.showing.reach import Telling, Unreached, Whom
from tests.builders.restores import NOW

LATER = NOW + timedelta(minutes=5)


def test_the_first_try_in_vain_says_since_when() -> None:
    telling = Telling().having_missed(Whom.TICKET, at=NOW, why="busy").having_missed(Whom.TICKET, at=LATER, why="gone")
    assert telling.unreached == (Unreached(whom=Whom.TICKET, since=NOW, why="gone"),)


def test_who_was_told_and_could_not_be_shown_what_is_new_is_told_once_and_missed() -> None:
    telling = Telling(shown="a").having_told(Whom.CHAT).having_missed(Whom.CHAT, at=NOW)
    assert (telling.told, telling.shown, list(telling.missed)) == (("chat",), "a", ["chat"])
    assert telling.having_told(Whom.CHAT).told == ("chat",)


def test_who_was_told_at_last_is_missed_no_more_and_the_others_are() -> None:
    telling = Telling().having_missed(Whom.CHAT, at=NOW).having_missed(Whom.TICKET, at=LATER).having_told(Whom.CHAT)
    assert (telling.told, telling.unreached) == (("chat",), (Unreached(whom=Whom.TICKET, since=LATER),))
