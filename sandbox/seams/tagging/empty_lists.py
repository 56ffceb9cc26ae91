"""Private touches of MiniStack for services that it does not have: their lists are empty, and under IAM as any other's.

Nobody can make a thing of theirs here, and each answers so; whatever else they are asked is refused. What is played
after all is put in the place of its empty lists (`answer_service`), and is under IAM by this. Pinned by
`tests/contract/seams/test_empty_lists.py`. Sources: the API references of the calls; Service Authorization Reference.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.host import ServiceAnswer, ServiceHandler
from sandbox.settings import Settings

# By the service's name in signatures and in IAM: the calls, and the list that each answers.
LISTS: Final[dict[str, dict[str, str]]] = {
    "application-autoscaling": {
        "DescribeScalableTargets": "ScalableTargets",
        "DescribeScalingPolicies": "ScalingPolicies",
    },
    "backup-gateway": {"ListVirtualMachines": "VirtualMachines"},
    "fsx": {"DescribeFileSystems": "FileSystems", "DescribeVolumes": "Volumes"},
    "redshift": {"DescribeClusters": "Clusters"},
    "redshift-serverless": {"ListNamespaces": "namespaces"},
    "ssm-sap": {"ListDatabases": "Databases"},
    "storagegateway": {"ListVolumes": "VolumeInfos"},
    "timestream": {"ListTables": "Tables"},
}
_XML: Final = "redshift"
_NAMESPACE: Final = "http://redshift.amazonaws.com/doc/2012-12-01/"
# The one of them whose calls stand in the path.
_PATHS: Final = {"/list-databases": "ListDatabases"}


def install(_: Settings | None = None) -> None:
    """Let them be asked."""
    handlers = {service: _handler(service) for service in LISTS}
    seams.replace("ministack.app", "SERVICE_HANDLERS", lambda original: original | handlers)
    names = {service: service for service in LISTS}
    models = {service: [service] for service in LISTS}
    for table, added in (
        ("SERVICE_TO_IAM_NAMESPACE", names),
        ("_BOTOCORE_SERVICE_MAP", models),
        ("_SERVICE_PROTOCOL", {_XML: "query-xml"}),
        ("_QUERY_XML_NS", {_XML: _NAMESPACE}),
    ):
        seams.replace("ministack.core.iam_actions", table, _with(added))


def _with(added: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda original: original | dict(added)


def _handler(service: str) -> ServiceHandler:
    async def handle_request(
        method: str, path: str, headers: dict[str, Any], body: bytes, query: dict[str, Any]
    ) -> ServiceAnswer:
        del method, query
        call = _call(path, headers, body)
        listed = LISTS[service].get(call)
        if service == _XML:
            return _in_xml(call, listed)
        if listed is None:
            return _in_json(400, {"__type": "UnknownOperationException", "message": f"{call} is not played here"})
        return _in_json(200, {listed: []})

    return handle_request


def _call(path: str, headers: Mapping[str, Any], body: bytes) -> str:
    target = str(headers.get("x-amz-target", ""))
    if target:
        return target.rpartition(".")[2]
    asked = re.search(rb"(?:^|&)Action=(\w+)", body)
    return asked[1].decode() if asked else _PATHS.get(path, path)


def _in_json(status: int, content: Mapping[str, Any]) -> ServiceAnswer:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode()


def _in_xml(call: str, listed: str | None) -> ServiceAnswer:
    if listed is None:
        refused = f"<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>{call}</Message></Error>"
        return 400, {"Content-Type": "text/xml"}, f"<ErrorResponse>{refused}</ErrorResponse>".encode()
    result = f"<{call}Result><{listed}/></{call}Result>"
    text = f'<{call}Response xmlns="{_NAMESPACE}">{result}</{call}Response>'
    return 200, {"Content-Type": "text/xml"}, text.encode()
