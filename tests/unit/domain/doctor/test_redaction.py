"""What a recording never holds, whatever document AWS answers it in."""

import json
from typing import Any

import pytest

from strongroom.domain.doctor.redaction import REDACTED, Redactor

ACCOUNT = "123456789012"
SECRET = "hunter2-Zm9vYmFy"


@pytest.mark.parametrize(
    "document",
    [
        {"NextToken": SECRET},
        {"sessionToken": SECRET, "accessKeyId": SECRET, "SecretAccessKey": SECRET},
        {"detail": {"requestParameters": {"masterUserPassword": SECRET}}},
        {"taskToken": f'with "quotes" {SECRET}'},
        {"credentials": {"anything": [SECRET]}},
        {"SecretString": SECRET, "clientSecret": SECRET, "api_key": SECRET, "Cookie": SECRET},
        {"Body": json.dumps({"Token": f'a"b{SECRET}', "Deep": json.dumps({"password": SECRET})})},
        {"answer": f"<A><NextToken>{SECRET}</NextToken></A>"},
        {"arn": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:{SECRET}"},
        {"arn": f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/db/{SECRET}"},
        {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/{SECRET}"},
        {"arn": f"arn:aws:iam::{ACCOUNT}:user/{SECRET}"},
        {"principalId": f"AROA1234567890ABCDEF:{SECRET}"},
        {"userIdentity": {"userName": SECRET}, "userAgent": SECRET, "sourceIdentity": SECRET},
        {"text": f"Bearer eyJhbGciOiJIUzI1NiJ9.{SECRET}.sig and xoxb-{SECRET}"},
    ],
    ids=",".join,
)
def test_what_opens_something_or_is_a_persons_does_not_come_through(document: Any) -> None:
    assert SECRET not in json.dumps(Redactor().redact(document))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("omar@strongroom.example", "person@example.com"),
        ("203.0.113.77", "192.0.2.1"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8::1"),
        ("payments.c9akciq32.eu-west-1.rds.amazonaws.com", "host.example.com"),
        ("payments.c9akciq32.rds.cn-north-1.amazonaws.com.cn", "host.example.com"),
        ("AKIAIOSFODNN7EXAMPLE", "AROAEXAMPLE0000000001"),
        ("key/2f7a9bd5-8b19-4a83-9a2e-1234567890ab", "key/00000000-0000-4000-8000-000000000001"),
        ("o-a1b2c3d4e5", "o-strongroom1"),
        ("ou-ab12-cd34ef56", "ou-strg-00000001"),
        ("r-ab12", "r-strg"),
        (f"bucket-{ACCOUNT}-eu-west-1", "bucket-300000000001-eu-west-1"),
    ],
)
def test_an_identifier_becomes_one_that_is_nobodys(text: str, kept: str) -> None:
    assert Redactor().redact(text) == kept


def test_the_same_name_becomes_the_same_name_in_all_documents() -> None:
    redactor = Redactor(accounts={"111122223333": "999999999999"})
    first = redactor.redact({"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:role/x", "Other": "210987654321"})
    assert first == {"Account": "300000000001", "Arn": "arn:aws:iam::300000000001:role/x", "Other": "300000000002"}
    assert redactor.redact([ACCOUNT, "111122223333"]) == ["300000000001", "999999999999"]


def test_the_shape_stays() -> None:
    document = {
        "State": "COMPLETED",
        "Count": 3,
        "Ratio": 0.123456789012345,
        "time": "2026-09-01T22:08:04Z",
        "Empty": None,
        "Token": None,
        "Sizes": [123456789012],
        "Name": "strongroom-daily-prod",
        "Text": "{not json",
        "Arn": "arn:aws:ec2:us-west-2::snapshot/snap-03886bc8d6ef3a1f9",
    }
    assert Redactor().redact(document) == document


def test_a_document_inside_a_text_stays_one() -> None:
    policy = {"Statement": [{"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}]}
    kept = Redactor().redact({"Policy": json.dumps(policy)})
    assert json.loads(kept["Policy"])["Statement"][0]["Principal"]["AWS"] == "arn:aws:iam::300000000001:root"


def test_a_pseudonym_is_not_redacted_again() -> None:
    once = Redactor().redact(f"{ACCOUNT} 2f7a9bd5-8b19-4a83-9a2e-123456789012")
    assert once == "300000000001 00000000-0000-4000-8000-000000000001"
    assert REDACTED not in once
