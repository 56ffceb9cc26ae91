"""A namespace that is overwritten out of a snapshot of AWS Backup: what the role for it may do, and nobody else.

Source: Service Authorization Reference, "Amazon Redshift Serverless" (RestoreFromSnapshot: the snapshot alone, and uses
of the namespace's key).
"""

from collections.abc import Callable
from typing import Any, Final

import pytest

from sandbox.clients import client, session_client
from sandbox.lifecycle import Sandbox
from sandbox.settings import HOME_REGION
from strongroom.domain.restores.session_policy import call_session_policy
from tests.builders.deciding.called import NAMESPACE_CALL, a_namespace_request
from tests.integration.authority.conftest import ACCOUNT, Role, a_key, a_role, allow, refusal, scp
from tests.integration.authority.test_restore_jobs import Stage
from tests.integration.backup_service.test_tables_by_call import Table, a_namespace, the_role

SNAPSHOTS: Final = f"arn:aws:redshift-serverless:{HOME_REGION}:{ACCOUNT}:snapshot/*"


@pytest.fixture(scope="module")
def namespace(sandbox_host: Sandbox) -> Table:
    """A namespace under a key of the account, and its recovery point."""
    return a_namespace(Stage(sandbox_host.url), kmsKeyId=a_key())


def over(caller: Any, namespace: Table) -> str:
    """The state in which the namespace is once it was asked for; the next one may be asked for then."""
    named = {name: namespace.written[name] for name in ("namespaceName", "workgroupName", "snapshotName")}
    state = caller.restore_from_snapshot(**named)["namespace"]["status"]
    client("redshift-serverless", ACCOUNT).get_namespace(namespaceName=named["namespaceName"])
    return str(state)


def by(role: Role, namespace: Table) -> Callable[[], str]:
    return lambda: over(role.client("redshift-serverless"), namespace)


def test_the_role_overwrites_it_where_a_profile_names_that_very_call(namespace: Table) -> None:
    assert by(the_role(overwritten=SNAPSHOTS), namespace)() == "MODIFYING"
    assert "AccessDenied" in refusal(by(the_role(), namespace))[0]


def test_without_the_use_of_its_key_it_is_refused(namespace: Table) -> None:
    assert "AccessDenied" in refusal(by(the_role(overwritten=SNAPSHOTS, without="UseOwnKeysByServices"), namespace))[0]


def test_attack_20_a_session_overwrites_out_of_no_other_snapshot(namespace: Table) -> None:
    role = the_role(overwritten=SNAPSHOTS)
    for snapshot, is_made in ((namespace.point, True), (f"{namespace.point[:-4]}0000", False)):
        request = a_namespace_request(account=ACCOUNT, resource=namespace.made)
        policy = call_session_policy(request, recovery_point=snapshot)
        lent = client("sts", ACCOUNT).assume_role(RoleArn=role.arn, RoleSessionName="r-1", Policy=policy)
        caller = session_client("redshift-serverless", lent["Credentials"])
        if is_made:
            assert over(caller, namespace) == "MODIFYING"
        else:
            assert "AccessDenied" in refusal(lambda: over(caller, namespace))[0]  # noqa: B023


def test_attack_19_a_guardrail_refuses_it_to_whoever_else_may_do_everything(namespace: Table) -> None:
    anybody, native = a_role(allow("redshift-serverless:*", "kms:*")), the_role(overwritten=SNAPSHOTS)
    exempt = {"ArnNotLike": {"aws:PrincipalArn": native.arn}} | namespace.refused["When"]
    denied = {"Effect": "Deny", "Action": NAMESPACE_CALL, "Resource": namespace.refused["Resource"]}
    with scp(denied | {"Condition": exempt}):
        assert "AccessDenied" in refusal(by(anybody, namespace))[0]
        assert by(native, namespace)() == "MODIFYING"
    assert by(anybody, namespace)() == "MODIFYING"
