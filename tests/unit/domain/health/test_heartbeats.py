"""What becomes of a heartbeat that is expected: heard, doubted, silent, told, ended."""

from copy import replace
from datetime import datetime, timedelta

import pytest

from strongroom.domain.alerts.complaints import SEVERITY_OF, AlertKind, Severity
from strongroom.domain.health.heartbeats import (
    RETELL_AFTER,
    BeatKey,
    BeatState,
    Heartbeat,
    begun,
    doubted,
    ended,
    forwarders_at_home,
    forwarders_of,
    heard,
    postponed,
    silent,
    told,
)
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from tests.builders.health import BEAT_DUE, HEARD_AT, WITHIN, a_heartbeat
from tests.builders.intents import with_vault
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, VAULT_ACCOUNT

HOUR = timedelta(hours=1)
FAR = Region("us-east-1")


def hear(known: Heartbeat, *, after: timedelta, late: timedelta = timedelta(0)) -> Heartbeat | None:
    """A beat that was sent so long after the last one, and was so long on its way."""
    sent_at = HEARD_AT + after
    return heard(known, sent_at=sent_at, within=WITHIN, now=sent_at + late)


def test_a_beat_moves_the_moment_by_which_the_next_must_be_heard() -> None:
    moved = hear(a_heartbeat(is_doubted=True), after=HOUR)
    assert moved == a_heartbeat(heard_at=HEARD_AT + HOUR, due_at=BEAT_DUE + HOUR, revision=2)


@pytest.mark.parametrize(
    ("known", "after"),
    [
        pytest.param(a_heartbeat(), timedelta(0), id="the same once more"),
        pytest.param(a_heartbeat(), -HOUR, id="an older one"),
        pytest.param(a_heartbeat(state=BeatState.ENDED, due_at=None), HOUR, id="of a forwarder that nobody waits for"),
    ],
)
def test_a_beat_that_says_nothing_new_changes_nothing(known: Heartbeat, after: timedelta) -> None:
    assert hear(known, after=after) is None


@pytest.mark.parametrize("state", [BeatState.BEATING, BeatState.SILENT])
def test_a_beat_that_was_long_on_its_way_does_not_say_that_all_is_well(state: BeatState) -> None:
    known = a_heartbeat(state=state)
    assert hear(known, after=HOUR, late=WITHIN) == replace(known, heard_at=HEARD_AT + HOUR, revision=2)


def test_a_silent_forwarder_that_is_heard_again_is_to_be_told() -> None:
    known = a_heartbeat(state=BeatState.SILENT, due_at=None, version=2)
    moved = hear(known, after=5 * HOUR)
    assert moved is not None
    assert (moved.state, moved.untold, moved.version) == (BeatState.BEATING, True, 3)
    assert moved.due_at == HEARD_AT + 5 * HOUR + RETELL_AFTER
    assert "it was heard again at 2026-09-01T11:00:00Z" in moved.reason
    assert told(moved, within=WITHIN).due_at == HEARD_AT + 5 * HOUR + WITHIN


def test_what_is_untold_is_not_put_off_by_the_next_beat() -> None:
    known = a_heartbeat(untold=True, due_at=HEARD_AT + RETELL_AFTER)
    moved = hear(known, after=HOUR)
    assert moved is not None
    assert (moved.untold, moved.due_at) == (True, known.due_at)


def test_silence_says_since_when_and_what_it_means() -> None:
    quiet = silent(a_heartbeat(is_doubted=True), now=BEAT_DUE)
    assert (quiet.state, quiet.untold, quiet.is_doubted, quiet.version) == (BeatState.SILENT, True, False, 2)
    assert quiet.due_at == BEAT_DUE + RETELL_AFTER
    assert quiet.reason.startswith(
        f"nothing that happens in account {PAYMENTS}, {HOME} is heard: no heartbeat has come"
    )
    assert "since 2026-09-01T06:00:00Z" in quiet.reason
    alert = quiet.alert
    assert (alert.kind, alert.account, alert.region, alert.reason) == (
        AlertKind.FORWARDER_SILENT,
        PAYMENTS,
        HOME,
        quiet.reason,
    )
    assert SEVERITY_OF[alert.kind] is Severity.CRITICAL
    assert told(quiet, within=WITHIN).due_at is None


