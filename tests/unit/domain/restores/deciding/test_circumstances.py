"""What the point, the way, the time and the name forbid, each in one sentence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.deciding.circumstances import read_second
from strongroom.domain.restores.deciding.decide import decide_restore
from tests.builders.deciding.called import TABLE_CALL, WRITTEN_TABLE
from tests.builders.deciding.restore_cases import a_restore

LOG = {"status": "AVAILABLE", "continuous": ["2026-11-01T00:00:00Z", "2026-11-26T13:45:00Z"]}
SOUTH = {"account": "111122223333", "region": "eu-south-1", "name": "orders-0200"}
OFF_AT_FIRST = {"region": "eu-south-1"}
INTO_LIVE = {"existing": "fs-1", "source_id": "fs-2"}


def test_what_goes_to_other_accounts_only_comes_back_where_its_copy_lies() -> None:
    said = {"way": "copy-back", "point": OFF_AT_FIRST, "target": SOUTH}
    assert [each for each in _told("FSx Windows", said) if "does not come by way" in each] == []


def _told(kind: str, said: dict[str, Any]) -> list[str]:
    return [refusal.sentence for refusal in decide_restore(a_restore(kind, **said)).refusals]


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        pytest.param(
            "EBS",
            {"point": {"status": "EXPIRED"}},
            "the recovery point is EXPIRED, and no restore begins from that",
            id="its state",
        ),
        pytest.param(
            "EBS",
            {"point": {"scan": "threats"}},
            "malware was found in the backup, and the intent lets none of those be restored",
            id="malware",
        ),
        pytest.param(
            "EBS",
            {"point": {"region": "eu-central-1"}},
            "it lies in eu-central-1, and a restore into eu-west-1 takes another way",
            id="its Region",
        ),
        pytest.param(
            "Redshift",
            {"way": "copy-back"},
            "a backup like this of Redshift does not come by way of copy-back",
            id="a type that is not copied",
        ),
        *(
            pytest.param(
                "CloudFormation",
                {"way": way},
                f"a backup like this of CloudFormation does not come by way of {way}",
                id=f"a type that comes into no air-gapped vault, {way}",
            )
            for way in ("air-gapped", "air-gapped-mpa")
        ),
        pytest.param(
            "DynamoDB",
            {"way": "replica", "point": {"advanced": False}},
            "a backup like this of DynamoDB does not come by way of replica",
            id="a basic backup",
        ),
        pytest.param(
            "FSx Windows",
            {"way": "other-region", "point": OFF_AT_FIRST},
            "a backup like this of FSx Windows does not come by way of other-region",
            id="to no other Region, where one is off at first",
        ),
        pytest.param(
            "Neptune",
            {"way": "other-region", "point": OFF_AT_FIRST},
            "a backup like this of Neptune does not come by way of other-region",
            id="to another account in another Region at once, where one is off at first",
        ),
        pytest.param(
            "FSx Windows",
            {"way": "other-region-in-two", "point": OFF_AT_FIRST},
            "a backup like this of FSx Windows does not come by way of other-region-in-two",
            id="nor by two copies, where one is off at first",
        ),
        pytest.param(
            "Neptune",
            {"way": "copy-back", "point": OFF_AT_FIRST, "target": SOUTH},
            "a backup like this of Neptune does not come by way of copy-back",
            id="to no other account, where the Region is off at first",
        ),
        pytest.param(
            "EBS",
            {"way": "air-gapped", "point": {"storage": "COLD"}},
            "it lies in cold storage, out of which nothing is copied: restore it where it lies",
            id="cold",
        ),
        pytest.param(
            "EBS",
            {"way": "copy-back", "point": {"age_days": 387}},
            "its copy is kept for 401 days since the backup, and the lock of its vault for at most 400",
            id="too old",
        ),
        pytest.param(
            "EBS",
            {"way": "copy-back", "point": {"age_days": 5}, "limits": {"local_min_days": 20}},
            "its copy is kept for 19 days since the backup, and the lock of its vault for at least 20",
            id="too young",
        ),
        pytest.param(
            "S3", {"point": LOG}, "it is a continuous backup: say to which second it is restored", id="no time"
        ),
        pytest.param(
            "S3",
            {"point": LOG, "at": "2026-11-26 13:45"},
            "the time must be in UTC, to the second, as in 2026-11-26T14:00:00Z",
            id="another time",
        ),
        pytest.param(
            "S3",
            {"at": "2026-11-26T13:45:00Z"},
            "it holds one moment, and is restored to no other",
            id="a backup of one moment",
        ),
        pytest.param(
            "S3",
            {"point": LOG, "at": "2026-11-26T13:45:00Z", "way": "copy-back"},
            "it holds one moment, and is restored to no other",
            id="a copy, which holds one moment",
        ),
        pytest.param(
            "EFS",
            {"point": LOG, "at": "2026-11-26T13:45:00Z"},
            "it holds one moment, and is restored to no other",
            id="a type without a log",
        ),
        pytest.param(
            "S3",
            {"point": LOG, "at": "2026-11-26T13:45:01Z"},
            "2026-11-26T13:45:01Z lies outside of its log, which goes from 2026-11-01 00:00:00 to 2026-11-26 13:45:00 "
            "UTC",
            id="later than its log",
        ),
        pytest.param("EBS", {"existing": "vol-1"}, "EBS is restored into something new only", id="into a live volume"),
        pytest.param(
            "EFS", INTO_LIVE, "the intent lets nothing be restored into what is there already", id="into what lives"
        ),
        pytest.param(
            "EFS",
            INTO_LIVE | {"limits": {"allow_into_existing": True}},
            "it is restored into the one that was backed up, and into no other",
            id="into another one",
        ),
        pytest.param(
            "EFS",
            {"wishes": {"newFileSystem": "false"}, "limits": {"allow_into_existing": True}},
            "it is restored into the one that was backed up, and into no other",
            id="into nothing that is named",
        ),
        pytest.param(
            "DynamoDB",
            {"target": {"name": "a"}},
            "'a' cannot be the name of what is restored: 3 to 255 letters, digits, underscores, dots and hyphens",
            id="a name that is none",
        ),
        pytest.param(
            "DynamoDB",
            {"target": {"name": ""}},
            "what is restored has no name yet: say one, 3 to 255 letters, digits, underscores, dots and hyphens",
            id="no name",
        ),
        pytest.param(
            "DynamoDB",
            {"target": {"name": "Orders"}, "taken": ["orders"]},
            "the name Orders is taken: say another one",
            id="a name that is taken",
        ),
    ],
)
def test_what_is_forbidden_is_said_in_one_sentence(kind: str, said: dict[str, Any], sentence: str) -> None:
    assert _told(kind, said) == [sentence]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param("EBS", {"way": "air-gapped", "point": {"age_days": 4000}}, id="no copy, so no lock of its vault"),
        pytest.param("EBS", {"point": {"age_days": 4000}}, id="an old one where it lies"),
        pytest.param("EBS", {"way": "copy-back", "point": {"age_days": 386}}, id="as old as may be"),
        pytest.param(
            "EBS",
            {"way": "copy-back", "point": {"age_days": 6}, "limits": {"local_min_days": 20}},
            id="as young as may be",
        ),
        pytest.param("Neptune", {"way": "other-region-in-two", "point": OFF_AT_FIRST}, id="by two copies"),
        pytest.param("Neptune", {"way": "other-region-in-two"}, id="what the first of two copies has left"),
        pytest.param(
            "Redshift",
            {
                "native": True,
                "wishes": WRITTEN_TABLE,
                "limits": {"native": [TABLE_CALL]},
                "profile": {},
                "target": {"name": ""},
            },
            id="no name where the parameters of a call name it",
        ),
        pytest.param("CloudFormation", {"way": "copy-back"}, id="a type on whose copies pages disagree"),
        pytest.param("S3", {"point": LOG, "at": "2026-11-01T00:00:00Z"}, id="the first second of a log"),
        pytest.param("S3", {"point": LOG, "at": "2026-11-26T13:45:00Z"}, id="the last second of a log"),
        pytest.param("EBS", {"taken": ["restored-1"]}, id="a name where nothing has one"),
        pytest.param("EBS", {"target": {"name": ""}}, id="no name where nothing has one"),
    ],
)
def test_what_is_possible_is_not_forbidden(kind: str, said: dict[str, Any]) -> None:
    assert _told(kind, said) == []


@pytest.mark.parametrize(
    ("way", "copies"),
    [
        (Way.LOCAL, 0),
        (Way.AIR_GAPPED, 0),
        (Way.AIR_GAPPED_MPA, 0),
        (Way.COPY_BACK, 1),
        (Way.OTHER_REGION, 1),
        (Way.REPLICA, 1),
        (Way.OTHER_REGION_IN_TWO, 2),
    ],
)
def test_a_way_takes_so_many_copies_one_after_the_other(way: Way, copies: int) -> None:
    assert (way.copies, way.makes_copy) == (copies, copies > 0)


def test_a_second_is_read_in_utc() -> None:
    assert read_second("2026-11-26T13:45:09Z") == datetime(2026, 11, 26, 13, 45, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-26T13:45:9Z",
        "2026-11-26t13:45:09Z",
        "2026-11-26T13:45:09z",
        "2026-11-26T13:45:09Z ",
        "2026-13-01T00:00:00Z",
    ],
)
def test_what_is_spelled_otherwise_is_no_second(text: str) -> None:
    assert read_second(text) is None
