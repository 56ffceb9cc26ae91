"""A table out of a snapshot of AWS Backup, by either Redshift's own call: what the role may do, and nobody else.

Source: Service Authorization Reference, "Amazon Redshift" (RestoreTableFromClusterSnapshot: cluster and snapshot) and
"Amazon Redshift Serverless" (RestoreTableFromSnapshot: namespace and snapshot).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import pytest

from sandbox.clients import client, session_client
from sandbox.lifecycle import Sandbox
from sandbox.settings import HOME_REGION
from strongroom.domain.catalogue import redshift
from strongroom.domain.guardrails.native_backups import OF_AWS_BACKUP, SNAPSHOTS_OF_AWS_BACKUP
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.session_policy import call_session_policy
from tests.builders.deciding.called import (
    NAMESPACE_TABLE_CALL,
    TABLE_CALL,
    WRITTEN_NAMESPACE_TABLE,
    WRITTEN_TABLE,
    a_namespace_table_request,
    a_table_request,
)
from tests.contract.iam.iam_documents import documents_of
from tests.integration.authority.conftest import ACCOUNT, Role, a_name, a_role, allow, refusal, scp
from tests.integration.authority.test_restore_jobs import MADE, READ_HERE, Stage

type Asked = Mapping[str, str]


def _of(service: str) -> str:
    return f"arn:aws:{service}:{HOME_REGION}:{ACCOUNT}"


NAMED: Final = ",".join(
    f"{_of(service)}:{each}"
    for service, kinds in {
        "redshift": ("snapshot:*/awsbackup:*", "cluster:*"),
        "redshift-serverless": ("snapshot/*", "namespace/*"),
    }.items()
    for each in kinds
)


class Table(NamedTuple):
    """One of both calls: the ARNs that IAM is asked for, what a guardrail refuses, and how it is called.

    `made` is what was backed up, and `written` the call as the ceremony makes it, but for the new table's name.
    """

    call: str
    kinds: tuple[str, str]
    refused: Mapping[str, Any]
    request: Callable[..., RestoreRequest]
    made: str
    point: str
    written: Asked
    new_table: str
    restore: Callable[[Any, Asked], str]
    told: Callable[[Any, str], Mapping[str, Any]]

    @property
    def service(self) -> str:
        return self.call.partition(":")[0]

    def asked(self, name: str = "orders_of_tuesday") -> Asked:
        """The call, for a table of that name."""
        return {**self.written, self.new_table: name}

    def by(self, role: Role, name: str = "orders_of_tuesday") -> str:
        """The id of what the role asked for."""
        return self.restore(role.client(self.service), self.asked(name))


def _warehouse(stage: Stage) -> Table:
    cluster, _ = MADE["Redshift"]()
    point = stage.point(cluster)
    return Table(
        call=TABLE_CALL,
        kinds=("cluster:*", "snapshot:*"),
        refused={"Resource": [each.replace("{partition}", "aws") for each in SNAPSHOTS_OF_AWS_BACKUP]},
        request=a_table_request,
        made=cluster,
        point=point,
        written=WRITTEN_TABLE
        | {
            "ClusterIdentifier": cluster.rpartition(":")[2],
            "SnapshotIdentifier": point.rpartition("/")[2],
            "SourceDatabaseName": "dev",
        },
        new_table="NewTableName",
        restore=lambda caller, asked: str(
            caller.restore_table_from_cluster_snapshot(**asked)["TableRestoreStatus"]["TableRestoreRequestId"]
        ),
        told=lambda caller, made: caller.describe_table_restore_status(TableRestoreRequestId=made)[
            "TableRestoreStatusDetails"
        ][0],
    )


def a_namespace(stage: Stage, **settings: str) -> Table:
    """A namespace, and what restores a table into it."""
    serverless, name = client("redshift-serverless", ACCOUNT), a_name()
    made = serverless.create_namespace(namespaceName=name, **settings)["namespace"]["namespaceArn"]
    serverless.create_workgroup(namespaceName=name, workgroupName=name)
    point = stage.point(made)
    snapshot = serverless.get_snapshot(snapshotArn=point)["snapshot"]["snapshotName"]
    named = {"namespaceName": name, "workgroupName": name, "snapshotName": snapshot, "sourceDatabaseName": "dev"}
    return Table(
        call=NAMESPACE_TABLE_CALL,
        kinds=("namespace/*", "snapshot/*"),
        refused={
            "Resource": [each.replace("{partition}", "aws") for each in redshift.TYPES[1].native.arns],
            "When": OF_AWS_BACKUP,
        },
        request=a_namespace_table_request,
        made=made,
        point=point,
        written=WRITTEN_NAMESPACE_TABLE | named,
        new_table="newTableName",
        restore=lambda caller, asked: str(
            caller.restore_table_from_snapshot(**asked)["tableRestoreStatus"]["tableRestoreRequestId"]
        ),
        told=lambda caller, made: caller.get_table_restore_status(tableRestoreRequestId=made)["tableRestoreStatus"],
    )


@pytest.fixture(scope="module", params=[_warehouse, a_namespace], ids=["redshift", "redshift-serverless"])
def table(request: pytest.FixtureRequest, sandbox_host: Sandbox) -> Table:
    """What was backed up, and its recovery point."""
    found: Table = request.param(Stage(sandbox_host.url))
    return found


def the_role(*, without: str = "", overwritten: str = "arn:aws:iam::1:role/none") -> Role:
    """A role that may do what the member stack lets the role for such calls, but for one statement."""
    given = {"RestoredByCallArns": NAMED, "OverwrittenByCallArns": overwritten}
    [found] = [
        json.loads(json.dumps(each.document).replace(READ_HERE, ACCOUNT))
        for each in documents_of("stacks/member.yaml", given)
        if "RestoreNativeRole.Policies" in each.name
    ]
    return a_role(*(each for each in found["Statement"] if each["Sid"] != without))


def test_the_role_restores_the_table(table: Table) -> None:
    told = table.told(client(table.service, ACCOUNT), table.by(the_role(), "by_the_role"))
    assert (told["Status" if "Status" in told else "status"], told.items() >= table.asked("by_the_role").items()) == (
        "SUCCEEDED",
        True,
    )


def test_without_the_statement_the_call_is_refused(table: Table) -> None:
    role = the_role(without="CallWhatProfilesName")
    assert "AccessDenied" in refusal(lambda: table.by(role))[0]


@pytest.mark.parametrize("granted", [0, 1], ids=["into what lives", "the snapshot"])
def test_it_is_asked_for_both_what_lives_and_the_snapshot(table: Table, granted: int) -> None:
    role = a_role(allow(table.call, resource=f"{_of(table.service)}:{table.kinds[granted]}"))
    assert "AccessDenied" in refusal(lambda: table.by(role))[0]


def test_attack_20_a_session_restores_out_of_no_other_snapshot_and_into_nothing_else(table: Table) -> None:
    for resource, snapshot, is_made in (
        (table.made, table.point, True),
        (table.made, f"{table.point[:-4]}0000", False),
        (f"{table.made}x", table.point, False),
    ):
        policy = call_session_policy(table.request(account=ACCOUNT, resource=resource), recovery_point=snapshot)
        lent = client("sts", ACCOUNT).assume_role(RoleArn=the_role().arn, RoleSessionName="r-1", Policy=policy)
        caller = session_client(table.service, lent["Credentials"])
        if is_made:
            assert table.restore(caller, table.asked("by_a_session"))
        else:
            assert "AccessDenied" in refusal(lambda: table.restore(caller, table.asked()))[0]  # noqa: B023


def test_attack_19_a_guardrail_refuses_it_to_whoever_else_may_do_everything(table: Table) -> None:
    anybody, native = a_role(allow(f"{table.service}:*")), the_role()
    exempt = {"ArnNotLike": {"aws:PrincipalArn": native.arn}} | table.refused.get("When", {})
    with scp({"Effect": "Deny", "Action": table.call, "Resource": table.refused["Resource"], "Condition": exempt}):
        assert "AccessDenied" in refusal(lambda: table.by(anybody, "past_the_guardrail"))[0]
        assert table.by(native, "past_the_guardrail")
