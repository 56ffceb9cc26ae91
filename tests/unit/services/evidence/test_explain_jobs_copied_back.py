"""A restore of what was copied back is explained where the request's own copy, by AWS Backup's word, has made that."""

from collections.abc import Callable
from copy import replace
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.intent.model import Intent
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from strongroom.services.restores.acting.starting.start_restore import start_restore
from tests.builders.places import CENTRAL_VAULT, HOME, REPLICA_REGION, REPLICA_VAULT, TEMPORARY_VAULT
from tests.builders.restores import BETWEEN_POINT, CENTRAL_POINT, COPIED_POINT, POINT, PROFILE, a_landing_vault, a_wish
from tests.fakes.evidence.watching import WatchWorld

BACK: dict[str, Any] = {"made": COPIED_POINT}
OTHER = COPIED_POINT.replace("copyjob-", "job-of-somebody-else-")
THERE = TEMPORARY_VAULT.replace(HOME, REPLICA_REGION)
FIRST: dict[str, Any] = {"destination": REPLICA_VAULT, "made": BETWEEN_POINT}
SECOND: dict[str, Any] = {
    "id": "copy-2",
    "region": REPLICA_REGION,
    "source": BETWEEN_POINT,
    "source_vault": REPLICA_VAULT,
    "destination": THERE,
    "made": COPIED_POINT,
}


@pytest.fixture
def wide(intent: Intent) -> WatchWorld:
    """The watch over an organisation that restores in another Region, too."""
    organization = replace(intent.organization, governed_regions=(HOME, REPLICA_REGION))
    profiles = (PROFILE, replace(PROFILE, region=REPLICA_REGION))
    watch = WatchWorld(replace(intent, organization=organization), profiles=profiles)
    watch.ceremony.points.vault = a_landing_vault(arn=THERE)
    return watch


def come_to_restore(watch: WatchWorld) -> str:
    """A ceremony that copied back, and has started its restore, which AWS lists; its id."""
    world, request = watch.ceremony, watch.ceremony.come_to_copied()
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    watch.list_restore(request, recovery_point=COPIED_POINT)
    return request


def copy(watch: WatchWorld, request: str) -> None:
    """Let the next copy of the request be started and arrive."""
    world, execution = watch.ceremony, watch.ceremony.execution(request)
    world.copies.states = ["COMPLETED"]
    start_copy_back(request, execution=execution, needs=world.copying, now=world.now)
    check_copy_back(request, execution=execution, needs=world.checking_copy, now=world.now)


def forge_restore(watch: WatchWorld, request: str, *, point: str = OTHER) -> None:
    """Somebody who may write the chain and restore anything writes that this was copied back, and restores it."""
    kept = watch.ceremony.kept(request)
    facts = {"relied_on": [digest_of(text) for text in kept.proofs], "policy_now": kept.sealed.asked.policy.digest}
    watch.forge(request, EntryKind.COPIED_BACK, job="copy-1", recovery_point=point)
    watch.forge(request, EntryKind.RESTORE_INTENDED, **facts, recovery_point=point)
    watch.tick()
    watch.forge(request, EntryKind.RESTORE_STARTED, job="evil")
    watch.list_restore(request, job_id="evil", recovery_point=point)


def never_copied(_: WatchWorld, __: str) -> None:
    """No copy back is even announced."""


def copied_by_nobody(watch: WatchWorld, request: str) -> None:
    """The entry says which job the copy was, and nobody intended one."""
    watch.forge(request, EntryKind.COPY_BACK_STARTED, job="copy-1")
    watch.list_copy(made=OTHER)


def copied_something_else(watch: WatchWorld, request: str) -> None:
    """The job that the request names copied another point."""
    copy(watch, request)
    watch.list_copy(source=POINT, made=OTHER)


def copied_before(watch: WatchWorld, request: str) -> None:
    """The copy is the approved one, and made something else than what is restored."""
    copy(watch, request)
    watch.list_copy(**BACK)


def copied_and_forgotten(watch: WatchWorld, request: str) -> None:
    """AWS Backup lists no job by the name that the request says."""
    copy(watch, request)


def copied_under_another_name(watch: WatchWorld, request: str) -> None:
    """Another job than the one that the request names made it."""
    copy(watch, request)
    watch.list_copy(id="copy-9", made=OTHER)


def copied_elsewhere(watch: WatchWorld, request: str) -> None:
    """The job that the request names went into another vault."""
    copy(watch, request)
    watch.list_copy(destination=f"{TEMPORARY_VAULT}-2", made=OTHER)


def test_a_restore_of_what_its_ceremony_copied_back_is_silent(watch: WatchWorld) -> None:
    come_to_restore(watch)
    watch.list_copy(**BACK)
    assert watch.look("restore-1").explained == ("restore-1",)
    assert (watch.look().explained, watch.alerts.told) == (("restore-1", "copy-1"), [])


