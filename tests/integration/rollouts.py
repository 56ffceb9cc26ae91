"""The `strongroom` command against a sandbox, and the control plane as far as a rollout needs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.example import estate
from sandbox.example.deployment import INTENT, ROOT, aws_environment
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CONTROL_PLANE_BUS,
    CUSTOMER_API_ACCOUNT,
    LEDGER_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    PAYMENTS_ACCOUNT,
)
from strongroom.domain.stacks.parameters import render_parameters
from strongroom_cli.intent.file import load_intent_file

GOVERNED = (PAYMENTS_ACCOUNT, LEDGER_ACCOUNT, CUSTOMER_API_ACCOUNT)


def strongroom(
    sandbox: lifecycle.Sandbox, name: str, *arguments: str, account: str = MANAGEMENT_ACCOUNT, intent: Path = INTENT
) -> subprocess.CompletedProcess[str]:
    """Run the command with the credentials of the management account, or of another."""
    return subprocess.run(
        [sys.executable, "-m", "strongroom_cli", name, str(intent), *arguments],
        cwd=ROOT,
        env={**os.environ, **aws_environment(sandbox.settings, account)},
        capture_output=True,
        text=True,
        check=False,
    )


def prepare() -> None:
    """What a rollout needs before it: a recorder in every governed account, the control plane's bus and parameters."""
    estate.record(*GOVERNED)
    deploy_control_plane()


def deploy_control_plane() -> None:
    """What the rollout needs of it: its bus and its parameters."""
    values = render_parameters(load_intent_file(INTENT)[0])["control-plane"]
    template = {
        "Parameters": {name: {"Type": "String"} for name in values},
        "Resources": {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": CONTROL_PLANE_BUS}}},
    }
    cloudformation = client("cloudformation", BACKUP_ACCOUNT)
    cloudformation.create_stack(
        StackName="strongroom",
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName="strongroom", WaiterConfig={"Delay": 1})
