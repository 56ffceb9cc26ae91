"""The intent of deployed functions, read out of their layers."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws import intent_layers
from strongroom.adapters.aws.intent_layers import IntentLayers
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import StackPlace
from strongroom_cli.compile import compiled_intent
from tests.builders.places import BACKUP_ACCOUNT, HOME
from tests.fakes.account_clients import FakeAccountClients, Pages

PLACE = StackPlace(name="strongroom", account=BACKUP_ACCOUNT, region=HOME)
LAYER = f"arn:aws:lambda:{HOME}:{BACKUP_ACCOUNT}:layer:IntentLayer0f3a"
CORE = f"arn:aws:lambda:{HOME}:{BACKUP_ACCOUNT}:layer:CoreLayer11"


@dataclass
class FakeControlPlane:
    """A stack with two functions, beside one of somebody else; `layers` are the ARNs that each function has."""

    layers: Mapping[str, tuple[str, ...]]
    archives: dict[str, bytes] = field(default_factory=dict)

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def list_stack_resources(self, **request: str) -> dict[str, Any]:
        assert request == {"StackName": PLACE.name}
        layers = [
            ("AWS::Lambda::LayerVersion", id_, f"{arn}:7") for id_, arn in (("IntentLayer0", LAYER), ("Core", CORE))
        ]
        functions = [("AWS::Lambda::Function", name, name) for name in ("verify", "vote")]
        return {
            "StackResourceSummaries": [
                {"ResourceType": kind, "LogicalResourceId": id_, "PhysicalResourceId": name}
                for kind, id_, name in (*layers, *functions)
            ]
            + [{"ResourceType": "AWS::SQS::Queue", "LogicalResourceId": "Failed"}]
        }

    def list_functions(self) -> dict[str, Any]:
        found = {**self.layers, "of-somebody-else": ()}
        return {
            "Functions": [
                {"FunctionName": name, **({"Layers": [{"Arn": arn} for arn in arns]} if arns else {})}
                for name, arns in found.items()
            ]
        }

    def get_layer_version(self, *, LayerName: str, VersionNumber: int) -> dict[str, Any]:  # noqa: N803
        return {"Content": {"Location": f"{LayerName}:{VersionNumber}"}}


def archive(content: bytes, name: str = "python/strongroom_intent/intent.json") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as layer:
        layer.writestr(name, content)
    return written.getvalue()


def carried(
    monkeypatch: pytest.MonkeyPatch, layers: Mapping[str, tuple[str, ...]], archives: Mapping[str, bytes]
) -> tuple[CompiledIntent, ...]:
    monkeypatch.setattr(intent_layers, "_download", archives.__getitem__)
    control_plane = FakeControlPlane(layers)
    clients = FakeAccountClients(own={"cloudformation": control_plane, "lambda": control_plane})
    found = IntentLayers(clients).carried(PLACE)
    assert {(account, region) for _, account, region in clients.asked} == {(BACKUP_ACCOUNT, HOME)}
    return found


def test_what_all_functions_carry_is_read_once(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compiled_intent(intent)
    layers = {"verify": (f"{CORE}:1", f"{LAYER}:7"), "vote": (f"{LAYER}:7",)}
    assert carried(monkeypatch, layers, {f"{LAYER}:7": archive(compiled.content)}) == (compiled,)


def test_functions_that_differ_are_told_apart(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> None:
    layers = {"verify": (f"{LAYER}:6",), "vote": (f"{LAYER}:7",)}
    archives = {f"{LAYER}:6": archive(b"{}"), f"{LAYER}:7": archive(compiled_intent(intent).content)}
    older, newer = carried(monkeypatch, layers, archives)
    assert (older.content, older.intent, newer.intent) == (b"{}", None, intent)


@pytest.mark.parametrize("layers", [(), (f"{CORE}:1",)], ids=["no layer", "another layer"])
def test_a_function_that_carries_none_is_not_passed_over(
    intent: Intent, monkeypatch: pytest.MonkeyPatch, layers: tuple[str, ...]
) -> None:
    archives = {f"{LAYER}:7": archive(compiled_intent(intent).content)}
    assert carried(monkeypatch, {"verify": layers, "vote": (f"{LAYER}:7",)}, archives) == ()


@pytest.mark.parametrize(("layers", "found"), [((f"{LAYER}:7",), 1), ((), 0)], ids=["the watch carries it", "nobody"])
def test_of_a_stack_in_which_one_function_carries_it_that_one_is_read(
    intent: Intent, monkeypatch: pytest.MonkeyPatch, layers: tuple[str, ...], found: int
) -> None:
    compiled = compiled_intent(intent)
    monkeypatch.setattr(intent_layers, "_download", {f"{LAYER}:7": archive(compiled.content)}.__getitem__)
    evidence_log = FakeControlPlane({"verify": (f"{CORE}:1",), "vote": layers})
    clients = FakeAccountClients(own={"cloudformation": evidence_log, "lambda": evidence_log})
    assert IntentLayers(clients).carried_by_some(PLACE) == (compiled,) * found


def test_an_intent_that_is_no_json_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CallRefusedError, match=r"IntentLayer0f3a:7 holds an intent that is no JSON"):
        carried(monkeypatch, {"vote": (f"{LAYER}:7",)}, {f"{LAYER}:7": archive(b"{")})


@pytest.mark.parametrize("content", [b"no archive", archive(b"{}", name="other.json")], ids=["no archive", "no intent"])
def test_a_layer_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    with pytest.raises(CallRefusedError, match=r"IntentLayer0f3a:7 holds no python/strongroom_intent/intent\.json"):
        carried(monkeypatch, {"vote": (f"{LAYER}:7",)}, {f"{LAYER}:7": content})
