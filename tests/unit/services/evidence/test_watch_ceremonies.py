"""The evidence of every ceremony ends in time and whole, with all that the log has seen of it, or is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind, Severity
from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence.log.tiles import LogTree
from strongroom.domain.evidence.object_keys import entry_key, folder_of, proof_key, request_key
from strongroom.domain.proofs.statements import Decision
from strongroom.services.evidence import watch_ceremonies
from tests.fakes.evidence.watching import WatchWorld


def _denied(watch: WatchWorld) -> str:
    request = watch.ceremony.open()
    watch.ceremony.read_ticket(request)
    watch.ceremony.sign(request, "maria", Decision.DENY)
    watch.ceremony.close(request)
    return request


def _restored(watch: WatchWorld) -> str:
    request = watch.restore()
    watch.finish(request)
    return request


@pytest.mark.parametrize("come_to", [_restored, _denied])
def test_a_whole_ceremony_is_settled_and_looked_at_no_more(
    come_to: Callable[[WatchWorld], str], watch: WatchWorld
) -> None:
    request = come_to(watch)
    assert (watch.look().settled, watch.alerts.told) == ((request,), [])
    assert watch.look().settled == ()


def test_a_ceremony_that_goes_on_is_left_alone(watch: WatchWorld) -> None:
    watch.ceremony.come_to_approval()
    watch.look()
    assert watch.alerts.told == []


@pytest.mark.parametrize(
    ("hours", "is_told"), [(1, False), (1.001, True)], ids=["an hour after its end", "a little later"]
)
def test_a_ceremony_that_begins_nothing_ends_within_an_hour_of_its_time(
    hours: float,
    is_told: bool,  # noqa: FBT001 - a case of the table
    watch: WatchWorld,
) -> None:
    request = watch.ceremony.come_to_approval()
    watch.ceremony.now = watch.ceremony.kept(request).sealed.request.act_before + timedelta(hours=hours)
    found = watch.look()
    assert found.broken == ((request,) if is_told else ())
    assert [(alert.kind, alert.severity) for alert in watch.alerts.told] == [
        (AlertKind.EVIDENCE_BROKEN, Severity.CRITICAL)
    ] * is_told


def test_a_ceremony_that_has_begun_may_last_as_long_as_its_execution(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_restore()
    act_before = watch.ceremony.kept(request).sealed.request.act_before
    watch.ceremony.now = act_before + timedelta(days=14)
    assert watch.look().broken == ()
    watch.ceremony.now = act_before + timedelta(days=14, hours=1, seconds=1)
    assert watch.look().broken == (request,)


def test_a_request_about_which_nothing_was_done_is_forgotten_when_its_time_is_over(watch: WatchWorld) -> None:
    request = watch.ceremony.open()
    assert watch.look().settled == ()
    watch.ceremony.now = watch.ceremony.kept(request).sealed.request.act_before + timedelta(hours=2)
    assert (watch.look().settled, watch.alerts.told) == ((request,), [])


def _with(watch: WatchWorld, key: str, text: str | None) -> None:
    if text is None:
        del watch.ceremony.shelf.kept[key]
    else:
        watch.ceremony.shelf.kept[key] = text


def _next(watch: WatchWorld, request: str) -> str:
    return entry_key(request, len(watch.ceremony.kept(request).chain) + 1)


def _lost_entry(watch: WatchWorld, request: str) -> str:
    _with(watch, entry_key(request, len(watch.ceremony.kept(request).chain)), None)
    return "the log has seen"


def _lost_request(watch: WatchWorld, request: str) -> str:
    _with(watch, request_key(request), None)
    return "no request that it is of"


def _lost_all(watch: WatchWorld, request: str) -> str:
    for key in [key for key in watch.ceremony.shelf.kept if key.startswith(folder_of(request))]:
        _with(watch, key, None)
    return "no request that it is of"


def _second_version(watch: WatchWorld, request: str) -> str:
    watch.ceremony.shelf.tampered.add(entry_key(request, 1))
    return "tampered"


def _lost_proof(watch: WatchWorld, request: str) -> str:
    [digest] = [digest_of(text) for text in watch.ceremony.kept(request).proofs]
    _with(watch, proof_key(request, digest), None)
    return "the log has seen"


def _another_outcome(watch: WatchWorld, request: str) -> str:
    key = entry_key(request, len(watch.ceremony.kept(request).chain))
    entry = read_canonical(watch.ceremony.shelf.kept[key])
    _with(watch, key, canonical_text(entry | {"facts": entry["facts"] | {"outcome": "failed"}}))
    return "does not lead to the root"


@pytest.mark.parametrize(
    "harm",
    [_lost_entry, _lost_request, _lost_all, _second_version, _lost_proof, _another_outcome],
    ids=lambda harm: harm.__name__.strip("_").replace("_", " "),
)
def test_attack_30_a_hole_in_the_evidence_is_told(harm: Callable[[WatchWorld, str], str], watch: WatchWorld) -> None:
    request = _restored(watch)
    why = harm(watch, request)
    assert watch.look().broken == (request,)
    [alert] = [each for each in watch.alerts.told if each.kind is AlertKind.EVIDENCE_BROKEN]
    assert (alert.subject, why in alert.reason) == (request, True), alert.reason
    watch.look()
    assert watch.alerts.kinds.count(AlertKind.EVIDENCE_BROKEN) == 1


def test_attack_30_an_end_that_leaves_out_a_proof_that_the_log_had_is_told(watch: WatchWorld) -> None:
    """Whoever closes cannot keep a denial out of sight."""
    request = watch.ceremony.come_to_approval()
    watch.ceremony.now = watch.ceremony.kept(request).sealed.request.act_before
    watch.ceremony.close(request)
    closing = watch.ceremony.shelf.kept.pop(entry_key(request, len(watch.ceremony.kept(request).chain)))
    watch.log.index.where.clear()
    watch.log.index.head = type(watch.log.index.head)()
    for key in [key for key in watch.ceremony.shelf.kept if key.startswith("log/")]:
        del watch.ceremony.shelf.kept[key]
    watch.ceremony.now = watch.ceremony.kept(request).sealed.request.requested_at
    watch.ceremony.sign(request, "sana", Decision.DENY)
    watch.tick()
    watch.ceremony.shelf.kept[_next(watch, request)] = closing
    watch.tick()
    assert watch.look().broken == (request,)
    assert "does not name" in watch.alerts.told[0].reason


def test_evidence_that_is_gone_after_it_was_settled_is_told(watch: WatchWorld) -> None:
    request = _restored(watch)
    watch.look()
    for key in [key for key in watch.ceremony.shelf.kept if request in key]:
        _with(watch, key, None)
    assert watch.look().broken == (request,)
    assert "was there and is gone" in watch.alerts.told[0].reason


def test_one_hole_hides_no_other_ceremony(watch: WatchWorld) -> None:
    request = _restored(watch)
    watch.ceremony.shelf.kept["evidence/odd/proofs/x.json"] = "junk"
    found = watch.look()
    assert (found.settled, found.broken) == ((request,), ("odd",))


def test_an_end_that_the_log_has_not_seen_is_waited_for_an_hour(watch: WatchWorld) -> None:
    request = _restored(watch)
    for key in [key for key in watch.ceremony.shelf.kept if key.startswith(f"log/requests/{request}/")][-1:]:
        _with(watch, key, None)
    assert (watch.look().settled, watch.alerts.told) == ((), [])
    watch.ceremony.later(hours=1, seconds=1)
    assert watch.look().broken == (request,)


def test_an_urgent_restore_is_whole_and_so_it_stays_with_its_review_wherever_the_log_has_it(
    urgent_watch: WatchWorld,
) -> None:
    request = urgent_watch.ceremony.come_to_urgent_end()
    closing = entry_key(request, len(urgent_watch.ceremony.kept(request).chain))
    urgent_watch.log.index.where.clear()
    urgent_watch.log.index.head = LogTree()
    for key in [key for key in urgent_watch.ceremony.shelf.kept if key.startswith("log/")]:
        _with(urgent_watch, key, None)
    end = urgent_watch.ceremony.shelf.kept.pop(closing)
    urgent_watch.tick()
    urgent_watch.ceremony.shelf.kept[closing] = end
    urgent_watch.ceremony.review(request, "sana")
    urgent_watch.tick()
    assert (urgent_watch.look().settled, urgent_watch.alerts.told) == ((request,), [])


def test_what_cannot_be_judged_now_is_judged_at_the_next_look(
    watch: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = _restored(watch)

    def away(*_: object, **__: object) -> None:
        raise TemporarilyUnavailableError("the identity provider answered with status 503")

    with monkeypatch.context() as patched:
        patched.setattr(watch_ceremonies, "replay", away)
        found = watch.look()
    assert (found.settled, found.broken) == ((), ())
    assert watch.look().settled == (request,)


def test_what_is_mended_is_said_to_be(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_approval()
    watch.ceremony.now = watch.ceremony.kept(request).sealed.request.act_before + timedelta(hours=2)
    watch.look()
    watch.ceremony.close(request)
    watch.look()
    assert [alert.subject for alert in watch.alerts.settled] == [request]
