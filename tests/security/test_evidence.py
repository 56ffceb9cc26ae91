"""Attacks on what is left behind: bundles that were changed, cut, made up or signed with keys of one's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.findings import Finding
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.evidence.replay import replay
from strongroom.domain.evidence.trust import read_trust
from strongroom.domain.proofs.statements import Decision
from tests.builders.proving.ceremony import (
    LOG_ORIGIN,
    MARIA,
    OMAR,
    SANA,
    THE_LOG,
    WITNESS,
    NoteSigner,
    Play,
    a_policy_content,
    a_request_content,
    a_restored_play,
    a_started_play,
    an_approved_play,
)
from tests.builders.proving.signing import Authenticator


def _verified(bundle: str, trust: str) -> Finding:
    return replay(read_bundle(bundle), trust=read_trust(trust), signatures=CryptographySignatures())


def _broken_link(bundle: str, trust: str) -> str:
    """The first broken link of a bundle that is broken."""
    finding = _verified(bundle, trust)
    assert finding.state == "broken"
    return finding.broken


def _changed(bundle: str, change: Callable[[dict[str, Any]], object]) -> str:
    content = read_canonical(bundle)
    change(content)
    return canonical_text(content)


def _entry(bundle: dict[str, Any], number: int, **facts: Any) -> None:
    bundle["chain"][number]["facts"] |= facts


OUT_OF_PLACE = "an entry is missing or out of place"
OTHER_HASH = "it does not carry the hash of the entry before"
OTHER_ROOT = "it does not lead to the root of the log"
NOT_ALL_PROOFS = "the log: it does not show each of the proofs, and no other"
# What is changed, and the first broken link that it makes.
CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an entry is taken out": (
        lambda bundle: bundle["chain"].pop(1),
        f"entry 2 (restore-started): it is number 3 of r-abcdefgh2345; {OUT_OF_PLACE}",
    ),
    "the first entry is taken out": (
        lambda bundle: bundle["chain"].pop(0),
        f"entry 1 (restore-intended): it is number 2 of r-abcdefgh2345; {OUT_OF_PLACE}",
    ),
    "the end is taken off": (
        lambda bundle: bundle["chain"].pop(),
        "entry 4 (restored): it is the last, and not the end of the ceremony",
    ),
    "two entries change places": (
        lambda bundle: bundle["chain"].insert(0, bundle["chain"].pop(1)),
        f"entry 1 (restore-intended): it is number 2 of r-abcdefgh2345; {OUT_OF_PLACE}",
    ),
    "another job": (lambda bundle: _entry(bundle, 2, job="J2"), f"entry 4 (restored): {OTHER_HASH}"),
    "another end": (lambda bundle: _entry(bundle, -1, outcome="denied"), f"the log's proof of entry 5: {OTHER_ROOT}"),
    "another ticket": (lambda bundle: _entry(bundle, 0, ticket="OPS-2"), f"entry 2 (restore-intended): {OTHER_HASH}"),
    "a proof is taken out": (lambda bundle: bundle["proofs"].pop(), NOT_ALL_PROOFS),
    "the word of the log is of another piece": (
        lambda bundle: bundle["log"].update(intent=bundle["log"]["closed"]),
        f"the log's proof of entry 2: {OTHER_ROOT}",
    ),
    "the log said nothing of the intent": (lambda bundle: bundle["log"].pop("intent"), "the log: intent is missing"),
}


@pytest.mark.parametrize(("change", "link"), CHANGES.values(), ids=CHANGES)
def test_attack_30_no_piece_can_be_changed_or_taken_away(change: Callable[[dict[str, Any]], object], link: str) -> None:
    """Mallory changes, swaps or removes a piece of the evidence, and the chain, its manifest and the log name the
    break.
    """
    play = a_restored_play()
    assert _verified(play.bundle(), play.trust()).state == "proven"
    assert _broken_link(_changed(play.bundle(), change), play.trust()) == link


def test_attack_30_what_was_done_before_it_was_seen_is_no_act_of_the_ceremony() -> None:
    """Mallory acts first and writes the intent afterwards, and the witness says when it saw which."""
    play = an_approved_play()
    play.intend()
    play.wait(seconds=-120)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.wait(minutes=30)
    play.close("failed")
    link = _broken_link(play.bundle(), play.trust())
    assert link == "entry 3 (restore-started): the witness had not seen the intent"


MY_LOG, MY_WITNESS = NoteSigner(LOG_ORIGIN, LOG_TYPE, "mallory"), NoteSigner(WITNESS, WITNESS_TYPE, "mallory")


def test_x_04_a_history_that_is_signed_by_ones_own_keys_is_not_proven() -> None:
    """Mallory makes a whole history and signs it with a log and a witness of his own, and only known keys prove."""
    play = a_restored_play(play=Play(log=MY_LOG, witness=MY_WITNESS))
    assert _verified(play.bundle(), play.trust()).state == "unvouched"


@pytest.mark.parametrize("signers", [(MY_WITNESS,), (THE_LOG, MY_WITNESS)], ids=["mine", "both"])
def test_x_04_log_and_witness_must_both_have_signed(signers: tuple[NoteSigner, ...]) -> None:
    """Mallory has a witness of his own, alone or with the log's line, and a known line alone proves nothing."""
    play = a_restored_play(play=Play(signers=signers))
    finding = _verified(play.bundle(), play.trust())
    assert (finding.state, finding.broken) == ("unvouched", "")


