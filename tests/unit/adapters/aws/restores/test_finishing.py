"""What is done on a table or a cluster that a restore made, against clients that answer as boto3's do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws.restores.finishing import MemberFinishing
from strongroom.domain.errors import AccessRefusedError, ApprovalVoidError, CallRefusedError, ResourceNotReadyError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.session_policy import finishing_session_policy, first_instance
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import a_request
from tests.fakes.account_clients import refusal

PROTECTED, CONTINUOUS, WRITER, *_ = MachineStep
TABLE = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders-0200"
CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:orders-0200"
ORIGINAL = f"arn:aws:rds:eu-central-1:{PAYMENTS}:cluster:orders"
READER = {"DBInstanceIdentifier": "orders-a", "IsClusterWriter": False}
WRITING = {"DBInstanceIdentifier": "orders-b", "IsClusterWriter": True}
INSTANCES = {
    "orders-a": {"DBInstanceClass": "db.r6g.large", "DBClusterIdentifier": "orders"},
    "orders-b": {"DBInstanceClass": "db.r6g.xlarge", "DBClusterIdentifier": "orders"},
}
TAGS = [{"Key": "Backup", "Value": "daily-prod"}, {"Key": "aws:cloudformation:stack-name", "Value": "x"}]


@dataclass
class Service:
    """RDS and DynamoDB of the account; `done` are the calls that change something."""

    clusters: dict[str, dict[str, Any]] = field(default_factory=dict)
    instances: dict[str, dict[str, Any]] = field(default_factory=lambda: dict(INSTANCES))
    table: dict[str, Any] = field(default_factory=dict)
    continuous: str = "DISABLED"
    errors: dict[str, str] = field(default_factory=dict)
    done: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lent: list[dict[str, Any]] = field(default_factory=list)

    def client(self, service: str, **terms: Any) -> "Service":
        self.lent.append({"service": service} | terms)
        return self

    def describe_table(self, **_: str) -> Mapping[str, Any]:
        return {"Table": self.table}

    def describe_continuous_backups(self, **_: str) -> Mapping[str, Any]:
        told = {"PointInTimeRecoveryStatus": self.continuous}
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": told}}

    def describe_db_clusters(self, *, DBClusterIdentifier: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's spelling
        if DBClusterIdentifier not in self.clusters:
            raise refusal("DBClusterNotFoundFault", "DescribeDBClusters")
        return {"DBClusters": [self.clusters[DBClusterIdentifier]]}

    def describe_db_instances(self, *, DBInstanceIdentifier: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's spelling
        if DBInstanceIdentifier not in self.instances:
            raise refusal("DBInstanceNotFound", "DescribeDBInstances")
        return {"DBInstances": [self.instances[DBInstanceIdentifier]]}

    def update_table(self, **request: Any) -> None:
        self._do("UpdateTable", request)

    def update_continuous_backups(self, **request: Any) -> None:
        self._do("UpdateContinuousBackups", request)

    def modify_db_cluster(self, **request: Any) -> None:
        self._do("ModifyDBCluster", request)

    def create_db_instance(self, **request: Any) -> None:
        self._do("CreateDBInstance", request)

    def _do(self, operation: str, request: dict[str, Any]) -> None:
        if operation in self.errors:
            raise refusal(self.errors[operation], operation)
        self.done.append((operation, request))


def _take(service: Service, step: MachineStep, created: str) -> StepTaken:
    return MemberFinishing(service).take(step, created=created, request=a_request(resource=ORIGINAL), note=None)


def _aurora(**changes: Any) -> Service:
    restored = {
        "DBClusterIdentifier": "orders-0200",
        "Engine": "aurora-postgresql",
        "TagList": TAGS,
        "DBClusterMembers": [],
    } | changes
    return Service(clusters={"orders-0200": restored, "orders": {"DBClusterMembers": [READER, WRITING]}})


def test_a_table_is_protected_and_made_continuous() -> None:
    service = Service()
    assert [_take(service, step, TABLE).outcome for step in (PROTECTED, CONTINUOUS)] == [StepOutcome.DONE] * 2
    wanted = {"PointInTimeRecoveryEnabled": True}
    assert service.done == [
        ("UpdateTable", {"TableName": "orders-0200", "DeletionProtectionEnabled": True}),
        ("UpdateContinuousBackups", {"TableName": "orders-0200", "PointInTimeRecoverySpecification": wanted}),
    ]


def test_what_is_so_already_is_done_and_not_touched() -> None:
    table = Service(table={"DeletionProtectionEnabled": True}, continuous="ENABLED")
    cluster = _aurora(DeletionProtection=True, DBClusterMembers=[WRITING])
    taken = [
        *(_take(table, step, TABLE) for step in (PROTECTED, CONTINUOUS)),
        *(_take(cluster, step, CLUSTER) for step in (PROTECTED, WRITER)),
    ]
    assert {each.outcome for each in taken} == {StepOutcome.DONE}
    assert taken[-1].reason == "it has the instance orders-b"
    assert table.done + cluster.done == []


def test_a_cluster_is_protected() -> None:
    service = _aurora()
    _take(service, PROTECTED, CLUSTER)
    assert service.done == [("ModifyDBCluster", {"DBClusterIdentifier": "orders-0200", "DeletionProtection": True})]


def test_a_cluster_gets_a_writer_of_the_class_of_the_originals_which_is_never_public() -> None:
    service = _aurora()
    taken = _take(service, WRITER, CLUSTER)
    reason = "orders-0200-1 of db.r6g.xlarge is being made; it answers once it is available"
    assert (taken.outcome, taken.reason) == (StepOutcome.DONE, reason)
    assert service.done == [
        (
            "CreateDBInstance",
            {
                "DBInstanceIdentifier": "orders-0200-1",
                "DBClusterIdentifier": "orders-0200",
                "DBInstanceClass": "db.r6g.xlarge",
                "Engine": "aurora-postgresql",
                "Tags": TAGS[:1],
                "PubliclyAccessible": False,
            },
        )
    ]


@pytest.mark.parametrize(("cluster", "is_made"), [("orders-0200", False), ("orders", True)], ids=["ours", "another's"])
def test_a_writer_that_is_being_made_already_is_not_made_again(cluster: str, *, is_made: bool) -> None:
    service = _aurora()
    service.instances["orders-0200-1"] = {"DBInstanceClass": "db.r6g.xlarge", "DBClusterIdentifier": cluster}
    assert _take(service, WRITER, CLUSTER).outcome is StepOutcome.DONE
    assert bool(service.done) is is_made


def test_an_instance_of_documentdb_is_asked_for_without_what_it_does_not_know() -> None:
    service = _aurora(Engine="docdb")
    _take(service, WRITER, CLUSTER)
    [(_, request)] = service.done
    assert (request["Engine"], "PubliclyAccessible" in request) == ("docdb", False)


@pytest.mark.parametrize(
    "original",
    [None, {"DBClusterMembers": []}, {"DBClusterMembers": [{"DBInstanceIdentifier": "gone"}]}],
    ids=["gone", "without an instance", "with one that is being deleted"],
)
def test_where_nobody_can_say_of_which_class_the_writer_was_it_is_left_to_people(
    original: dict[str, Any] | None,
) -> None:
    service = _aurora()
    del service.clusters["orders"]
    service.clusters |= {"orders": original} if original else {}
    taken = _take(service, WRITER, CLUSTER)
    assert (taken.outcome, ORIGINAL in taken.reason) == (StepOutcome.SKIPPED, True)
    assert service.done == []


def test_what_is_known_for_no_such_resource_is_left_to_people() -> None:
    service = Service()
    assert _take(service, WRITER, TABLE).outcome is StepOutcome.SKIPPED
    assert service.lent == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param("ContinuousBackupsUnavailableException", ResourceNotReadyError, id="too early"),
        pytest.param("AccessDeniedException", AccessRefusedError, id="refused"),
        pytest.param("ValidationException", CallRefusedError, id="wrong"),
    ],
)
def test_what_the_service_says_is_told_in_our_words(code: str, error: type[Exception]) -> None:
    service = Service(errors={"UpdateContinuousBackups": code})
    with pytest.raises(error):
        _take(service, CONTINUOUS, TABLE)


def test_a_session_is_lent_for_the_person_and_the_ticket_and_the_original_is_seen_where_it_lies() -> None:
    service = _aurora()
    _take(service, WRITER, CLUSTER)
    request = a_request()
    assert {(each["behalf"].subject, each["behalf"].ticket, each["account"]) for each in service.lent} == {
        (request.requester, request.ticket, request.account)
    }
    assert [each["region"] for each in service.lent] == [HOME, "eu-central-1"]


def _allowed(created: str) -> dict[str, list[str]]:
    document = json.loads(finishing_session_policy(created))
    return {action: each["Resource"] for each in document["Statement"] for action in each["Action"]}


def test_a_session_may_change_what_was_created_and_nothing_else() -> None:
    assert set(_allowed(TABLE)) == {
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
    }
    assert {on for each in _allowed(TABLE).values() for on in each} == {TABLE}
    of_cluster, rds = _allowed(CLUSTER), CLUSTER.partition("cluster:")[0]
    assert of_cluster["rds:ModifyDBCluster"] == [CLUSTER]
    assert of_cluster["rds:AddTagsToResource"] == [f"{rds}db:orders-0200-1"]
    assert of_cluster["rds:CreateDBInstance"] == [
        CLUSTER,
        f"{rds}db:orders-0200-1",
        *(f"{rds}{kind}:*" for kind in ("og", "pg", "secgrp", "subgrp")),
    ]


def test_a_name_that_would_mean_others_lends_nothing() -> None:
    with pytest.raises(ApprovalVoidError):
        finishing_session_policy(f"{CLUSTER}*")


@pytest.mark.parametrize(
    ("cluster", "instance"),
    [("orders", "orders-1"), ("o" * 63, f"{'o' * 61}-1"), (f"{'o' * 60}-oo", f"{'o' * 60}-1")],
    ids=["short", "long", "a hyphen at the cut"],
)
def test_the_name_of_the_first_instance_is_one_that_rds_takes(cluster: str, instance: str) -> None:
    assert first_instance(Arn.parse(f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:{cluster}")) == instance
