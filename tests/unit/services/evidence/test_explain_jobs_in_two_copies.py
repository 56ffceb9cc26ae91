"""Both copies of a restore by two are explained, and of what lies between only what the first one has made."""

from collections.abc import Callable
from copy import replace
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.explaining import WatchedCopy
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.intent.model import Intent
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from tests.builders.places import CENTRAL_VAULT, HOME, REPLICA_REGION, REPLICA_VAULT, TEMPORARY_VAULT
from tests.builders.restores import BETWEEN_POINT, CENTRAL_POINT, POINT, PROFILE, a_landing_vault, a_wish
from tests.fakes.evidence.watching import WatchWorld

THERE = TEMPORARY_VAULT.replace(HOME, REPLICA_REGION)
FIRST: dict[str, Any] = {"destination": REPLICA_VAULT, "made": BETWEEN_POINT}
OTHER = BETWEEN_POINT.replace("job-", "job-of-somebody-else-")
SECOND: dict[str, Any] = {
    "id": "copy-2",
    "region": REPLICA_REGION,
    "source": BETWEEN_POINT,
    "source_vault": REPLICA_VAULT,
    "destination": THERE,
}


@pytest.fixture
def wide(intent: Intent) -> WatchWorld:
    """The watch over an organisation that restores in another Region, too."""
    organization = replace(intent.organization, governed_regions=(HOME, REPLICA_REGION))
    profiles = (PROFILE, replace(PROFILE, region=REPLICA_REGION))
    watch = WatchWorld(replace(intent, organization=organization), profiles=profiles)
    watch.ceremony.points.vault = a_landing_vault(arn=THERE)
    watch.ceremony.copies.states = ["COMPLETED"]
    return watch


@pytest.fixture
def far(wide: WatchWorld) -> WatchWorld:
    """The same, with a request for two copies that have both arrived."""
    request = come_to_approval(wide)
    for _ in range(2):
        copy(wide, request)
    return wide


def come_to_approval(watch: WatchWorld) -> str:
    """A request for two copies into the other Region, approved; its id."""
    wish = a_wish(recovery_point=CENTRAL_POINT, region=REPLICA_REGION, in_two_copies=True)
    return watch.ceremony.come_to_approval(wish)


def copy(watch: WatchWorld, request: str) -> None:
    """Let the next copy of the request be started and arrive."""
    world, execution = watch.ceremony, watch.ceremony.execution(request)
    start_copy_back(request, execution=execution, needs=world.copying, now=world.now)
    check_copy_back(request, execution=execution, needs=world.checking_copy, now=world.now)


def test_both_copies_of_a_ceremony_are_silent(far: WatchWorld) -> None:
    for each in (FIRST, SECOND):
        far.list_copy(**each)
    assert (far.look().explained, far.alerts.told) == (("copy-1", "copy-2"), [])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(FIRST | {"destination": THERE}, id="the first, past the vault between"),
        pytest.param(FIRST | {"destination": REPLICA_VAULT + "-2"}, id="the first, into another vault"),
        pytest.param(FIRST | {"source": POINT}, id="the first, of another point"),
        pytest.param(FIRST | {"id": "copy-3"}, id="a third, as the first"),
        pytest.param(SECOND | {"source": CENTRAL_POINT}, id="the second, of another point"),
        pytest.param(SECOND | {"destination": TEMPORARY_VAULT}, id="the second, into another Region"),
        pytest.param(SECOND | {"id": "copy-3"}, id="a third, as the second"),
        pytest.param(SECOND | {"id": "copy-1"}, id="the second, by the name of the first"),
    ],
)
def test_attack_20_a_copy_out_of_the_vault_between_that_nobody_approved_is_critical(
    changes: dict[str, Any], far: WatchWorld
) -> None:
    copy = far.list_copy(**changes)
    assert far.look().unexplained == (copy.id,)
    assert far.alerts.kinds == [AlertKind.COPY_UNEXPLAINED]


def forge_second(watch: WatchWorld, request: str, point: str, *, job: str = "evil") -> None:
    """Somebody who may write the chain and copy anything writes that the first copy made this, and copies it on."""
    world = watch.ceremony
    relied_on = [digest_of(text) for text in world.kept(request).proofs]
    policy = world.kept(request).sealed.asked.policy.digest
    watch.forge(request, EntryKind.COPIED_THROUGH, job="copy-1", recovery_point=point)
    facts = {"relied_on": relied_on, "policy_now": policy, "recovery_point": point, "source": REPLICA_VAULT}
    watch.forge(request, EntryKind.COPY_BACK_INTENDED, **facts)
    watch.tick()
    watch.forge(request, EntryKind.COPY_BACK_STARTED, job=job)
    watch.list_copy(**SECOND | {"id": job, "source": point})


