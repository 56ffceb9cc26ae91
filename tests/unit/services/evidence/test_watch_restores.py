"""One look of the audit account: at a job that an event hints at, or at every place there is."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.accounts.membership import Membership
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import (
    AccessRefusedError,
    ConfigurationMissingError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.vaults import Vault
from tests.builders.intents import with_vault
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import NOW
from tests.fakes.evidence.watching import WatchWorld
from tests.unit.services.evidence.test_explain_jobs import a_job

STRANGER = AccountId("555555555555")
FAR_REGION = Region("eu-central-2")


def test_an_event_about_a_job_that_nobody_has_explains_nothing_and_tells_nothing(watch: WatchWorld) -> None:
    found = watch.look("invented")
    assert (found.explained, found.unexplained, watch.alerts.told) == ((), (), [])


def test_a_hint_that_may_be_explained_soon_is_looked_at_again(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    del watch.ceremony.shelf.kept[entry_key(request, len(watch.ceremony.kept(request).chain))]
    watch.list_restore(request)
    with pytest.raises(TemporarilyUnavailableError, match="restore-1"):
        watch.look("restore-1")
    assert watch.alerts.told == []


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(AccessRefusedError("the role cannot be assumed"), id="the role is missing"),
        pytest.param(TemporarilyUnavailableError("Rate exceeded"), id="throttled"),
    ],
)
def test_x03_what_cannot_be_read_is_told_hides_no_other_and_is_over_when_it_can(
    error: StrongroomError, watch: WatchWorld
) -> None:
    watch.memberships_of[STRANGER] = watch.memberships_of[AccountId(PAYMENTS)]
    watch.shut(STRANGER, error)
    watch.list_job(a_job())
    found = watch.look()
    assert (found.unread, found.unexplained) == ((f"{STRANGER} {HOME}",), ("by-hand",))
    told = [alert for alert in watch.alerts.told if alert.kind is AlertKind.RESTORES_UNWATCHED]
    assert {(alert.account, str(error) in alert.reason) for alert in told} == {(STRANGER, True)}
    watch.look()
    assert len(watch.alerts.told) == 2, "each is told once"
    watch.jobs.closed.clear()
    assert watch.look().unread == ()
    assert {alert.kind for alert in watch.alerts.settled} == {AlertKind.RESTORES_UNWATCHED}


def test_a_hinted_account_that_lets_nobody_look_is_told(watch: WatchWorld) -> None:
    watch.shut(PAYMENTS)
    assert watch.look("restore-1").unread == (f"{PAYMENTS} {HOME}",)
    assert watch.alerts.kinds == [AlertKind.RESTORES_UNWATCHED]


def test_a_throttled_hint_stays_on_its_queue(watch: WatchWorld) -> None:
    watch.shut(PAYMENTS, TemporarilyUnavailableError("Rate exceeded"))
    with pytest.raises(TemporarilyUnavailableError):
        watch.look("restore-1")


def test_x03_a_suspended_account_is_told_to_be_out_of_sight(watch: WatchWorld) -> None:
    units = watch.memberships_of[AccountId(PAYMENTS)].units
    watch.memberships_of[STRANGER] = Membership(status="SUSPENDED", units=units)
    assert watch.look().unread == (f"{STRANGER} {HOME}",)
    assert "SUSPENDED" in watch.alerts.told[0].reason


def test_an_account_that_is_not_governed_is_none_of_our_business(watch: WatchWorld) -> None:
    watch.memberships_of[STRANGER] = Membership(status="ACTIVE", units=("ou-strg-elsewhere",))
    watch.shut(STRANGER)
    assert watch.look().unread == ()


def test_attack_19_a_restore_in_the_backup_account_itself_is_seen(watch: WatchWorld) -> None:
    job = a_job(account=BACKUP_ACCOUNT)
    watch.list_job(job, account=AccountId(BACKUP_ACCOUNT))
    assert watch.look().unexplained == ("by-hand",)


@pytest.fixture
def far(watch: WatchWorld) -> WatchWorld:
    """The same, with a further vault in an account that is not governed, in a Region of its own."""
    vault = Vault(name="far", account=VAULT_ACCOUNT, region=FAR_REGION, lock="none")
    watch.intent = with_vault(watch.intent, "far", vault)
    watch.memberships_of[VAULT_ACCOUNT] = Membership(status="ACTIVE", units=("ou-strg-elsewhere",))
    return watch


@pytest.mark.parametrize("region", [Region(HOME), FAR_REGION], ids=["at home", "where its vault is"])
def test_x_03_a_restore_in_an_account_of_vaults_is_seen(region: Region, far: WatchWorld) -> None:
    far.list_job(a_job(account=VAULT_ACCOUNT), account=VAULT_ACCOUNT, region=region)
    assert far.look().unexplained == ("by-hand",)
    [alert] = far.alerts.told
    assert (alert.kind, alert.account, alert.region) == (AlertKind.RESTORE_UNEXPLAINED, VAULT_ACCOUNT, region)


def test_x_03_a_copy_out_of_the_vault_of_such_an_account_is_seen(far: WatchWorld) -> None:
    vault = a_vault_arn("far", account=VAULT_ACCOUNT, region=FAR_REGION)
    far.list_copy(account=VAULT_ACCOUNT, region=FAR_REGION, source_vault=vault)
    assert far.look().unexplained == ("copy-1",)
    assert far.alerts.kinds == [AlertKind.COPY_UNEXPLAINED]


def test_x_03_an_account_of_vaults_that_lets_nobody_look_is_told(far: WatchWorld) -> None:
    far.shut(VAULT_ACCOUNT)
    assert {place for place in far.look().unread if place.startswith(VAULT_ACCOUNT)} == {
        f"{VAULT_ACCOUNT} {HOME}",
        f"{VAULT_ACCOUNT} {FAR_REGION}",
    }


def test_copies_that_cannot_be_listed_are_told(watch: WatchWorld) -> None:
    watch.shut(BACKUP_ACCOUNT)
    assert any(place.startswith("copies out of arn:aws:backup:") for place in watch.look().unread)


def test_evidence_that_cannot_be_read_is_told_and_makes_nothing_look_unapproved(
    watch: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.restore()

    def nowhere(_: str) -> tuple[str, ...]:
        raise ConfigurationMissingError("NoSuchBucket")

    with monkeypatch.context() as patched:
        patched.setattr(watch.bucket, "keys", nowhere)
        found = watch.look()
    assert (found.unread, found.unexplained) == (("evidence",), ())
    assert watch.look().explained == ("restore-1",)
    assert [alert.subject for alert in watch.alerts.settled] == ["evidence"]


def test_a_fault_of_our_own_is_no_obstacle_of_a_place(watch: WatchWorld) -> None:
    watch.shut(PAYMENTS, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        watch.look()


def test_what_was_made_before_the_watch_began_or_a_week_ago_is_not_judged(watch: WatchWorld) -> None:
    watch.list_job(a_job("old", created_at=NOW - timedelta(days=7, seconds=1)))
    assert watch.look().unexplained == ()
    assert watch.look("old").unexplained == ("old",), "of which an event tells all the same"
    watch.table = MemoryTable()
    watch.look()
    watch.list_job(a_job("before", created_at=NOW - timedelta(seconds=1)))
    watch.list_job(a_job("after", created_at=NOW))
    assert watch.look().unexplained == ("after",)
    assert watch.look("before").unexplained == ()


def test_every_region_of_a_governed_account_is_searched(watch: WatchWorld) -> None:
    regions = (Region(HOME), Region("eu-central-1"))
    watch.intent = replace(watch.intent, organization=replace(watch.intent.organization, governed_regions=regions))
    watch.list_job(a_job("abroad"), region=regions[1])
    assert watch.look().unexplained == ("abroad",)
