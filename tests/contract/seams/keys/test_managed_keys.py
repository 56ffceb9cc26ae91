"""What we touch inside MiniStack's KMS is still there, and knows no key that AWS manages.

Source: AWS KMS Developer Guide, "AWS managed keys".
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import kms

from sandbox.seams import host as seams
from sandbox.seams.keys import managed_keys

ACCOUNT, REGION = "222222222222", "eu-west-1"
KEY = managed_keys.managed_key("rds", account=ACCOUNT, region=REGION)
NAMES = {
    "alias": "alias/aws/rds", "ARN of the alias": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/rds",
    "ARN": KEY, "id": KEY.rpartition("/")[2],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _account() -> Iterator[None]:
    with seams.request_scope(ACCOUNT, REGION):
        yield
        seams.restore()


def described(name: str) -> dict[str, Any]:
    """The answer of DescribeKey."""
    _, _, body = kms._describe_key({"KeyId": name})  # noqa: SLF001
    answer: dict[str, Any] = json.loads(body)
    return answer


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_aws_manages_is_there_by_each_of_its_names(name: str) -> None:
    managed_keys.install()
    told = described(NAMES[name])["KeyMetadata"]
    assert (told["Arn"], told["KeyManager"], told["KeyState"]) == (KEY, "AWS", "Enabled")


@pytest.mark.parametrize("name", ["alias/orders", KEY.replace(ACCOUNT, "333333333333"), "1234abcd"])
def test_nothing_else_is(name: str) -> None:
    managed_keys.install()
    assert described(name)["__type"] == "NotFoundException"


@pytest.mark.parametrize("name", NAMES)
def test_the_emulator_alone_knows_none(name: str) -> None:
    assert described(NAMES[name])["__type"] == "NotFoundException"
