"""`strongroom plan`, `apply` and `login` as they are installed, against a whole organisation."""

import json
import subprocess
from pathlib import Path

import pytest

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.example import estate
from sandbox.example.deployment import INTENT, aws_environment
from sandbox.example.drivers import IdentityDriver
from sandbox.settings import DEFAULT_PORT, HOME_REGION, MANAGEMENT_ACCOUNT
from tests.integration.rollout.rollouts import GOVERNED, deploy_control_plane
from tests.integration.rollout.test_plan_and_apply import BUCKET, confirmed
from tests.wheel.installation import Installation

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]  # the first waits for the index


@pytest.fixture
def intent_file(installed: Installation, sandbox_host: lifecycle.Sandbox) -> str:
    """The sandbox's intent, in which the sandbox's own port stands."""
    text = INTENT.read_text(encoding="utf-8")
    told = text.replace(f"127.0.0.1:{DEFAULT_PORT}", sandbox_host.url.removeprefix("http://"))
    assert told != text
    (installed.home / "sandbox.yaml").write_text(told, encoding="utf-8")
    return "sandbox.yaml"


def test_plan_and_apply_bring_an_organization_to_the_intent(
    installed: Installation, sandbox_host: lifecycle.Sandbox, intent_file: str
) -> None:
    environment = aws_environment(sandbox_host.settings, MANAGEMENT_ACCOUNT)
    where = {"LocationConstraint": HOME_REGION}
    client("s3", MANAGEMENT_ACCOUNT).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    estate.record(*GOVERNED)
    planned = installed.strongroom("plan", intent_file, "--json", **environment)
    assert planned.returncode == 1, planned.stderr
    steps = [step["id"] for step in json.loads(planned.stdout)["steps"]]
    deploy_control_plane(installed.home / intent_file)
    applied = installed.strongroom("apply", intent_file, "--yes", *confirmed(), **environment)
    assert applied.returncode == 0, applied.stderr
    done = [line.split()[1] for line in applied.stdout.splitlines() if line.startswith("done")]
    assert done == [step for step in steps if step != "control-plane"]
    again = installed.strongroom("plan", intent_file, *confirmed(), **environment)
    assert (again.returncode, again.stdout.partition(":")[0]) == (0, "nothing to change")


def test_login_keeps_a_token_that_nobody_else_reads(
    installed: Installation, sandbox_host: lifecycle.Sandbox, intent_file: str
) -> None:
    with subprocess.Popen(
        installed.line("login", "--intent", intent_file),
        cwd=installed.home,
        env=installed.surroundings(BROWSER="true"),
        stderr=subprocess.PIPE,
        text=True,
    ) as login:
        assert login.stderr is not None
        address = login.stderr.readline().removeprefix("Log in at: ").strip()
        IdentityDriver(sandbox_host.url).log_in(address, "omar")
        assert login.wait(timeout=60) == 0
    token = Path(installed.home, ".config", "strongroom", "token")
    assert token.read_text(encoding="utf-8").count(".") == 2
    assert token.stat().st_mode & 0o777 == 0o600
