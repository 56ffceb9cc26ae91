"""What an API request names: the resource that IAM authorises it on, and the tags it asks for."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote
from xml.etree import ElementTree as ET

TAGS_BY_KIND: Final = "request:tags-by-kind"

_COPYING: Final = frozenset({"backup:StartCopyJob", "backup:CreateBackupPlan", "backup:UpdateBackupPlan"})
_RECOVERY_POINT = re.compile(
    r"/backup-vaults/[^/]+/recovery-points/(?P<arn>arn:.+?)"
    r"(/(index|disassociate|parentAssociation|restore-metadata))?/?"
)
_VAULT = re.compile(r"/(logically-air-gapped-)?backup-vaults/(?P<name>[^/]+)(/.*)?")
_PLAN = re.compile(r"/backup/plans/(?P<id>(orgs/|aws/efs/)?[^/]+)(/.*)?")
_TAGGED = re.compile(r"/(tags|untag)/(?P<arn>arn:.+?)/?")
_FILE_SYSTEM_TAGS = re.compile(r"/2015-02-01/(resource-tags|tags|create-tags|delete-tags)/(?P<id>fs-[^/]+)/?")
_EC2_KINDS: Final = {"i": "instance", "vol": "volume", "snap": "snapshot", "ami": "image"}
_EC2_WITHOUT_ACCOUNT: Final = frozenset({"snapshot", "image"})
_TAG_SPECIFICATION = re.compile(r"(TagSpecification\.\d+)\.ResourceType")


@dataclass(frozen=True, slots=True)
class Request:
    """One API call as it came over the wire."""

    action: str
    path: str
    body: bytes
    params: Mapping[str, Any]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON body, empty when there is none."""
        if self.body[:1] != b"{":
            return {}
        try:
            document: dict[str, Any] = json.loads(self.body)
        except ValueError:
            return {}
        return document

    def element(self, name: str) -> str:
        """The text of the first element of that name in an XML body, empty where there is none."""
        if self.body[:1] != b"<":
            return ""
        try:
            found = ET.fromstring(self.body).iter()  # noqa: S314 the peer is this machine
        except ET.ParseError:
            return ""
        return next(((each.text or "").strip() for each in found if each.tag.rpartition("}")[2] == name), "")

    def text(self, name: str) -> str:
        """A form or query parameter, empty when absent."""
        value = self.params.get(name, "")
        return str(value[0] if isinstance(value, list) and value else value or "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the call is made, and how to look up what it only names."""

    region: str
    account: str
    policy_arn: Callable[[str], str]
    role_arn: Callable[[str, str], str]
    machine_arn: Callable[[str], str | None]


def resource_arn(service: str, request: Request, place: Place) -> str | None:
    """The resource of a call whose ARN the emulator leaves open or spells otherwise than AWS; None to keep its own."""
    rule = _RULES.get(service)
    return rule(request, place) if rule else None


def _backup(request: Request, place: Place) -> str | None:
    path = unquote(request.path)
    prefix = f"arn:aws:backup:{place.region}:{place.account}"
    if named := _RECOVERY_POINT.fullmatch(path) or _TAGGED.fullmatch(path):
        return named["arn"]
    if vault := _VAULT.fullmatch(path):
        return f"{prefix}:backup-vault:{vault['name']}"
    if plan := _PLAN.fullmatch(path):
        return f"{prefix}:backup-plan:{plan['id']}"
    if point := request.document.get("RecoveryPointArn"):
        return str(point)
    if vault_name := request.document.get("BackupVaultName"):
        return f"{prefix}:backup-vault:{vault_name}"
    return "*"


def _organizations(request: Request, place: Place) -> str | None:
    policy_id = request.document.get("PolicyId")
    return place.policy_arn(str(policy_id)) if policy_id else "*"


def _events(request: Request, place: Place) -> str | None:
    name = request.document.get("Name") or request.document.get("Rule")
    if not request.action.endswith(("Rule", "Targets")) or not name:
        return None
    bus = str(request.document.get("EventBusName") or "default").rpartition("/")[2]
    owner = name if bus == "default" else f"{bus}/{name}"
    return f"arn:aws:events:{place.region}:{place.account}:rule/{owner}"


def _iam(request: Request, place: Place) -> str | None:
    name = request.text("RoleName")
    if not name:
        return None
    if request.action == "iam:CreateRole":
        return f"arn:aws:iam::{place.account}:role{request.text('Path') or '/'}{name}"
    return place.role_arn(place.account, name)


def _ec2(request: Request, place: Place) -> str | None:
    match request.action.removeprefix("ec2:"):
        case "CreateVolume":
            return _ec2_arn(place, "volume", "*")
        case "RunInstances":
            return _ec2_arn(place, "instance", "*")
        case "DeleteSnapshot" | "ModifySnapshotAttribute":
            return _ec2_arn(place, "snapshot", request.text("SnapshotId"))
        case "DeregisterImage":
            return _ec2_arn(place, "image", request.text("ImageId"))
        case "CreateTags" | "DeleteTags":
            resource = request.text("ResourceId.1")
            kind = _EC2_KINDS.get(resource.partition("-")[0])
            return _ec2_arn(place, kind, resource) if kind else None
        case _:
            return None


def _ec2_arn(place: Place, kind: str, name: str) -> str:
    owner = "" if kind in _EC2_WITHOUT_ACCOUNT else place.account
    return f"arn:aws:ec2:{place.region}:{owner}:{kind}/{name}"


def _rds(request: Request, place: Place) -> str | None:
    if named := request.text("ResourceName"):
        return named
    prefix = f"arn:aws:rds:{place.region}:{place.account}"
    if request.action == "rds:DeleteDBSnapshot":
        return f"{prefix}:snapshot:{request.text('DBSnapshotIdentifier')}"
    if request.action == "rds:DeleteDBClusterSnapshot":
        return f"{prefix}:cluster-snapshot:{request.text('DBClusterSnapshotIdentifier')}"
    return None


def _redshift(request: Request, place: Place) -> str | None:
    if request.action != "redshift:RestoreTableFromClusterSnapshot":
        return None
    return f"arn:aws:redshift:{place.region}:{place.account}:cluster:{request.text('ClusterIdentifier')}"


def _dynamodb(request: Request, _place: Place) -> str | None:
    document = request.document
    named = document.get("ResourceArn") or document.get("BackupArn")
    return str(named) if named else None


def _elasticfilesystem(request: Request, place: Place) -> str | None:
    prefix = f"arn:aws:elasticfilesystem:{place.region}:{place.account}:file-system"
    if request.action == "elasticfilesystem:CreateFileSystem":
        return f"{prefix}/*"
    tagged = _FILE_SYSTEM_TAGS.fullmatch(request.path)
    return f"{prefix}/{tagged['id']}" if tagged else None


def _states(request: Request, place: Place) -> str | None:
    token = request.document.get("taskToken")
    return place.machine_arn(str(token)) if token else None


_RULES: Final[dict[str, Callable[[Request, Place], str | None]]] = {
    "backup": _backup,
    "organizations": _organizations,
    "events": _events,
    "iam": _iam,
    "ec2": _ec2,
    "rds": _rds,
    "redshift": _redshift,
    "dynamodb": _dynamodb,
    "elasticfilesystem": _elasticfilesystem,
    "states": _states,
}


def name_resources(service: str, rule: Callable[[Request, Place], str | None]) -> None:
    """Let a service that is played here say what its calls name."""
    _RULES[service] = rule


def knows(service: str) -> bool:
    """Whether calls of the service may name their resource here."""
    return service in _RULES


def condition_keys(action: str, body: bytes, params: Mapping[str, Any]) -> dict[str, Any]:
    """The tags that a call asks for and the vaults that it copies to, where the emulator does not read them."""
    if action in _COPYING:
        targets = sorted(set(_copy_targets(Request(action=action, path="", body=body, params=params).document)))
        return {"backup:CopyTargets": targets} if targets else {}
    if action.startswith("ec2:"):
        by_kind = _tag_specifications(Request(action=action, path="", body=body, params=params))
        if not by_kind:
            return {}
        merged = {key: value for tags in by_kind.values() for key, value in tags.items()}
        return {**tag_keys(merged), TAGS_BY_KIND: by_kind}
    if action in {"s3:CreateBucket", "s3:TagResource"}:
        return tag_keys(dict(_bucket_tags(body)))
    return {}


def _copy_targets(value: Any) -> Iterator[str]:
    """Every destination vault that a document names, at any depth: in a copy, or in the rules of a plan."""
    if isinstance(value, dict):
        if isinstance(target := value.get("DestinationBackupVaultArn"), str):
            yield target
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _copy_targets(each)


def tag_keys(tags: Mapping[str, str]) -> dict[str, Any]:
    """The condition keys of the tags that a request sets, in lower case; nothing when it sets none."""
    if not tags:
        return {}
    return {f"aws:requesttag/{key}".lower(): value for key, value in tags.items()} | {"aws:tagkeys": list(tags)}


def _tag_specifications(request: Request) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name in request.params:
        if specification := _TAG_SPECIFICATION.fullmatch(name):
            tags = found.setdefault(request.text(name), {})
            number = 1
            while key := request.text(f"{specification[1]}.Tag.{number}.Key"):
                tags[key] = request.text(f"{specification[1]}.Tag.{number}.Value")
                number += 1
    return found


def _bucket_tags(body: bytes) -> Iterator[tuple[str, str]]:
    if not body.strip():
        return
    try:
        root = ET.fromstring(body)  # noqa: S314 the peer is this machine
    except ET.ParseError:
        return
    for tag in root.findall(".//{*}Tag"):
        yield tag.findtext("{*}Key", ""), tag.findtext("{*}Value", "")
