"""Every IAM document of the templates and of the compiled output, as AWS sees it: no intrinsic function left."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from strongroom.domain.stacks.attached_policies import SERVICE_CONTROL_POLICY
from strongroom.domain.stacks.rendered import Rendered
from tests.contract.templates import APPLICATIONS, ROOT, template_of

TEMPLATES: Final = (*APPLICATIONS, *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("stacks/*.yaml"))))

_ACCOUNT, _REGION, _NAME = "999999999999", "eu-west-1", "strongroom-Thing-1"
_PSEUDO: Final = {
    "AWS::AccountId": _ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": _REGION,
    "AWS::StackName": "strongroom",
    "AWS::URLSuffix": "amazonaws.com",
}
_ARNS: Final = {
    "AWS::Backup::BackupVault": "arn:aws:backup:{place}:backup-vault:{name}",
    "AWS::CloudFormation::StackSet": "arn:aws:cloudformation:{place}:stackset/{name}:1",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{place}:table/{name}",
    "AWS::Events::EventBus": "arn:aws:events:{place}:event-bus/{name}",
    "AWS::Events::Rule": "arn:aws:events:{place}:rule/{name}",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::{account}:policy/{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/strongroom/{name}",
    "AWS::KMS::Key": "arn:aws:kms:{place}:key/11111111-2222-3333-4444-555555555555",
    "AWS::Logs::LogGroup": "arn:aws:logs:{place}:log-group:{name}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::strongroom-audit",
    "AWS::SNS::Topic": "arn:aws:sns:{place}:{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{place}:{name}",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:{place}:secret:{name}-abcdef",
    "AWS::Serverless::Function": "arn:aws:lambda:{place}:function:{name}",
    "AWS::Serverless::StateMachine": "arn:aws:states:{place}:stateMachine:{name}",
}
_ARN_BY_REF: Final = ("AWS::IAM::ManagedPolicy", "AWS::SNS::Topic", "AWS::SecretsManager::Secret")
_SUBSTITUTION: Final = re.compile(r"\$\{(!?)([^}]+)\}")

# Those that are not called as their template is; the example has no air-gapped vault, and central is told as much,
# nor a Control Tower, whose forwarder would be told what the other one of the management account is.
_STACKS: Final = {
    "template.yaml": "control-plane",
    "audit/template.yaml": "audit-log",
    "stacks/vault.yaml": "central",
    "stacks/air-gapped-vault.yaml": "central",
    "stacks/restore-vault.yaml": "member",
    "stacks/management-home.yaml": "management",
    "stacks/vault-account.yaml": "management",
    "stacks/vault-forwarder.yaml": "management",
}

type Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IamDocument:
    """A policy document and where it stands."""

    name: str
    document: dict[str, Any]


def documents_of(template: str, values: Values) -> Iterator[IamDocument]:
    """Every IAM document of a template by its path in the repository; `values` are the parameters."""
    yield from documents_in(template_of(template), name=template, values=values)


def documents_in(body: Mapping[str, Any], *, name: str, values: Values) -> Iterator[IamDocument]:
    """Every IAM document of a template that was read already."""
    known = _Known(body, values)
    for logical_id, resource in body["Resources"].items():
        for path, document in _statements(resource.get("Properties", {}), (logical_id,)):
            yield IamDocument(f"{name}: {'.'.join(path)}", known.resolve(document))


def parameters_of(template: str, rendered: Rendered) -> Values:
    """The rendered parameters of a template."""
    return rendered.parameters[_STACKS.get(template, Path(template).stem)]


def delegation(rendered: Rendered) -> Iterator[IamDocument]:
    """The rendered resource policy of the organisation."""
    for logical_id, resource in rendered.management.delegation.items():
        yield IamDocument(f"{logical_id}.Content", resource["Properties"]["Content"])


def service_control_policies(rendered: Rendered) -> Iterator[IamDocument]:
    """The rendered service control policies."""
    for policy in rendered.policies:
        if policy.type == SERVICE_CONTROL_POLICY:
            yield IamDocument(f"scps/{policy.name.removeprefix('strongroom-')}.json", json.loads(policy.content))


def _statements(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Whatever holds statements, however deep; an event bus policy holds one without being a document."""
    match node:
        case {"Statement": statement}:
            yield path, {"Version": "2012-10-17", "Statement": statement}
        case dict():
            for key, value in node.items():
                yield from _statements(value, (*path, str(key)))
        case list():
            for index, value in enumerate(node):
                yield from _statements(value, (*path, str(index)))


