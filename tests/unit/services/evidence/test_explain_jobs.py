"""Every restore, and every copy out of the central vault, has a request whose proofs verify, or is told."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind, Severity
from strongroom.domain.canonical import digest_of, read_canonical
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.explaining import Standing
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.services.evidence import watch_ceremonies
from strongroom.services.evidence.explain_jobs import explainer_of
from strongroom.services.evidence.watch_ceremonies import ceremonies_at_hand
from tests.builders.places import LOCAL_VAULT, PAYMENTS
from tests.builders.restores import (
    CENTRAL_POINT,
    NOW,
    POINT,
)
from tests.fakes.evidence.watching import JOB_ROLE, WatchWorld

PLAN = "arn:aws:backup:eu-west-1:222222222222:restore-testing-plan:weekly-1234"


def a_job(job_id: str = "by-hand", **changes: Any) -> RestoreJob:
    """A restore that somebody has begun in payments, under the role that the ceremony's restores have, too."""
    made = RestoreJob(
        id=job_id,
        account=PAYMENTS,
        recovery_point=POINT,
        role=JOB_ROLE,
        created_at=NOW + timedelta(seconds=30),
        status="RUNNING",
        message="",
        created="",
        metadata={"DBInstanceIdentifier": "mine"},
    )
    return replace(made, **changes)


def test_a_restore_of_a_ceremony_is_silent(watch: WatchWorld) -> None:
    watch.restore()
    assert (watch.look().explained, watch.alerts.told) == (("restore-1",), [])


@pytest.mark.parametrize(
    "role",
    [JOB_ROLE, f"arn:aws:iam::{PAYMENTS}:role/payments-admin", ""],
    ids=["under the role of restores", "under another role", "under no role that is told"],
)
@pytest.mark.parametrize("seen_by", ["by-hand", None], ids=["by its event", "by the sweep"])
def test_attack_19_a_restore_that_nobody_asked_for_is_critical_whatever_its_role(
    role: str, seen_by: str | None, watch: WatchWorld
) -> None:
    watch.list_job(a_job(role=role))
    assert watch.look(seen_by).unexplained == ("by-hand",)
    [alert] = watch.alerts.told
    assert (alert.kind, alert.severity, alert.account) == (
        AlertKind.RESTORE_UNEXPLAINED,
        Severity.CRITICAL,
        PAYMENTS,
    )
    assert "by-hand" in alert.reason
    assert "no request names it" in alert.reason


def test_attack_19_it_is_told_once_however_often_it_is_seen(watch: WatchWorld) -> None:
    watch.list_job(a_job())
    watch.look("by-hand")
    watch.look()
    watch.look()
    assert watch.alerts.kinds == [AlertKind.RESTORE_UNEXPLAINED]


def _unvoted(watch: WatchWorld) -> str:
    request = watch.ceremony.open()
    watch.ceremony.read_ticket(request)
    watch.forge(request, EntryKind.RESTORE_INTENDED, relied_on=[], recovery_point=POINT)
    watch.tick()
    watch.forge(request, EntryKind.RESTORE_STARTED, job="by-hand")
    return request


def _unwitnessed(watch: WatchWorld) -> str:
    request = watch.ceremony.come_to_approval()
    relied_on = [digest_of(text) for text in watch.ceremony.kept(request).proofs]
    watch.forge(request, EntryKind.RESTORE_INTENDED, relied_on=relied_on, recovery_point=POINT)
    watch.forge(request, EntryKind.RESTORE_STARTED, job="by-hand")
    return request


def _denied(watch: WatchWorld) -> str:
    request = watch.ceremony.come_to_approval()
    relied_on = [digest_of(text) for text in watch.ceremony.kept(request).proofs]
    watch.ceremony.sign(request, "sana", Decision.DENY)
    watch.tick()
    watch.forge(request, EntryKind.RESTORE_INTENDED, relied_on=relied_on, recovery_point=POINT)
    watch.tick()
    watch.forge(request, EntryKind.RESTORE_STARTED, job="by-hand")
    return request


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        pytest.param(_unvoted, "does not approve it", id="nobody voted"),
        pytest.param(_unwitnessed, "the log's proof of entry 2", id="the log has not seen the intent"),
    ],
)
def test_x03_a_chain_that_names_the_job_explains_nothing_without_proofs_that_verify(
    forge: Callable[[WatchWorld], str], why: str, watch: WatchWorld
) -> None:
    request = forge(watch)
    watch.list_restore(request, job_id="by-hand")
    assert watch.look().unexplained == ("by-hand",)
    assert f"{request} names it, but" in watch.alerts.told[0].reason
    assert why in watch.alerts.told[0].reason


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"recovery_point": CENTRAL_POINT}, "recovery point or role"),
        ({"role": f"arn:aws:iam::{PAYMENTS}:role/admin"}, "recovery point or role"),
        ({"account": "333333333333"}, "account, recovery point or role"),
        ({"metadata": {"DBInstanceIdentifier": "mine"}}, "settings are not what was approved: dbinstanceidentifier"),
        ({"created_at": NOW - timedelta(seconds=1)}, "not made between the intent"),
        ({"created_at": NOW + timedelta(days=1)}, "not made between the intent"),
    ],
    ids=["another point", "another role", "another account", "other settings", "before its intent", "long after"],
)
def test_x03_a_request_explains_only_the_job_that_it_asked_for(
    changes: dict[str, Any], why: str, watch: WatchWorld
) -> None:
    request = watch.ceremony.come_to_restore()
    watch.list_restore(request, **changes)
    watch.look("restore-1") if changes.get("created_at", NOW) >= NOW else watch.look()
    [alert] = watch.alerts.told
    assert (alert.kind, why in alert.reason) == (AlertKind.RESTORE_UNEXPLAINED, True), alert.reason


