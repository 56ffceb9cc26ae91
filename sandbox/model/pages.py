"""Pages of the lists that the emulator answers whole, or cuts without saying so."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET  # the answer comes from this process

from sandbox.clients import list_pages
from sandbox.model.answers import namespace_of, written
from sandbox.seams import answers as seams
from sandbox.settings import Settings
from sandbox.wire.calls import Call

# How many items a page has when nobody says, by the API reference: in any list of a service, and in single lists.
_BY_SERVICE: Final = {"ec2": 1000, "iam": 100, "rds": 100}
_BY_LIST: Final = {
    ("application-autoscaling", "DescribeScalableTargets"): 50,
    ("application-autoscaling", "DescribeScalingPolicies"): 50,
    ("backup-gateway", "ListVirtualMachines"): 100,
    ("cloudformation", "ListStackInstances"): 100,
    ("cloudformation", "ListStackSetOperationResults"): 100,
    ("cloudformation", "ListStackSetOperations"): 100,
    ("efs", "DescribeAccessPoints"): 100,
    ("efs", "DescribeFileSystems"): 100,
    ("efs", "DescribeMountTargets"): 100,
    ("eks", "ListClusters"): 100,
    ("events", "ListTargetsByRule"): 100,
    ("kms", "ListAliases"): 50,
    ("kms", "ListKeys"): 100,
    ("lambda", "ListEventSourceMappings"): 100,
    ("lambda", "ListFunctions"): 50,
    ("redshift", "DescribeClusters"): 100,
    ("redshift-serverless", "ListNamespaces"): 100,
    ("resourcegroupstaggingapi", "GetResources"): 100,
    ("storagegateway", "ListVolumes"): 100,
}


class ForeignTokenError(Exception):
    """The page was not given because its token is none that this list gave out."""


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that a call asks for, and where the model puts it."""

    start: int
    size: int
    items: str
    token: str
    more: str | None

    def after(self, total: int) -> str | None:
        """The token of the page that follows this one, if there is one."""
        end = self.start + self.size
        return base64.urlsafe_b64encode(f"{self.items}:{end}".encode()).decode() if end < total else None


def install(settings: Settings) -> None:  # noqa: ARG001 every part is installed alike
    """Let the emulator answer these lists whole, and so that they can be read."""
    seams.answer_whole()
    seams.escape_roles()
    seams.leave_out_nobody()


def page_of(call: Call) -> Page | None:
    """The page that a call asks for, None where the emulator pages itself; raises ForeignTokenError."""
    service, name = call.operation.service_model.service_name, call.operation.name
    default = _BY_LIST.get((service, name), _BY_SERVICE.get(service))
    keys = list_pages(service).get(name, {}) if default is not None else {}
    items, shape = keys.get("result_key"), call.operation.output_shape
    if default is None or shape is None or not isinstance(items, str) or "limit_key" not in keys:
        return None
    token = call.parameters.get(keys["input_token"])
    start = 0 if token is None else _place_in(items, token)
    size = call.parameters.get(keys["limit_key"], default)
    return Page(start, int(size), items, keys["output_token"], keys.get("more_results"))


def _place_in(items: str, token: str) -> int:
    try:
        name, _, place = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if name == items:
            return int(place)
    except (binascii.Error, ValueError) as error:
        raise ForeignTokenError(token) from error
    raise ForeignTokenError(token)


def cut(page: Page, call: Call, body: bytes) -> bytes:
    """The answer with this page of its list only, and a token if there is more."""
    cut_by_protocol = _cut_json if "json" in call.operation.service_model.resolved_protocol else _cut_xml
    return cut_by_protocol(page, call, body)


def _cut_json(page: Page, _call: Call, body: bytes) -> bytes:
    document = json.loads(body)
    whole = document[page.items]
    document[page.items] = whole[page.start : page.start + page.size]
    after = page.after(len(whole))
    if page.more is not None:
        document[page.more] = after is not None
    if after is not None:
        document[page.token] = after
    return json.dumps(document).encode()


def _cut_xml(page: Page, call: Call, body: bytes) -> bytes:
    root = ET.fromstring(body)  # noqa: S314 this process wrote it
    members = call.operation.output_shape.members if call.operation.output_shape else {}
    wire = {name: str(member.serialization.get("name", name)) for name, member in members.items()}
    namespace = namespace_of(root)
    holder = root if root.find(namespace + wire[page.items]) is not None else root[0]
    listing = holder.find(namespace + wire[page.items])
    whole = [] if listing is None else list(listing)
    for number, item in enumerate(whole):
        if listing is not None and not page.start <= number < page.start + page.size:
            listing.remove(item)
    after = page.after(len(whole))
    said = {page.more: str(after is not None).lower(), page.token: after}
    for name, text in said.items():
        if name is not None and text is not None:
            found = holder.find(namespace + wire[name])
            (ET.SubElement(holder, namespace + wire[name]) if found is None else found).text = text
    return written(root)
