"""Records of creations as CloudTrail would write them, made out of the shapes of AWS's models.

Casing: RDS and Redshift answer with the only member left out; EC2's older calls use wire names and `items`, its newer
ones are wrapped, with `item` and upper-case members in the request; S3 keeps its own case. Each form is from a record.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from sandbox.clients import service_model
from strongroom.domain.catalogue.facets.creations import Creation, Named
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.partitions import partition_of
from strongroom.domain.tags.creations import CREATIONS

type Document = dict[str, Any]

ACCOUNT: Final = "222222222222"
REGION: Final = "eu-west-1"
OTHER_REGION: Final = "eu-central-1"
UUID: Final = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
# What things of each label are called, as their ARNs end.
IDS: Final = {
    "Aurora DSQL cluster": "abcdefghijklmnopqrstuvwxyz",
    "CloudFormation stack": f"shop/{UUID}",
    "DynamoDB table": "Orders-1",
    "EBS volume": "vol-0123456789abcdef0",
    "EC2 instance": "i-0123456789abcdef0",
    "EFS file system": "fs-0123456789abcdef0",
    "EKS cluster": "shop",
    "FSx file system": "fs-0123456789abcdef0",
    "FSx volume": "fs-0123456789abcdef0/fsvol-0123456789abcdef0",
    "RDS instance": "orders",
    "Redshift Serverless namespace": UUID,
    "Redshift cluster": "orders",
    "S3 bucket": "orders-archive",
    "SAP application": "HANA-1",
    "Storage Gateway volume": "sgw-12A3456B/volume/vol-1122AABB",
    "Timestream table": "metrics/table/cpu",
    "database cluster": "orders",
    "hypervisor": "hype-1A2B3C",
}
_DEEPEST: Final = 7


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way in which a call is recorded."""

    name: str
    request: Document | None
    response: Document | None


@dataclass(frozen=True, kw_only=True)
class CreationRecord:
    """A record of a creation, and the ARNs that it names."""

    call: str
    form: str
    request: Document | None
    response: Document | None
    arns: tuple[str, ...]
    account: str = ACCOUNT
    region: str = REGION

    @property
    def source(self) -> str:
        """The event source."""
        return f"{self.call.split(':')[0]}.amazonaws.com"

    @property
    def event(self) -> Document:
        """The event of EventBridge."""
        detail = {
            "eventSource": self.source,
            "eventName": self.call.split(":")[1],
            "awsRegion": self.region,
            "requestParameters": self.request,
            "responseElements": self.response,
        }
        return {
            "source": f"aws.{self.call.split(':')[0]}",
            "detail-type": "AWS API Call via CloudTrail",
            "account": self.account,
            "region": self.region,
            "detail": detail,
        }


def is_modelled(creation: Creation) -> bool:
    """Whether AWS's models have the call."""
    return _operation(creation) is not None


def forms_of(creation: Creation) -> tuple[Form, ...]:
    """Every way in which the call may be recorded, with plain texts everywhere; none where no model has it."""
    operation = _operation(creation)
    return () if operation is None else tuple(_forms(creation, operation))


def records_of(call: str) -> list[CreationRecord]:
    """A record in each form, each of which names one thing; of each form one by the answer, one by the request."""
    row, creation = CREATIONS[call]
    kinds: tuple[ResourceType | Named, ...] = creation.names or (row,)
    return [record for kind in kinds for form in forms_of(creation) for record in _filled(row, creation, kind, form)]


def put(document: Document | None, path: str, text: str) -> bool:
    """Put the text where the path leads, wherever something stands there already; whether something did."""
    steps = re.findall(r"[^.\[\]]+|\[\]", path)
    return document is not None and _put(document, steps, text)


def leads(document: Any, path: str) -> bool:
    """Whether the path leads to a text, a number or a boolean."""
    return _leads(document, re.findall(r"[^.\[\]]+|\[\]", path))


def arn_of(kind: ResourceType | Named, *, region: str = REGION, account: str = ACCOUNT) -> str:
    """The ARN of a thing of this kind."""
    partition = partition_of(region).name
    return kind.arn.format(partition=partition, region=region, account=account, id=IDS[kind.label])


def _filled(row: ResourceType, creation: Creation, kind: ResourceType | Named, form: Form) -> Iterator[CreationRecord]:
    home = REGION
    bare = _without_names(form, row, creation)
    sides = [*(("response", path) for path in creation.response), *(("request", path) for path in creation.request)]
    for side, path in sides:
        filled = copy.deepcopy(bare)
        document = getattr(filled, side)
        home = _settle(filled, creation)
        full = path if creation.per is None else f"{creation.per}.{path}"
        text = _text(kind, path, region=REGION if creation.is_elsewhere else home)
        if text is not None and put(document, full, text):
            arns = (arn_of(kind, region=home),)
            yield CreationRecord(
                call=creation.call, form=form.name, request=filled.request, response=filled.response, arns=arns
            )
    if creation.request_joined is not None:
        filled = copy.deepcopy(bare)
        database, _, table = IDS[kind.label].split("/")
        if put(filled.request, "databaseName", database) and put(filled.request, "tableName", table):
            arns = (arn_of(kind),)
            yield CreationRecord(call=creation.call, form=form.name, request=filled.request, response=None, arns=arns)


def _without_names(form: Form, row: ResourceType, creation: Creation) -> Form:
    """The form without anything that names, so that no path leads to a text but the one that is filled, or limits."""
    bare = copy.deepcopy(form)
    for side in ("response", "request"):
        for path in getattr(creation, side):
            _empty(getattr(bare, side), path if creation.per is None else f"{creation.per}.{path}")
    for path in (path for limit in row.limits for sign in limit.shown for path in sign.paths):
        side, _, rest = path.partition(".")
        _empty(getattr(bare, side), rest)
    return bare


