"""What is signed about a step by hand is of its own form, about one request and its list, and said by whoever may."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.asked import AskedRestore
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.restores.checklists.stated import (
    StatedOutcome,
    StatedStep,
    StepStatement,
    StepWish,
    first_stated,
    is_step_statement,
    make_step_statement,
    read_stated,
    read_step_statement,
    why_not_stated,
)
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
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
    a_trust,
    an_asked,
    by_passkey,
    the_evidence,
)
from tests.builders.proving.signing import Authenticator

NONCE = "AAAAAAAAAAAAAAAAAAAAAQ"
ATTACH, NAME, LONG = "Attach it.", "Name it.", "L" * 100
BY_MACHINE = SENTENCES[MachineStep.WRITER]
WHO_MAY = {"requesters": "oncall", "groups": {"oncall": [OMAR], "approvers": [MARIA, LENA], "others": [PIET]}}


def asked(**rules: Any) -> AskedRestore:
    """A restore that Omar asks for and Maria or Lena approves, with two steps by hand."""
    return an_asked(a_policy(**(WHO_MAY | rules)), steps=[ATTACH, BY_MACHINE, NAME])


def a_step(outcome: StatedOutcome = StatedOutcome.DONE, *, reason: str = "", step: str = ATTACH) -> StepStatement:
    """What somebody signs about the first step."""
    return make_step_statement(asked(), step, outcome, reason=reason, nonce=NONCE, issued_at=SOON)


def signed(person: str = OMAR, text: str = "", **changes: Any) -> str:
    """The proof of it by that person's passkey, but for these changes of the statement."""
    text = canonical_text(read_canonical(text or a_step().text) | changes)
    return proof_text(text, signed=Authenticator(name=person).sign(text))


def test_a_wish_is_without_reason_if_none_is_given() -> None:
    assert StepWish(step=ATTACH, outcome=StatedOutcome.DONE).reason == ""


def test_two_things_can_be_said_of_a_step() -> None:
    assert [str(outcome) for outcome in StatedOutcome] == ["done", "dismissed"]


@pytest.mark.parametrize(
    ("outcome", "reason", "told"),
    [
        (StatedOutcome.DONE, "", f"done: {ATTACH}"),
        (StatedOutcome.DISMISSED, "gone", f"dismissed, because: gone: {ATTACH}"),
        (StatedOutcome.DISMISSED, "g" * 500, f"dismissed, because: {'g' * 500}: {ATTACH}"),
    ],
)
def test_what_is_signed_names_the_request_the_rules_and_the_step(
    outcome: StatedOutcome, reason: str, told: str
) -> None:
    statement = a_step(outcome, reason=reason)
    assert statement.text == canonical_text(
        {
            "format": "strongroom-stated/1",
            "issued_at": "2026-11-23T14:30:00Z",
            "nonce": NONCE,
            "outcome": str(outcome),
            "policy": asked().policy.digest,
            "request": asked().id,
            "request_digest": asked().digest,
            "step": ATTACH,
            **({"reason": reason} if reason else {}),
        }
    )
    assert read_step_statement(statement.text) == statement
    assert (statement.outcome, statement.step, statement.reason, statement.told) == (outcome, ATTACH, reason, told)
    assert (statement.request, statement.request_digest, statement.policy, statement.issued_at, statement.nonce) == (
        asked().id,
        asked().digest,
        asked().policy.digest,
        SOON,
        NONCE,
    )


@pytest.mark.parametrize(
    "name", ["format", "issued_at", "nonce", "outcome", "policy", "request", "request_digest", "step"]
)
def test_what_lacks_a_word_is_no_such_statement(name: str) -> None:
    content = read_canonical(a_step().text)
    del content[name]
    with pytest.raises(MalformedRecordError, match=f"^{name} is missing$"):
        read_step_statement(canonical_text(content))


A_LINE = r"^the statement's reason is not a line of at most 500 characters$"
WITH_REASON = "^a step is dismissed with a reason, and is done without one$"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"outcome": "approved"}, "^the statement's outcome is none that is known$"),
        ({"issued_at": "tomorrow"}, "^issued_at is not a moment"),
        ({"format": "strongroom-approval/1"}, "^the statement is not of the format strongroom-stated/1$"),
        ({"more": "x"}, "^more does not belong here$"),
        ({"outcome": "dismissed", "reason": "a\nb"}, A_LINE),
        ({"outcome": "dismissed", "reason": "r" * 501}, A_LINE),
        ({"outcome": "dismissed"}, WITH_REASON),
        ({"outcome": "dismissed", "reason": " "}, WITH_REASON),
        ({"reason": "so"}, WITH_REASON),
    ],
    ids=str,
)
def test_what_is_of_another_form_is_no_such_statement(changes: dict[str, str], why: str) -> None:
    text = canonical_text(read_canonical(a_step().text) | changes)
    with pytest.raises(MalformedRecordError, match=why):
        read_step_statement(text)
    assert (is_step_statement(text), is_step_statement(a_step().text)) == (False, True)