def _example(parameter: str) -> str:
    """A value for what the intent leaves empty: the statements about it are linted all the same."""
    if parameter == "RestoredClusterArns":
        kinds = ("cluster/restores", "access-entry/restores/*/*/*/*", "addon/restores/*/*")
        return ",".join(f"arn:aws:eks:{_REGION}:{_ACCOUNT}:{kind}" for kind in kinds)
    if parameter == "RestoredByHandArns":
        named = {
            "backup-gateway": ("hypervisor/*",),
            "redshift-serverless": ("namespace/*", "snapshot/*", "workgroup/*"),
            "ssm-sap": ("HANA/*",),
            "storagegateway": ("gateway/*",),
        }
        return ",".join(
            f"arn:aws:{service}:{_REGION}:{_ACCOUNT}:{of}" for service, each in named.items() for of in each
        )
    if parameter == "OverwrittenByCallArns":
        return f"arn:aws:redshift-serverless:{_REGION}:{_ACCOUNT}:snapshot/*"
    if parameter == "RestoredByCallArns":
        files = (f"fsx:{_REGION}:{_ACCOUNT}:backup/*", f"fsx:{_REGION}:{_ACCOUNT}:file-system/*")
        volumes = (f"ec2:{_REGION}::snapshot/*", f"ec2:{_REGION}:{_ACCOUNT}:volume/*")
        tables = tuple(f"redshift:{_REGION}:{_ACCOUNT}:{of}" for of in ("snapshot:*/awsbackup:*", "cluster:*"))
        namespaces = tuple(f"redshift-serverless:{_REGION}:{_ACCOUNT}:{of}/*" for of in ("snapshot", "namespace"))
        return ",".join(f"arn:aws:{of}" for of in (*files, *volumes, *tables, *namespaces))
    return f"arn:aws:iam::{_ACCOUNT}:role/Example" if parameter.endswith(("Arn", "Arns")) else ""


class _Known:
    """What a template's references mean: its parameters as given, its resources with names and ARNs of their kind."""

    def __init__(self, body: Mapping[str, Any], values: Values) -> None:
        defaults = {name: str(each.get("Default", "")) for name, each in body.get("Parameters", {}).items()}
        given = defaults | {name: values[name] for name in defaults if name in values}
        self._names: dict[str, str] = _PSEUDO | {name: value or _example(name) for name, value in given.items()}
        self._types: dict[str, str] = {name: resource["Type"] for name, resource in body["Resources"].items()}

    def resolve(self, node: Any) -> Any:
        """The value without intrinsic functions; a list drops what AWS::NoValue stands for."""
        match node:
            case dict() if len(node) == 1 and (function := _function(next(iter(node)))):
                return self._apply(function, next(iter(node.values())))
            case dict():
                return {key: self.resolve(value) for key, value in node.items()}
            case list():
                resolved = [self.resolve(each) for each in node]
                return [each for each in resolved if each is not None]
            case _:
                return node

    def _apply(self, function: str, argument: Any) -> Any:
        match function, argument:
            case "Ref", "AWS::NoValue":
                return None
            case "Ref", str():
                return self._reference(argument)
            case "GetAtt", str():
                return self._attribute(argument)
            case "GetAtt", [logical_id, attribute]:
                return self._attribute(f"{logical_id}.{attribute}")
            case "Sub", str():
                return _SUBSTITUTION.sub(self._substituted, argument)
            case "If", [_, chosen, _]:
                return self.resolve(chosen)
            case "Split", [separator, text]:
                return str(self.resolve(text)).split(separator)
            case _:
                raise AssertionError(f"the resolver does not know {function} {argument!r}")

    def _substituted(self, found: re.Match[str]) -> str:
        literal, name = found.groups()
        if literal:
            return f"${{{name}}}"
        return str(self._attribute(name) if "." in name else self._reference(name))

    def _reference(self, name: str) -> str:
        if name in self._names:
            return self._names[name]
        kind = self._types[name]
        return self._arn(name) if kind in _ARN_BY_REF else f"strongroom-{name}"

    def _attribute(self, path: str) -> str:
        logical_id, _, attribute = path.partition(".")
        return self._arn(logical_id) if attribute.endswith(("Arn", "Id")) else f"strongroom-{logical_id}"

    def _arn(self, logical_id: str) -> str:
        place = f"{self._names['AWS::Region']}:{self._names['AWS::AccountId']}"
        account = self._names["AWS::AccountId"]
        return _ARNS[self._types[logical_id]].format(place=place, account=account, name=f"strongroom-{logical_id}")


def _function(key: str) -> str | None:
    if key == "Ref":
        return key
    return next((key.removeprefix(mark) for mark in ("!", "Fn::") if key.startswith(mark)), None)
