"""How far a round came is written over what was read, and over nothing newer."""

from copy import replace
from datetime import timedelta

from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.copies.comparing.rounds import Left, Round
from tests.builders.copies import IN_TIME
from tests.builders.places import CENTRAL_VAULT

SPAN = IN_TIME - timedelta(days=3), IN_TIME - timedelta(days=2)
FIRST = Round(week=IN_TIME - timedelta(days=1), until=IN_TIME, reached=IN_TIME - timedelta(days=29), revision=1)


def test_a_round_is_found_as_it_was_kept() -> None:
    rounds = LedgerRounds(MemoryTable())
    assert rounds.find() is None
    assert rounds.keep(FIRST, was=None)
    assert rounds.find() == FIRST


def test_what_a_round_has_left_is_kept_until_it_is_done() -> None:
    rounds = LedgerRounds(MemoryTable())
    left = replace(FIRST, left=(Left(*SPAN), Left(*SPAN, CENTRAL_VAULT)))
    rounds.keep(left, was=None)
    assert rounds.find() == left
    done = replace(left, left=(), revision=2)
    rounds.keep(done, was=left)
    assert rounds.find() == done


def test_somebody_else_who_went_on_with_it_counts() -> None:
    rounds = LedgerRounds(MemoryTable())
    rounds.keep(FIRST, was=None)
    assert not rounds.keep(FIRST, was=None)
    second = replace(FIRST, reached=IN_TIME, revision=2)
    assert rounds.keep(second, was=FIRST)
    assert not rounds.keep(second, was=FIRST)
    assert rounds.find() == second
