"""Looser rules hold when two governors of the rules before have signed exactly them, lately, on the page."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.passkeys import PASSKEYS
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.id_tokens import commitment_of, thumbprint_of
from strongroom.domain.proofs.trust import Period
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.agreement import LONGEST_VALID, RulesEvidence, why_not_agreed
from strongroom.domain.rulebook.changes import ChangeStatement, change_evidence_text, make_change
from strongroom.domain.rulebook.rulebook import rulebook_text
from tests.builders.intents import with_restores
from tests.builders.proving.passkeys import ORIGIN, an_assertion, with_passkeys
from tests.builders.proving.signing import Provider, a_json

NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
PROVIDER = Provider()
NONCES = ("AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAQ", "AAAAAAAAAAAAAAAAAAAAAg")


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Who signs the change from one intent to another, when, where, and what stands beside it."""

    before: Intent
    after: Intent
    by: tuple[str, ...] = ("maria", "sana")
    issued_at: datetime = NOW - timedelta(minutes=5)
    valid: timedelta = timedelta(days=1)
    origin: str = ORIGIN
    beside: Intent | None = None

    @property
    def evidence(self) -> str:
        """The file that comes of it."""
        before, after = (rulebook_text(each, at=self.issued_at) for each in (self.before, self.after))
        proofs = []
        for name, nonce in zip(self.by, NONCES, strict=False):
            change = make_change(
                before=before,
                after=after,
                nonce=nonce,
                issued_at=self.issued_at,
                expires_at=self.issued_at + self.valid,
            )
            proofs.append((change.text, an_assertion(name, change.text, origin=self.origin)))
        told = after if self.beside is None else rulebook_text(self.beside, at=self.issued_at)
        return change_evidence_text(before=before, after=told, proofs=proofs)


@pytest.fixture
def signing(intent: Intent) -> Signing:
    """Maria and Sana, the governors, sign that a login may be older."""
    before = with_passkeys(intent)
    return Signing(before=before, after=with_restores(before, presence_max_age=timedelta(minutes=20)))


def refusal(text: str, signing: Signing, *, now: datetime = NOW) -> str:
    given = RulesEvidence(text=text, signatures=CryptographySignatures())
    return why_not_agreed(given, before=signing.before, after=signing.after, now=now)


def test_two_governors_who_signed_the_change_have_agreed(signing: Signing) -> None:
    assert refusal(signing.evidence, signing) == ""


def by_login(signing: Signing, *people: str) -> str:
    """The same, signed by logins of these people."""
    before, after = (rulebook_text(each, at=signing.issued_at) for each in (signing.before, signing.after))
    changes = [
        make_change(
            before=before,
            after=after,
            nonce=nonce,
            issued_at=signing.issued_at,
            expires_at=signing.issued_at + signing.valid,
        )
        for _, nonce in zip(people, NONCES, strict=False)
    ]
    tokens = [PROVIDER.made(a_json(_claims(f"idp|{name}", each))) for name, each in zip(people, changes, strict=True)]
    return change_evidence_text(
        before=before, after=after, proofs=[(each.text, token) for each, token in zip(changes, tokens, strict=True)]
    )


def _claims(subject: str, change: ChangeStatement) -> dict[str, Any]:
    second = int(change.issued_at.timestamp())
    return {
        "iss": "https://login.strongroom.example",
        "aud": "strongroom-cli",
        "sub": subject,
        "amr": ["mfa"],
        "nonce": commitment_of(change.text),
        "auth_time": second,
        "iat": second,
        "exp": second + 300,
    }


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (Period(), ""),
        (Period(until=NOW + timedelta(seconds=1)), ""),
        (Period(until=NOW), "the token's key was never seen at the identity provider"),
        (None, "the token's key was never seen at the identity provider"),
    ],
    ids=["a key that is there", "that ends soon", "that has ended", "that nobody knows"],
)
def test_governors_agree_by_logins_whose_key_is_known(signing: Signing, period: Period | None, said: str) -> None:
    keys = {} if period is None else {thumbprint_of(PROVIDER.jwk): period}
    given = RulesEvidence(
        text=by_login(signing, "maria", "sana"), signatures=CryptographySignatures(), keys_of=lambda _: keys
    )
    found = why_not_agreed(given, before=signing.before, after=signing.after, now=NOW)
    assert said in found
    assert bool(found) is bool(said)


