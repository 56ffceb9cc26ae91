"""A ticket names the one resource or recovery point that is restored, or it names nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.restores.tickets.naming import is_named
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import DATABASE, POINT, a_request, a_ticket

TABLE = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
BUCKET = "arn:aws:s3:::payments-archive"
FREE: dict[str, Any] = {"resources": None, "summary": "", "description": "", "labels": ()}


@pytest.mark.parametrize(
    "text",
    [
        DATABASE,
        f"Please restore {DATABASE}.",
        f"({DATABASE}), as of 02:00",
        f"from [{POINT}|https://console.example]",
        f"one,{POINT};two",
        f"db:payments-db of {PAYMENTS}",
        f"account {PAYMENTS}: db/payments-db",
    ],
)
@pytest.mark.parametrize("place", ["summary", "description", "labels"])
def test_an_arn_or_type_name_and_account_name_the_resource(text: str, place: str) -> None:
    said = {place: tuple(text.split()) if place == "labels" else text}
    assert is_named(a_ticket(**FREE | said), request=a_request())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Rotate TLS certificates of account {PAYMENTS}", id="the account number alone"),
        pytest.param("order laptops for payments-db team", id="a bare name"),
        pytest.param(f"payments-db in {PAYMENTS}", id="a bare name and the account"),
        pytest.param("db:payments-db", id="type and name without the account"),
        pytest.param(f"db:payments-db of {PAYMENTS}0", id="a longer number"),
        pytest.param(f"{DATABASE}-old", id="a longer name"),
        pytest.param(DATABASE[:-1], id="a shorter name"),
        pytest.param(DATABASE.replace(PAYMENTS, "555555555555"), id="in another account"),
        pytest.param(DATABASE.replace(HOME, "eu-central-1"), id="in another Region"),
        pytest.param(DATABASE.upper(), id="in capitals"),
        pytest.param(DATABASE.replace("payments", "pay\u200bments"), id="with an unseen character"),
        pytest.param(f"{POINT}0", id="another recovery point"),
        pytest.param("r-abcdefgh2345", id="the request, which is younger than the ticket"),
        pytest.param("", id="nothing"),
    ],
)
@pytest.mark.parametrize("place", ["text", "field"])
def test_attack_12_what_is_like_the_resource_does_not_name_it(text: str, place: str) -> None:
    said = {"resources": (text,)} if place == "field" else {"summary": text, "labels": tuple(text.split())}
    assert not is_named(a_ticket(**FREE | said), request=a_request())


def test_x_06_where_a_field_names_the_resource_free_text_does_not() -> None:
    said = {"summary": DATABASE, "description": POINT, "labels": (DATABASE,)}
    assert not is_named(a_ticket(**said, resources=()), request=a_request())
    assert is_named(a_ticket(**said, resources=("something else", POINT)), request=a_request())


@pytest.mark.parametrize(
    ("resource", "text", "named"),
    [
        (TABLE, f"table/orders {PAYMENTS}", True),
        (TABLE, f"orders {PAYMENTS}", False),
        (BUCKET, BUCKET, True),
        (BUCKET, "payments-archive", False),
    ],
)
def test_a_resource_without_a_type_is_named_by_its_arn_alone(resource: str, text: str, named: bool) -> None:  # noqa: FBT001
    assert is_named(a_ticket(**FREE | {"summary": text}), request=a_request(resource=resource)) is named


@given(st.text(max_size=200))
def test_attack_12_no_text_without_an_arn_or_the_account_names_anything(text: str) -> None:
    if DATABASE in text or POINT in text or PAYMENTS in text:
        return
    assert not is_named(a_ticket(**FREE | {"description": text, "labels": (text,)}), request=a_request())


@pytest.mark.parametrize(
    "text",
    [
        "payments-archive:payments-archive .",
        "payments-archive/payments-archive .",
        "payments-archive .",
        ". :",
    ],
)
def test_attack_12_a_bucket_is_named_by_its_arn_alone(text: str) -> None:
    request = a_request(resource=BUCKET, recovery_point=f"{BUCKET}-point")
    assert not is_named(a_ticket(**FREE | {"summary": text}), request=request)
    assert is_named(a_ticket(**FREE | {"summary": f"{text} {BUCKET}"}), request=request)


def test_what_stands_in_front_of_an_arn_is_no_part_of_it_only_if_nobody_could_mean_it() -> None:
    assert is_named(a_ticket(**FREE | {"summary": f"<{DATABASE}>"}), request=a_request())
    assert not is_named(a_ticket(**FREE | {"summary": f"~{DATABASE}"}), request=a_request())
