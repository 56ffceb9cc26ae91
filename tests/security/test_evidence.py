"""Attacks on what is left behind: bundles that were changed, cut, made up or signed with keys of one's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text, read_canonical
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


def _verified(bundle: str, trust: str) -> Finding:
    return replay(read_bundle(bundle), trust=read_trust(trust), signatures=CryptographySignatures())


def _changed(bundle: str, change: Callable[[dict[str, Any]], object]) -> str:
    content = read_canonical(bundle)
    change(content)
    return canonical_text(content)


def _entry(bundle: dict[str, Any], number: int, **facts: Any) -> None:
    bundle["chain"][number]["facts"] |= facts


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "an entry is taken out": lambda bundle: bundle["chain"].pop(1),
    "the first entry is taken out": lambda bundle: bundle["chain"].pop(0),
    "the end is taken off": lambda bundle: bundle["chain"].pop(),
    "two entries change places": lambda bundle: bundle["chain"].insert(0, bundle["chain"].pop(1)),
    "another job": lambda bundle: _entry(bundle, 2, job="J2"),
    "another end": lambda bundle: _entry(bundle, -1, outcome="denied"),
    "another ticket": lambda bundle: _entry(bundle, 0, ticket="OPS-2"),
    "a proof is taken out": lambda bundle: bundle["proofs"].pop(),
    "the word of the log is of another piece": lambda bundle: bundle["log"].update(intent=bundle["log"]["closed"]),
    "the log said nothing of the intent": lambda bundle: bundle["log"].pop("intent"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_attack_30_no_piece_can_be_changed_or_taken_away(name: str) -> None:
    """Mallory changes, swaps or removes a piece of the evidence, and the chain, its manifest and the log name the
    break.
    """
    play = a_restored_play()
    assert _verified(play.bundle(), play.trust()).state == "proven"
    finding = _verified(_changed(play.bundle(), CHANGES[name]), play.trust())
    assert finding.state == "broken"
    assert finding.broken


def test_attack_30_what_was_done_before_it_was_seen_is_no_act_of_the_ceremony() -> None:
    """Mallory acts first and writes the intent afterwards, and the witness says when it saw which."""
    play = an_approved_play()
    play.intend()
    play.wait(seconds=-120)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.wait(minutes=30)
    play.close("failed")
    assert _verified(play.bundle(), play.trust()).state == "broken"


MY_LOG, MY_WITNESS = NoteSigner(LOG_ORIGIN, LOG_TYPE, "mallory"), NoteSigner(WITNESS, WITNESS_TYPE, "mallory")


def test_x_04_a_history_that_is_signed_by_ones_own_keys_is_not_proven() -> None:
    """Mallory makes a whole history and signs it with a log and a witness of his own, and only known keys prove."""
    play = a_restored_play(play=Play(log=MY_LOG, witness=MY_WITNESS))
    assert _verified(play.bundle(), play.trust()).state == "unvouched"


@pytest.mark.parametrize("signers", [(THE_LOG,), (MY_WITNESS,), (THE_LOG, MY_WITNESS)], ids=["log", "mine", "both"])
def test_x_04_log_and_witness_must_both_have_signed(signers: tuple[NoteSigner, ...]) -> None:
    """Mallory controls the log or a witness of his own, and a line of one of them alone proves nothing."""
    play = a_restored_play(play=Play(signers=signers))
    assert _verified(play.bundle(), play.trust()).state in {"broken", "unvouched"}


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
    assert _verified(play.bundle(), play.trust()).state == "broken"


@pytest.mark.parametrize(
    "play",
    [
        lambda: a_restored_play(MARIA),
        lambda: a_restored_play(MARIA, OMAR),
        lambda: a_restored_play(RecoveryPointArn="arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-2"),
        lambda: a_restored_play(AccountId="600000000001"),
        lambda: a_restored_play(IamRoleArn="arn:aws:iam::222222222222:role/Admin"),
        lambda: a_restored_play(Metadata={"DBInstanceIdentifier": "mallory-db"}),
        lambda: a_restored_play(CreationDate="2026-11-26T13:00:00Z"),
    ],
    ids=["one of two", "the requester", "another point", "another account", "another role", "another name", "before"],
)
def test_x_04_what_was_not_done_as_approved_is_broken(play: Callable[[], Play]) -> None:
    """Mallory restores something else, or with one approval of two, and each fact is held against what
    people signed.
    """
    made = play()
    assert _verified(made.bundle(), made.trust()).state == "broken"


def test_x_04_rules_that_were_never_in_force_prove_nothing() -> None:
    """Mallory writes weaker rules into the request, and those in force are told by the reviewed trust file."""
    weak = a_policy_content(rules=[{"group": "approvers", "needed": 1}])
    play = a_restored_play(MARIA, play=Play(request=a_request_content(policy=weak)))
    honest = a_restored_play().trust()
    assert _verified(play.bundle(), honest).state == "broken"


def test_x_04_a_denial_cannot_be_left_out() -> None:
    """Mallory leaves a denial out of the bundle, and the end names every proof that there was."""
    play = a_started_play()
    play.say(SANA, Decision.DENY)
    play.wait(minutes=30)
    play.close("failed")
    cut = _changed(play.bundle(), lambda bundle: bundle["proofs"].pop())
    assert _verified(cut, play.trust()).state == "broken"


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
    assert _verified(play.bundle(), play.trust()).state == "broken"
