"""What is said to deceive: letters that look alike, keys twice, places of others, and names that AWS keeps."""

from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.decide import decide_restore
from tests.builders.deciding.restore_cases import PROFILE, a_restore

KEY: Final[str] = PROFILE["keys"][0]
OTHERS_KEY: Final = KEY.replace("111122223333", "999999999999")
DATABASE: Final = {"DBInstanceClass": "db.r6g.large", "Engine": "postgres", "AllocatedStorage": "100"}
MACHINE: Final = {"InstanceType": "m6i.large"}
VOLUME: Final = {"volumeSize": "10", "volumeType": "io2", "iops": "3000"}
LOG: Final = {"continuous": ["2026-01-01T00:00:00Z", "2026-11-22T00:00:00Z"]}
DEEP: Final = "[" * 5000 + "]" * 5000

REFUSED: Final[dict[str, tuple[str, dict[str, Any], list[str]]]] = {
    "the Kelvin sign for a K": ("RDS", {"wishes": {"\u212amsKeyId": KEY}}, ["unknown-key"]),
    "the long s": ("RDS", {"wishes": {"PubliclyAcce\u017fsible": "true"}}, ["unknown-key"]),
    "the dotless i": ("RDS", {"wishes": {"Publ\u0131clyAccessible": "true"}}, ["unknown-key"]),
    "a letter of full width": ("RDS", {"wishes": {"\uff30ubliclyAccessible": "true"}}, ["unknown-key"]),
    "an a of another script": ("EC2", {"wishes": {"UserD\u0430ta": "x"}}, ["unknown-key"]),
    "a joiner of no width": ("EC2", {"wishes": {"User\u200dData": "x"}}, ["unknown-key"]),
    "a blank after the key": ("RDS", {"wishes": {"PubliclyAccessible ": "true"}}, ["unknown-key"]),
    "true in full width": ("RDS", {"wishes": {"MultiAZ": "\uff54\uff52\uff55\uff45"}}, ["bad-value"]),
    "a soft hyphen in true": ("RDS", {"wishes": {"PubliclyAccessible": "tr\u00adue"}}, ["bad-value"]),
    "true as no text": ("RDS", {"wishes": {"PubliclyAccessible": True}}, ["bad-value"]),
    "digits of another script": ("RDS", {"wishes": {"AllocatedStorage": "\u0662\u0660\u0660"}}, ["bad-value"]),
    "a number as Python reads it": ("RDS", {"wishes": {"AllocatedStorage": "2_000"}}, ["bad-value"]),
    "a wish that is an object": ("RDS", {"wishes": {"MultiAZ": {"a": "b"}}}, ["bad-value"]),
    "a nested key twice": (
        "FSx Windows",
        {"wishes": {"WindowsConfiguration": '{"ThroughputCapacity":32,"ThroughputCapacity":8}'}},
        ["bad-value"],
    ),
    "a nested key in other letters": (
        "FSx Windows",
        {"wishes": {"WindowsConfiguration": '{"ThroughputCapacity":32,"throughputcapacity":8}'}},
        ["bad-value"],
    ),
    "nesting without end": ("FSx Windows", {"wishes": {"WindowsConfiguration": DEEP}}, ["bad-value"]),
    "no number": ("FSx Windows", {"wishes": {"WindowsConfiguration": '{"ThroughputCapacity":NaN}'}}, ["bad-value"]),
    "a group in a list of lists": ("RDS", {"wishes": {"VpcSecurityGroupIds": '[["sg-0a1"]]'}}, ["bad-value"]),
    "two of the profile's groups at once": (
        "RDS",
        {"wishes": {"VpcSecurityGroupIds": '["sg-0a1","sg-0b2"]'}},
        ["not-in-profile"],
    ),
    "a key of others": ("EBS", {"wishes": {"kmsKeyId": OTHERS_KEY}}, ["foreign-place", "not-in-profile"]),
    "the key of another partition": (
        "EBS",
        {"wishes": {"kmsKeyId": KEY.replace("arn:aws:", "arn:aws-cn:")}},
        ["foreign-place", "not-in-profile"],
    ),
    "a key of AWS's in capitals": ("EBS", {"wishes": {"kmsKeyId": "ALIAS/AWS/EBS"}}, ["aws-key"]),
    "a key of AWS's by its ARN": (
        "EBS",
        {"wishes": {"kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs"}},
        ["aws-key"],
    ),
    "AWS Backup's own word": ("EC2", {"wishes": {"aws:backup:request-id": "x"}}, ["unknown-key"]),
    "an hour in another zone": ("RDS", {"at": "2026-11-20T10:00:00+02:00", "point": LOG}, ["bad-time"]),
    "a leap second": ("RDS", {"at": "2026-06-30T23:59:60Z", "point": LOG}, ["bad-time"]),
    "a day that is none": ("RDS", {"at": "2026-02-30T10:00:00Z", "point": LOG}, ["bad-time"]),
    "a name that is taken in other letters": (
        "RDS",
        {"target": {"name": "bank"}, "taken": ["ban\u212a"]},
        ["name-taken"],
    ),
    "a name with a line's end": ("RDS", {"target": {"name": "restored-1\n"}}, ["bad-name"]),
    "files beside the file system": ("EFS", {"wishes": {"ItemsToRestore": '["/../etc"]'}}, ["bad-value"]),
    "a path that reads backwards": ("EFS", {"wishes": {"ItemsToRestore": '["/a\\u202e"]'}}, ["bad-value"]),
}
SAID: Final = {"RDS": DATABASE, "EC2": MACHINE, "EBS": VOLUME}