def test_a_vote_states_no_step_and_a_stated_step_is_read_as_it_was_signed() -> None:
    with pytest.raises(MalformedRecordError, match=r"is missing|does not belong here"):
        read_stated(by_passkey(MARIA, asked()))
    assert not is_step_statement(a_statement(asked()).text)
    text = signed()
    stated = read_stated(text)
    assert (stated.digest, stated.statement) == (digest_of(text), a_step())
    assert stated.signed == Authenticator(name=OMAR).sign(a_step().text)


@pytest.mark.parametrize("broken", ['{"statement":7}', '{"passkey":{}}', "[]", ""])
def test_what_is_no_proof_states_nothing(broken: str) -> None:
    with pytest.raises(MalformedRecordError):
        read_stated(broken)


def test_no_other_key_belongs_into_such_a_proof() -> None:
    content = read_canonical(signed())
    with pytest.raises(MalformedRecordError, match=r"^more does not belong here$"):
        read_stated(canonical_text(content | {"more": ""}))
    del content["statement"]
    with pytest.raises(MalformedRecordError, match=r"^statement is missing$"):
        read_stated(canonical_text(content))
    with pytest.raises(MalformedRecordError, match=r"^statement is not a text"):
        read_stated(canonical_text(content | {"statement": 7}))


def by_login(person: str) -> str:
    """The proof of it by that person's login."""
    return proof_text(a_step().text, signed=PROVIDER.token(person, a_step().text))


MAY_NOT = "it is stated by somebody who may neither ask for such a restore nor approve it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (signed(), (OMAR, "")),
        (signed(MARIA), (MARIA, "")),
        (by_login(LENA), (LENA, "")),
        (by_login(PIET), (PIET, MAY_NOT)),
        (signed(PIET), (PIET, MAY_NOT)),
        (signed(EVE), ("", "nobody here has enrolled this passkey")),
        (signed(request="r-zzzzzzzz2345"), ("", "it is about another request")),
        (signed(request_digest="0" * 64), ("", "it is about another request")),
        (signed(policy="0" * 64), ("", "it is about another request")),
        (signed(step=BY_MACHINE[:40]), ("", f"the step {BY_MACHINE[:40]!r} was never on the list of the request")),
        (signed(step=LONG), ("", f"the step {'L' * 80!r} was never on the list of the request")),
    ],
)
def test_who_states_it_and_whether_it_counts(text: str, said: tuple[str, str]) -> None:
    assert why_not_stated(asked(), read_stated(text), evidence=the_evidence(), at=SOON) == said


@pytest.mark.parametrize(
    ("earlier", "said"), [(60, (OMAR, "")), (61, ("", "it was signed for later than it was there"))]
)
def test_nothing_is_stated_for_later(earlier: int, said: tuple[str, str]) -> None:
    at = SOON - timedelta(seconds=earlier)
    assert why_not_stated(asked(), read_stated(signed()), evidence=the_evidence(), at=at) == said


def test_who_states_it_may_by_all_rules() -> None:
    without_omar = read_policy(a_policy(**WHO_MAY | {"requesters": "approvers"}))
    stated = read_stated(signed())
    for also, said in (((), (OMAR, "")), ((asked().policy,), (OMAR, "")), ((without_omar,), (OMAR, MAY_NOT))):
        assert why_not_stated(asked(), stated, evidence=the_evidence(), at=SOON, also=also) == said


def test_of_several_that_count_the_first_is_kept() -> None:
    dismissed = a_step(StatedOutcome.DISMISSED, reason="gone", step=NAME).text
    later, first, wrong = signed(), signed(MARIA), signed(PIET)
    other = signed(LENA, dismissed)
    found = {
        "{}": SOON,
        wrong: SOON,
        later: SOON + timedelta(seconds=2),
        first: SOON + timedelta(seconds=1),
        other: SOON + timedelta(seconds=3),
    }
    assert first_stated(asked(), found, evidence=the_evidence()) == {
        ATTACH: StatedStep(
            step=ATTACH,
            outcome=StatedOutcome.DONE,
            reason="",
            subject=MARIA,
            at=SOON + timedelta(seconds=1),
            text=first,
        ),
        NAME: StatedStep(
            step=NAME,
            outcome=StatedOutcome.DISMISSED,
            reason="gone",
            subject=LENA,
            at=SOON + timedelta(seconds=3),
            text=other,
        ),
    }


def test_the_earlier_counts_whatever_its_digest() -> None:
    first, second = sorted((signed(), signed(MARIA)), key=digest_of)
    for earlier, later in ((first, second), (second, first)):
        found = first_stated(asked(), {later: SOON + timedelta(1), earlier: SOON}, evidence=the_evidence())
        assert found[ATTACH].text == earlier


def test_of_two_of_one_moment_the_order_of_their_digests_decides() -> None:
    texts = (signed(), signed(MARIA))
    found = first_stated(asked(), dict.fromkeys(texts, SOON), evidence=the_evidence())
    assert found[ATTACH].text == min(texts, key=digest_of)
    assert first_stated(asked(), dict.fromkeys(reversed(texts), SOON), evidence=the_evidence()) == found


def test_a_key_counts_while_it_is_enrolled() -> None:
    evidence = the_evidence(passkeys={})
    subject, why = why_not_stated(asked(), read_stated(signed()), evidence=evidence, at=SOON)
    assert (subject, bool(why), a_trust().passkeys != {}) == ("", True, True)