def _settle(form: Form, creation: Creation) -> str:
    """Say where the thing lies, where the record says it, and what the call counts for."""
    if creation.only_when is not None and creation.only_when.values:
        [path] = creation.only_when.paths
        put(form.request, path.removeprefix("request."), creation.only_when.values[0])
    for cover in (each for each in creation.covers if each.only_from is None):
        for path in cover.sign.paths:
            side, _, rest = path.partition(".")
            _empty(getattr(form, side), rest)
    if creation.owner is not None:
        put(form.response, f"{creation.per}.{creation.owner}", ACCOUNT)
    if creation.home is None:
        return REGION
    if creation.per is not None:
        put(form.response, f"{creation.per}.{creation.home}", OTHER_REGION)
    else:
        put(form.request, creation.home, OTHER_REGION)
    return OTHER_REGION


def _text(kind: ResourceType | Named, path: str, *, region: str) -> str | None:
    """What stands at a path: the ARN where it says so, else the id, where that alone names the thing."""
    if path.lower().endswith(("arn", "stackid", "target")):
        return arn_of(kind, region=region)
    return None if "/" in IDS[kind.label] else IDS[kind.label]


def _forms(creation: Creation, operation: OperationModel) -> Iterator[Form]:
    asked, answered = operation.input_shape, operation.output_shape
    request = _plain(asked) if asked is not None else None
    response = _plain(answered) if answered is not None else None
    match creation.service:
        case "s3":
            upper = _fill(asked, keep_case, "items")
            yield Form(name="s3", request={"bucketName": "some text", **upper}, response=None)
        case "rds" | "redshift":
            [only] = (response or {}).values()
            yield Form(name="flat", request=request, response=only)
            yield Form(name="nested", request=request, response=response)
        case "ec2":
            yield Form(
                name="items", request=_fill(asked, wire_name, "items"), response=_fill(answered, wire_name, "items")
            )
            if creation.is_wrapped:
                wrapped = _fill(answered, wire_name, "item")
                for name, inner in (("item", wrapped), ("single item", _singled(wrapped))):
                    yield Form(
                        name=name,
                        request={f"{creation.name}Request": _fill(asked, keep_case, "items")},
                        response={f"{creation.name}Response": inner},
                    )
        case "eks":
            yield Form(name="plain", request=request, response=response)
            yield Form(name="of 2018", request={"clusterName": "some text"}, response=response)
        case _:
            yield Form(name="plain", request=request, response=response)


def lower_first(name: str, _: Shape) -> str:
    """As most services are recorded."""
    return name[:1].lower() + name[1:]


def keep_case(name: str, _: Shape) -> str:
    """As the model spells it."""
    return name


def wire_name(name: str, shape: Shape) -> str:
    """As EC2 answers."""
    return lower_first(str(shape.serialization.get("name", name)), shape)


def _plain(shape: Shape) -> Document:
    filled: Document = _fill(shape, lower_first, None)
    return filled


def _fill(shape: Shape | None, name_of: Any, item: str | None, depth: int = 0) -> Any:
    """A value of the shape, with a text, number or boolean in every place that is not too deep."""
    if isinstance(shape, StructureShape):
        members = shape.members.items() if depth < _DEEPEST else ()
        return {name_of(name, member): _fill(member, name_of, item, depth + 1) for name, member in members}
    if isinstance(shape, ListShape):
        listed = [_fill(shape.member, name_of, item, depth + 1)] if depth < _DEEPEST else []
        return listed if item is None else {item: listed}
    if isinstance(shape, MapShape):
        return {"key": _fill(shape.value, name_of, item, depth + 1)} if depth < _DEEPEST else {}
    kind = "string" if shape is None else shape.type_name
    return {"boolean": True, "integer": 1, "long": 1, "double": 1.0, "float": 1.0}.get(kind, "some text")


def _singled(node: Any) -> Any:
    """The document with each list of one as what stands in it."""
    if isinstance(node, dict):
        return {key: _singled(value) for key, value in node.items()}
    return _singled(node[0]) if isinstance(node, list) and len(node) == 1 else node


def _put(node: Any, steps: list[str], text: str) -> bool:
    if steps and steps[0] == "[]":
        return sum(_put(each, steps[1:], text) for each in _listed(node)) > 0
    if not isinstance(node, dict) or steps[0] not in node:
        return False
    rest = [step for step in steps[1:] if step != "[]"]
    if rest:
        return _put(node[steps[0]], steps[1:], text)
    node[steps[0]] = [text] if isinstance(node[steps[0]], list) else text
    return True


def _empty(document: Any, path: str) -> None:
    *before, last = re.findall(r"[^.\[\]]+", path)
    nodes = [document]
    for step in before:
        nodes = [inner for node in nodes if isinstance(node, dict) for inner in _listed(node.get(step))]
    for node in nodes:
        if isinstance(node, dict) and last in node:
            node[last] = None


def _listed(node: Any) -> list[Any]:
    return node if isinstance(node, list) else [node]


def _leads(node: Any, steps: list[str]) -> bool:
    if not steps:
        return isinstance(node, str | int | float)
    if steps[0] == "[]":
        return any(_leads(each, steps[1:]) for each in _listed(node))
    return isinstance(node, dict) and steps[0] in node and _leads(node[steps[0]], steps[1:])


@cache
def _operation(creation: Creation) -> OperationModel | None:
    model = service_model(creation.model or creation.service)
    return model.operation_model(creation.name) if creation.name in model.operation_names else None
