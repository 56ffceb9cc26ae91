"""Whoever signed sees what is kept of it and what the log says; a vote that was dropped is missed."""

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRequestError, NotFoundError, PermissionRefusedError
from strongroom.domain.evidence.object_keys import proof_key, witnessed_of
from strongroom.domain.proofs.proof import KeptToken, proof_text, read_proof
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.ports.approval_page import KeptProof
from strongroom.services.restores.asking.show_receipt import EvidenceProofs, ReceiptNeeds, show_receipt
from strongroom.services.restores.asking.shown_requests import DraftLinks
from tests.fakes.restores.world import CeremonyWorld


def receipt(world: CeremonyWorld, request: str, digest: str, *, view: str | None = None) -> KeptProof:
    drafts = world.proposing.drafts
    needs = ReceiptNeeds(requests=DraftLinks(drafts), proofs=EvidenceProofs(world.keeper))
    link = drafts.read(request).view if view is None else view
    return show_receipt(request, view=link, digest=digest, needs=needs)


def signed(world: CeremonyWorld, request: str) -> str:
    world.sign(request, "sana", Decision.DENY)
    [text] = world.kept(request).proofs
    return digest_of(text)


def test_what_is_kept_is_told_before_the_log_has_it(world: CeremonyWorld) -> None:
    request = world.open()
    digest = signed(world, request)
    [text] = world.kept(request).proofs
    statement = read_proof(text).statement.text
    assert receipt(world, request, digest) == KeptProof(key=proof_key(request, digest), statement=statement, logged="")


def test_the_first_proof_of_the_log_is_told_once_there_is_one(world: CeremonyWorld) -> None:
    request = world.open()
    digest = signed(world, request)
    for number, said in ((1, "first"), (2, "second")):
        answer = canonical_text({"proofs": {proof_key(request, digest): said}})
        world.shelf.put_new(f"{witnessed_of(request)}{number:08d}.json", answer)
    assert receipt(world, request, digest).logged == "first"


def test_a_vote_that_was_dropped_is_missed(world: CeremonyWorld) -> None:
    request = world.open()
    digest = signed(world, request)
    del world.shelf.kept[proof_key(request, digest)]
    assert receipt(world, request, digest) == KeptProof(key=proof_key(request, digest), statement="", logged="")


def test_something_else_under_its_name_is_not_it(world: CeremonyWorld) -> None:
    request = world.open()
    digest = signed(world, request)
    world.shelf.kept[proof_key(request, digest)] = "{}"
    assert receipt(world, request, digest).statement == ""


def test_no_signature_and_no_token_is_told(world: CeremonyWorld) -> None:
    """An ID token is a bearer's until it runs out."""
    request = world.open()
    digest = signed(world, request)
    [text] = world.kept(request).proofs
    assert "signature" in text
    assert "signature" not in str(receipt(world, request, digest))


def test_of_an_id_token_the_public_key_is_told_by_which_its_owner_makes_the_text_anew(world: CeremonyWorld) -> None:
    request = world.open()
    statement = make_statement(world.kept(request).sealed.asked, Decision.DENY, nonce="A" * 22, issued_at=world.now)
    text = proof_text(statement.text, signed=KeptToken(token="mine", jwk={"kty": "RSA", "kid": "one"}))
    world.shelf.put_new(proof_key(request, digest_of(text)), text)
    told = receipt(world, request, digest_of(text))
    again = KeptToken(token="mine", jwk=told.jwk)
    assert digest_of(proof_text(told.statement, signed=again)) == digest_of(text)
    assert "mine" not in str(told)


@pytest.mark.parametrize("view", ["", "A" * 22, "é", "\ud800"])
def test_nobody_without_the_link_is_told_anything(view: str, world: CeremonyWorld) -> None:
    request = world.open()
    with pytest.raises(PermissionRefusedError):
        receipt(world, request, signed(world, request), view=view)


@pytest.mark.parametrize("digest", ["", "a" * 63, "A" * 64, f"../{'a' * 61}", "a" * 64 + "\n"])
def test_what_is_no_name_of_a_proof_is_malformed(digest: str, world: CeremonyWorld) -> None:
    with pytest.raises(MalformedRequestError):
        receipt(world, world.open(), digest)


def test_an_unknown_request_is_not_found(world: CeremonyWorld) -> None:
    with pytest.raises(NotFoundError):
        receipt(world, "r-bbbbbbbbbbbb", "a" * 64, view="x")
