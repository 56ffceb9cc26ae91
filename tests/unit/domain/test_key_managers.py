"""Whose a key is, as far as its name tells."""

import pytest

from strongroom.domain.key_managers import KeyManager, is_key, manager_told_by
from tests.builders.places import PAYMENTS

ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
HERE, ELSEWHERE = (f"arn:aws:kms:eu-west-1:{account}" for account in (PAYMENTS, "333333333333"))
NAMES: dict[str, tuple[str, KeyManager | None]] = {
    "alias of AWS's own": ("alias/aws/rds", KeyManager.AWS),
    "alias of AWS's own, by its ARN": (f"{HERE}:alias/aws/ebs", KeyManager.AWS),
    "alias of somebody's own": ("alias/orders", KeyManager.CUSTOMER),
    "alias that only looks like AWS's": ("alias/awsome/rds", KeyManager.CUSTOMER),
    "alias of another account": (f"{ELSEWHERE}:alias/aws/rds", KeyManager.CUSTOMER),
    "key of another account": (f"{ELSEWHERE}:key/{ID}", KeyManager.CUSTOMER),
    "key of several Regions": (f"{HERE}:key/mrk-{'0a' * 16}", KeyManager.CUSTOMER),
    "key of several Regions, by its id": (f"mrk-{'0a' * 16}", KeyManager.CUSTOMER),
    "key of the account": (f"{HERE}:key/{ID}", None),
    "id of a key": (ID, None),
}
ODD = (
    "",
    "x" * 3_000,
    "1234abcd",
    f"{ID}\n",
    f" {ID}",
    f"{HERE}:key/",
    f"arn:aws:iam::{PAYMENTS}:role/Admin",
    "alias/",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_key_may_tell_who_manages_it(name: str) -> None:
    key, manager = NAMES[name]
    assert (manager_told_by(key, account=PAYMENTS), is_key(key)) == (manager, True)


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:30]))
def test_what_names_no_key_tells_nothing_and_is_not_asked_for(text: str) -> None:
    assert (manager_told_by(text, account=PAYMENTS), is_key(text)) == (None, False)