def test_a_forwarder_that_was_never_heard_is_told_as_such() -> None:
    quiet = silent(a_heartbeat(heard_at=None), now=BEAT_DUE)
    assert "no heartbeat has ever come, and one was expected since 2026-08-31T06:00:00Z" in quiet.reason


def test_two_regions_of_an_account_are_two_alerts() -> None:
    assert a_heartbeat().alert.fingerprint != a_heartbeat(region=FAR).alert.fingerprint


def test_what_is_doubted_and_what_is_postponed_is_looked_at_again() -> None:
    assert doubted(a_heartbeat(), again=BEAT_DUE + HOUR) == a_heartbeat(
        is_doubted=True, due_at=BEAT_DUE + HOUR, revision=2
    )
    assert postponed(a_heartbeat(), again=BEAT_DUE + HOUR) == a_heartbeat(due_at=BEAT_DUE + HOUR, revision=2)


@pytest.mark.parametrize(
    ("known", "due_at"),
    [
        pytest.param(a_heartbeat(), None, id="well: silently"),
        pytest.param(a_heartbeat(state=BeatState.SILENT), BEAT_DUE + RETELL_AFTER, id="told as silent: it is over"),
        pytest.param(
            a_heartbeat(state=BeatState.SILENT, untold=True), BEAT_DUE + RETELL_AFTER, id="about to be told: it is over"
        ),
    ],
)
def test_what_ends_is_told_only_where_its_silence_was(known: Heartbeat, due_at: datetime | None) -> None:
    over = ended(known, reason="the account left", now=BEAT_DUE)
    assert over is not None
    assert (over.state, over.reason) == (BeatState.ENDED, "the account left")
    assert (over.untold, over.due_at) == (due_at is not None, due_at)
    assert ended(over, reason="again", now=BEAT_DUE) is None
    assert told(over, within=WITHIN).due_at is None


def test_an_account_that_comes_back_is_listened_to_from_then_on() -> None:
    key, now = BeatKey(PAYMENTS, HOME), HEARD_AT + timedelta(days=9)
    over = ended(a_heartbeat(), reason="the account left", now=HEARD_AT)
    back = begun(over, key, within=WITHIN, now=now)
    assert back is not None
    assert (back.state, back.expected_since, back.heard_at) == (BeatState.BEATING, now, None)
    assert (back.due_at, back.reason, back.version) == (now + WITHIN, "", 3)
    assert begun(back, key, within=WITHIN, now=now) is None


def test_a_forwarder_is_expected_where_plans_run_and_where_global_services_speak(intent: Intent) -> None:
    assert forwarders_of(PAYMENTS, intent) == (BeatKey(PAYMENTS, HOME), BeatKey(PAYMENTS, FAR))
    assert forwarders_at_home(intent) == (
        BeatKey(BACKUP_ACCOUNT, HOME),
        BeatKey(BACKUP_ACCOUNT, FAR),
        BeatKey(intent.organization.management_account, FAR),
    )


def test_an_account_of_vaults_is_expected_where_they_lie_and_where_global_services_speak(intent: Intent) -> None:
    far = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, region="eu-north-1", lock="none"))
    north = BeatKey(VAULT_ACCOUNT, Region("eu-north-1"))
    assert forwarders_at_home(far) == (*forwarders_at_home(intent), north, BeatKey(VAULT_ACCOUNT, FAR))
    beside = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, region=FAR, lock="none"))
    assert forwarders_at_home(beside) == (*forwarders_at_home(intent), BeatKey(VAULT_ACCOUNT, FAR))


def test_where_everything_is_in_one_region_there_is_one_forwarder_of_each_account(intent: Intent) -> None:
    place = replace(intent.organization, home_region=FAR, governed_regions=(FAR,))
    beside = replace(intent, organization=place)
    assert forwarders_of(PAYMENTS, beside) == (BeatKey(PAYMENTS, FAR),)
    assert [key.account for key in forwarders_at_home(beside)] == [BACKUP_ACCOUNT, place.management_account]