def test_x_04_what_no_witness_dates_was_never_seen() -> None:
    """Mallory controls the log alone, and nobody but a witness says when anything was seen."""
    play = a_restored_play(play=Play(signers=(THE_LOG,)))
    link = _broken_link(play.bundle(), play.trust())
    assert link.startswith("the log's proof of the proof ")
    assert link.endswith(": nobody says when it was seen")


NOT_APPROVED = "entry 2 (restore-intended): what it relies on does not approve it: still needed: approvers"


def test_x_04_a_whole_chain_without_approval_is_broken() -> None:
    """Mallory closes a request as restored that nobody approved, chain and log whole, and the rules are
    played again.
    """
    play = Play()
    play.wait(seconds=10)
    play.happen(EntryKind.TICKET_ENTITLES, ticket="OPS-1")
    play.intend()
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.wait(minutes=30)
    play.close("restored")
    assert _broken_link(play.bundle(), play.trust()) == f"{NOT_APPROVED}, approvers"


POINT = "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-"
ROLES = "arn:aws:iam::222222222222:role/"
# What was done instead, and what of it is not what people had signed.
DONE_INSTEAD: dict[str, tuple[Callable[[], Play], str]] = {
    "one of two": (lambda: a_restored_play(MARIA), NOT_APPROVED),
    "the requester": (lambda: a_restored_play(MARIA, OMAR), NOT_APPROVED),
    "another point": (
        lambda: a_restored_play(RecoveryPointArn=f"{POINT}2"),
        f"entry 4 (restored): the job's RecoveryPointArn is not {POINT}1",
    ),
    "another account": (
        lambda: a_restored_play(AccountId="600000000001"),
        "entry 4 (restored): the job's AccountId is not 222222222222",
    ),
    "another role": (
        lambda: a_restored_play(IamRoleArn=f"{ROLES}Admin"),
        f"entry 4 (restored): the job's IamRoleArn is not {ROLES}strongroom/strongroom-backup",
    ),
    "another name": (
        lambda: a_restored_play(Metadata={"DBInstanceIdentifier": "mallory-db"}),
        "entry 4 (restored): the job's Metadata has another dbinstanceidentifier than was approved",
    ),
    "before": (
        lambda: a_restored_play(CreationDate="2026-11-26T13:00:00Z"),
        "entry 4 (restored): the job was not made between the intent and the end of the approval",
    ),
}


@pytest.mark.parametrize(("play", "link"), DONE_INSTEAD.values(), ids=DONE_INSTEAD)
def test_x_04_what_was_not_done_as_approved_is_broken(play: Callable[[], Play], link: str) -> None:
    """Mallory restores something else, or with one approval of two, and each fact is held against what
    people signed.
    """
    made = play()
    assert _broken_link(made.bundle(), made.trust()) == link


def test_x_04_rules_that_were_never_in_force_prove_nothing() -> None:
    """Mallory writes weaker rules into the request, and those in force are told by the reviewed trust file."""
    weak = a_policy_content(rules=[{"group": "approvers", "needed": 1}])
    play = a_restored_play(MARIA, play=Play(request=a_request_content(policy=weak)))
    honest = a_restored_play().trust()
    link = _broken_link(play.bundle(), honest)
    assert link == f"the request: its rules, {digest_of(canonical_text(weak))}, were not in force"


def test_x_04_a_denial_cannot_be_left_out() -> None:
    """Mallory leaves a denial out of the bundle, and the end names every proof that there was."""
    play = a_started_play()
    play.say(SANA, Decision.DENY)
    play.wait(minutes=30)
    play.close("failed")
    cut = _changed(play.bundle(), lambda bundle: bundle["proofs"].pop())
    assert _broken_link(cut, play.trust()) == NOT_ALL_PROOFS


def test_attack_16_an_approval_is_dated_by_the_witness() -> None:
    """Mallory dates a late approval back, and the witness saw it after the intent that relies on it."""
    play = an_approved_play(MARIA)
    play.intend()
    late = play.clock + timedelta(hours=2)
    play.say(SANA, seen_at=late)
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.wait(minutes=30)
    play.close("failed")
    assert _broken_link(play.bundle(), play.trust()) == NOT_APPROVED


STEP = "Attach it: a volume comes back beside its instance and not in it."


def _a_listed_play() -> Play:
    """A whole restore with one step by hand."""
    return a_restored_play(play=Play(request=a_request_content(steps=[STEP])))


def test_attack_30_a_forged_statement_that_a_step_was_taken_breaks_the_bundle() -> None:
    """Mallory says in Omar's name that a step by hand was taken, of a key of his own, of another list, or once more,
    and each has its own sentence.
    """
    honest = _a_listed_play()
    honest.state(OMAR, STEP)
    assert _verified(honest.bundle(), honest.trust()).state == "proven"
    honest.state(MARIA, STEP)
    assert _broken_link(honest.bundle(), honest.trust()) == f"stated 2: the step {STEP!r} is stated twice"
    forged = _a_listed_play()
    forged.state(OMAR, STEP, by=Authenticator(name="mallory"))
    assert _broken_link(forged.bundle(), forged.trust()) == "stated 1: nobody here has enrolled this passkey"
    unlisted = _a_listed_play()
    unlisted.state(OMAR, "Open the firewall.")
    link = "stated 1: the step 'Open the firewall.' was never on the list of the request"
    assert _broken_link(unlisted.bundle(), unlisted.trust()) == link
