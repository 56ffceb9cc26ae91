"""A review is of a form of its own, about one end of one urgent restore, and by somebody who took no part in it."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.asked import AskedRestore
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.proofs.reviews import (
    Reviewed,
    ReviewFinding,
    ReviewStatement,
    first_review,
    is_review,
    is_review_statement,
    is_urgent,
    make_review,
    read_review,
    read_review_statement,
    reviewers_of,
    why_not_reviewed,
)
from strongroom.domain.proofs.trust import EnrolledKey, Period
from tests.builders.proving.signed_requests import (
    EVE,
    LENA,
    MARIA,
    OMAR,
    PIET,
    PROVIDER,
    SOON,
    a_policy,
    a_statement,
    an_asked,
    by_passkey,
    the_evidence,
)
from tests.builders.proving.signing import Authenticator

NONCE, CLOSED = "AAAAAAAAAAAAAAAAAAAAAQ", "c" * 64
GROUPS = {"oncall": [OMAR], "incident": [MARIA], "review:security": [OMAR, MARIA, PIET, LENA]}
URGENT = {"requesters": "oncall", "groups": GROUPS, "rules": [{"group": "incident", "needed": 1}], "ticket": "none"}


def asked() -> AskedRestore:
    """What Omar cannot wait for; Maria approves it, and all of them are reviewers."""
    return an_asked(a_policy(**URGENT), ticket=None, incident="INC-7")


def a_review(finding: ReviewFinding = ReviewFinding.IN_ORDER, *, minutes: int = 0) -> ReviewStatement:
    """What somebody signs about its end, so many minutes later."""
    issued_at = SOON + timedelta(minutes=minutes)
    return make_review(asked(), finding, closed=CLOSED, nonce=NONCE, issued_at=issued_at)


def signed(person: str = PIET, statement: ReviewStatement | None = None, **changes: str) -> str:
    """The proof of it by that person's passkey, but for these changes of the statement."""
    text = canonical_text(read_canonical((statement or a_review()).text) | changes)
    return proof_text(text, signed=Authenticator(name=person).sign(text))


def by_login(person: str) -> str:
    """The proof of it by that person's login."""
    return proof_text(a_review().text, signed=PROVIDER.token(person, a_review().text))


def test_two_things_can_be_found() -> None:
    assert [str(finding) for finding in ReviewFinding] == ["in-order", "misuse"]


def test_what_is_signed_names_the_request_the_rules_and_the_end() -> None:
    review, request = a_review(ReviewFinding.MISUSE), asked()
    assert review.text == canonical_text(
        {
            "closed": CLOSED,
            "finding": "misuse",
            "format": "strongroom-breakglass/1",
            "issued_at": "2026-11-23T14:30:00Z",
            "nonce": NONCE,
            "policy": request.policy.digest,
            "request": request.id,
            "request_digest": request.digest,
        }
    )
    assert read_review_statement(review.text) == review
    assert (review.finding, review.closed, review.nonce) == (ReviewFinding.MISUSE, CLOSED, NONCE)
    assert (review.request, review.request_digest) == (request.id, request.digest)
    assert (review.policy, review.issued_at) == (request.policy.digest, SOON)


@pytest.mark.parametrize(
    "name", ["closed", "finding", "format", "issued_at", "nonce", "policy", "request", "request_digest"]
)
def test_what_lacks_a_word_is_no_review(name: str) -> None:
    content = read_canonical(a_review().text)
    del content[name]
    with pytest.raises(MalformedRecordError, match=f"^{name} is missing$"):
        read_review_statement(canonical_text(content))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"finding": "fine"}, "^the statement's finding is none that is known$"),
        ({"issued_at": "tomorrow"}, "^issued_at is not a moment"),
        ({"format": "strongroom-approval/1"}, "^the statement is not of the format strongroom-breakglass/1$"),
        ({"more": "x"}, "^more does not belong here$"),
    ],
    ids=str,
)
def test_what_is_of_another_form_is_no_review(changes: dict[str, str], why: str) -> None:
    text = canonical_text(read_canonical(a_review().text) | changes)
    with pytest.raises(MalformedRecordError, match=why):
        read_review_statement(text)
    assert (is_review_statement(text), is_review(signed(PIET, None, **changes))) == (False, False)


def test_a_vote_is_no_review_and_a_review_is_read_as_it_was_signed() -> None:
    text = signed()
    review = read_review(text)
    assert (review.digest, review.statement) == (digest_of(text), a_review())
    assert review.signed == Authenticator(name=PIET).sign(a_review().text)
    assert (is_review(text), is_review_statement(a_review().text)) == (True, True)
    vote = by_passkey(MARIA, asked())
    assert (is_review(vote), is_review_statement(a_statement(asked()).text)) == (False, False)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"statement": None}, "^statement is missing$"),
        ({"statement": 7}, "^statement is not a text$"),
        ({"more": ""}, "^more does not belong here$"),
    ],
    ids=str,
)
def test_what_is_no_proof_reviews_nothing(changes: dict[str, Any], why: str) -> None:
    content = read_canonical(signed()) | changes
    broken = canonical_text({name: value for name, value in content.items() if value is not None})
    with pytest.raises(MalformedRecordError, match=why):
        read_review(broken)
    assert not is_review(broken)


