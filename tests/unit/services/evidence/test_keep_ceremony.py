"""What the evidence holds of a ceremony is read whole, or not believed."""

import pytest

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key, policy_key, proof_key, request_key, witnessed_of
from strongroom.domain.intent.model import Intent
from tests.builders.restores import a_proving_intent
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    return CeremonyWorld(a_proving_intent(intent))


def test_a_request_is_read_with_its_proofs_and_what_happened(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    kept = world.kept(request)
    assert kept.sealed.request.id == request
    assert [entry.kind for entry in kept.chain] == ["ticket-entitles"]
    assert [proof_key(request, digest_of(text)) in world.shelf.kept for text in kept.proofs] == [True]


def test_an_unknown_request_is_not_found(world: CeremonyWorld) -> None:
    with pytest.raises(NotFoundError):
        world.kept("r-aaaaaaaaaaaa")


def test_a_name_that_is_no_id_never_reaches_the_bucket(world: CeremonyWorld) -> None:
    with pytest.raises(NotFoundError, match="ids look like"):
        world.kept("../policies")


def test_what_does_not_lie_under_its_own_hash_is_no_proof_and_spoils_none(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.shelf.kept[proof_key(request, "0" * 64)] = "junk"
    assert len(world.kept(request).proofs) == 1


def test_a_request_under_another_ones_id_is_not_believed(world: CeremonyWorld) -> None:
    request = world.open()
    world.shelf.kept[request_key("r-bbbbbbbbbbbb")] = world.shelf.kept[request_key(request)]
    with pytest.raises(ApprovalVoidError, match="another one"):
        world.kept("r-bbbbbbbbbbbb")


@pytest.mark.parametrize("text", ["", "{}", "no JSON", '{"request": "x", "statement": "y"}'])
def test_a_request_that_cannot_be_read_is_not_believed(text: str, world: CeremonyWorld) -> None:
    world.shelf.kept[request_key("r-bbbbbbbbbbbb")] = text
    with pytest.raises(ApprovalVoidError):
        world.kept("r-bbbbbbbbbbbb")


def test_a_chain_with_a_changed_entry_is_not_believed(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    key = entry_key(request, 1)
    changed = read_canonical(world.shelf.kept[key]) | {"facts": {"ticket": "OPS-9"}}
    world.shelf.kept[key] = canonical_text(changed)
    with pytest.raises(ApprovalVoidError, match="entry 2"):
        world.kept(request)


def test_a_chain_with_a_hole_is_not_believed(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    del world.shelf.kept[entry_key(request, 1)]
    with pytest.raises(ApprovalVoidError, match="missing or out of place"):
        world.kept(request)


def test_an_entry_that_is_none_is_not_believed(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.shelf.kept[entry_key(request, 2)] = "{}"
    with pytest.raises(ApprovalVoidError, match="cannot be read"):
        world.kept(request)


def test_of_two_steps_at_once_one_must_look_again(world: CeremonyWorld) -> None:
    request = world.open()
    stale = world.kept(request)
    world.read_ticket(request)
    with pytest.raises(TemporarilyUnavailableError):
        world.keeper.record(stale, EntryKind.RESTORE_STARTED, facts={}, at=world.now)


def test_nothing_follows_the_end(world: CeremonyWorld) -> None:
    request = world.open()
    closed = world.keeper.record(world.kept(request), EntryKind.CLOSED, facts={}, at=world.now)
    with pytest.raises(ApprovalVoidError, match="closed"):
        world.keeper.record(closed, EntryKind.TAGGED, facts={}, at=world.now)


def test_rules_were_in_force_if_they_lie_under_their_own_hash(world: CeremonyWorld) -> None:
    digest = digest_of("rules")
    assert not world.keeper.was_in_force(digest)
    world.shelf.kept[policy_key(digest)] = "other rules"
    assert not world.keeper.was_in_force(digest)
    world.shelf.kept[policy_key(digest)] = "rules"
    assert world.keeper.was_in_force(digest)


def test_the_first_word_of_the_log_on_each_object_counts(world: CeremonyWorld) -> None:
    request = world.open()
    assert world.keeper.witnessed(request) == {}
    for size, proofs in ((10, {"k": "late", "l": "in time"}), (9, {"k": "in time"})):
        world.shelf.kept[f"{witnessed_of(request)}{size:020d}.json"] = canonical_text({"proofs": proofs})
    assert world.keeper.witnessed(request) == {"k": "in time", "l": "in time"}