def never_copied(watch: WatchWorld, request: str) -> None:
    """No first copy is even announced."""


def copied_by_nobody(watch: WatchWorld, request: str) -> None:
    """The entry says which job the first copy was, and nobody intended one."""
    watch.forge(request, EntryKind.COPY_THROUGH_STARTED, job="copy-1")
    watch.list_copy(**FIRST | {"made": OTHER})


def copied_something_else(watch: WatchWorld, request: str) -> None:
    """The job that the request names copied another point into the vault between."""
    copy(watch, request)
    watch.list_copy(**FIRST | {"source": POINT, "made": OTHER})


def copied_before(watch: WatchWorld, request: str) -> None:
    """The first copy is the approved one, and made something else than what is copied on."""
    copy(watch, request)
    watch.list_copy(**FIRST)


def copied_and_forgotten(watch: WatchWorld, request: str) -> None:
    """AWS Backup lists no job by the name that the request says."""
    copy(watch, request)


def copied_under_another_name(watch: WatchWorld, request: str) -> None:
    """Another job than the one that the request names made it."""
    copy(watch, request)
    watch.list_copy(**FIRST | {"id": "copy-9", "made": OTHER})


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (never_copied, "announces no first copy"),
        (copied_by_nobody, "there is no copy-through-intended"),
        (copied_something_else, "did not make what it is about"),
        (copied_before, "did not make what it is about"),
        (copied_and_forgotten, "did not make what it is about"),
        (copied_under_another_name, "did not make what it is about"),
    ],
)
def test_attack_20_what_somebody_wrote_down_as_the_first_copy_explains_no_second(
    first: Callable[[WatchWorld, str], None], why: str, wide: WatchWorld
) -> None:
    """Mallory holds what starts copies, and writes another account's backup into the chain of an approved request."""
    request = come_to_approval(wide)
    first(wide, request)
    forge_second(wide, request, OTHER)
    found = wide.look()
    assert ("evil" in found.unexplained, "evil" in found.explained) == (True, False)
    [told] = [alert for alert in wide.alerts.told if alert.subject == "evil"]
    assert told.kind is AlertKind.COPY_UNEXPLAINED
    assert f"{request} names it, but" in told.reason
    assert why in told.reason


def test_attack_20_a_second_copy_of_what_nobody_has_made_is_not_waited_for(wide: WatchWorld) -> None:
    """Its intent is there, and its start not yet."""
    request = come_to_approval(wide)
    copy(wide, request)
    wide.list_copy(**FIRST)
    forge_second(wide, request, OTHER)
    del wide.ceremony.shelf.kept[entry_key(request, len(wide.ceremony.kept(request).chain))]
    assert wide.look().unexplained == ("evil",)


def test_a_second_copy_is_waited_for_whose_request_is_about_to_name_it(wide: WatchWorld) -> None:
    request = come_to_approval(wide)
    copy(wide, request)
    world = wide.ceremony
    start_copy_back(request, execution=world.execution(request), needs=world.copying, now=world.now)
    del world.shelf.kept[entry_key(request, len(world.kept(request).chain))]
    for each in (FIRST, SECOND):
        wide.list_copy(**each)
    assert (wide.look().awaited, wide.alerts.told) == (("copy-2",), [])


def test_a_settled_request_still_explains_its_second_copy(wide: WatchWorld) -> None:
    request, made_at = come_to_approval(wide), wide.now
    for _ in range(2):
        copy(wide, request)
    wide.ceremony.close(request, error="ApprovalVoidError")
    wide.tick()
    assert wide.look().settled == (request,)
    for each in (FIRST, SECOND):
        wide.list_copy(**each, created_at=made_at)
    assert (wide.look().explained, wide.alerts.told) == (("copy-1", "copy-2"), [])


@pytest.mark.parametrize("error", [AccessRefusedError("refused"), TemporarilyUnavailableError("away")], ids=str)
def test_where_nobody_can_see_the_first_copy_the_second_is_not_judged_and_that_hides_no_other(
    error: Exception, far: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Region of the first is away."""
    for each in (FIRST, SECOND, SECOND | {"id": "copy-3"}):
        far.list_copy(**each)
    listed = far.jobs.out_of

    def out_of(vault: str, **where: Any) -> tuple[WatchedCopy, ...]:
        if vault == CENTRAL_VAULT:
            raise error
        return listed(vault, **where)

    with monkeypatch.context() as patched:
        patched.setattr(far.jobs, "out_of", out_of)
        found = far.look()
    assert (found.explained, found.unexplained) == ((), ("copy-3",))
    assert found.unread == ("copy-2", f"copies out of {CENTRAL_VAULT}")
    assert far.look().explained == ("copy-1", "copy-2")
