"""The intent that deployed functions carry, read out of the layer that each of them has.

Sources: Lambda API reference, ListFunctions and GetLayerVersion, which answers with an address for ten minutes.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

import msgspec

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.intent.model import Intent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.rollout.desired import StackPlace

ACTIONS = ("cloudformation:ListStackResources", "lambda:GetLayerVersion", "lambda:ListFunctions")

_FUNCTION: Final = "AWS::Lambda::Function"
_LAYER: Final = "AWS::Lambda::LayerVersion"
_LOGICAL_ID: Final = "IntentLayer"  # SAM adds a hash to it
_FILE: Final = "python/strongroom_intent/intent.json"


class IntentLayers:
    """The layers of the functions of a stack."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach the accounts of the control plane and of the evidence log."""
        self._clients = clients

    def carried(self, place: StackPlace) -> tuple[CompiledIntent, ...]:
        """Each intent that a function of the stack carries, once; none where one of them carries none."""
        versions = self._versions(place)
        return self._intents(place, versions) if all(versions) else ()

    def carried_by_some(self, place: StackPlace) -> tuple[CompiledIntent, ...]:
        """Each intent that a function of the stack carries, once, where others need none."""
        return self._intents(place, self._versions(place))

    def _versions(self, place: StackPlace) -> tuple[tuple[str, ...], ...]:
        """The versions of the stack's intent layer that each of its functions has."""
        cloudformation = self._clients.client("cloudformation", account=place.account, region=place.region)
        functions = self._clients.client("lambda", account=place.account, region=place.region)
        with aws_errors():
            resources = tuple(_resources(cloudformation, place.name))
            names = {each["PhysicalResourceId"] for each in resources if each["ResourceType"] == _FUNCTION}
            layers = {_layer(each["PhysicalResourceId"]) for each in resources if _is_intent_layer(each)}
            return tuple(
                tuple(arn for arn in _layers_of(function) if _layer(arn) in layers)
                for page in functions.get_paginator("list_functions").paginate()
                for function in page["Functions"]
                if function["FunctionName"] in names
            )

    def _intents(self, place: StackPlace, versions: tuple[tuple[str, ...], ...]) -> tuple[CompiledIntent, ...]:
        functions = self._clients.client("lambda", account=place.account, region=place.region)
        with aws_errors():
            return tuple(_compiled(functions, arn) for arn in dict.fromkeys(arn for arns in versions for arn in arns))


def _resources(cloudformation: Any, stack: str) -> Iterator[dict[str, Any]]:
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
        yield from (each for each in page["StackResourceSummaries"] if each.get("PhysicalResourceId"))


def _is_intent_layer(resource: dict[str, Any]) -> bool:
    return bool(resource["ResourceType"] == _LAYER and resource["LogicalResourceId"].startswith(_LOGICAL_ID))


def _layers_of(function: dict[str, Any]) -> tuple[str, ...]:
    return tuple(layer["Arn"] for layer in function.get("Layers", []))


def _layer(version: str) -> str:
    """The ARN of a layer out of that of a version."""
    return version.rpartition(":")[0]


def _compiled(functions: Any, version: str) -> CompiledIntent:
    layer, _, number = version.rpartition(":")
    found = functions.get_layer_version(LayerName=layer, VersionNumber=int(number))
    content = _intent_in(_download(found["Content"]["Location"]), version)
    try:
        return CompiledIntent(content=content, intent=msgspec.json.decode(content, type=Intent))
    except msgspec.ValidationError:
        return CompiledIntent(content=content, intent=None)
    except msgspec.DecodeError as error:
        raise CallRefusedError(f"{version} holds an intent that is no JSON") from error


def _download(address: str) -> bytes:
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    session = URLLib3Session(proxies=get_environ_proxies(address))
    answer = session.send(AWSRequest(method="GET", url=address).prepare())
    if answer.status_code != 200:
        raise CallRefusedError(f"the content of a layer was not handed out: status {answer.status_code}")
    content: bytes = answer.content
    return content


def _intent_in(archive: bytes, version: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as layer:
            return layer.read(_FILE)
    except (zipfile.BadZipFile, KeyError) as error:
        raise CallRefusedError(f"{version} holds no {_FILE}") from error
