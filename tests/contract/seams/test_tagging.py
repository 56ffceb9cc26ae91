"""What we touch inside MiniStack's tagging service is still there, and leaves out databases and volumes as it did.

Source: Resource Groups Tagging API reference, "Services that support the Resource Groups Tagging API".
"""

import json
from collections.abc import Iterator

import pytest
from ministack.services import ec2, rds, s3, tagging

from sandbox.seams import host as seams
from sandbox.seams.tagging import listing

ACCOUNT, HOME = "222222222222", "eu-west-1"
DATABASE = f"arn:aws:rds:{HOME}:{ACCOUNT}:db:payments"
VOLUME = f"arn:aws:ec2:{HOME}:{ACCOUNT}:volume/vol-1"
TAGS = [{"Key": "Backup", "Value": "daily-prod"}]


@pytest.fixture(autouse=True)
def _account() -> Iterator[None]:
    """An account with a database and a volume, both with tags."""
    with seams.request_scope(ACCOUNT, HOME):
        rds._tags[DATABASE] = TAGS  # noqa: SLF001
        ec2._volumes["vol-1"] = {}  # noqa: SLF001
        ec2._tags["vol-1"] = TAGS  # noqa: SLF001
        yield
        seams.restore()
        for store, key in ((rds._tags, DATABASE), (ec2._volumes, "vol-1"), (ec2._tags, "vol-1")):  # noqa: SLF001
            store.pop(key, None)


def listed(*arns: str, region: str = HOME) -> list[str]:
    with seams.request_scope(ACCOUNT, region):
        _, _, body = tagging._get_resources({"ResourceARNList": [*arns]})  # noqa: SLF001
    return [each["ResourceARN"] for each in json.loads(body)["ResourceTagMappingList"]]


def test_databases_and_volumes_are_listed_by_their_tags() -> None:
    listing.install()
    assert listed(DATABASE, VOLUME) == [DATABASE, VOLUME]


@pytest.mark.parametrize("arn", [DATABASE, VOLUME])
def test_one_without_a_tag_is_not(arn: str) -> None:
    listing.install()
    rds._tags.pop(DATABASE)  # noqa: SLF001
    ec2._tags.pop("vol-1")  # noqa: SLF001
    assert listed(arn) == []


def test_a_database_is_listed_in_its_own_region() -> None:
    listing.install()
    assert listed(DATABASE, region="eu-central-1") == []


def test_the_emulator_alone_leaves_them_out() -> None:
    assert listed(DATABASE, VOLUME) == []


@pytest.mark.parametrize(
    ("arn", "tags"),
    [
        (VOLUME, {"Backup": "daily-prod"}),
        (VOLUME.replace("vol-1", "vol-2"), {}),
        ("arn:aws:s3:::receipts", {"team": "payments"}),
        ("arn:aws:s3:::nobody", {}),
    ],
)
def test_the_tags_that_a_thing_has_now_are_read(arn: str, tags: dict[str, str]) -> None:
    with seams.request_scope(ACCOUNT, HOME):
        s3._bucket_tags["receipts"] = {"team": "payments"}  # noqa: SLF001
        try:
            assert listing.tags_now(arn, account=ACCOUNT, region=HOME) == tags
        finally:
            s3._bucket_tags.pop("receipts")  # noqa: SLF001


def test_tags_of_another_account_are_not_read() -> None:
    assert listing.tags_now(VOLUME, account="333333333333", region=HOME) == {}
