"""What a resource is, by its ARN."""

import pytest

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.preview.resources.inventory import types_of
from tests.builders.preview import a_resource


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:ec2:eu-west-1:222222222222:volume/vol-1", ("EBS",)),
        ("arn:aws-us-gov:ec2:us-gov-west-1:222222222222:instance/i-1", ("EC2",)),
        ("arn:aws:rds:eu-west-1:222222222222:cluster:orders", ("Aurora", "DocumentDB", "Neptune")),
        ("arn:aws:rds:eu-west-1:222222222222:cluster-snapshot:orders", ()),
        ("arn:aws:rds:eu-west-1:222222222222:db:orders", ("RDS",)),
        ("arn:aws:s3:::bucket", ("S3",)),
        ("arn:aws:s3:::bucket/object", ()),
        ("arn:aws:fsx:eu-west-1:222222222222:volume/fs-1/fsvol-1", ("FSx",)),
        ("arn:aws:timestream:eu-west-1:222222222222:database/d/table/t", ("Timestream",)),
        ("arn:aws:ec2:eu-west-1:222222222222:volume/", ()),
        ("arn:aws:sqs:eu-west-1:222222222222:queue", ()),
    ],
)
def test_a_type_is_told_by_service_and_name(arn: str, expected: tuple[str, ...]) -> None:
    assert tuple(row.name for row in types_of(a_resource(arn))) == expected


def test_who_found_it_may_know_more_than_the_arn_tells() -> None:
    cluster = "arn:aws:rds:eu-west-1:222222222222:cluster:orders"
    assert [row.name for row in types_of(a_resource(cluster, type="Neptune"))] == ["Neptune"]
    assert len(types_of(a_resource(cluster, type="what no row has"))) == 3


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.pattern)
def test_every_type_of_the_catalogue_is_found_by_an_arn_of_its_form(row: object) -> None:
    pattern = str(getattr(row, "arn", ""))
    arn = pattern.format(partition="aws", region="eu-west-1", account="222222222222", id="one")
    assert row in types_of(a_resource(arn))
