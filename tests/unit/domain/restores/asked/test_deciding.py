"""A request that follows a restore is about what that made, as it was restored then, or is refused for what differs."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.asked.deciding import (
    AfterWish,
    Followed,
    SettingFound,
    as_asked,
    following,
    why_miscounted,
    why_not_followed,
    why_not_following,
    why_not_set,
    why_without_ticket,
)
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.plans import RestorePlan
from tests.builders.deciding.afterwards import (
    EXPIRES,
    LIFECYCLE,
    RESTORED_TABLE,
    STREAM,
    STREAMED,
    TABLE,
    TABLE_POINT,
    a_bucket_request,
    an_after_request,
)
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import NOW, a_request

RESTORED_AT: Final = NOW - timedelta(hours=1)
STEPS: Final = tuple(CALLS[step].sentence for step in (AskedStep.TIME_TO_LIVE, AskedStep.STREAM))
SECOND: Final = timedelta(seconds=1)


def followed(*, restore: dict[str, Any] | None = None, **changes: Any) -> Followed:
    """Orders was restored as orders-0200, without time to live and without its stream."""
    usual = {
        "resource": TABLE,
        "resource_type": "DynamoDB",
        "recovery_point": TABLE_POINT,
        "plan": RestorePlan.COPY_BACK,
        "steps": STEPS,
        "tier": "gold",
    }
    request = a_request(**usual | (restore or {}))
    made = Followed(request=request, outcome="restored", closed="a" * 64, restored_at=RESTORED_AT, made=RESTORED_TABLE)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("restore", "changes", "why"),
    [
        pytest.param({}, {}, "", id="it was restored and has left it"),
        pytest.param(
            {"kind": "after", "of": "r-bcdefghj2345"},
            {},
            "r-abcdefgh2345 is no restore: it follows r-bcdefghj2345, so ask after that",
            id="what follows another",
        ),
        pytest.param({}, {"outcome": ""}, "r-abcdefgh2345 has not ended as restored: it goes on", id="it goes on"),
        pytest.param({}, {"outcome": "denied"}, "r-abcdefgh2345 has not ended as restored: denied", id="it was denied"),
        pytest.param(
            {}, {"restored_at": None}, "r-abcdefgh2345 has not ended as restored: restored", id="nobody knows when"
        ),
        pytest.param({}, {"made": ""}, "r-abcdefgh2345 has not ended as restored: restored", id="nothing was made"),
        pytest.param(
            {"steps": STEPS[1:]},
            {},
            "time-to-live is not among what r-abcdefgh2345 leaves to be asked for",
            id="it was not left",
        ),
    ],
)
def test_only_what_a_restore_has_left_is_asked_for_after_it(
    restore: dict[str, Any], changes: dict[str, Any], why: str
) -> None:
    assert why_not_followed(followed(restore=restore, **changes), AskedStep.TIME_TO_LIVE) == why


def test_what_follows_has_everything_of_the_restore_but_the_way_back() -> None:
    assert following(followed(), AskedStep.STREAM) == {
        "account": "222222222222",
        "region": "eu-west-1",
        "unit": "Production",
        "tier": "gold",
        "resource_type": "DynamoDB",
        "recovery_point": TABLE_POINT,
        "recovery_point_created_at": followed().request.recovery_point_created_at,
        "vault": LOCAL_VAULT,
        "plan": RestorePlan.LOCAL,
        "call": STREAM,
        "resource": RESTORED_TABLE,
        "target_name": "orders-0200",
        "of": "r-abcdefgh2345",
        "of_closed": "a" * 64,
        "of_restored_at": RESTORED_AT,
    }


def a_following(**changes: Any) -> Any:
    return an_after_request(**{"tier": "gold", "vault": LOCAL_VAULT, **changes})


def test_what_is_about_the_restore_as_it_was_follows_it() -> None:
    assert why_not_following(a_following(), followed()) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("account", AccountId("333333333333")),
        ("region", Region("eu-central-1")),
        ("unit", "Sandbox"),
        ("tier", ""),
        ("resource_type", "S3"),
        ("recovery_point", f"{TABLE_POINT}-2"),
        ("recovery_point_created_at", RESTORED_AT),
        ("vault", f"{LOCAL_VAULT}-2"),
        ("plan", RestorePlan.COPY_BACK),
        ("resource", TABLE),
        ("target_name", "orders"),
        ("of", "r-cdefghjk2345"),
        ("of_closed", "b" * 64),
        ("of_restored_at", NOW),
    ],
)
def test_what_differs_from_the_restore_in_anything_is_named(name: str, value: Any) -> None:
    why = why_not_following(a_following(**{name: value}), followed())
    assert why == f"its {name} is not that of r-abcdefgh2345, which it follows"


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("dynamodb:DeleteTable", "dynamodb:DeleteTable sets nothing that is asked for after a restore"),
        ("x" * 81, f"{'x' * 80} sets nothing that is asked for after a restore"),
        (LIFECYCLE, "lifecycle is not among what r-abcdefgh2345 leaves to be asked for"),
    ],
    ids=["none", "long", "not left"],
)
def test_a_call_that_was_not_left_follows_nothing(call: str, why: str) -> None:
    assert why_not_following(a_following(call=call), followed()) == why


def test_a_request_is_read_in_the_one_spelling_with_what_it_does() -> None:
    written = {"TimeToLiveSpecification": '{"Enabled": true, "AttributeName": "expires"}'}
    asked = as_asked(an_after_request(metadata=tuple(written.items()), original=(("ItemCount", "1204"),)))
    assert (dict(asked.metadata), asked.risks) == (EXPIRES, ())
    assert asked.risk_sentences == (
        'DynamoDB deletes items whose "expires" lies in the past, of about 1,204 that it has, from then on.',
        "Nobody gets back what it deletes but by another restore.",
    )


def test_how_many_items_there_are_is_left_out_where_nobody_knows() -> None:
    first, _ = as_asked(an_after_request()).risk_sentences
    assert first == 'DynamoDB deletes items whose "expires" lies in the past, from then on.'


def test_what_its_asker_wrote_is_told_as_a_risk() -> None:
    metadata = tuple(STREAMED.items())
    assert as_asked(an_after_request(call=STREAM, metadata=metadata, wishes=metadata)).risks == ("as-written",)


def test_the_rules_of_a_bucket_are_read_as_those_of_a_bucket() -> None:
    sentence, _ = as_asked(a_bucket_request()).risk_sentences
    assert sentence.startswith('Rule "old", objects with {"Prefix":"old/"}: S3 deletes them 30 days after')


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"call": "dynamodb:DeleteTable"}, "dynamodb:DeleteTable"),
        ({"call": "x" * 81}, "x" * 80),
        ({"resource_type": "S3"}, "dynamodb:UpdateTimeToLive"),
    ],
    ids=["another call", "a long call", "another type"],
)
def test_a_call_that_is_none_of_its_type_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RestoreRefusedError) as refused:
        as_asked(an_after_request(**changes))
    assert str(refused.value) == f"{said} sets nothing that is asked for after such a restore"


@pytest.mark.parametrize(
    ("since", "ticket", "is_needed"),
    [
        (NOW - timedelta(days=7), "", False),
        (NOW - timedelta(days=7) - SECOND, "", True),
        (NOW - timedelta(days=7) - SECOND, "OPS-1", False),
        (None, "", True),
        (None, "OPS-1", False),
    ],
    ids=["in the last second", "later", "later, with one", "at no known time", "at no known time, with one"],
)
def test_it_needs_a_ticket_of_its_own_after_a_week(since: datetime | None, ticket: str, *, is_needed: bool) -> None:
    why = why_without_ticket(an_after_request(of_restored_at=since, ticket=ticket), followed())
    said = "r-abcdefgh2345 was restored more than 7 days before: what follows it takes a ticket of its own by now"
    assert why == (said if is_needed else "")


@pytest.mark.parametrize("ticket", ["", "OPS-1"])
def test_it_needs_one_at_once_where_the_restore_was_urgent(ticket: str) -> None:
    why = why_without_ticket(an_after_request(ticket=ticket), followed(restore={"ticket": "", "incident": "INC-7"}))
    assert why == (
        "" if ticket else "r-abcdefgh2345 was urgent and had no ticket: what follows it takes one of its own"
    )


ANEW: Final = f"{RESTORED_TABLE} was made anew after r-abcdefgh2345 had restored it"
OTHER: Final = (("TimeToLiveSpecification", '{"AttributeName":"gone","Enabled":true}'),)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        pytest.param(SettingFound(), "", id="nothing is set"),
        pytest.param(SettingFound(parameters=tuple(EXPIRES.items())), "", id="it is set so"),
        pytest.param(
            SettingFound(parameters=OTHER),
            f"{RESTORED_TABLE} has another setting by now, which it would replace: {dict(OTHER)}",
            id="it is set otherwise",
        ),
        pytest.param(SettingFound(made_at=RESTORED_AT - timedelta(hours=1)), "", id="it was made before"),
        pytest.param(SettingFound(made_at=RESTORED_AT + timedelta(seconds=60)), "", id="as clocks differ"),
        pytest.param(SettingFound(made_at=RESTORED_AT + timedelta(seconds=61)), ANEW, id="it was made anew"),
    ],
)
def test_what_is_there_now_may_forbid_the_call(found: SettingFound, why: str) -> None:
    assert why_not_set(an_after_request(), found) == why


def test_where_nobody_knows_when_it_was_restored_nothing_is_made_anew() -> None:
    assert why_not_set(an_after_request(of_restored_at=None), SettingFound(made_at=NOW)) == ""


def test_what_is_not_said_is_not_there() -> None:
    wish = AfterWish(step=AskedStep.STREAM, reason="orders must reach the shop")
    assert (wish.parameters, wish.ticket) == (None, "")
    found = SettingFound()
    assert (found.parameters, found.made_at, found.items, found.is_pending) == ((), None, None, False)


@pytest.mark.parametrize(
    ("told", "items", "read"),
    [
        pytest.param("1204", 2408, "", id="twice as many"),
        pytest.param("1204", 2409, "about 1,204 items", id="more than that"),
        pytest.param("1204", 0, "", id="none"),
        pytest.param("1204", None, "", id="nothing tells"),
        pytest.param("0", 100, "", id="few"),
        pytest.param("0", 101, "about 0 items", id="not few"),
        pytest.param("", 1, "no number of items", id="approvers were not told"),
        pytest.param("", None, "", id="nor is anybody"),
    ],
)
def test_far_more_items_than_approvers_read_are_told(told: str, items: int | None, read: str) -> None:
    request = an_after_request(original=(("ItemCount", told),) if told else ())
    why = why_miscounted(request, SettingFound(items=items))
    said = f"approvers read of {read}, and {RESTORED_TABLE} has {items or 0:,} by now: ask anew"
    assert why == (said if read else "")


@pytest.mark.parametrize("told", ["many", "-1", "1.5", "\u0661", "9" * 19])
def test_a_number_of_items_is_one(told: str) -> None:
    with pytest.raises(RestoreRefusedError, match="ItemCount must be a number of items"):
        as_asked(an_after_request(original=(("ItemCount", told),)))