@pytest.mark.parametrize(
    ("copied", "why"),
    [
        (never_copied, "announces no copy back"),
        (copied_by_nobody, "there is no copy-back-intended"),
        (copied_something_else, "the copy back that it names, copy-1, did not make what it is about"),
        (copied_before, "did not make what it is about"),
        (copied_and_forgotten, "did not make what it is about"),
        (copied_under_another_name, "did not make what it is about"),
        (copied_elsewhere, "did not make what it is about"),
    ],
)
@pytest.mark.parametrize("seen_by", ["evil", None], ids=["by its event", "by the sweep"])
def test_attack_20_what_somebody_wrote_down_as_copied_back_explains_no_restore(
    copied: Callable[[WatchWorld, str], None], why: str, seen_by: str | None, watch: WatchWorld
) -> None:
    """Mallory holds the restore role, and writes another backup into the chain of an approved request."""
    request = watch.ceremony.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    copied(watch, request)
    forge_restore(watch, request)
    found = watch.look(seen_by)
    assert ("evil" in found.unexplained, "evil" in found.explained) == (True, False)
    [told] = [alert for alert in watch.alerts.told if alert.subject == "evil"]
    assert told.kind is AlertKind.RESTORE_UNEXPLAINED
    assert f"{request} names it, but" in told.reason
    assert why in told.reason


def test_attack_20_a_restore_of_what_no_copy_made_is_not_waited_for(watch: WatchWorld) -> None:
    """Mallory has announced the restore of another backup and not named its job, and nobody waits for that."""
    request = watch.ceremony.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    copied_before(watch, request)
    forge_restore(watch, request)
    del watch.ceremony.shelf.kept[entry_key(request, len(watch.ceremony.kept(request).chain))]
    assert watch.look().unexplained == ("evil",)


def test_a_restore_is_waited_for_whose_request_is_about_to_name_it(watch: WatchWorld) -> None:
    request = come_to_restore(watch)
    watch.list_copy(**BACK)
    del watch.ceremony.shelf.kept[entry_key(request, len(watch.ceremony.kept(request).chain))]
    assert (watch.look().awaited, watch.alerts.told) == (("restore-1",), [])


def test_a_settled_request_still_explains_the_restore_of_its_copy(watch: WatchWorld) -> None:
    request, made_at = come_to_restore(watch), watch.now
    restored = watch.jobs.restores.pop("restore-1")
    watch.finish(request)
    assert watch.look().settled == (request,)
    watch.jobs.restores["restore-1"] = restored
    watch.list_copy(**BACK, created_at=made_at)
    assert (watch.look().explained, watch.alerts.told) == (("restore-1", "copy-1"), [])


@pytest.mark.parametrize("first", [FIRST, FIRST | {"made": OTHER}], ids=["as approved", "of something else"])
def test_a_restore_after_two_copies_stands_and_falls_with_both(first: dict[str, Any], wide: WatchWorld) -> None:
    wish = a_wish(recovery_point=CENTRAL_POINT, region=REPLICA_REGION, in_two_copies=True)
    request = wide.ceremony.come_to_approval(wish)
    copy(wide, request)
    copy(wide, request)
    for each in (first, SECOND):
        wide.list_copy(**each)
    forge_restore(wide, request, point=COPIED_POINT)
    found, is_explained = wide.look(), first == FIRST
    assert ("evil" in found.explained, "evil" in found.unexplained) == (is_explained, not is_explained)


@pytest.mark.parametrize("error", [AccessRefusedError("refused"), TemporarilyUnavailableError("away")], ids=str)
@pytest.mark.parametrize("vault", [CENTRAL_VAULT, REPLICA_VAULT], ids=["the first", "the second"])
def test_where_nobody_can_see_a_copy_its_restore_is_not_judged_and_that_hides_no_other(
    vault: str, error: Exception, wide: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Region of a copy is away."""
    wish = a_wish(recovery_point=CENTRAL_POINT, region=REPLICA_REGION, in_two_copies=True)
    request = wide.ceremony.come_to_approval(wish)
    for each in (FIRST, SECOND):
        copy(wide, request)
        wide.list_copy(**each)
    forge_restore(wide, request, point=COPIED_POINT)
    wide.list_restore(request, job_id="one-more", recovery_point=COPIED_POINT)
    listed = wide.jobs.out_of

    def out_of(source: str, **where: Any) -> Any:
        if source == vault:
            raise error
        return listed(source, **where)

    with monkeypatch.context() as patched:
        patched.setattr(wide.jobs, "out_of", out_of)
        found = wide.look()
    assert "evil" in found.unread
    assert found.unexplained == ("one-more",)
    assert [alert.kind for alert in wide.alerts.told if alert.subject == "evil"] == [AlertKind.RESTORES_UNWATCHED]
    assert "evil" in wide.look().explained
