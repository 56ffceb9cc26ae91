"""A request that follows a restore is about what that made, as it was restored then, or is refused for what differs."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import RestoreLimits
from strongroom.domain.restores.asked.deciding import (
    AfterWish,
    Followed,
    SettingFound,
    as_asked,
    as_found,
    following,
    is_said_by,
    why_miscounted,
    why_not_followed,
    why_not_following,
    why_not_lent,
    why_not_set,
    why_without_ticket,
)
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import RestoreRequest
from tests.builders.deciding.afterwards import (
    EXPIRES,
    LIFECYCLE,
    NOTIFIED,
    REPLICATING,
    RESTORED_TABLE,
    STREAM,
    STREAMED,
    TABLE,
    TABLE_POINT,
    TTL,
    a_bucket_intent,
    a_bucket_request,
    a_notified_request,
    a_replicated_request,
    an_after_request,
    with_stricter_rule,
)
from tests.builders.places import LOCAL_VAULT, PAYMENTS
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
        "DynamoDB counts them about every six hours: soon after a restore there may be far more than that.",
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
    assert (found.facts, found.obstacle) == ((), "")


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


def test_items_are_counted_only_where_approvers_read_of_them() -> None:
    request = an_after_request(call=STREAM, metadata=tuple(STREAMED.items()), original=(("ItemCount", "1204"),))
    assert why_miscounted(request, SettingFound(items=5_000_000)) == ""


@pytest.mark.parametrize("told", ["many", "-1", "1.5", "\u0661", "9" * 19])
def test_a_number_of_items_is_one(told: str) -> None:
    with pytest.raises(RestoreRefusedError, match="ItemCount must be a number of items"):
        as_asked(an_after_request(original=(("ItemCount", told),)))


STRANGER: Final = "123123123123"


def called_strangers() -> tuple[tuple[str, str], ...]:
    return tuple((name, text.replace(PAYMENTS, STRANGER)) for name, text in NOTIFIED.items())


def test_who_is_called_in_the_account_is_no_risk_and_in_another_one_the_gravest() -> None:
    assert as_asked(a_notified_request()).risks == ()
    asked = as_asked(a_notified_request(metadata=called_strangers(), policy=with_stricter_rule()))
    assert asked.risks == ("elevated",)
    assert f"This queue belongs to account {STRANGER}" in asked.risk_sentences[1]
    written = called_strangers()
    both = as_asked(a_notified_request(metadata=written, wishes=written, policy=with_stricter_rule()))
    assert both.risks == ("elevated", "as-written")


@pytest.mark.parametrize(
    "request_",
    [a_notified_request(metadata=called_strangers()), a_replicated_request()],
    ids=["a stranger", "a role"],
)
def test_where_the_rules_name_nobody_for_the_gravest_it_is_refused(request_: RestoreRequest) -> None:
    with pytest.raises(RestoreRefusedError, match="no rule says who approves what is graver"):
        as_asked(request_)


def test_who_lies_in_another_region_is_refused() -> None:
    with pytest.raises(RestoreRefusedError, match="lies elsewhere than the bucket"):
        as_asked(a_notified_request(region=Region("us-east-1")))


def test_approvers_read_of_replication_what_was_found() -> None:
    found = SettingFound(facts=(("shop-docs-far lies in", "us-east-1"),))
    asked = as_found(a_replicated_request(original=(), policy=with_stricter_rule()), found)
    assert asked.original == found.facts
    assert asked.risks == ("elevated",)
    assert "into the bucket shop-docs-far of account" in asked.risk_sentences[0]
    assert "in us-east-1, another Region than" in asked.risk_sentences[0]


def test_a_role_is_passed_that_a_profile_lends_and_no_other(intent: Intent) -> None:
    assert why_not_lent(a_notified_request(), intent) == ""
    assert why_not_lent(a_replicated_request(), intent) == (
        f"{REPLICATING} is no role that a profile lends to replication: name it among the `roles` of the account's, "
        "with `limits.replication_role: elevated`, or set it by hand"
    )
    assert why_not_lent(a_replicated_request(), a_bucket_intent(intent)) != ""
    lent_to_instances = a_bucket_intent(intent, limits=RestoreLimits(backed_up_role="elevated"))
    assert why_not_lent(a_replicated_request(), lent_to_instances) != ""
    assert why_not_lent(a_replicated_request(), a_bucket_intent(intent, lends=True)) == ""


@pytest.mark.parametrize(
    ("found", "why"),
    [
        pytest.param(SettingFound(facts=(("shop-docs-far lies in", "us-east-1"),)), "", id="as it was told"),
        pytest.param(
            SettingFound(facts=(("shop-docs-far lies in", "eu-west-1"),)),
            "it is not as approvers were told: shop-docs-far lies in eu-west-1",
            id="elsewhere",
        ),
        pytest.param(SettingFound(obstacle="it keeps no versions"), "it keeps no versions", id="an obstacle"),
        pytest.param(
            SettingFound(parameters=a_replicated_request().metadata, obstacle="it keeps no versions"), "", id="is so"
        ),
    ],
)
def test_what_replication_writes_into_may_forbid_the_call(found: SettingFound, why: str) -> None:
    assert why_not_set(a_replicated_request(), found) == why


def test_notifications_that_are_there_may_only_be_added_to() -> None:
    bridge = SettingFound(parameters=(("NotificationConfiguration", '{"EventBridgeConfiguration":{}}'),))
    assert "has another setting by now" in why_not_set(a_notified_request(), bridge)
    both = NOTIFIED["NotificationConfiguration"].replace("{", '{"EventBridgeConfiguration":{},', 1)
    assert why_not_set(a_notified_request(metadata=(("NotificationConfiguration", both),)), bridge) == ""


def test_all_that_is_not_as_it_was_told_is_said() -> None:
    found = SettingFound(facts=(("a lies in", "eu-west-1"), ("shop-docs-far lies in", "us-east-1"), ("b lies in", "x")))
    assert why_not_set(a_replicated_request(), found) == (
        "it is not as approvers were told: a lies in eu-west-1; b lies in x"
    )


def test_what_a_call_that_is_none_would_set_replaces_nothing() -> None:
    found = SettingFound(parameters=OTHER)
    assert "has another setting by now" in why_not_set(an_after_request(call="dynamodb:DeleteTable"), found)


def test_replication_rules_that_are_there_are_never_added_to() -> None:
    fewer = (("ReplicationConfiguration", '{"Role":"arn:x","Rules":[]}'),)
    assert "has another setting by now" in why_not_set(a_replicated_request(), SettingFound(parameters=fewer))


def test_what_nobody_could_have_set_is_replaced_no_more_than_the_rest() -> None:
    found = SettingFound(parameters=(("TimeToLiveSpecification", "{}"),))
    assert "has another setting by now" in why_not_set(an_after_request(), found)


def test_what_was_known_before_is_told_beside_what_was_found() -> None:
    known, found = ("ItemCount", "12"), ("a lies in", "eu-west-1")
    assert as_found(an_after_request(original=(known,)), SettingFound(facts=(found,))).original == (known, found)


@pytest.mark.parametrize(
    ("call", "said", "is_said"),
    [
        pytest.param(TTL, '{"Enabled": true, "AttributeName": "expires"}', True, id="in another spelling"),
        pytest.param(TTL, '{"AttributeName":"gone","Enabled":true}', False, id="another setting"),
        pytest.param(TTL, "{", False, id="none that can be read"),
        pytest.param("dynamodb:DeleteTable", EXPIRES["TimeToLiveSpecification"], False, id="of another call"),
    ],
)
def test_a_setting_is_the_one_that_was_approved_in_whatever_spelling(call: str, said: str, is_said: bool) -> None:  # noqa: FBT001
    assert is_said_by(an_after_request(call=call), (("TimeToLiveSpecification", said),)) is is_said
