"""What the page is told beside the request's text: names, sentences and where it stands."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.proofs.asked import read_asked
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.kinds.finishing import StepTaken
from strongroom.domain.restores.showing.approval_view import (
    ApprovalView,
    Around,
    Difference,
    Judged,
    PageState,
    Standing,
    differences,
    view_approval,
)
from tests.builders.proving.approvals import (
    ADA,
    ASKED_AT,
    MARIA,
    OMAR,
    PEOPLE,
    RISK,
    RISK_SENTENCE,
    SANA,
    a_passkey,
    a_policy,
    a_request_text,
)


def verdict(state: DecisionState, *people: str, reason: str = "", missing: tuple[str, ...] = ()) -> Verdict:
    return Verdict(state=state, reason=reason, people=people, missing=missing)


def viewed(judged: Judged | None = None, *, people: Any = PEOPLE, **changes: Any) -> ApprovalView:
    text = a_request_text(**changes)
    around = Around(people=people, rp_id="restore.example", account_name="payments")
    return view_approval(read_asked(text), text, judged=judged, around=around, now=ASKED_AT + timedelta(minutes=7))


PENDING = verdict(DecisionState.PENDING, MARIA, reason="still needed: approvers", missing=("approvers",))
APPROVED = verdict(DecisionState.APPROVED, MARIA, SANA, reason="approved by them")


@pytest.mark.parametrize(
    ("judged", "state", "standing"),
    [
        (None, PageState.DRAFT, Standing(state="pending")),
        (
            Judged(verdict=PENDING),
            PageState.OPEN,
            Standing(
                state="pending",
                reason="still needed: approvers",
                approvals=("Maria Lindqvist",),
                missing=("approvers",),
            ),
        ),
        (
            Judged(
                verdict=Verdict(
                    state=DecisionState.PENDING,
                    reason="approved by her",
                    people=(MARIA,),
                    ready_at=ASKED_AT + timedelta(hours=1),
                )
            ),
            PageState.OPEN,
            Standing(
                state="delayed",
                reason="It is carried out from 2026-11-26 15:00:00 UTC on.",
                approvals=("Maria Lindqvist",),
                by=("Maria Lindqvist",),
            ),
        ),
        (
            Judged(verdict=APPROVED),
            PageState.OPEN,
            Standing(
                state="approved",
                approvals=("Maria Lindqvist", "Sana Iqbal"),
                by=("Maria Lindqvist", "Sana Iqbal"),
            ),
        ),
        (
            Judged(verdict=APPROVED, is_started=True),
            PageState.OPEN,
            Standing(
                state="running",
                approvals=("Maria Lindqvist", "Sana Iqbal"),
                by=("Maria Lindqvist", "Sana Iqbal"),
            ),
        ),
        (
            Judged(verdict=verdict(DecisionState.DENIED, SANA, reason="denied by her")),
            PageState.CLOSED,
            Standing(state="denied", by=("Sana Iqbal",)),
        ),
        (
            Judged(verdict=verdict(DecisionState.EXPIRED, reason="it had to be carried out before then")),
            PageState.CLOSED,
            Standing(state="expired", reason="it had to be carried out before then"),
        ),
        (
            Judged(verdict=APPROVED, is_started=True, outcome="failed", outcome_reason="no space left"),
            PageState.CLOSED,
            Standing(state="failed", reason="no space left", by=("Maria Lindqvist", "Sana Iqbal")),
        ),
        (
            Judged(
                verdict=APPROVED,
                is_started=True,
                outcome="restored",
                outcome_reason="restored as db, with faults: some",
                faults=("some",),
            ),
            PageState.CLOSED,
            Standing(state="faulty", reason="restored as db, with faults: some", by=("Maria Lindqvist", "Sana Iqbal")),
        ),
        (
            Judged(verdict=verdict(DecisionState.EXPIRED), is_started=True),
            PageState.OPEN,
            Standing(state="running"),
        ),
    ],
    ids=[
        *("draft", "pending", "delayed", "approved", "running", "denied", "expired", "failed", "faulty"),
        "runs past its end",
    ],
)
def test_where_it_stands_is_told_in_names(judged: Judged | None, state: PageState, standing: Standing) -> None:
    view = viewed(judged)
    assert (view.state, view.standing) == (state, standing)


def test_the_text_goes_out_as_it_is_with_the_clock_that_counts() -> None:
    view = viewed()
    assert view.text == a_request_text()
    assert (view.now, view.rp_id, view.account_name, view.tier) == (
        "2026-11-26T14:07:00Z",
        "restore.example",
        "payments",
        "daily-prod",
    )


def test_only_those_whom_the_request_names_are_told_by_name() -> None:
    assert viewed().names == {OMAR: "Omar Haddad", MARIA: "Maria Lindqvist", SANA: "Sana Iqbal"}


def test_somebody_who_left_stays_a_subject() -> None:
    people = {name: person for name, person in PEOPLE.items() if name != "sana"}
    view = viewed(Judged(verdict=verdict(DecisionState.DENIED, SANA)), people=people)
    assert SANA not in view.names
    assert view.standing.by == (SANA,)


def test_the_keys_are_of_those_who_can_sign_something() -> None:
    assert {keys.subject: keys.ids for keys in viewed().credentials} == {
        subject: (a_passkey(subject).id,) for subject in (OMAR, MARIA, SANA)
    }


def test_a_group_that_the_identity_provider_keeps_lists_nobody() -> None:
    policy = a_policy(groups={"approvers": {"claim": "groups", "value": "sre"}, "oncall": [OMAR, ADA]})
    assert [keys.subject for keys in viewed(policy=policy).credentials] == [OMAR]


def test_each_risk_is_a_sentence_or_at_least_its_word() -> None:
    assert viewed().risks == (RISK_SENTENCE,)
    assert viewed(risk_sentences=[]).risks == (RISK,)


@pytest.mark.parametrize(
    ("original", "found"),
    [
        ({"Class": "small", "Port": "1"}, (Difference(key="Class", before="small", after="large"),)),
        (
            {"Port": "1", "Zone": "a"},
            (
                Difference(key="Class", before="", after="large"),
                Difference(key="Zone", before="a", after=""),
            ),
        ),
        ({"Class": "large", "Port": "1"}, ()),
        (None, ()),
    ],
    ids=["changed", "new and gone", "equal", "not told"],
)
def test_differences_to_the_original_are_found(original: dict[str, str] | None, found: tuple[Difference, ...]) -> None:
    content: dict[str, Any] = {"metadata": {"Class": "large", "Port": "1"}}
    assert differences(content if original is None else content | {"original": original}) == found


def test_what_follows_a_restore_differs_from_nothing() -> None:
    content = {"kind": "after", "metadata": {"TimeToLiveSpecification": "{}"}, "original": {"ItemCount": "5"}}
    assert differences(content) == ()


def test_what_was_done_on_what_was_restored_is_told_in_words() -> None:
    step = StepTaken(step="writer", outcome="skipped", reason="nobody can say")
    assert viewed(Judged(verdict=APPROVED, steps=(step,))).steps == ("writer skipped: nobody can say",)
    assert viewed().steps == ()
