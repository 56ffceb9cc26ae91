"""Every statement of the roles, queues, buses, keys, vaults and buckets of our stacks, as it was deployed."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sandbox.authority.needs import Part, Statement
from sandbox.seams.cloudformation import Deployed
from sandbox.seams.organizations import parse_policy

# The stacks of one template, by what their names contain; the first that fits.
TEMPLATES: Final = {
    "strongroom-member-global": "stacks/member-global.yaml",
    "strongroom-global": "stacks/member-global.yaml",
    "strongroom-member": "stacks/member.yaml",
    "strongroom-management": "stacks/management.yaml",
    "strongroom-audit-log": "audit/template.yaml",
    "strongroom-audit": "stacks/audit.yaml",
    "strongroom-central": "stacks/vault.yaml",
    "strongroom-replica": "stacks/vault.yaml",
    "strongroom-restores": "stacks/restore-vault.yaml",
    "strongroom": "template.yaml",
}

UNASKED: Final[list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("unasked.toml").read_text(encoding="utf-8")
)["unasked"]
type Instances = Mapping[str, list[Statement]]
type Spread = Iterator[tuple[str, Part, frozenset[str], Mapping[str, Any]]]


def listed_as_unasked(*, for_certain: bool = False) -> Iterator[str]:
    """Each statement with each action that `unasked.toml` excuses, or those alone that not even a slow day asks for."""
    for entry in UNASKED:
        if not (for_certain and entry.get("on_slow_days")):
            yield from (f"{entry['statement']}: {action}" for action in entry["actions"])


def deployed_statements(resources: Iterable[Deployed]) -> Instances:
    """The statements by their place in the templates; a place has as many instances as it was deployed to."""
    found: dict[str, list[Statement]] = defaultdict(list)
    ours = [resource for resource in resources if "strongroom" in resource.stack]
    roles = _Roles(ours)
    for resource in ours:
        spread = _SPREADS.get(resource.kind)
        for place, part, holders, written in spread(resource, roles) if spread else ():
            name = f"{_template(resource.stack)} {resource.logical_id} {place}"
            found[name].append(Statement(name, part, holders, written, _parsed(written)))
    return found


class _Roles:
    """Which roles carry a managed policy."""

    def __init__(self, resources: Iterable[Deployed]) -> None:
        self._carriers: dict[str, set[str]] = defaultdict(set)
        for resource in resources:
            if resource.kind == "AWS::IAM::Role":
                for policy in resource.properties.get("ManagedPolicyArns", ()):
                    self._carriers[policy].add(_asker(resource))

    def that_carry(self, policy_arn: str) -> frozenset[str]:
        return frozenset(self._carriers[policy_arn])


def _role(role: Deployed, _: _Roles) -> Spread:
    itself = frozenset({_asker(role)})
    for policy in role.properties.get("Policies", ()):
        for label, written in _statements(policy["PolicyDocument"]):
            yield label if "Sid" in written else f"{policy['PolicyName']}.{label}", Part.OWN, itself, written
    arn = f"arn:aws:iam::{role.account}:role{role.properties.get('Path', '/')}{role.physical_id}"
    for label, written in _statements(role.properties["AssumeRolePolicyDocument"]):
        yield f"trust.{label}", Part.RESOURCE, frozenset({arn}), written


def _managed_policy(policy: Deployed, roles: _Roles) -> Spread:
    for label, written in _statements(policy.properties["PolicyDocument"]):
        yield label, Part.OWN, roles.that_carry(policy.physical_id), written


def _attached(arns: Callable[[Deployed], Iterable[str]], member: str) -> Callable[[Deployed, _Roles], Spread]:
    def spread(resource: Deployed, _: _Roles) -> Spread:
        for label, written in _statements(resource.properties[member]):
            yield label, Part.RESOURCE, frozenset(arns(resource)), written

    return spread


def _arn(resource: Deployed, service: str, rest: str) -> str:
    return f"arn:aws:{service}:{resource.region}:{resource.account}:{rest}"


def _queues(policy: Deployed) -> Iterator[str]:
    return (_arn(policy, "sqs", url.rpartition("/")[2]) for url in policy.properties["Queues"])


def _objects(policy: Deployed) -> Iterator[str]:
    for written in policy.properties["PolicyDocument"]["Statement"]:
        yield from written["Resource"] if isinstance(written["Resource"], list) else [written["Resource"]]


def _bus(policy: Deployed, _: _Roles) -> Spread:
    label, written = policy.properties["StatementId"], policy.properties["Statement"]
    bus = _arn(policy, "events", f"event-bus/{policy.properties['EventBusName']}")
    yield label, Part.RESOURCE, frozenset({bus}), {**written, "Sid": label}


_SPREADS: Final[Mapping[str, Callable[[Deployed, _Roles], Spread]]] = {
    "AWS::IAM::Role": _role,
    "AWS::IAM::ManagedPolicy": _managed_policy,
    "AWS::SQS::QueuePolicy": _attached(_queues, "PolicyDocument"),
    "AWS::S3::BucketPolicy": _attached(_objects, "PolicyDocument"),
    "AWS::KMS::Key": _attached(lambda key: [_arn(key, "kms", f"key/{key.physical_id}")], "KeyPolicy"),
    "AWS::Events::EventBusPolicy": _bus,
    "AWS::SNS::TopicPolicy": _attached(lambda policy: policy.properties["Topics"], "PolicyDocument"),
    "AWS::Backup::BackupVault": _attached(
        lambda vault: [_arn(vault, "backup", f"backup-vault:{vault.physical_id}")], "AccessPolicy"
    ),
}


def _statements(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, written in enumerate(document["Statement"]):
        yield str(written.get("Sid", index)), written


def _parsed(written: Mapping[str, Any]) -> Any:
    [parsed] = parse_policy(json.dumps({"Statement": [written]}))
    return parsed


def _asker(role: Deployed) -> str:
    return f"{role.account}/{role.physical_id}"


def _template(stack: str) -> str:
    return next(template for mark, template in TEMPLATES.items() if mark in stack)
