"""The `strongroom` command in a terminal of the platform team, who has the management account's credentials."""

import os
import subprocess
import sys

from sandbox.example import deployment
from sandbox.example.world import World
from sandbox.settings import MANAGEMENT_ACCOUNT


def administrator(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on the intent of the sandbox."""
    intent = ("--intent", str(deployment.INTENT))
    return subprocess.run(
        [sys.executable, "-m", "strongroom_cli", *arguments, *intent],
        cwd=deployment.ROOT,
        env={**os.environ, **deployment.aws_environment(world.settings, MANAGEMENT_ACCOUNT)},
        capture_output=True,
        text=True,
        check=False,
    )
