"""The same event in Cloud Custodian, the closest peer that people run for it, over TLS as on AWS.

In the account it is deployed once per policy, account and Region, and assumes no role. Its central mode runs in one
account and assumes a role in the member's, as we do. It has an environment of its own, in which only the SDK is the
one that our tests pin, whole, as the Lambda runtime brings it.
"""

import json
from pathlib import Path
from subprocess import CalledProcessError, run
from typing import Any, Final

from benchmarks.aws.night import MEMBER
from benchmarks.aws.stage import OWN_ACCESS
from benchmarks.contests.contest import COLD, WARM, Contender, Cost, Scene, Size, compete
from benchmarks.contests.entrants import STRONGROOM, Arena
from benchmarks.measurement import MILLISECONDS, Measurement, NotMeasuredError, at_least, compared
from benchmarks.workloads.tags import ENFORCE_TAGS
from benchmarks.workloads.workload import Workload

_RESOURCES: Final = {
    "dynamodb": ("dynamodb-table", "CreateTable"),
    "rds": ("rds", "CreateDBInstance"),
    "ebs": ("ebs", "CreateVolume"),
    "s3": ("s3", "CreateBucket"),
}
# How many times more a peer costs than we do, where that is promised; for the other types it is only told.
_PROMISED: Final = "dynamodb"
_LEAST: Final = {"c7n": {"warm": 8.0, "cold": 1.5}, "c7n_central": {"warm": 20.0, "cold": 1.7}}


def measure_peers(arena: Arena, environment: Path, *, warm: Size = WARM, cold: Size = COLD) -> tuple[Measurement, ...]:
    """Warm and cold costs of Custodian in both modes as multiples of ours; `environment` is its virtual environment."""
    packages = _packages(environment)
    rows: list[Measurement] = []
    for kind in _RESOURCES:
        workload = ENFORCE_TAGS[kind]
        contenders = [
            arena.strongroom(workload),
            _custodian(arena, kind, workload, packages, is_central=False),
            _custodian(arena, kind, workload, packages, is_central=True),
        ]
        rows += _multiples(kind, "warm", compete(contenders, workload, size=warm, on=arena))
        if kind == _PROMISED:
            rows += _multiples(kind, "cold", compete(contenders, workload, size=cold, on=arena))
    return tuple(rows)


def _multiples(kind: str, state: str, costs: dict[str, Cost]) -> list[Measurement]:
    values = {name: getattr(cost, state) for name, cost in costs.items()}
    ending = f"{state}.{kind}"
    base = Measurement(name=f"peer.{STRONGROOM}.{ending}", value=values.pop(STRONGROOM), unit=MILLISECONDS)
    rows = [compared(f"peer.{name}.{ending}", value, MILLISECONDS, to=base) for name, value in values.items()]
    if kind == _PROMISED:
        rows = [at_least(row, _LEAST[name][state]) for name, row in zip(values, rows, strict=True)]
    return [*rows, base]


def _custodian(arena: Arena, kind: str, workload: Workload, packages: Path, *, is_central: bool) -> Contender:
    stage = arena.stage

    def variables(_: Scene) -> dict[str, str]:
        return (OWN_ACCESS if is_central else stage.member_access()) | stage.environment()

    def events(scene: Scene) -> list[Any]:
        return [workload.event(stage, token) for token in scene.tokens]

    return Contender(
        name="c7n_central" if is_central else "c7n",
        script="custodian",
        paths=[str(arena.sdk), str(packages)],
        variables=variables,
        events=events,
        configuration=_configuration(arena, kind, is_central=is_central),
    )


def _configuration(arena: Arena, kind: str, *, is_central: bool) -> dict[str, Any]:
    """What `custodian run` would put beside the handler: one policy, which says what our intent says."""
    resource, event = _RESOURCES[kind]
    intent = arena.stage.night.intent
    target, key = intent.targets[0], intent.tag_key
    mode: dict[str, Any] = {"type": "cloudtrail", "role": "custodian", "events": [event]}
    if is_central:
        mode["member-role"] = "arn:aws:iam::{account_id}:role/custodian"
    policy = {
        "name": f"tag-{kind}",
        "resource": f"aws.{resource}",
        "mode": mode,
        "filters": [{"type": "value", "key": f"tag:{key}", "op": "not-in", "value": list(target.tiers)}],
        "actions": [{"type": "tag", "key": key, "value": target.default}],
    }
    account = arena.stage.night.backup_account if is_central else MEMBER
    return {"execution-options": {"account_id": account}, "policies": [policy]}


def _packages(environment: Path) -> Path:
    ask = "import json, sysconfig; print(json.dumps(sysconfig.get_path('purelib')))"
    try:
        told = run([environment / "bin" / "python", "-c", ask], check=True, capture_output=True, text=True)  # noqa: S603
    except (OSError, CalledProcessError) as error:
        raise NotMeasuredError(f"{environment} is no virtual environment: `make bench-peers` makes it") from error
    return Path(json.loads(told.stdout))
