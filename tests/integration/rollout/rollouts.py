"""The `strongroom` command against a sandbox, and the control plane as far as a rollout needs it."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.example import estate
from sandbox.example.deployment import INTENT, ROOT, aws_environment
from sandbox.example.world import as_deployer
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CONTROL_PLANE_BUS,
    CUSTOMER_API_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATION_ID,
    PAYMENTS_ACCOUNT,
    SANDBOX_ACCOUNTS,
)
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.rollout.desired import CONTROL_PLANE_STACK
from strongroom.domain.stacks.parameters import render_parameters
from strongroom_cli.compile import compiled_intent
from strongroom_cli.intent.file import load_intent_file

LAYERS = "layers-of-the-control-plane"
PRODUCTION_ACCOUNTS = (PAYMENTS_ACCOUNT, LEDGER_ACCOUNT, CUSTOMER_API_ACCOUNT)
TEMPLATE_BUCKET = "templates-of-the-rollout"
CONFIRMED = ("--confirm-retention", "2555", "--template-bucket", TEMPLATE_BUCKET)
GOVERNED = (*PRODUCTION_ACCOUNTS, *SANDBOX_ACCOUNTS)


def strongroom(
    sandbox: lifecycle.Sandbox, name: str, *arguments: str, account: str = MANAGEMENT_ACCOUNT, intent: Path = INTENT
) -> subprocess.CompletedProcess[str]:
    """Run the command with the credentials of the management account, or of another; nobody is asked."""
    answer = ("--yes",) if name == "apply" else ()
    return subprocess.run(
        [sys.executable, "-m", "strongroom_cli", name, str(intent), *answer, *arguments],
        cwd=ROOT,
        env={**os.environ, **aws_environment(sandbox.settings, account)},
        capture_output=True,
        text=True,
        check=False,
    )


def prepare() -> None:
    """What a rollout needs before it: recorders in governed accounts, a bucket for templates, and the control plane."""
    estate.record(*GOVERNED)
    make_template_bucket()
    deploy_control_plane()


def make_template_bucket() -> None:
    """Where templates go that are too large for a request."""
    s3 = client("s3", MANAGEMENT_ACCOUNT)
    if TEMPLATE_BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=TEMPLATE_BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})


def deploy_control_plane(intent: Path = INTENT) -> None:
    """Make or change what the rollout needs of it: its bus, its parameters, and a function that carries the intent."""
    asked = load_intent_file(intent)[0]
    values = render_parameters(asked)["control-plane"]
    cloudformation = as_deployer("cloudformation")
    stacks = {each["StackName"] for each in cloudformation.describe_stacks()["Stacks"]}
    deploy, waiter = (
        (cloudformation.update_stack, "stack_update_complete")
        if CONTROL_PLANE_STACK in stacks
        else (cloudformation.create_stack, "stack_create_complete")
    )
    deploy(
        StackName=CONTROL_PLANE_STACK,
        TemplateBody=json.dumps(_control_plane(compiled_intent(asked), values)),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter(waiter).wait(StackName=CONTROL_PLANE_STACK, WaiterConfig={"Delay": 1})


def _control_plane(compiled: CompiledIntent, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The template, whose layer has a name of its own for each intent, as SAM gives it."""
    layer = f"IntentLayer{compiled.digest[:10]}"
    function = {
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Role": f"arn:aws:iam::{BACKUP_ACCOUNT}:role/any",
        "Code": {"ZipFile": "def handler(event, context): return None"},
        "Layers": [{"Ref": layer}],
    }
    content = {"LayerName": "IntentLayer", "Content": {"S3Bucket": LAYERS, "S3Key": _upload(compiled)}}
    return {
        "Parameters": {name: {"Type": "String"} for name in parameters},
        "Resources": {
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": CONTROL_PLANE_BUS}},
            "BusPolicy": {"Type": "AWS::Events::EventBusPolicy", "Properties": _bus_policy()},
            "OwnEventsRole": {"Type": "AWS::IAM::Role", "Properties": _forwarder()},
            "VerifyCopyFunction": {"Type": "AWS::Lambda::Function", "Properties": function},
            layer: {"Type": "AWS::Lambda::LayerVersion", "Properties": content},
        },
    }


def _forwarder() -> dict[str, Any]:
    """The role under which the backup account's own events, and the heartbeats of its global Region, reach the bus."""
    home = f"arn:aws:events:{HOME_REGION}:{BACKUP_ACCOUNT}:event-bus/{CONTROL_PLANE_BUS}"
    trusted = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
    put = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": home}
    return {
        "RoleName": "strongroom-forwarder",
        "Path": "/strongroom/",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]},
        "Policies": [{"PolicyName": "put-events", "PolicyDocument": {"Version": "2012-10-17", "Statement": [put]}}],
    }


def _upload(compiled: CompiledIntent) -> str:
    """The key of the layer's archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as layer:
        layer.writestr("python/strongroom_intent/intent.json", compiled.content)
    s3, key = client("s3", BACKUP_ACCOUNT), f"{compiled.digest}.zip"
    if LAYERS not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=LAYERS, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    s3.put_object(Bucket=LAYERS, Key=key, Body=archive.getvalue())
    return key


def _bus_policy() -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "events:PutEvents",
        "Resource": {"Fn::GetAtt": ["Bus", "Arn"]},
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION_ID}},
    }
    return {"EventBusName": {"Ref": "Bus"}, "StatementId": "OrganizationForwarders", "Statement": statement}
