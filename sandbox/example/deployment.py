"""Deploying Strongroom into the sandbox with the commands that a platform team uses on AWS."""

import contextlib
import hashlib
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from sandbox.clients import client
from sandbox.example.variants import PLAIN, Variant, varied
from sandbox.passkeys import enrolled_anew
from sandbox.settings import (
    AUDIT_ACCOUNT,
    BACKUP_ACCOUNT,
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    ROOT_SECRET,
    Settings,
)

ROOT = Path(__file__).parents[2]
INTENT = ROOT / "sandbox" / "strongroom.yaml"
KEPT = ROOT / "build" / "vendor"
INTENT_PORT = "4566"
TEMPLATE_BUCKET = "strongroom-templates"
CONFIRMED_DAYS = "2555"  # said as a person says it who has read the intent, not worked out from it a second time
_RESTORES = "\nrestores:\n"
_CONFIRMED = ("--confirm-retention", CONFIRMED_DAYS, "--template-bucket", TEMPLATE_BUCKET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What `sam deploy` brings: its template and stack, where it goes, and the schedules that differ here."""

    template: str
    stack: str
    account: str
    parameters: str
    schedules: dict[str, str]


CONTROL_PLANE = Application(
    template="template.yaml",
    stack="strongroom",
    account=BACKUP_ACCOUNT,
    parameters="control-plane",
    # The lists are read when a scene asks for it: else they would tell of a copy, or tag what the estate leaves
    # untagged, before its own event is handled. Until then an account lacks its first inventory.
    schedules={
        "SweepSchedule": "rate(1 minute)",
        "ReassessSchedule": "rate(1 minute)",
        "StatusSchedule": "rate(3 minutes)",
        "ReconciliationSchedule": "rate(1 day)",
        "InventorySchedule": "rate(1 day)",
        "OnboardingSeconds": "2",
    },
)
EVIDENCE_LOG = Application(
    template="audit/template.yaml",
    stack="strongroom-audit-log",
    account=AUDIT_ACCOUNT,
    parameters="audit-log",
    # To look into all accounts takes a fourth of all calls of the day; nobody waits for an issuer's keys.
    schedules={
        "LogSchedule": "rate(1 minute)",
        "IssuerKeysSchedule": "rate(5 minutes)",
        "WatchSchedule": "rate(3 minutes)",
    },
)
_VENDOR = threading.Lock()


class DeploymentError(Exception):
    """The control plane is not in place because a command or a stack failed."""


@dataclass(frozen=True, slots=True)
class Try:
    """One run of `strongroom apply`: its exit code, and what it printed and complained of."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was deployed: outputs, the compiled intent, the preview, and the runs of `strongroom apply` that it took."""

    outputs: dict[str, str]
    compiled: Path
    previewed: Try
    tries: tuple[Try, ...]


def compile_intent(settings: Settings, *, profiles: Sequence[Mapping[str, Any]] = (), variant: Variant = PLAIN) -> Path:
    """Render the sandbox's intent, its addresses on the port of this sandbox; return the folder.

    `profiles` say where restores may lie, which nobody knows before it is made.
    """
    text = varied(INTENT.read_text(encoding="utf-8"), variant).replace(f":{INTENT_PORT}", f":{settings.port}")
    before, after = (f"http://localhost:{port}" for port in (INTENT_PORT, settings.port))
    text = text.replace(_RESTORES, f"{_RESTORES}  profiles: {json.dumps(profiles)}\n", 1)
    _intent(settings).write_text(enrolled_anew(text, before=before, after=after), encoding="utf-8")
    return _compile(settings)


def build(settings: Settings, compiled: Path, application: Application = CONTROL_PLANE) -> Path:
    """Run `sam build`, with the vendor layer of an earlier run if there is one; return the built template."""
    built = _run_dir(settings) / application.stack / "built"
    kept = KEPT / vendor_key(ROOT / "layers" / "vendor")
    with _VENDOR if not kept.exists() else contextlib.nullcontext():  # else it would be installed twice
        _run(
            [
                *("sam", "build", "--template-file", str(ROOT / application.template), "--parallel"),
                *("--build-dir", str(built), "--cache-dir", str(built) + "-cache"),
            ],
            STRONGROOM_COMPILED=str(compiled),
            LAMBDA_PLATFORM="native",
            VENDOR_KEPT=str(kept),
        )
        if not kept.exists():
            keep(built / "VendorLayer", kept)
    return built / "template.yaml"


def set_aside(compiled: Path) -> Path:
    """A copy of the compiled intent, for whoever builds while it is compiled anew."""
    return Path(shutil.copytree(compiled, compiled.with_name(f"{compiled.name}-before")))


def with_intent(template: Path, compiled: Path) -> Path:
    """The built template, with the layer of this intent as `sam build` makes it: nothing else is made of that."""
    layer = template.parent / "IntentLayer"
    shutil.rmtree(layer)
    folder = str(ROOT / "layers" / "intent")
    _run(["make", "-C", folder, "build-IntentLayer"], ARTIFACTS_DIR=str(layer), STRONGROOM_COMPILED=str(compiled))
    return template


def deploy_log(settings: Settings, compiled: Path) -> Path:
    """Deploy the evidence log, whose bucket comes later, and name its keys in the intent; the folder compiled anew."""
    _sam_deploy(settings, compiled, build(settings, compiled, EVIDENCE_LOG), EVIDENCE_LOG)
    keys = administer(settings, "evidence", "keys")
    if keys.code:
        raise DeploymentError(f"strongroom evidence keys failed:\n{keys.err}")
    with _intent(settings).open("a", encoding="utf-8") as intent:
        intent.write(f"\n{keys.out}")
    return _compile(settings)


def vendor_key(folder: Path) -> str:
    """What the vendor layer is made of, as a hash: its folder, and the interpreter that compiles it."""
    digest = hashlib.sha256(f"{sys.version} {platform.machine()}".encode())
    for path in sorted(path for path in folder.iterdir() if path.is_file()):  # Python keeps byte-code beside them
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def keep(layer: Path, kept: Path) -> None:
    """Copy a built layer to where later builds find it, whole or not at all."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as unfinished:
        copied = shutil.copytree(layer, Path(unfinished) / layer.name)
        with contextlib.suppress(OSError):  # another sandbox was quicker
            copied.rename(kept)


def deploy(settings: Settings, compiled: Path, template: Path, *, variant: Variant = PLAIN) -> Deployment:
    """Deploy the control plane and apply the rest, in the order of the README; with faults the first `apply` fails."""
    client("s3", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION).create_bucket(Bucket=TEMPLATE_BUCKET)
    with ThreadPoolExecutor(1) as meanwhile:
        preview = meanwhile.submit(administer, settings, "plan", "--preview", *_CONFIRMED)
        _sam_deploy(settings, compiled, template, CONTROL_PLANE)
        previewed = preview.result()
    for fault in variant.faults:
        requests.post(f"{settings.endpoint}/_sandbox/cloudformation/faults", json=fault, timeout=10).raise_for_status()
    tries = tuple(_apply(settings) for _ in range(2 if variant.faults else 1))
    if tries[-1].code:
        raise DeploymentError(f"strongroom apply failed:\n{tries[-1].err}")
    outputs = _outputs(BACKUP_ACCOUNT, HOME_REGION, "strongroom")
    return Deployment(outputs=outputs, compiled=compiled, previewed=previewed, tries=tries)


def administer(settings: Settings, *command: str) -> Try:
    """Run a command on the intent, as `plan`, `apply` or `evidence keys`, with the management account's credentials."""
    words = [*itertools.takewhile(lambda word: not word.startswith("-"), command)]
    done = subprocess.run(
        [sys.executable, "-m", "strongroom_cli", *words, str(_intent(settings)), *command[len(words) :]],
        cwd=ROOT,
        env={**os.environ, **aws_environment(settings, MANAGEMENT_ACCOUNT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return Try(done.returncode, done.stdout, done.stderr)


def audit_topic() -> str:
    """The topic by which the audit account tells its auditors."""
    return _outputs(AUDIT_ACCOUNT, HOME_REGION, EVIDENCE_LOG.stack)["AlertsTopicArn"]


def audit_resource(logical_id: str) -> str:
    """The physical id of a part of the application in the audit account."""
    described = client("cloudformation", AUDIT_ACCOUNT).describe_stack_resource(
        StackName=EVIDENCE_LOG.stack, LogicalResourceId=logical_id
    )
    return str(described["StackResourceDetail"]["PhysicalResourceId"])


def parameters(compiled: Path, stack: str) -> dict[str, str]:
    """The compiled parameters of a stack."""
    values: dict[str, Any] = json.loads((compiled / "parameters" / f"{stack}.json").read_text(encoding="utf-8"))
    return {name: str(value) for name, value in values.items()}


def aws_environment(settings: Settings, account: str) -> dict[str, str]:
    """The environment in which the AWS command line, SAM and boto3 act as the root of an account."""
    return {
        "AWS_ENDPOINT_URL": settings.endpoint,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
        "AWS_DEFAULT_REGION": HOME_REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.3",
    }


def _sam_deploy(settings: Settings, compiled: Path, template: Path, application: Application) -> None:
    values = parameters(compiled, application.parameters) | application.schedules
    overrides = [f'ParameterKey={name},ParameterValue="{value}"' for name, value in values.items()]
    _run(
        [
            *("sam", "deploy", "--config-file", str(ROOT / "samconfig.toml"), "--config-env", "sandbox"),
            *("--stack-name", application.stack, "--template-file", str(template)),
            *("--parameter-overrides", *overrides),
        ],
        **aws_environment(settings, application.account),
    )


def _compile(settings: Settings) -> Path:
    compiled = _run_dir(settings) / "compiled"
    _run([sys.executable, "-m", "strongroom_cli", "compile", str(_intent(settings)), "--out", str(compiled)])
    return compiled


def _intent(settings: Settings) -> Path:
    return _run_dir(settings) / "strongroom.yaml"


def _apply(settings: Settings) -> Try:
    return administer(settings, "apply", "--yes", *_CONFIRMED)


def _outputs(account: str, region: str, stack: str) -> dict[str, str]:
    [described] = client("cloudformation", account, region).describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def _run(command: list[str], **environment: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # where sam and python3.13 are
    surroundings = {**os.environ, "PATH": path, **environment}
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise DeploymentError(f"{' '.join(command[:2])} failed:\n" + "\n".join(said[-25:]))


def _run_dir(settings: Settings) -> Path:
    if settings.run_dir is None:
        raise DeploymentError("the sandbox has no directory yet")
    return settings.run_dir
