"""What is asked for keeps its digest, and opens as it was or not at all; plans."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedIdentifierError,
    MalformedRequestError,
    NotFoundError,
    RestoreRefusedError,
)
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.planning import decide_plan
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import (
    act_token,
    make_request_id,
    open_seal,
    parse_reason,
    parse_recovery_point,
    parse_request_id,
    seal_request,
)
from strongroom.domain.values import field_names
from tests.builders.deciding.afterwards import an_after_request
from tests.builders.deciding.candidates import kept_candidates
from tests.builders.places import (
    CENTRAL_VAULT,
    HOME,
    LOCAL_VAULT,
    PAYMENTS,
    REPLICA_VAULT,
    TEMPORARY_VAULT,
    VAULT_ACCOUNT,
    a_vault_arn,
)
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT, POLICY, ROLE, a_recovery_point, a_request

SHORTEST_TOKEN = 63  # of FSx; EC2 takes 64
CHANGES: dict[str, Any] = {
    "id": "r-aaaaaaaaaaaa",
    "requester": "idp|piet",
    "account": AccountId("333333333333"),
    "region": "eu-central-1",
    "unit": "Sandbox",
    "tier": "daily-prod",
    "risks": ("vault-key",),
    "resource": DATABASE + "x",
    "resource_type": "DynamoDB",
    "recovery_point": CENTRAL_POINT,
    "recovery_point_created_at": NOW,
    "vault": CENTRAL_VAULT,
    "plan": RestorePlan.COPY_BACK,
    "target_name": "payments-db-0201",
    "metadata": (("DBInstanceIdentifier", "payments-db-0200"),),
    "original": (),
    "role": ROLE + "-2",
    "key": "a key that AWS owns",
    "ticket": "OPS-124",
    "reason": "another",
    "policy": POLICY.replace('"needed":1', '"needed":2'),
    "intent_digest": "1" * 64,
    "requested_at": NOW + timedelta(seconds=1),
    "approve_before": NOW,
    "act_before": NOW + timedelta(hours=9),
    "copy_kept_for": timedelta(days=54),
    "incident": "INC-77",
    "temporary_vault": TEMPORARY_VAULT,
    "through_vault": REPLICA_VAULT,
    "through_kept_for": timedelta(days=35),
    "approval_team": "arn:aws:mpa:us-east-1:111111111111:approval-team/vaults",
    "wishes": (("Port", "5433"),),
    "risk_sentences": ("The backup is not encrypted.",),
    "left_out": ("Port: nobody knows it",),
    "steps": ("Attach it.",),
    "candidates": kept_candidates(),
    "kind": "raw",
    "call": "fsx:CreateFileSystemFromBackup",
    "of": "r-other23456",
    "of_closed": "b" * 64,
    "of_restored_at": NOW - timedelta(hours=2),
}
FOLLOWING = {name: getattr(an_after_request(), name) for name in ("kind", "call", "of", "of_closed", "of_restored_at")}
# A call is of some kinds of requests only, and what follows a restore is all of one.
WITH: dict[str, dict[str, Any]] = {
    "call": {"kind": "native"},
    **dict.fromkeys(("of", "of_closed", "of_restored_at"), FOLLOWING),
}


@pytest.mark.parametrize("field", CHANGES, ids=str)
def test_any_other_field_is_another_digest(field: str) -> None:
    assert (
        seal_request(a_request()).digest
        != seal_request(a_request(**WITH.get(field, {}) | {field: CHANGES[field]})).digest
    )


def test_every_field_is_part_of_the_digest() -> None:
    assert set(CHANGES) == set(field_names(a_request()))


def test_a_sealed_request_opens_as_it_was() -> None:
    sealed = seal_request(a_request())
    assert open_seal(sealed.text) == sealed
    assert sealed.digest == sealed.asked.digest == digest_of(sealed.text)
    assert sealed.mark == sealed.digest[:12]


def test_what_there_was_to_choose_from_is_part_of_what_is_signed() -> None:
    sealed = seal_request(a_request(candidates=kept_candidates()))
    assert open_seal(sealed.text).request.candidates == kept_candidates()
    other = kept_candidates(more=4)
    assert seal_request(a_request(candidates=other)).digest != sealed.digest


def test_a_request_of_before_opens_without_candidates() -> None:
    sealed = seal_request(a_request())
    assert '"candidates"' not in sealed.text
    assert sealed.request.candidates is None


def test_a_request_without_a_tier_does_not_tell_one() -> None:
    assert seal_request(a_request()).asked.tier is None
    assert seal_request(a_request(tier="daily-prod")).asked.tier == "daily-prod"


def test_a_request_without_risks_tells_that_there_are_none() -> None:
    assert seal_request(a_request()).asked.risks == ()


def test_letters_that_look_the_same_have_the_same_digest() -> None:
    composed, decomposed = a_request(reason="caf\u00e9"), a_request(reason="cafe\u0301")
    assert seal_request(composed).digest == seal_request(decomposed).digest


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{}", id="nothing in it"),
        pytest.param(json.dumps(json.loads(seal_request(a_request()).text)), id="not canonical"),
        pytest.param(seal_request(a_request()).text.replace('"plan":"local"', '"plan":"magic"'), id="no such plan"),
        pytest.param(seal_request(a_request()).text.replace('"unit":"Production",', ""), id="a field is missing"),
        pytest.param(seal_request(a_request()).text.replace('{"account"', '{"aaa":1,"account"'), id="a field more"),
        pytest.param(
            seal_request(a_request(candidates=kept_candidates())).text.replace('"more":3', '"more":-3'),
            id="candidates that are none",
        ),
    ],
)
def test_a_text_that_no_request_has_does_not_open(text: str) -> None:
    with pytest.raises(ApprovalVoidError):
        open_seal(text)


def test_a_made_id_is_an_id() -> None:
    assert parse_request_id(make_request_id(bytes(range(8))))


@pytest.mark.parametrize(
    "text", ["", "r-", "r-ABCDEFGH2345", "r-abcdefgh2345/../x", "r-abcdefgh23456", "r-abcdefgh2345\n"]
)
def test_what_is_no_id_is_no_request(text: str) -> None:
    with pytest.raises(NotFoundError):
        parse_request_id(text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("a\nb\tc", "a b c", id="one line"),
        pytest.param("pay\u202eload", "pay load", id="direction marks"),
        pytest.param("zero\u200bwidth", "zero width", id="zero width"),
        pytest.param("  plain  ", "plain", id="plain"),
    ],
)
def test_a_reason_shows_all_that_it_says(text: str, seen: str) -> None:
    assert parse_reason(text) == seen


@pytest.mark.parametrize("text", ["", " \u200b\n", "x" * 501], ids=["empty", "unseen", "long"])
def test_a_reason_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(MalformedRequestError):
        parse_reason(text)


def test_the_local_vault_is_restored_from_directly(intent: Intent) -> None:
    assert decide_plan(a_recovery_point(), account=PAYMENTS, region=HOME, intent=intent) is RestorePlan.LOCAL


def test_the_central_vault_is_copied_back_from(intent: Intent) -> None:
    central = a_recovery_point(arn=CENTRAL_POINT, vault=CENTRAL_VAULT)
    assert decide_plan(central, account=PAYMENTS, region=HOME, intent=intent) is RestorePlan.COPY_BACK


@pytest.mark.parametrize(
    ("changes", "account", "why"),
    [
        ({}, "333333333333", "is of account 222222222222"),
        ({"status": "PARTIAL"}, PAYMENTS, "PARTIAL"),
        ({"vault": LOCAL_VAULT + "-2"}, PAYMENTS, "local or a central vault"),
        ({"vault": LOCAL_VAULT.replace(PAYMENTS, "666666666666")}, PAYMENTS, "local or a central vault"),
    ],
    ids=["another account", "incomplete", "another vault", "another account's vault"],
)
def test_other_places_are_refused(changes: dict[str, Any], account: str, why: str, intent: Intent) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        decide_plan(a_recovery_point(**changes), account=AccountId(account), region=HOME, intent=intent)


def test_what_names_no_owner_is_restored_from_its_own_account_only(intent: Intent) -> None:
    bucket = "arn:aws:s3:::payments-reports"
    assert (
        decide_plan(a_recovery_point(resource=bucket), account=PAYMENTS, region=HOME, intent=intent)
        is RestorePlan.LOCAL
    )
    central = a_recovery_point(resource=bucket, vault=CENTRAL_VAULT)
    for point, why in ((central, "whose it is"), (a_recovery_point(resource=bucket), "is of account 222222222222")):
        with pytest.raises(RestoreRefusedError, match=why):
            decide_plan(point, account=AccountId("333333333333"), region=HOME, intent=intent)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        POINT + "\nsecond line",
        POINT + " x",
        POINT + "\x1b[2J",
        POINT + "\u202e",
        "arn:" + "x" * 1600,
    ],
    ids=["no ARN", "a line break", "a blank", "a control", "a direction mark", "endless"],
)
def test_what_is_no_recovery_point_is_said_in_one_short_line(text: str) -> None:
    with pytest.raises(MalformedIdentifierError) as caught:
        parse_recovery_point(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_what_a_service_knows_the_act_by_is_of_the_whole_request_and_short_enough() -> None:
    token = act_token(a_request())
    assert re.fullmatch(r"r-abcdefgh2345-[0-9a-f]{48}", token)
    assert len(token) <= SHORTEST_TOKEN
    assert token.endswith(seal_request(a_request()).digest[:48])
    assert act_token(a_request(reason="another")) != token


@pytest.mark.parametrize(
    ("changes", "course"),
    [
        ({}, "local"),
        ({"vault": CENTRAL_VAULT, "plan": RestorePlan.COPY_BACK}, "copy-back"),
        ({"vault": a_vault_arn("gapped", account=VAULT_ACCOUNT)}, "air-gapped, shared by account 444444444444"),
    ],
    ids=["local", "copied back", "shared"],
)
def test_people_read_by_whose_share_it_comes(changes: dict[str, Any], course: str) -> None:
    assert a_request(**changes).course == course
