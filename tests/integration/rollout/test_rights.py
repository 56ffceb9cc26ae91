"""A rollout by somebody with few rights: the policy that `plan` asks for is enough, and what is missing is named."""

import json
import os
import subprocess
import sys
from typing import Any

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.example.deployment import INTENT, ROOT, aws_environment
from sandbox.settings import MANAGEMENT_ACCOUNT
from tests.integration.rollout.rollouts import prepare

LOOKER = "looker"
MISSING = "organizations:ListRoots"


def plan(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "strongroom_cli", "plan", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_policy_of_plan_is_enough_for_a_plan_and_an_action_less_is_named(sandbox_host: lifecycle.Sandbox) -> None:
    prepare()
    root = aws_environment(sandbox_host.settings, MANAGEMENT_ACCOUNT)
    policy = json.loads(plan(root, "--policy").stdout)
    own = {**root, **a_user_with(policy)}
    by_root, by_user = (plan(environment, str(INTENT), "--json", "--preview") for environment in (root, own))
    assert by_user.stderr == by_root.stderr
    assert json.loads(by_user.stdout)["steps"] == json.loads(by_root.stdout)["steps"]
    policy["Statement"][0]["Action"].remove(MISSING)
    let(policy)
    refused = plan(own, str(INTENT))
    [told] = refused.stderr.splitlines()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert told.startswith("strongroom: no rights: ListRoots answered AccessDenied")
    assert f'grant {{"Effect":"Allow","Action":["{MISSING}"],"Resource":"*"}}' in told


def a_user_with(policy: dict[str, Any]) -> dict[str, str]:
    iam = client("iam", MANAGEMENT_ACCOUNT)
    iam.create_user(UserName=LOOKER)
    let(policy)
    key = iam.create_access_key(UserName=LOOKER)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def let(policy: dict[str, Any]) -> None:
    client("iam", MANAGEMENT_ACCOUNT).put_user_policy(
        UserName=LOOKER, PolicyName="looking", PolicyDocument=json.dumps(policy)
    )
