"""When a ceremony should have ended, and which proofs its end leaves out."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.endings import proofs_left_out, why_not_ended, why_not_logged
from tests.builders.proving.ceremony import MARIA, SANA, Play, a_restored_play

ACT_BEFORE = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("has_begun", "later", "is_late"),
    [
        pytest.param(False, timedelta(hours=1), False, id="an hour after its time"),
        pytest.param(False, timedelta(hours=1, seconds=1), True, id="later, with nothing begun"),
        pytest.param(True, timedelta(days=14, hours=1), False, id="as long as its execution lives"),
        pytest.param(True, timedelta(days=14, hours=1, seconds=1), True, id="longer"),
    ],
)
def test_a_ceremony_should_have_ended(
    has_begun: bool,  # noqa: FBT001 - a case of the table
    later: timedelta,
    is_late: bool,  # noqa: FBT001
) -> None:
    assert bool(why_not_ended(act_before=ACT_BEFORE, has_begun=has_begun, now=ACT_BEFORE + later)) is is_late


@pytest.mark.parametrize(("later", "is_late"), [(timedelta(hours=1), False), (timedelta(hours=1, seconds=1), True)])
def test_the_log_has_an_hour_for_an_end(
    later: timedelta,
    is_late: bool,  # noqa: FBT001 - a case of the table
) -> None:
    assert bool(why_not_logged(closed_at=ACT_BEFORE, now=ACT_BEFORE + later)) is is_late


def _logged(play: Play) -> dict[str, str]:
    return {digest_of(text): play.log_proof(play._place(text)) for text in play.proofs}  # noqa: SLF001


def _end(play: Play) -> str:
    return play.log_proof(play._place(play.chain[-1].text))  # noqa: SLF001


def test_a_proof_is_left_out_that_the_log_had_before_the_end() -> None:
    play = a_restored_play()
    logged = _logged(play)
    assert proofs_left_out(set(logged), logged, end=_end(play)) == ()
    [first, second] = sorted(logged)
    assert proofs_left_out({first}, logged, end=_end(play)) == (second,)


def test_what_came_after_the_end_counts_for_nothing() -> None:
    play = a_restored_play(MARIA, SANA)
    named, end = set(_logged(play)), _end(play)
    play.say(SANA)
    assert proofs_left_out(named, _logged(play), end=end) == ()


def test_what_is_no_proof_of_a_log_is_named() -> None:
    play = a_restored_play()
    with pytest.raises(MalformedRecordError, match="the proof x"):
        proofs_left_out((), {"x": "junk"}, end=_end(play))
