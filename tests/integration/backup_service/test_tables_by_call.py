"""A table out of a snapshot of AWS Backup, by Redshift's own call: what the role for it may do, and nobody else.

Source: Service Authorization Reference, "Amazon Redshift" (RestoreTableFromClusterSnapshot: cluster and snapshot).
"""

import json
from typing import Any, Final

import pytest

from sandbox.clients import client, session_client
from sandbox.lifecycle import Sandbox
from sandbox.settings import HOME_REGION
from strongroom.domain.guardrails.native_backups import SNAPSHOTS_OF_AWS_BACKUP
from strongroom.domain.restores.session_policy import call_session_policy
from tests.builders.deciding.called import TABLE_CALL, WRITTEN_TABLE, a_table_request
from tests.contract.iam.iam_documents import documents_of
from tests.integration.authority.conftest import ACCOUNT, Role, a_role, allow, refusal, scp
from tests.integration.authority.test_restore_jobs import MADE, READ_HERE, Stage

HERE: Final = f"arn:aws:redshift:{HOME_REGION}:{ACCOUNT}"
NAMED: Final = f"{HERE}:snapshot:*/awsbackup:*,{HERE}:cluster:*"


@pytest.fixture(scope="module")
def warehouse(sandbox_host: Sandbox) -> tuple[str, str]:
    """A cluster, and its recovery point."""
    resource, _ = MADE["Redshift"]()
    return resource, Stage(sandbox_host.url).point(resource)


def the_role(*, without: str = "") -> Role:
    """A role that may do what the member stack lets the role for such calls, but for one statement."""
    [found] = [
        json.loads(json.dumps(each.document).replace(READ_HERE, ACCOUNT))
        for each in documents_of("stacks/member.yaml", {"RestoredByCallArns": NAMED})
        if "RestoreNativeRole.Policies" in each.name
    ]
    return a_role(*(each for each in found["Statement"] if each["Sid"] != without))


def written(warehouse: tuple[str, str], **changes: str) -> dict[str, str]:
    """The call as the ceremony makes it."""
    cluster, point = warehouse
    usual = {
        **WRITTEN_TABLE,
        "ClusterIdentifier": cluster.rpartition(":")[2],
        "SnapshotIdentifier": point.rpartition("/")[2],
        "SourceDatabaseName": "dev",
    }
    return usual | changes


def restore(redshift: Any, asked: dict[str, str]) -> str:
    """The id of what was asked for."""
    told = redshift.restore_table_from_cluster_snapshot(**asked)["TableRestoreStatus"]
    return str(told["TableRestoreRequestId"])


def test_the_role_restores_the_table(warehouse: tuple[str, str]) -> None:
    asked = written(warehouse, NewTableName="by_the_role")
    made = restore(the_role().client("redshift"), asked)
    [told] = client("redshift", ACCOUNT).describe_table_restore_status(TableRestoreRequestId=made)[
        "TableRestoreStatusDetails"
    ]
    assert (told["Status"], told.items() >= asked.items()) == ("SUCCEEDED", True)


def test_without_the_statement_the_call_is_refused(warehouse: tuple[str, str]) -> None:
    redshift = the_role(without="CallWhatProfilesName").client("redshift")
    assert "AccessDenied" in refusal(lambda: restore(redshift, written(warehouse)))[0]


@pytest.mark.parametrize("granted", ["cluster:*", "snapshot:*"])
def test_redshift_asks_for_both_the_cluster_and_the_snapshot(warehouse: tuple[str, str], granted: str) -> None:
    redshift = a_role(allow(TABLE_CALL, resource=f"{HERE}:{granted}")).client("redshift")
    assert "AccessDenied" in refusal(lambda: restore(redshift, written(warehouse)))[0]


def test_attack_20_a_session_restores_out_of_no_other_snapshot_and_into_no_other_cluster(
    warehouse: tuple[str, str],
) -> None:
    cluster, point = warehouse
    for resource, snapshot, is_made in (
        (cluster, point, True),
        (cluster, f"{point[:-4]}0000", False),
        (f"{cluster}x", point, False),
    ):
        request = a_table_request(account=ACCOUNT, resource=resource)
        policy = call_session_policy(request, recovery_point=snapshot)
        lent = client("sts", ACCOUNT).assume_role(RoleArn=the_role().arn, RoleSessionName="r-1", Policy=policy)
        redshift = session_client("redshift", lent["Credentials"])
        if is_made:
            assert restore(redshift, written(warehouse, NewTableName="by_a_session"))
        else:
            assert "AccessDenied" in refusal(lambda: restore(redshift, written(warehouse)))[0]  # noqa: B023


def test_attack_19_a_guardrail_refuses_it_to_whoever_else_may_do_everything(warehouse: tuple[str, str]) -> None:
    anybody = a_role(allow("redshift:*"))
    native = the_role()
    named = [each.replace("{partition}", "aws") for each in SNAPSHOTS_OF_AWS_BACKUP]
    exempt = {"ArnNotLike": {"aws:PrincipalArn": native.arn}}
    with scp({"Effect": "Deny", "Action": TABLE_CALL, "Resource": named, "Condition": exempt}):
        asked = written(warehouse, NewTableName="past_the_guardrail")
        assert "AccessDenied" in refusal(lambda: restore(anybody.client("redshift"), asked))[0]
        assert restore(native.client("redshift"), asked)
