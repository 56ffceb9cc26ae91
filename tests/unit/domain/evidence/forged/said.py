"""What people say: by the wrong key, of something else, too late, or not at all."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.written import base64url
from tests.builders.places import CENTRAL_VAULT
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    PASSKEYS,
    SANA,
    START,
    Play,
    a_job,
    a_person,
    a_policy_content,
    a_request_content,
    a_restored_play,
    a_signed_proof,
    an_approved_play,
)
from tests.builders.proving.signing import ISSUER, Authenticator
from tests.unit.domain.evidence.forged.cases import (
    BROKEN,
    MINUTE,
    OTHER_KEY,
    OTHER_PROVIDER,
    PIET,
    Case,
    Unread,
    finished,
    ruled_by,
    texts_of,
    under,
)


def approvals(*said: tuple[str, dict[str, Any]], **policy: Any) -> tuple[str, str]:
    """A restore on these approvals."""
    play = an_approved_play(MARIA, play=ruled_by(**policy))
    for person, changes in said:
        play.say(person, **changes)
    return texts_of(finished(play))


def by_claim(claims: Mapping[str, Any], *, person: str = PIET) -> tuple[str, str]:
    rules = [{"group": "admins", "needed": 1}, {"group": "approvers", "needed": 1}]
    groups = {"admins": {"claim": "groups", "value": "backup-admins"}, "approvers": [MARIA, SANA], "oncall": [OMAR]}
    play = an_approved_play(MARIA, play=ruled_by(rules=rules, groups=groups))
    play.say(person, **claims)
    return texts_of(finished(play))


def ruled_when(when: Mapping[str, Any], **request: Any) -> tuple[str, str]:
    rules = [{"group": "approvers", "needed": 1}, {"group": "approvers", "needed": 2, "when": dict(when)}]
    return texts_of(a_restored_play(MARIA, play=under(a_policy_content(rules=rules), **request)))


def delayed(seconds: int) -> tuple[str, str]:
    # Sana's approval, the second, was seen at 14:02:12, two seconds after it was signed, and the intent at 14:10:02.
    return texts_of(a_restored_play(play=ruled_by(delay=seconds)))


def backdated(seconds: int) -> tuple[str, str]:
    """Sana signs at ten to, and says that it was at the hour."""
    play = an_approved_play(MARIA, play=ruled_by(delay=seconds))
    play.keep(a_signed_proof(play.asked, SANA, at=play.clock - timedelta(minutes=10)))
    play.wait(minutes=10)
    return texts_of(finished(play))


def flooded(outcome: str, *, intend: bool = False, junk: int = 200) -> tuple[str, str]:
    play = an_approved_play()
    relied_on = sorted(map(digest_of, play.proofs))
    for number in range(junk):
        play.keep(canonical_text({"junk": number}))
    if intend:
        return texts_of(finished(play, relied_on=relied_on))
    play.wait(hours=5)
    play.close(outcome)
    return texts_of(play)


def flooded_a_little() -> tuple[str, str]:
    play = an_approved_play()
    relied_on = sorted(map(digest_of, play.proofs))
    play.keep(canonical_text({"statement": "x", "passkey": {}}))
    play.keep(canonical_text([1, None]))
    play.keep(canonical_text("text"))
    return texts_of(finished(play, relied_on=relied_on))


def two_keys_of_one() -> tuple[str, str]:
    people = {person: a_person(key) for person, key in PASSKEYS.items()}
    people[MARIA] = a_person(PASSKEYS[MARIA], OTHER_KEY)
    play = an_approved_play(MARIA, play=ruled_by(people=people))
    play.say(MARIA, by=OTHER_KEY)
    return texts_of(finished(play), passkeys=passkeys({OTHER_KEY: MARIA}))


def requester_by_second_key() -> tuple[str, str]:
    groups = {"approvers": [MARIA, SANA, LENA, OMAR], "oncall": [OMAR]}
    people = {person: a_person(key) for person, key in PASSKEYS.items()}
    people[OMAR] = a_person(PASSKEYS[OMAR], OTHER_KEY)
    play = an_approved_play(MARIA, play=ruled_by(people=people, groups=groups))
    play.say(OMAR, by=OTHER_KEY)
    return texts_of(finished(play), passkeys=passkeys({OTHER_KEY: OMAR}))


def passkeys(more: Mapping[Authenticator, str] | None = None) -> dict[str, Any]:
    keys = {key: person for person, key in PASSKEYS.items()} | dict(more or {})
    return {key.passkey.id: [person, base64url(key.passkey.public_key)] for key, person in keys.items()}


def key_of_another(public_key: bytes) -> tuple[str, str]:
    play = a_restored_play()
    key = PASSKEYS[MARIA].passkey
    return texts_of(play, passkeys=passkeys() | {key.id: [MARIA, base64url(public_key)]})


def of_another_request() -> tuple[str, str]:
    other = Play(request=a_request_content(reason="another"))
    play = an_approved_play(MARIA)
    play.keep(a_signed_proof(other.asked, SANA, at=play.clock))
    return texts_of(finished(play))


def opened_by(
    person: str, decision: Decision = Decision.REQUEST, play: Play | None = None, **changes: Any
) -> tuple[str, str]:
    made = play or Play()
    made.opened_by = a_signed_proof(made.asked, person, decision, at=START, **changes)
    return texts_of(a_restored_play(play=made))


def opened_late(later: timedelta) -> tuple[str, str]:
    play = Play()
    play.opened_by = a_signed_proof(play.asked, OMAR, Decision.REQUEST, at=START + later)
    return texts_of(a_restored_play(play=play))


def relies(change: Callable[[list[str]], list[str]]) -> tuple[str, str]:
    play = an_approved_play()
    return texts_of(finished(play, relied_on=change(sorted(map(digest_of, play.proofs)))))


def approved_after_intent() -> tuple[str, str]:
    play = an_approved_play(MARIA)
    proof = a_signed_proof(play.asked, SANA, at=play.clock)
    play.intend(relied_on=sorted([*map(digest_of, play.proofs), digest_of(proof)]))
    play.keep(proof)
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close("restored")
    return texts_of(play)


def denied_before_intent(decision: Decision = Decision.DENY, person: str = LENA) -> tuple[str, str]:
    play = an_approved_play()
    relied_on = sorted(map(digest_of, play.proofs))
    play.say(person, decision)
    return texts_of(finished(play, relied_on=relied_on))


def ended_intended(approve: timedelta) -> tuple[str, str]:
    play = an_approved_play(MARIA)
    play.clock = START + approve
    play.say(SANA)
    return texts_of(finished(play, first=START + approve + MINUTE))


SAID: Final[dict[str, Case]] = {
    "nobody approved": Case(lambda: relies(lambda _: []), BROKEN, "does not approve it"),
    "one of two approved": Case(lambda: texts_of(a_restored_play(MARIA)), BROKEN, "still needed: approvers"),
    "one person by two keys": Case(two_keys_of_one, BROKEN, "still needed: approvers"),
    "the requester approves": Case(lambda: texts_of(a_restored_play(MARIA, OMAR)), BROKEN, "still needed"),
    "the requester approves by a second key": Case(requester_by_second_key, BROKEN, "still needed"),
    "approvals of another request": Case(of_another_request, BROKEN, "still needed"),
    "an approval by a key of nobody": Case(
        lambda: approvals((SANA, {"by": Authenticator(name="nobody")})), BROKEN, "still needed"
    ),
    "a key that is another in the trust": Case(
        lambda: key_of_another(OTHER_KEY.passkey.public_key), BROKEN, "still needed"
    ),
    "a passkey that verified nobody": Case(lambda: approvals((SANA, {"flags": 0x01})), BROKEN, "still needed"),
    "a passkey that contradicts itself": Case(lambda: approvals((SANA, {"flags": 0x45})), BROKEN, "still needed"),
    "a passkey that is synced where none may be": Case(
        lambda: approvals((SANA, {"flags": 0x0D}), device_bound=True), BROKEN, "still needed"
    ),
    "signed on another page": Case(
        lambda: approvals((SANA, {"origin": "https://evil.example.com"})), BROKEN, "still needed"
    ),
    "signed in a frame": Case(lambda: approvals((SANA, {"crossOrigin": True})), BROKEN, "still needed"),
    "a token for another statement": Case(lambda: approvals((LENA, {"nonce": "x"})), BROKEN, "still needed"),
    "a token of an old login": Case(
        lambda: approvals((LENA, {"auth_time": int(START.timestamp()) - 900})), BROKEN, "still needed"
    ),
    "a token without a strong login": Case(lambda: approvals((LENA, {"acr": "pwd"})), BROKEN, "still needed"),
    "a token whose time is a float": Case(lambda: approvals((LENA, {"auth_time": 1e20})), BROKEN, "still needed"),
    "a token of another provider": Case(lambda: approvals((LENA, {"iss": f"{ISSUER}.evil"})), BROKEN, "still needed"),
    "a token by a key that was never seen": Case(
        lambda: approvals((LENA, {"by": OTHER_PROVIDER})), BROKEN, "still needed"
    ),
    "a token that has no group": Case(lambda: by_claim({}), BROKEN, "still needed: admins"),
    "a token of another group": Case(lambda: by_claim({"groups": ["backup"]}), BROKEN, "still needed: admins"),
    "a passkey for a group that the provider keeps": Case(
        lambda: by_claim({}, person=SANA), BROKEN, "still needed: admins"
    ),
    "approved too late": Case(
        lambda: ended_intended(approve=timedelta(hours=4, minutes=1)), BROKEN, "does not approve it"
    ),
    "a rule for this tier": Case(lambda: ruled_when({"tiers": ["gold"]}, tier="gold"), BROKEN, "still needed"),
    "a rule for a tier that is not told": Case(lambda: ruled_when({"tiers": ["gold"]}), BROKEN, "still needed"),
    "a rule for this risk": Case(
        lambda: ruled_when({"risks": ["r1", "r2"]}, risks=["r2"], tier="x"), BROKEN, "still needed"
    ),
    "a rule for a risk that follows from type and way, and is not stated": Case(
        lambda: ruled_when({"risks": ["vault-key"]}, risks=[], plan="copy-back"), BROKEN, "still needed"
    ),
    "a rule for the vault's key, and a temporary vault of another account": Case(
        lambda: ruled_when({"risks": ["vault-key"]}, risks=[], plan="copy-back", temporary_vault=CENTRAL_VAULT),
        BROKEN,
        "still needed",
    ),
    "a rule for a risk of a way that is not stated": Case(
        lambda: ruled_when({"risks": ["temporary-copy"]}, risks=[], vault=CENTRAL_VAULT), BROKEN, "still needed"
    ),
    "a rule for a risk of another type than is stated": Case(
        lambda: ruled_when({"risks": ["vault-key"]}, risks=[], plan="copy-back", resource_type="DynamoDB"),
        BROKEN,
        "still needed",
    ),
    "a rule for a risk, and a type that nobody knows": Case(
        lambda: ruled_when({"risks": ["r2"]}, risks=["r1"], resource_type="Tape"), BROKEN, "still needed"
    ),
    "a rule for a risk, and no type": Case(
        lambda: ruled_when({"risks": ["r2"]}, risks=["r1"], resource_type=None), BROKEN, "still needed"
    ),
    "a delay that was not waited for": Case(lambda: delayed(471), BROKEN, "to be carried out from"),
    "a delay that only the signer's own time says is over": Case(
        lambda: backdated(601), BROKEN, "to be carried out from 2026-11-26T14:20:03Z"
    ),
    "rules that nobody knows how to read": Case(
        lambda: texts_of(Unread(a_policy_content() | {"quorum": 0})), BROKEN, "the request: quorum"
    ),
    "a rule that nobody knows how to read": Case(
        lambda: texts_of(Unread(a_policy_content(rules=[{"group": "approvers", "needed": 2, "unless": {}}]))),
        BROKEN,
        "the request: unless",
    ),
    "a request that somebody else signed": Case(lambda: opened_by(MARIA), BROKEN, "by somebody else"),
    "a request that the requester only approved": Case(
        lambda: opened_by(OMAR, Decision.APPROVE), BROKEN, "asks for nothing"
    ),
    "a request of somebody who may not ask": Case(
        lambda: opened_by(MARIA, play=under(a_policy_content(), requester=MARIA)),
        BROKEN,
        "not one of those who may ask",
    ),
    "a request that nobody signed": Case(
        lambda: opened_by(OMAR, by=Authenticator(name="nobody")), BROKEN, "nobody here has enrolled"
    ),
    "a request that was signed after it was acted on": Case(
        lambda: opened_late(timedelta(minutes=12)), BROKEN, "in the future"
    ),
    "an intent that relies on what is not there": Case(
        lambda: relies(lambda those: ["a" * 64, *those[1:]]), BROKEN, "relies on a proof that is not there"
    ),
    "an intent that relies on one proof twice": Case(
        lambda: relies(lambda those: [those[0], *those]), BROKEN, "relies on a proof twice"
    ),
    "an intent that relies on what the log had not": Case(approved_after_intent, BROKEN, "the log had not"),
    "begun though it was denied": Case(denied_before_intent, BROKEN, "before the intent it was denied"),
    "begun though it was cancelled": Case(
        lambda: denied_before_intent(Decision.CANCEL, OMAR), BROKEN, "before the intent it was cancelled"
    ),
    "more than two hundred proofs, and an approval": Case(
        lambda: flooded("restored", intend=True), BROKEN, "more than 200 proofs"
    ),
}