@pytest.mark.parametrize(
    ("groups", "is_so", "reviewers"),
    [
        (GROUPS, True, (OMAR, MARIA, PIET, LENA)),
        ({"oncall": [OMAR], "incident": [MARIA]}, False, ()),
        (GROUPS | {"review:others": [LENA]}, True, ()),
        (GROUPS | {"review:security": {"claim": "groups", "value": "security"}}, True, ()),
        (GROUPS | {"security-review:": [LENA]}, True, (OMAR, MARIA, PIET, LENA)),
    ],
    ids=["one group", "none", "two", "by logins", "another name"],
)
def test_who_reviews_is_named_by_the_rules(groups: dict[str, Any], reviewers: tuple[str, ...], *, is_so: bool) -> None:
    policy = read_policy(a_policy(**URGENT | {"groups": groups}))
    assert (is_urgent(policy), reviewers_of(policy)) == (is_so, reviewers)


PROOFS = ("{}", by_passkey(MARIA, asked()))
TOOK_PART = "you took part in it; somebody else must review it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (signed(), (PIET, "")),
        (by_login(LENA), (LENA, "")),
        (signed(MARIA), (MARIA, TOOK_PART)),
        (signed(OMAR), (OMAR, TOOK_PART)),
        (signed(EVE), ("", "nobody here has enrolled this passkey")),
        (signed(request="r-zzzzzzzz2345"), ("", "it is about another request")),
        (signed(request_digest="0" * 64), ("", "it is about another request")),
        (signed(policy="0" * 64), ("", "it is about another request")),
        (signed(closed="0" * 64), ("", "it is about another end of the ceremony")),
    ],
)
def test_whose_review_it_is_and_whether_it_counts(text: str, said: tuple[str, str]) -> None:
    found = why_not_reviewed(asked(), read_review(text), closed=CLOSED, proofs=PROOFS, evidence=the_evidence(), at=SOON)
    assert found == said


NONE = "you are none of those who review urgent restores"


def only_lena(**rules: Any) -> str:
    """Rules by which Lena alone reviews."""
    return a_policy(**URGENT | {"groups": GROUPS | {"review:security": [LENA]}} | rules)


@pytest.mark.parametrize(
    ("also", "said"),
    [
        ((), (PIET, "")),
        ((a_policy(**URGENT),), (PIET, "")),
        ((only_lena(),), (PIET, NONE)),
        ((only_lena(people={}),), ("", "nobody here has enrolled this passkey")),
    ],
    ids=["no others", "the same", "another reviewer", "no such key"],
)
def test_who_reviews_may_by_todays_rules_as_well(also: tuple[str, ...], said: tuple[str, str]) -> None:
    policies = tuple(map(read_policy, also))
    found = why_not_reviewed(
        asked(), read_review(signed()), closed=CLOSED, proofs=(), evidence=the_evidence(), at=SOON, also=policies
    )
    assert found == said


def test_who_is_no_reviewer_by_the_requests_own_rules_reviews_nothing() -> None:
    theirs = an_asked(only_lena(), ticket=None, incident="INC-7")
    text = make_review(theirs, ReviewFinding.IN_ORDER, closed=CLOSED, nonce=NONCE, issued_at=SOON).text
    review = read_review(proof_text(text, signed=Authenticator(name=PIET).sign(text)))
    for also in ((), (asked().policy,)):
        found = why_not_reviewed(theirs, review, closed=CLOSED, proofs=(), evidence=the_evidence(), at=SOON, also=also)
        assert found == (PIET, NONE)


def test_who_took_part_with_a_key_that_was_taken_away_since_took_part() -> None:
    marias = Authenticator(name=MARIA).passkey
    gone = EnrolledKey(subject=MARIA, public_key=marias.public_key, period=Period(until=SOON + timedelta(minutes=1)))
    pieces = dict(the_evidence().trust.passkeys) | {marias.id: gone}
    text = proof_text(a_review().text, signed=PROVIDER.token(MARIA, a_review().text))
    found = why_not_reviewed(
        asked(),
        read_review(text),
        closed=CLOSED,
        proofs=PROOFS,
        evidence=the_evidence(passkeys=pieces),
        at=SOON + timedelta(hours=1),
    )
    assert found == (MARIA, TOOK_PART)


def first(*texts: str, at: Any = SOON, **trust: Any) -> Reviewed | None:
    """The first of them that counts."""
    return first_review(asked(), texts, closed=CLOSED, proofs=PROOFS, evidence=the_evidence(**trust), at=at)


def test_of_several_that_count_the_earliest_is_told() -> None:
    late = signed(LENA, a_review(ReviewFinding.MISUSE, minutes=9))
    early = signed(PIET, a_review(ReviewFinding.MISUSE, minutes=1))
    told = Reviewed(subject=PIET, finding=ReviewFinding.MISUSE, text=early)
    assert first("7", PROOFS[1], signed(MARIA), late, early) == told
    assert first(early, late) == told
    assert first("7", signed(MARIA)) is None


def test_of_two_of_one_moment_the_order_of_their_digests_decides() -> None:
    texts = (signed(PIET), signed(LENA))
    found = first(*texts)
    assert found is not None
    assert found.text == min(texts, key=digest_of)
    assert first(*reversed(texts)) == found


def test_without_a_moment_a_reviews_own_word_is_taken() -> None:
    piets = Authenticator(name=PIET).passkey
    until = Period(until=SOON + timedelta(minutes=5))
    keys = {piets.id: EnrolledKey(subject=PIET, public_key=piets.public_key, period=until)}
    late = SOON + timedelta(hours=1)
    assert first(signed(), at=None, passkeys=keys) is not None
    assert first(signed(), at=late, passkeys=keys) is None
