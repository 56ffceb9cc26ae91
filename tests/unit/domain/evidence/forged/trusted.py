"""What is trusted: keys and rules in their time, and no others."""

from datetime import timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.written import base64url, moment_text
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    PASSKEYS,
    PROVIDER,
    SANA,
    START,
    Play,
    a_person,
    a_policy_content,
    a_restored_play,
    a_trust_content,
    an_approved_play,
)
from tests.builders.proving.signing import Provider
from tests.unit.domain.evidence.forged.cases import BROKEN, MINUTE, OTHER_KEY, PIET, Case, finished, ruled_by, texts_of
from tests.unit.domain.evidence.forged.happened import denied
from tests.unit.domain.evidence.forged.said import passkeys


def policy_now(
    now: Any, *, people: tuple[str, ...] = (MARIA, SANA), request: Any = None, **trust: Any
) -> tuple[str, str]:
    play = request or Play()
    play = finished(an_approved_play(*people, play=play), policy_now=now)
    policies: list[Any] = [digest_of(play.request["policy"])]
    if isinstance(now, str) and now.startswith("{"):
        policies = [[policies[0], None, moment_text(START + timedelta(minutes=5))], digest_of(now)]
    return play.bundle(), canonical_text(a_trust_content(policies) | trust)


def three_needed() -> str:
    return canonical_text(a_policy_content(rules=[{"group": "approvers", "needed": 3}]))


def denied_by_new(outcome: str) -> tuple[str, str]:
    """Somebody denies who may only by the rules of the day of the act."""
    groups = {"approvers": [MARIA, SANA, LENA, PIET], "oncall": [OMAR]}
    people = {person: a_person(key) for person, key in PASSKEYS.items()} | {PIET: a_person(OTHER_KEY)}
    play, now = an_approved_play(), canonical_text(a_policy_content(groups=groups, people=people))
    play.intend(policy_now=now)
    play.say(PIET, Decision.DENY, by=OTHER_KEY)
    play.close(outcome)
    policies = [digest_of(play.request["policy"]), digest_of(now)]
    return play.bundle(), canonical_text(a_trust_content(policies, passkeys=passkeys({OTHER_KEY: PIET})))


def key_until(person: str, until: timedelta | None, since: timedelta | None = None) -> tuple[str, str]:
    play = a_restored_play()
    trust = read_canonical(play.trust())
    key = PASSKEYS[person].passkey
    times = [None if each is None else moment_text(START + each) for each in (since, until)]
    trust["passkeys"][key.id] = [person, base64url(key.public_key), *times]
    return play.bundle(), canonical_text(trust)


def issuer_key(
    *times: timedelta | None, provider: Provider = PROVIDER, more: list[Any] | None = None
) -> tuple[str, str]:
    play = an_approved_play(MARIA)
    play.say(LENA, by=provider)
    written = [None if each is None else moment_text(START + each) for each in times]
    return texts_of(finished(play), issuer_keys=[*(more or []), [thumbprint_of(provider.jwk), *written]])


def in_force(*periods: tuple[timedelta | None, timedelta | None], play: Play | None = None) -> tuple[str, str]:
    made = play or a_restored_play()
    digest = digest_of(made.request["policy"])
    dated = [[digest, *(None if each is None else moment_text(START + each) for each in period)] for period in periods]
    return made.bundle(), canonical_text(a_trust_content(dated))


TRUSTED: Final[dict[str, Case]] = {
    "a requester who may not ask any more": Case(
        lambda: policy_now(canonical_text(a_policy_content(requesters="approvers"))), BROKEN, "may ask"
    ),
    "denied by somebody of today's rules, and closed as failed": Case(
        lambda: denied_by_new("failed"), BROKEN, "what happened is denied"
    ),
    "today's rules want more": Case(lambda: policy_now(three_needed()), BROKEN, "still needed"),
    "today's rules are told by a digest alone": Case(lambda: policy_now("f" * 64), BROKEN, "the rules of that day"),
    "today's rules are no text": Case(lambda: policy_now({"x": 1}), BROKEN, "the rules of that day"),
    "today's rules were never in force": Case(
        lambda: policy_now(
            three_needed(), people=(MARIA, SANA, LENA), policies=[digest_of(canonical_text(a_policy_content()))]
        ),
        BROKEN,
        "the intent: the rules of that day",
    ),
    "a key that was removed before": Case(lambda: key_until(MARIA, MINUTE), BROKEN, "still needed"),
    "a key that came later": Case(lambda: key_until(MARIA, None, 2 * MINUTE), BROKEN, "still needed"),
    "a key that was removed in the second in which it was seen": Case(
        lambda: key_until(MARIA, timedelta(minutes=1, seconds=12)), BROKEN, "still needed"
    ),
    "the requester's key was removed before": Case(lambda: key_until(OMAR, 9 * MINUTE), BROKEN, "the request"),
    "a provider's key that was gone": Case(lambda: issuer_key(None, 9 * MINUTE), BROKEN, "still needed"),
    "a provider's key that came later": Case(lambda: issuer_key(11 * MINUTE), BROKEN, "still needed"),
    "rules that were never in force": Case(
        lambda: (a_restored_play().bundle(), canonical_text(a_trust_content(["0" * 64]))), BROKEN, "not in force"
    ),
    "rules that were replaced before": Case(lambda: in_force((None, 9 * MINUTE)), BROKEN, "not in force"),
    "rules that came later": Case(lambda: in_force((11 * MINUTE, None)), BROKEN, "not in force"),
    "rules that came after the end": Case(
        lambda: (denied()[0], in_force((11 * MINUTE, None))[1]), BROKEN, "not in force"
    ),
    "weaker rules in their place": Case(
        lambda: (
            a_restored_play(MARIA, play=ruled_by(rules=[{"group": "approvers", "needed": 1}])).bundle(),
            a_restored_play().trust(),
        ),
        BROKEN,
        "not in force",
    ),
}
