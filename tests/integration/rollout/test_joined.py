"""Two people apply at once: the second joins the first, and both end well."""

import os
import subprocess
import sys

from sandbox import lifecycle
from sandbox.example.deployment import INTENT, ROOT, aws_environment
from sandbox.settings import MANAGEMENT_ACCOUNT
from tests.integration.rollout.rollouts import CONFIRMED, prepare, strongroom


def test_a_second_apply_joins_the_first(sandbox_host: lifecycle.Sandbox) -> None:
    prepare()
    begun = [
        subprocess.Popen(
            [sys.executable, "-m", "strongroom_cli", "apply", str(INTENT), "--yes", *CONFIRMED],
            cwd=ROOT,
            env={**os.environ, **aws_environment(sandbox_host.settings, MANAGEMENT_ACCOUNT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [each.communicate(timeout=110) for each in begun]
    assert [each.returncode for each in begun] == [0, 0], told
    planned = strongroom(sandbox_host, "plan", *CONFIRMED)
    assert (planned.returncode, planned.stdout.partition(":")[0]) == (0, "nothing to change")
