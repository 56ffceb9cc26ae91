"""Bundles that are what they say."""

from typing import Final

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.evidence.log.notes import WITNESS_TYPE
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.written import moment_text
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.proving.ceremony import (
    ACCOUNT,
    LENA,
    MARIA,
    OMAR,
    PROVIDER,
    SANA,
    START,
    THE_LOG,
    THE_WITNESS,
    NoteSigner,
    a_policy_content,
    a_restored_play,
)
from tests.unit.domain.evidence.forged.cases import (
    MINUTE,
    OTHER_PROVIDER,
    PIET,
    PROVEN,
    SECOND,
    Case,
    edited,
    setting,
    texts_of,
)
from tests.unit.domain.evidence.forged.happened import (
    cancelled,
    copied_back,
    denied,
    denied_after_intent,
    denied_at_once,
    ended,
    failed_after_start,
    intended_twice,
    job,
    metadata,
    no_ticket,
    started_at_once,
    ticket,
)
from tests.unit.domain.evidence.forged.logged import signed_by
from tests.unit.domain.evidence.forged.said import (
    by_claim,
    delayed,
    flooded,
    flooded_a_little,
    opened_by,
    ruled_when,
)
from tests.unit.domain.evidence.forged.trusted import (
    denied_by_new,
    in_force,
    issuer_key,
    key_until,
    policy_now,
    three_needed,
)

A_TABLE: Final = {
    "resource_type": "DynamoDB",
    "recovery_point": f"arn:aws:backup:eu-west-1:{ACCOUNT}:recovery-point:1",
}

HONEST: Final[dict[str, Case]] = {
    "two passkeys": Case(lambda: texts_of(a_restored_play()), PROVEN),
    "a passkey and an ID token": Case(lambda: texts_of(a_restored_play(SANA, LENA)), PROVEN),
    "an ID token of the other kind": Case(lambda: issuer_key(provider=OTHER_PROVIDER), PROVEN),
    "asked by ID token": Case(lambda: opened_by(OMAR, by=PROVIDER), PROVEN),
    "denied": Case(denied, PROVEN),
    "cancelled by the requester": Case(cancelled, PROVEN),
    "withdrawn with its ticket while it waited": Case(lambda: ended("withdrawn", MARIA, hours=1), PROVEN),
    "withdrawn with its ticket after the approval": Case(lambda: ended("withdrawn", MARIA, SANA, hours=1), PROVEN),
    "not approved in time": Case(lambda: ended("expired", MARIA, hours=4), PROVEN),
    "approved and not begun in time": Case(lambda: ended("expired", MARIA, SANA, hours=5), PROVEN),
    "approved, and it could not be begun": Case(lambda: ended("failed", MARIA, SANA, hours=1), PROVEN),
    "given up while it waited": Case(lambda: ended("failed", MARIA, hours=1), PROVEN),
    "begun and failed": Case(failed_after_start, PROVEN),
    "denied between intent and start": Case(denied_after_intent, PROVEN),
    "denied after the intent, and begun before that was seen": Case(
        lambda: denied_after_intent("restored", start=True), PROVEN
    ),
    "intended twice, of which the last counts": Case(intended_twice, PROVEN),
    "begun in the second in which the witness saw it": Case(lambda: started_at_once(seconds=2), PROVEN),
    "a job of the first second": Case(lambda: job(CreationDate=moment_text(START + 10 * MINUTE + 2 * SECOND)), PROVEN),
    "a job that tells its metadata in AWS's own case": Case(
        lambda: metadata({"DBInstanceClass": "db.t3.small"}, {"dbInstanceClass": "db.t3.small"}), PROVEN
    ),
    "a job of the last second": Case(lambda: job(CreationDate=moment_text(START + 310 * MINUTE)), PROVEN),
    "denied before the ticket was read": Case(denied_at_once, PROVEN),
    "two hundred proofs": Case(lambda: flooded("restored", intend=True, junk=198), PROVEN),
    "copied back first": Case(copied_back, PROVEN),
    "flooded and run out": Case(lambda: flooded("expired"), PROVEN),
    "denied by somebody of today's rules": Case(lambda: denied_by_new("denied"), PROVEN),
    "today's rules are stricter": Case(lambda: policy_now(three_needed(), people=(MARIA, SANA, LENA)), PROVEN),
    "today's rules are the request's": Case(lambda: policy_now(digest_of(canonical_text(a_policy_content()))), PROVEN),
    "a group that the provider keeps": Case(lambda: by_claim({"groups": ["backup-admins", "x"]}), PROVEN),
    "a rule for other tiers": Case(lambda: ruled_when({"tiers": ["gold"]}, tier="silver"), PROVEN),
    "a rule for other risks": Case(lambda: ruled_when({"risks": ["r2"]}, tier="gold", risks=["r1"]), PROVEN),
    "a rule for a risk that another type has": Case(
        lambda: ruled_when({"risks": ["vault-key"]}, risks=["temporary-copy"], plan="copy-back", **A_TABLE), PROVEN
    ),
    "a rule for the vault's key, and a copy in a vault under the account's own": Case(
        lambda: ruled_when({"risks": ["vault-key"]}, risks=[], plan="copy-back", temporary_vault=TEMPORARY_VAULT),
        PROVEN,
    ),
    "a rule of which one half does not count": Case(
        lambda: ruled_when({"tiers": ["gold"], "risks": ["r2"]}, tier="gold", risks=[]), PROVEN
    ),
    "a delay that was waited for": Case(lambda: delayed(470), PROVEN),
    "no tickets here": Case(lambda: no_ticket(a_policy_content(ticket="none")), PROVEN),
    "a ticket of somebody else": Case(lambda: ticket(PIET), PROVEN),
    "a ticket of a voter where that is allowed": Case(
        lambda: ticket(MARIA, disjoint=["ticket_approver", "requester"]), PROVEN
    ),
    "a ticket of the requester where that is allowed": Case(
        lambda: ticket(OMAR, disjoint=["ticket_approver", "voters"]), PROVEN
    ),
    "a key that was removed later": Case(lambda: key_until(MARIA, 2 * MINUTE), PROVEN),
    "the requester's key was removed later": Case(lambda: key_until(OMAR, 11 * MINUTE), PROVEN),
    "a provider that changed its keys later": Case(lambda: issuer_key(None, 11 * MINUTE), PROVEN),
    "a provider's key that came back": Case(
        lambda: issuer_key(9 * MINUTE, more=[[thumbprint_of(PROVIDER.jwk), None, moment_text(START)]]), PROVEN
    ),
    "rules that were replaced later": Case(lambda: in_force((None, 11 * MINUTE)), PROVEN),
    "rules that came back": Case(lambda: in_force((None, MINUTE), (9 * MINUTE, None)), PROVEN),
    "denied after its rules were replaced": Case(lambda: (denied()[0], in_force((None, MINUTE))[1]), PROVEN),
    "a job that says more": Case(lambda: job(PercentDone="100"), PROVEN),
    "one more line that nobody knows": Case(
        lambda: signed_by(THE_LOG, NoteSigner("other.example", WITNESS_TYPE, "w2"), THE_WITNESS), PROVEN
    ),
    "a review that is junk": Case(
        lambda: edited(a_restored_play(), setting("reviews", to=[{"statement": "x"}])), PROVEN
    ),
    "junk that counts for nothing": Case(flooded_a_little, PROVEN),
}
