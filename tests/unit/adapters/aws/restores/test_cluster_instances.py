"""A restored cluster gets as many readers as the original has, each in a session of its own, and no guessed one."""

import json
from typing import Any, Final

import pytest

from strongroom.adapters.aws.restores.finishing import MemberFinishing
from strongroom.domain.errors import ResourceNotReadyError
from strongroom.domain.restores.kinds.finishing import MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.session_policy import finishing_session_policy
from strongroom.domain.restores.settings.note import SettingsNote, make_note
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import a_request
from tests.fakes.account_clients import refusal

RDS: Final = f"arn:aws:rds:{HOME}:{PAYMENTS}:"
ORIGINAL, CLUSTER = f"{RDS}cluster:orders", f"{RDS}cluster:orders-0200"
TAGS: Final = [{"Key": "Backup", "Value": "daily-prod"}]
MEMBERS: Final = [
    {"DBInstanceIdentifier": "orders-c", "IsClusterWriter": False, "PromotionTier": 3},
    {"DBInstanceIdentifier": "orders-a", "IsClusterWriter": True},
    {"DBInstanceIdentifier": "orders-b", "IsClusterWriter": False},
]
WRITER: Final = {"DBInstanceIdentifier": "orders-0200-1", "IsClusterWriter": True}


class Clusters:
    """RDS with the original, what was restored, and their instances; `asked` are the instances that were asked for."""

    def __init__(self, *, original: list[dict[str, Any]] | None = MEMBERS, members: list[Any] | None = None) -> None:
        restored = {"Engine": "aurora-mysql", "TagList": TAGS, "DBClusterMembers": [WRITER]}
        restored |= {} if members is None else {"DBClusterMembers": members}
        self.clusters = {"orders-0200": restored} | (
            {} if original is None else {"orders": {"DBClusterMembers": original}}
        )
        sizes = {"orders-a": "db.r6g.4xlarge", "orders-b": "db.r6g.large", "orders-c": "db.r6g.xlarge"}
        self.instances = {
            name: {"DBInstanceClass": size, "DBClusterIdentifier": "orders"} for name, size in sizes.items()
        }
        self.asked: list[dict[str, Any]] = []
        self.policies: list[str] = []
        self.error = ""

    def client(self, _service: str, *, policy: str, **_: Any) -> "Clusters":
        self.policies.append(policy)
        return self

    def describe_db_clusters(self, *, DBClusterIdentifier: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        if DBClusterIdentifier not in self.clusters:
            raise refusal("DBClusterNotFoundFault", "DescribeDBClusters")
        return {"DBClusters": [{"DBClusterIdentifier": DBClusterIdentifier} | self.clusters[DBClusterIdentifier]]}

    def describe_db_instances(self, *, DBInstanceIdentifier: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        if DBInstanceIdentifier not in self.instances:
            raise refusal("DBInstanceNotFound", "DescribeDBInstances")
        return {"DBInstances": [self.instances[DBInstanceIdentifier]]}

    def create_db_instance(self, **asked: Any) -> None:
        if self.error:
            raise refusal(self.error, "CreateDBInstance")
        self.asked.append(asked)
        made = {"DBInstanceClass": asked["DBInstanceClass"], "DBClusterIdentifier": asked["DBClusterIdentifier"]}
        self.instances[asked["DBInstanceIdentifier"]] = made


def _take(service: Clusters, *, note: SettingsNote | None = None, resource: str = ORIGINAL) -> StepTaken:
    request = a_request(resource=resource, account=PAYMENTS, region=HOME)
    return MemberFinishing(service).take(MachineStep.READERS, created=CLUSTER, request=request, note=note)


def _asked(service: Clusters) -> list[tuple[str, str]]:
    return [(each["DBInstanceIdentifier"], each["DBInstanceClass"]) for each in service.asked]


def test_each_reader_of_the_original_has_one_of_its_class() -> None:
    service = Clusters()
    taken = _take(service)
    assert _asked(service) == [("orders-0200-2", "db.r6g.large"), ("orders-0200-3", "db.r6g.xlarge")]
    assert taken.outcome is StepOutcome.DONE
    assert taken.reason.startswith("orders-0200-2 of db.r6g.large, orders-0200-3 of db.r6g.xlarge beside the writer")
    assert service.asked[1] == {
        "DBInstanceIdentifier": "orders-0200-3",
        "DBClusterIdentifier": "orders-0200",
        "DBInstanceClass": "db.r6g.xlarge",
        "Engine": "aurora-mysql",
        "Tags": TAGS,
        "PubliclyAccessible": False,
        "PromotionTier": 3,
    }


def test_taken_again_it_makes_no_more() -> None:
    service = Clusters()
    assert [_take(service).outcome for _ in range(2)] == [StepOutcome.DONE] * 2
    assert len(service.asked) == 2


def test_each_is_made_in_a_session_that_may_make_it_and_no_other() -> None:
    service = Clusters()
    _take(service)
    for number in (2, 3):
        assert finishing_session_policy(CLUSTER, instance=f"orders-0200-{number}") in service.policies
    made = [each for each in json.loads(service.policies[-1])["Statement"] if "rds:AddTagsToResource" in each["Action"]]
    assert [each["Resource"] for each in made] == [[f"{RDS}db:orders-0200-3"]]


def test_where_the_original_has_none_there_is_none_to_make() -> None:
    service = Clusters(original=MEMBERS[1:2])
    assert _take(service).reason == "the original has none"
    assert service.asked == []


@pytest.mark.parametrize(
    ("note", "words"),
    [
        pytest.param(None, "nobody has noted its instances", id="no note"),
        pytest.param(
            make_note(
                ORIGINAL,
                read={"instances": [{"DBInstanceIdentifier": "orders-b", "DBInstanceClass": "db.r6g.large"}]},
                unread={},
            ),
            "noted were orders-b of db.r6g.large",
            id="noted",
        ),
    ],
)
def test_where_the_original_is_gone_people_are_told_what_was_noted(note: SettingsNote | None, words: str) -> None:
    service = Clusters(original=None)
    taken = _take(service, note=note)
    assert (taken.outcome, taken.reason) == (StepOutcome.SKIPPED, f"{ORIGINAL} is not there; {words}")
    assert service.asked == []


def test_a_cluster_of_the_same_name_in_this_account_is_not_the_original_of_another() -> None:
    service = Clusters()
    taken = _take(service, resource=ORIGINAL.replace(PAYMENTS, "333333333333"))
    assert (taken.outcome, service.asked) == (StepOutcome.SKIPPED, [])


def test_without_a_writer_none_is_made_because_the_first_would_be_that() -> None:
    service = Clusters(members=[])
    taken = _take(service)
    assert (taken.outcome, service.asked) == (StepOutcome.SKIPPED, [])
    assert taken.reason == "it has no writer yet, and the first instance would be that"


def test_a_writer_that_was_asked_for_just_now_is_one() -> None:
    service = Clusters(members=[])
    service.instances["orders-0200-1"] = {"DBInstanceClass": "db.r6g.large", "DBClusterIdentifier": "orders-0200"}
    _take(service)
    assert len(service.asked) == 2


def test_a_reader_that_is_being_deleted_is_not_made() -> None:
    service = Clusters()
    del service.instances["orders-b"]
    _take(service)
    assert _asked(service) == [("orders-0200-3", "db.r6g.xlarge")]


def test_what_it_is_too_early_for_is_tried_again() -> None:
    service = Clusters()
    service.error = "InvalidDBClusterStateFault"
    with pytest.raises(ResourceNotReadyError):
        _take(service)
