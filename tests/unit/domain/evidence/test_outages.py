"""What accounts for a restore of the outage path, word by word; what is no such word is not read as one."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.explaining import WatchedRestore
from strongroom.domain.evidence.outages import (
    MOST_PROOFS,
    OutageEvidence,
    OutagePart,
    OutageProof,
    OutageReport,
    OutageSigners,
    make_outage_statement,
    make_report,
    outage_evidence_text,
    outage_signer,
    outage_signers,
    read_outage_evidence,
    read_outage_statement,
    read_report,
    why_not_accounted_for,
)
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.proofs.policies import CeremonyPolicy, read_policy
from strongroom.domain.proofs.proof import Assertion, KeptToken, signed_content
from strongroom.domain.restores.jobs import RestoreJob
from tests.builders.proving.signed_requests import (
    EVE,
    LENA,
    MARIA,
    OMAR,
    PIET,
    PROVIDER,
    SOON,
    a_policy,
    policy_content,
    the_evidence,
)
from tests.builders.proving.signing import Authenticator

MADE, REVIEWED = OutagePart.MADE, OutagePart.REVIEWED
SECOND = timedelta(seconds=1)
NONCE = "A" * 22
MADE_AT = SOON - timedelta(hours=1)
USERS = ("arn:aws:iam::1:user/a", "arn:aws:iam::1:user/b")
TOLD = {
    "account": "222222222222",
    "incident": "INC-77",
    "job": "by-hand",
    "reason": "it was away, from Köln",
    "recovery_point": "arn:aws:rds:eu-west-1:222222222222:snapshot:1",
    "region": "eu-west-1",
    "role": "arn:aws:iam::222222222222:role/strongroom/strongroom-backup",
    "user": USERS[0],
}
REPORT = make_report(**TOLD)
# Omar, Maria and Piet are called, and Lena and Maria review.
POLICY = read_policy(
    a_policy(
        requesters="incident",
        rules=[{"group": "incident", "needed": 2}],
        groups={"incident": [OMAR, MARIA, PIET], "review:security": [LENA, MARIA]},
        ticket="none",
    )
)
UNCALLED = read_policy(
    canonical_text(
        policy_content(
            requesters="incident",
            rules=[{"group": "incident", "needed": 2}, {"group": "leads", "needed": 1}],
            groups={"incident": [OMAR], "leads": [PIET], "idle": [MARIA], "review:security": [LENA]},
            ticket="none",
        )
    )
)


def signed(
    person: str, part: OutagePart = MADE, *, at: datetime = SOON, about: OutageReport = REPORT
) -> tuple[str, Assertion]:
    text = make_outage_statement(about, part, nonce=NONCE, issued_at=at).text
    return text, Authenticator(name=person).sign(text)


def proof(person: str, part: OutagePart = MADE, **how: Any) -> OutageProof:
    text, by = signed(person, part, **how)
    return OutageProof(statement=read_outage_statement(text), signed=by)


def evidence(*proofs: OutageProof) -> OutageEvidence:
    return OutageEvidence(report=REPORT, proofs=proofs)


# --- The report ------------------------------------------------------------------


def test_a_report_says_what_it_was_told() -> None:
    assert json.loads(REPORT.text) == TOLD | {"format": "strongroom-outage-report/1"}
    assert {name: getattr(REPORT, name) for name in TOLD} == TOLD
    assert REPORT.digest == digest_of(REPORT.text)
    assert read_report(REPORT.text) == REPORT


@pytest.mark.parametrize("name", TOLD)
def test_a_report_leaves_nothing_out(name: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        make_report(**TOLD | {name: ""})
    assert str(refused.value) == f"{name} is not a text"
    told = {key: value for key, value in TOLD.items() if key != name}
    with pytest.raises(MalformedRecordError) as refused:
        read_report(canonical_text(told | {"format": "strongroom-outage-report/1"}))
    assert str(refused.value) == f"{name} is missing"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": "strongroom-outage/1"}, "the report is not of the format strongroom-outage-report/1"),
        ({"more": "x"}, "more does not belong here"),
    ],
    ids=["another format", "something more"],
)
def test_what_is_no_report_is_not_read(changes: dict[str, str], why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_report(canonical_text(TOLD | {"format": "strongroom-outage-report/1"} | changes))
    assert str(refused.value) == why


# --- The statement ---------------------------------------------------------------

SAID = {
    "format": "strongroom-outage/1",
    "issued_at": "2026-11-23T14:30:00Z",
    "nonce": NONCE,
    "part": "made",
    "report": REPORT.digest,
}


@pytest.mark.parametrize(("part", "word"), [(MADE, "made"), (REVIEWED, "reviewed")])
def test_a_statement_says_which_part_in_which_report(part: OutagePart, word: str) -> None:
    said = make_outage_statement(REPORT, part, nonce=NONCE, issued_at=SOON)
    assert json.loads(said.text) == SAID | {"part": word}
    assert (said.part, said.report, said.issued_at, said.nonce) == (part, REPORT.digest, SOON, NONCE)
    assert read_outage_statement(said.text) == said


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": "strongroom-approval/1"}, "the statement is not of the format strongroom-outage/1"),
        ({"part": "approve"}, "the statement's part is none that is known"),
        ({"issued_at": "now"}, "issued_at is not a moment like 2026-11-26T14:00:00Z"),
        ({"decision": "approve"}, "decision does not belong here"),
    ],
    ids=["a vote's format", "another part", "no moment", "something more"],
)
def test_attack_25_a_statement_of_another_kind_is_no_word_about_an_outage(changes: dict[str, str], why: str) -> None:
    """Mallory has a vote signed and keeps it as a word about an outage, and a statement of another form is none."""
    with pytest.raises(MalformedRecordError) as refused:
        read_outage_statement(canonical_text(SAID | changes))
    assert str(refused.value) == why


@pytest.mark.parametrize("name", SAID)
def test_a_statement_leaves_nothing_out(name: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_outage_statement(canonical_text({key: value for key, value in SAID.items() if key != name}))
    assert str(refused.value) == f"{name} is missing"


# --- The file --------------------------------------------------------------------


def test_the_file_holds_the_report_and_each_statement_with_its_signature() -> None:
    by_token = KeptToken(token="a.b.c", jwk=PROVIDER.jwk)
    given: list[tuple[str, Assertion | KeptToken]] = [signed(OMAR), (signed(MARIA, REVIEWED)[0], by_token)]
    text = outage_evidence_text(REPORT, given)
    assert json.loads(text) == {
        "format": "strongroom-outage-evidence/1",
        "proofs": [{"statement": statement, **signed_content(by)} for statement, by in given],
        "report": REPORT.text,
    }
    proofs = tuple(OutageProof(statement=read_outage_statement(each), signed=by) for each, by in given)
    assert read_outage_evidence(text) == OutageEvidence(report=REPORT, proofs=proofs)


ONE = {"statement": signed(OMAR)[0], **signed_content(signed(OMAR)[1])}
FILE: dict[str, Any] = {"format": "strongroom-outage-evidence/1", "proofs": [ONE], "report": REPORT.text}
TOO_MANY = f"proofs is not a list of {MOST_PROOFS} at most"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": "strongroom-evidence/2"}, "the evidence is not of the format strongroom-outage-evidence/1"),
        ({"proofs": {}}, TOO_MANY),
        ({"proofs": [ONE] * 21}, TOO_MANY),
        ({"proofs": [{**ONE, "more": 1}]}, "more does not belong here"),
        ({"proofs": [{"passkey": ONE["passkey"]}]}, "statement is missing"),
        ({"proofs": [ONE | {"statement": 1}]}, "statement is not a text"),
        ({"report": ""}, "report is not a text"),
        ({"more": 1}, "more does not belong here"),
    ],
    ids=["format", "no list", "too many", "more in a proof", "no statement", "no text", "no report", "more"],
)
def test_what_is_no_such_file_is_not_read(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_outage_evidence(canonical_text(FILE | changes))
    assert str(refused.value) == why


@pytest.mark.parametrize("name", FILE)
def test_a_file_leaves_nothing_out(name: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_outage_evidence(canonical_text({key: value for key, value in FILE.items() if key != name}))
    assert str(refused.value) == f"{name} is missing"


def test_twenty_signatures_are_read() -> None:
    assert len(read_outage_evidence(canonical_text(FILE | {"proofs": [ONE] * 20})).proofs) == MOST_PROOFS == 20


# --- Who signed ------------------------------------------------------------------

UNKNOWN = "nobody here has enrolled this passkey"


@pytest.mark.parametrize(
    ("given", "policy", "found"),
    [
        pytest.param(proof(OMAR), POLICY, (OMAR, ""), id="one of the called"),
        pytest.param(proof(LENA), POLICY, ("", f"{LENA} is none of those who are called"), id="a reviewer made it"),
        pytest.param(proof(EVE), POLICY, ("", UNKNOWN), id="a stranger"),
        pytest.param(proof(LENA, REVIEWED), POLICY, (LENA, ""), id="a reviewer"),
        pytest.param(
            proof(OMAR, REVIEWED),
            POLICY,
            ("", f"{OMAR} is none of those who review urgent restores"),
            id="one of the called reviews",
        ),
        pytest.param(proof(PIET), UNCALLED, (PIET, ""), id="of the second group that is called"),
        pytest.param(
            proof(MARIA), UNCALLED, ("", f"{MARIA} is none of those who are called"), id="of a group that no rule calls"
        ),
        pytest.param(
            proof(OMAR, about=make_report(**TOLD | {"job": "another"})),
            POLICY,
            ("", "it was signed about another report"),
            id="another report",
        ),
        pytest.param(proof(OMAR, at=SOON + 60 * SECOND), POLICY, (OMAR, ""), id="a clock that is a minute ahead"),
        pytest.param(
            proof(OMAR, at=SOON + 61 * SECOND), POLICY, ("", "it was signed in the future"), id="in the future"
        ),
    ],
)
def test_attack_25_who_counts_is_told_by_the_urgent_rules(
    given: OutageProof, policy: CeremonyPolicy, found: tuple[str, str]
) -> None:
    """A restore of the outage path is accounted for by whom the rules call and by whom they let review, and by no
    other.
    """
    assert outage_signer(given, REPORT, policy=policy, evidence=the_evidence(), now=SOON) == found


TWO = (proof(OMAR), proof(PIET))
NOBODY = "no reviewer who took no part in it has signed"


@pytest.mark.parametrize(
    ("proofs", "made", "reviewed", "refusals", "missing"),
    [
        pytest.param((), (), (), (), "0 of 2 of those who made it have signed", id="nobody"),
        pytest.param(TWO[:1], (OMAR,), (), (), "1 of 2 of those who made it have signed", id="one"),
        pytest.param((TWO[0], TWO[0]), (OMAR,), (), (), "1 of 2 of those who made it have signed", id="one twice"),
        pytest.param(TWO, (OMAR, PIET), (), (), NOBODY, id="two without a reviewer"),
        pytest.param(TWO[::-1], (OMAR, PIET), (), (), NOBODY, id="in another order"),
        pytest.param((*TWO, proof(LENA, REVIEWED)), (OMAR, PIET), (LENA,), (), "", id="all"),
        pytest.param((*TWO, proof(MARIA)), (MARIA, OMAR, PIET), (), (), NOBODY, id="three"),
        pytest.param(
            (*TWO, proof(MARIA), proof(MARIA, REVIEWED)),
            (MARIA, OMAR, PIET),
            (),
            (),
            NOBODY,
            id="who made it does not review it",
        ),
        pytest.param(
            (*TWO, proof(MARIA, REVIEWED), proof(LENA, REVIEWED)),
            (OMAR, PIET),
            (LENA, MARIA),
            (),
            "",
            id="two reviewers",
        ),
        pytest.param(
            (proof(EVE), proof(EVE), proof(LENA), TWO[0]),
            (OMAR,),
            (),
            (UNKNOWN, f"{LENA} is none of those who are called"),
            "1 of 2 of those who made it have signed",
            id="each refusal is said once",
        ),
    ],
)
def test_attack_25_two_made_it_and_another_reviewed_it(
    proofs: Sequence[OutageProof],
    made: tuple[str, ...],
    reviewed: tuple[str, ...],
    refusals: tuple[str, ...],
    missing: str,
) -> None:
    """One who restored while the control plane was away signs twice, or reviews it too, and counts for one."""
    found = outage_signers(evidence(*proofs), policy=POLICY, evidence=the_evidence(), now=SOON)
    assert found == OutageSigners(made=made, reviewed=reviewed, refusals=refusals)
    assert found.missing == missing


# --- What it accounts for --------------------------------------------------------


def watched(**changes: Any) -> WatchedRestore:
    job = RestoreJob(
        id=changes.get("job", TOLD["job"]),
        account=AccountId(TOLD["account"]),
        recovery_point=changes.get("recovery_point", TOLD["recovery_point"]),
        role=changes.get("role", TOLD["role"]),
        created_at=MADE_AT,
        status="COMPLETED",
        message="",
        created="",
        metadata={},
    )
    account, region = changes.get("account", TOLD["account"]), changes.get("region", TOLD["region"])
    return WatchedRestore(job=job, account=AccountId(account), region=Region(region))


ALL = (*TWO, proof(LENA, REVIEWED))
NOT_REPORTED = "its account, Region, recovery point or role is not what was reported"
BEFORE = "something of it was signed before the restore was made"


@pytest.mark.parametrize(
    ("found", "proofs", "users", "why"),
    [
        pytest.param({}, ALL, USERS, "", id="all of it"),
        pytest.param({"account": "333333333333"}, ALL, USERS, NOT_REPORTED, id="another account"),
        pytest.param({"region": "eu-central-1"}, ALL, USERS, NOT_REPORTED, id="another Region"),
        pytest.param({"job": "another"}, ALL, USERS, NOT_REPORTED, id="another job"),
        pytest.param({"recovery_point": "another"}, ALL, USERS, NOT_REPORTED, id="another point"),
        pytest.param({"role": "another"}, ALL, USERS, NOT_REPORTED, id="another role"),
        pytest.param({}, ALL, USERS[1:], f"{USERS[0]} is none of the users for an outage", id="another user"),
        pytest.param({}, ALL, (), f"{USERS[0]} is none of the users for an outage", id="no users"),
        pytest.param(
            {}, (*TWO, proof(LENA, REVIEWED, at=MADE_AT - 60 * SECOND)), USERS, "", id="a clock that is a minute behind"
        ),
        pytest.param(
            {}, (*TWO, proof(LENA, REVIEWED, at=MADE_AT - 61 * SECOND)), USERS, BEFORE, id="reviewed in advance"
        ),
        pytest.param({}, (proof(OMAR, at=MADE_AT - 61 * SECOND), *ALL), USERS, BEFORE, id="made in advance"),
        pytest.param({}, TWO, USERS, NOBODY, id="not reviewed"),
        pytest.param(
            {},
            (TWO[0], proof(EVE), proof(LENA), ALL[2]),
            USERS,
            f"1 of 2 of those who made it have signed; {UNKNOWN}; {LENA} is none of those who are called",
            id="with whoever does not count",
        ),
        pytest.param({}, (*ALL, proof(EVE)), USERS, "", id="a stranger beside enough"),
    ],
)
def test_x_03_a_restore_is_accounted_for_by_its_own_evidence_alone(
    found: dict[str, str], proofs: Sequence[OutageProof], users: Sequence[str], why: str
) -> None:
    """Mallory restores by hand and shows the evidence of another restore, or of too few, and it accounts for none."""
    given = evidence(*proofs)
    signers, told = why_not_accounted_for(
        watched(**found), given, users=users, policy=POLICY, evidence=the_evidence(), now=SOON
    )
    assert told == why
    assert signers == outage_signers(given, policy=POLICY, evidence=the_evidence(), now=SOON)