def test_it_does_not_matter_who_signed_first_or_beside(signing: Signing) -> None:
    assert refusal(replace(signing, by=("piet", "sana", "maria")).evidence, signing) == ""


def looser_still(signing: Signing) -> Intent:
    return with_restores(signing.after, presence_max_age=timedelta(hours=1))


NOT_AGREED: dict[str, tuple[Callable[[Signing], dict[str, Any]], str]] = {
    "nobody": (lambda _: {"by": ()}, "0 of 2 governors have signed this change"),
    "one": (lambda _: {"by": ("maria",)}, "1 of 2 governors have signed this change"),
    "one twice": (lambda _: {"by": ("maria", "maria")}, "1 of 2 governors have signed this change"),
    "one and somebody else": (
        lambda _: {"by": ("maria", "piet")},
        "1 of 2 governors have signed this change (nobody here has enrolled this passkey)",
    ),
    "on another page": (lambda _: {"origin": "http://evil.localhost"}, "it was signed on a page that is not ours"),
    "for still looser rules": (lambda each: {"after": looser_still(each)}, "it was signed for another change"),
    "from other rules": (lambda each: {"before": each.after}, "it was signed for another change"),
    "with other rules beside it": (
        lambda each: {"beside": looser_still(each)},
        "the rules beside it are not those that were signed",
    ),
    "too long ago": (lambda _: {"issued_at": NOW - timedelta(days=1)}, "it has run out"),
    "in the future": (lambda _: {"issued_at": NOW + timedelta(minutes=2)}, "it was signed in the future"),
    "for ever": (lambda _: {"valid": LONGEST_VALID + timedelta(seconds=1)}, "it would hold for more than 7 days"),
}


@pytest.mark.parametrize(("change", "said"), NOT_AGREED.values(), ids=NOT_AGREED)
def test_what_is_not_their_word_on_this_change_is_none(
    signing: Signing, change: Callable[[Signing], dict[str, Any]], said: str
) -> None:
    assert said in refusal(replace(signing, **change(signing)).evidence, signing)


def test_a_statement_about_a_restore_is_no_agreement(signing: Signing) -> None:
    evidence = signing.evidence.replace("strongroom-policy-change/1", "strongroom-approval/1")
    assert refusal(evidence, signing).startswith("the evidence cannot be read")


def test_what_is_no_evidence_is_told(signing: Signing) -> None:
    assert refusal("{}", signing) == "the evidence cannot be read: after is missing"


def with_key_of(intent: Intent, name: str, **times: Any) -> Intent:
    [key] = intent.people[name].passkeys
    person = replace(intent.people[name], passkeys=(replace(key, **times),))
    return replace(intent, people=intent.people | {name: person})


def test_a_key_that_has_ended_signs_nothing_any_more_whatever_the_statement_says(signing: Signing) -> None:
    ended = {"until": NOW - timedelta(minutes=1)}
    gone = replace(
        signing,
        before=with_key_of(signing.before, "sana", **ended),
        after=with_key_of(signing.after, "sana", **ended),
    )
    assert refusal(gone.evidence, gone).startswith("1 of 2 governors have signed")


def test_whoever_becomes_a_governor_by_the_change_does_not_agree_to_it(signing: Signing) -> None:
    groups = {**ceremony_of(signing.before).restores.groups, "approvers": ("maria", "sana", "piet", "ada")}
    taking_over = replace(signing, after=with_restores(signing.before, groups=groups), by=("piet", "ada"))
    assert refusal(taking_over.evidence, taking_over).startswith("0 of 2 governors have signed")
    assert refusal(replace(taking_over, by=("maria", "sana")).evidence, taking_over) == ""


def test_keys_that_the_change_brings_do_not_agree_to_it(signing: Signing) -> None:
    without = replace(
        signing.before, people=signing.before.people | {"sana": replace(signing.before.people["sana"], passkeys=())}
    )
    bringing = replace(signing, before=without, after=signing.before)
    assert refusal(bringing.evidence, bringing).startswith("1 of 2 governors have signed")


def test_the_end_of_the_ceremony_can_be_agreed_to(signing: Signing) -> None:
    ending = replace(signing, after=replace(signing.before, restores=None))
    assert refusal(ending.evidence, ending) == ""
    assert refusal(signing.evidence, ending).startswith("0 of 2 governors have signed")


def test_the_people_sign_by_different_algorithms() -> None:
    assert {PASSKEYS[name].algorithm for name in ("maria", "sana")} == {"EdDSA", "ES256"}