def test_x03_a_second_job_beside_that_of_a_request_is_nobodys(watch: WatchWorld) -> None:
    request = watch.restore()
    watch.list_restore(request, job_id="one-more")
    found = watch.look()
    assert (found.explained, found.unexplained) == (("restore-1",), ("one-more",))


def test_a_dangerous_setting_that_nobody_approved_is_told(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    used = dict(watch.ceremony.kept(request).sealed.request.metadata) | {"PubliclyAccessible": "true"}
    watch.list_restore(request, metadata=used)
    watch.look()
    assert "publiclyaccessible" in watch.alerts.told[0].reason


def test_settings_that_aws_does_not_tell_yet_are_judged_when_the_job_has_ended(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    found = watch.list_restore(request, metadata={})
    assert watch.look().explained == ("restore-1",)
    watch.jobs.restores["restore-1"] = replace(found, job=replace(found.job, status="COMPLETED"))
    assert watch.look().unexplained == ("restore-1",)


def test_what_is_explained_and_has_ended_is_looked_at_no_more(watch: WatchWorld) -> None:
    request = watch.restore()
    watch.finish(request)
    watch.look()
    watch.jobs.described.clear()
    assert watch.look().explained == ()
    assert watch.jobs.described == []


def test_a_job_is_waited_for_whose_request_is_about_to_name_it(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    started = watch.ceremony.kept(request).chain[-1]
    text = watch.ceremony.shelf.kept.pop(entry_key(request, started.number))
    watch.list_restore(request)
    assert watch.look().awaited == ("restore-1",)
    watch.ceremony.shelf.kept[entry_key(request, started.number)] = text
    assert watch.look().explained == ("restore-1",)
    assert watch.alerts.told == []


def test_x03_it_is_waited_for_ten_minutes_and_no_longer(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    del watch.ceremony.shelf.kept[entry_key(request, len(watch.ceremony.kept(request).chain))]
    watch.list_restore(request)
    watch.ceremony.later(minutes=9, seconds=59)
    assert watch.look().awaited == ("restore-1",)
    watch.ceremony.later(seconds=1)
    assert watch.look().unexplained == ("restore-1",)


@pytest.mark.parametrize("job", ["restore-1", "copy-1"])
def test_a_job_that_is_younger_than_the_evidence_at_hand_is_judged_by_evidence_that_is_read_anew(
    job: str, watch: WatchWorld
) -> None:
    """A round reads the evidence first, and takes minutes: a ceremony may have come to its act meanwhile."""
    explainer = explainer_of(ceremonies_at_hand(watch.watching), needs=watch.needs, now=watch.now)
    if job == "copy-1":
        watch.ceremony.come_to_copy()
        explainer.judge_copy(watch.list_copy())
    else:
        explainer.judge_restore(watch.list_restore(watch.ceremony.come_to_restore()))
    assert (explainer.found[Standing.EXPLAINED], watch.alerts.told) == ([job], [])


def test_what_is_explained_after_all_is_said_to_be(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    key = entry_key(request, len(watch.ceremony.kept(request).chain))
    text = watch.ceremony.shelf.kept.pop(key)
    watch.list_restore(request)
    watch.ceremony.later(minutes=11)
    watch.look()
    watch.ceremony.shelf.kept[key] = text
    watch.look()
    assert [alert.kind for alert in watch.alerts.settled] == [AlertKind.RESTORE_UNEXPLAINED]


@pytest.mark.parametrize("is_named", [True, False], ids=["that the intent names", "of somebody's own"])
def test_a_restore_testing_plan_restores_silently_only_if_the_intent_names_it(
    is_named: bool,  # noqa: FBT001 - a case of the table
    watch: WatchWorld,
) -> None:
    named = (PLAN,) if is_named else ()
    watch.intent = replace(watch.intent, audit=replace(watch.intent.audit, restore_testing_plan_arns=named))
    watch.list_job(a_job(), tested_by=PLAN)
    found = watch.look()
    assert (found.explained, found.unexplained) == ((("by-hand",), ()) if is_named else ((), ("by-hand",)))


@pytest.mark.parametrize("parent", ["restore-1", "by-hand", "nowhere"])
def test_a_part_of_a_job_is_explained_with_it_and_never_alone(parent: str, watch: WatchWorld) -> None:
    watch.restore()
    watch.list_job(a_job())
    watch.list_job(a_job("part"), parent=parent)
    found = watch.look()
    assert ("part" in found.explained, "part" in found.unexplained) == (parent == "restore-1", parent != "restore-1")


def test_a_part_of_a_part_is_no_way_out(watch: WatchWorld) -> None:
    watch.list_job(a_job("a"), parent="b")
    watch.list_job(a_job("b"), parent="a")
    assert watch.look().unexplained == ("a", "b")


def test_a_copy_back_of_a_ceremony_is_silent(watch: WatchWorld) -> None:
    watch.ceremony.come_to_copy()
    watch.list_copy()
    assert (watch.look().explained, watch.alerts.told) == (("copy-1",), [])


@pytest.mark.parametrize(
    "changes",
    [
        {"destination": LOCAL_VAULT.replace(PAYMENTS, "555555555555")},
        {"source": POINT},
        {"role": "arn:aws:iam::999999999999:role/strongroom/evil"},
        {"id": "copy-2"},
        {"created_at": NOW - timedelta(seconds=1)},
    ],
    ids=["into another account", "of another point", "under another role", "another job", "before its intent"],
)
def test_attack_20_a_copy_out_of_the_central_vault_that_nobody_approved_is_critical(
    changes: dict[str, Any], watch: WatchWorld
) -> None:
    watch.ceremony.come_to_copy()
    copy = watch.list_copy(**changes)
    assert watch.look().unexplained == (copy.id,)
    [alert] = watch.alerts.told
    assert (alert.kind, alert.severity) == (AlertKind.COPY_UNEXPLAINED, Severity.CRITICAL)
    assert copy.destination in alert.reason


def test_a_settled_request_still_explains_a_job_that_is_seen_late(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    made_at = watch.now
    watch.finish(request)
    assert watch.look().settled == (request,)
    watch.list_restore(request, created_at=made_at, status="COMPLETED")
    assert (watch.look().explained, watch.alerts.told) == (("restore-1",), [])


def test_attack_25_a_restore_by_break_glass_is_told_like_any_other(watch: WatchWorld) -> None:
    role = "arn:aws:iam::999999999999:role/break-glass"
    watch.intent = replace(watch.intent, guardrails=replace(watch.intent.guardrails, exempt_role_arns=(role,)))
    watch.list_job(a_job())
    assert watch.look().unexplained == ("by-hand",)


def test_while_the_identity_provider_is_away_only_what_hangs_on_it_is_not_judged_and_that_is_told(
    watch: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.restore()
    watch.list_job(a_job())

    def away(*_: object, **__: object) -> None:
        raise TemporarilyUnavailableError("the identity provider answered with status 503")

    with monkeypatch.context() as patched:
        patched.setattr(watch_ceremonies, "replay_act", away)
        found = watch.look()
        with pytest.raises(TemporarilyUnavailableError):
            watch.look("restore-1")
    assert (found.unexplained, found.unread) == (("by-hand",), ("restore-1",))
    assert [(alert.kind, alert.subject) for alert in watch.alerts.told] == [
        (AlertKind.RESTORES_UNWATCHED, "restore-1"),
        (AlertKind.RESTORE_UNEXPLAINED, "by-hand"),
    ]
    assert watch.look().explained == ("restore-1",)
    assert [alert.subject for alert in watch.alerts.settled] == ["restore-1"]


def test_attack_25_an_urgent_restore_that_two_have_signed_is_explained_like_any_other(urgent_watch: WatchWorld) -> None:
    request = urgent_watch.ceremony.come_to_urgent_end()
    urgent_watch.list_restore(request)
    assert (urgent_watch.look("restore-1").explained, urgent_watch.alerts.told) == (("restore-1",), [])


def test_x03_a_denial_that_the_log_had_before_the_intent_explains_nothing(watch: WatchWorld) -> None:
    request = _denied(watch)
    watch.list_restore(request, job_id="by-hand")
    assert watch.look().unexplained == ("by-hand",)
    assert "before the intent it was" in watch.alerts.told[0].reason


def test_x03_an_entry_under_another_requests_hand_is_not_read_as_this_ones(watch: WatchWorld) -> None:
    """A chain that was copied from another request is that other request's, wherever it lies."""
    request = watch.restore()
    other = watch.ceremony.open_another()
    for entry in watch.ceremony.kept(request).chain:
        watch.ceremony.shelf.put_new(entry_key(other, entry.number), entry.text)
    assert read_canonical(watch.ceremony.shelf.kept[entry_key(other, 1)])["stream"] == request
    watch.list_restore(request, job_id="one-more")
    found = watch.look()
    assert (found.explained, found.unexplained, found.broken) == (("restore-1",), ("one-more",), (other,))
