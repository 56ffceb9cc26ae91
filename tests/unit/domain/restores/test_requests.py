"""What is asked for keeps its digest; plans and clocks."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedIdentifierError,
    MalformedRequestError,
    NotFoundError,
    RestoreRefusedError,
)
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.clocks import ClockState, judge_clocks
from strongroom.domain.restores.plans import RestorePlan, decide_plan
from strongroom.domain.restores.requests import (
    digest_of,
    make_request_id,
    open_seal,
    parse_reason,
    parse_recovery_point,
    parse_request_id,
    seal_request,
)
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT, a_recovery_point, a_request

CHANGES: dict[str, Any] = {
    "id": "r-aaaaaaaaaaaa",
    "requester": "piet",
    "account": AccountId("333333333333"),
    "region": "eu-central-1",
    "unit": "Sandbox",
    "resource": DATABASE + "x",
    "resource_type": "DynamoDB",
    "recovery_point": CENTRAL_POINT,
    "recovery_point_created_at": NOW,
    "vault": CENTRAL_VAULT,
    "plan": RestorePlan.COPY_BACK,
    "target_name": "payments-db-0201",
    "metadata": (("DBInstanceIdentifier", "payments-db-0200"),),
    "ticket": "OPS-124",
    "reason": "another",
    "rules": (ApprovalRule(unit="Production", group="approvers", needed=2),),
    "intent_digest": "1" * 64,
    "requested_at": NOW + timedelta(seconds=1),
    "approval_expires_at": NOW,
    "execution_expires_after": timedelta(hours=2),
    "key": "a key that AWS owns",
    "copy_kept_for": timedelta(days=54),
}


@pytest.mark.parametrize("field", CHANGES, ids=str)
def test_any_other_field_is_another_digest(field: str) -> None:
    assert seal_request(a_request()).digest != seal_request(a_request(**{field: CHANGES[field]})).digest


def test_every_field_is_part_of_the_digest() -> None:
    assert set(CHANGES) == set(type(a_request()).__slots__)


def test_a_request_of_before_its_key_was_said_opens_without_one() -> None:
    plain = json.loads(seal_request(a_request()).text)
    text = json.dumps({name: value for name, value in plain.items() if name not in ("key", "copy_kept_for")})
    opened = open_seal(text, digest=digest_of(text)).request
    assert (opened.key, opened.copy_kept_for) == ("", timedelta(0))


def test_a_sealed_request_opens_as_it_was() -> None:
    sealed = seal_request(a_request())
    assert open_seal(sealed.text, digest=sealed.digest) == sealed


def test_a_rule_for_an_account_opens_as_it_was() -> None:
    rule = ApprovalRule(account=PAYMENTS, group="approvers", needed=1)
    sealed = seal_request(a_request(rules=(rule,)))
    assert open_seal(sealed.text, digest=sealed.digest).request.rules == (rule,)


def test_letters_that_look_the_same_have_the_same_digest() -> None:
    composed, decomposed = a_request(reason="caf\u00e9"), a_request(reason="cafe\u0301")
    assert seal_request(composed).digest == seal_request(decomposed).digest


def test_a_changed_text_does_not_open() -> None:
    sealed = seal_request(a_request())
    with pytest.raises(ApprovalVoidError, match="digest"):
        open_seal(sealed.text.replace("payments-db-0200", "payments-db-evil"), digest=sealed.digest)


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
    assert decide_plan(a_recovery_point(), account=PAYMENTS, intent=intent) is RestorePlan.LOCAL


def test_the_central_vault_is_copied_back_from(intent: Intent) -> None:
    central = a_recovery_point(arn=CENTRAL_POINT, vault=CENTRAL_VAULT)
    assert decide_plan(central, account=PAYMENTS, intent=intent) is RestorePlan.COPY_BACK


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
        decide_plan(a_recovery_point(**changes), account=AccountId(account), intent=intent)


def test_what_names_no_owner_is_restored_from_its_own_account_only(intent: Intent) -> None:
    bucket = "arn:aws:s3:::payments-reports"
    assert decide_plan(a_recovery_point(resource=bucket), account=PAYMENTS, intent=intent) is RestorePlan.LOCAL
    central = a_recovery_point(resource=bucket, vault=CENTRAL_VAULT)
    for point, why in ((central, "whose it is"), (a_recovery_point(resource=bucket), "is of account 222222222222")):
        with pytest.raises(RestoreRefusedError, match=why):
            decide_plan(point, account=AccountId("333333333333"), intent=intent)


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


EXPIRES = a_request().approval_expires_at
HOUR = timedelta(hours=1)
BLINK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("approved_at", "copied_at", "now", "state"),
    [
        pytest.param(NOW, None, NOW + HOUR - BLINK, ClockState.IN_TIME, id="just in time"),
        pytest.param(NOW, None, NOW + HOUR, ClockState.EXPIRED, id="execution clock at the edge"),
        pytest.param(EXPIRES - BLINK, None, EXPIRES, ClockState.IN_TIME, id="approved just before expiry"),
        pytest.param(EXPIRES, None, EXPIRES, ClockState.EXPIRED, id="approved at expiry"),
        pytest.param(NOW, NOW + 3 * HOUR, NOW + 3.5 * HOUR, ClockState.IN_TIME, id="after a long copy back"),
        pytest.param(NOW, NOW + 3 * HOUR, NOW + 4 * HOUR, ClockState.EXPIRED, id="too long after the copy back"),
    ],
)
def test_the_two_clocks(approved_at: datetime, copied_at: datetime | None, now: datetime, state: ClockState) -> None:
    assert judge_clocks(a_request(), approved_at=approved_at, copied_at=copied_at, now=now).state is state


def test_clocks_run_across_the_turn_of_the_year() -> None:
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    asked = a_request(requested_at=eve, approval_expires_at=eve + 4 * HOUR)
    late = datetime(2027, 1, 1, 0, 29, tzinfo=UTC)
    assert judge_clocks(asked, approved_at=eve, copied_at=None, now=late).state is ClockState.IN_TIME