@pytest.mark.parametrize(("kind", "said", "faults"), REFUSED.values(), ids=REFUSED)
def test_what_is_asked_to_deceive_is_refused(kind: str, said: dict[str, Any], faults: list[str]) -> None:
    decision = decide_restore(a_restore(kind, **{"backup": SAID.get(kind, {}), **said}))
    assert ([refusal.fault for refusal in decision.refusals], dict(decision.metadata)) == (faults, {})


@pytest.mark.parametrize(
    "name",
    [
        *("192.168.0.1", "999.999.999.999", "xn--shop", "sthree-shop", "amzn-s3-demo-shop"),
        *("shop-s3alias", "shop--ol-s3", "shop.mrap", "shop--x-s3", "shop--table-s3", "shop..docs"),
    ],
)
def test_a_name_that_no_bucket_may_have_is_refused_before_anybody_is_asked(name: str) -> None:
    decision = decide_restore(a_restore("S3", backup={}, target={"name": name}))
    assert [refusal.fault for refusal in decision.refusals] == ["bad-name"]


@pytest.mark.parametrize("name", ["192.168.0", "1.2.3.4.5", "shop-s3aliases", "my-s3-demo-shop", "mrap"])
def test_a_name_that_only_looks_like_one_of_those_is_none(name: str) -> None:
    assert not decide_restore(a_restore("S3", backup={}, target={"name": name})).refusals


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("EBS", "volumeType", "https://example.org/x"),
        ("EBS", "volumeType", "arn:aws:s3:::x"),
        ("EC2", "CpuOptions", '{"CoreCount":{"a":["http://x"]}}'),
        ("EC2", "CpuOptions", '{"CoreCount":1,"corecount":64}'),
        ("EC2", "CpuOptions", '{"arn:aws:iam::1:role":"1"}'),
        ("RDS", "LicenseModel", "ARN:aws:iam::1:role x"),
        ("RDS", "LicenseModel", "x arn:aws:iam::1:role"),
    ],
)
def test_places_and_addresses_of_a_backup_do_not_ride_along(kind: str, key: str, value: str) -> None:
    decision = decide_restore(a_restore(kind, backup={**SAID[kind], key: value}))
    assert key in [each.key for each in decision.left_out]
    assert key not in dict(decision.metadata)
