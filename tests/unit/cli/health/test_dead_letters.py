"""`strongroom dead-letters` in a terminal, and the queues that it finds in the stack."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto import mock_aws

from strongroom.domain.errors import WrongAccountError
from strongroom.domain.intent.model import Intent
from strongroom_cli.health import dead_letters, reach
from strongroom_cli.health.dead_letters import letter_needs
from strongroom_cli.main import main
from tests.builders.places import HOME
from tests.conftest import ROOT
from tests.fakes.moto_clients import moto_client

INTENT = ["--intent", str(ROOT / "strongroom.yaml")]


@dataclass
class ControlPlane:
    """The stack's parts as moto has them: SQS and logs are real, CloudFormation only lists."""

    sqs: Any
    parts: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return self if service == "cloudformation" else moto_client(service, HOME)

    def get_paginator(self, _name: str) -> "ControlPlane":
        return self

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        found = [{"LogicalResourceId": name, "PhysicalResourceId": each} for name, each in self.parts.items()]
        yield {"StackResourceSummaries": found}

    def bury(self, *, queue: str, body: str = "{}") -> None:
        marks = {"reason": "no account", "queue": queue}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in marks.items()}
        self.sqs.send_message(QueueUrl=self.parts["DeadLettersQueue"], MessageBody=body, MessageAttributes=attributes)


@pytest.fixture
def plane(monkeypatch: pytest.MonkeyPatch) -> Iterator[ControlPlane]:
    with mock_aws():
        sqs = moto_client("sqs", HOME)
        plane = ControlPlane(sqs)
        for name in ("DeadLettersQueue", "VerifyCopyQueue"):
            plane.parts[name] = sqs.create_queue(QueueName=f"strongroom-{name}-1")["QueueUrl"]
        plane.parts["VerifyCopyFunction"] = "strongroom-VerifyCopyFunction-1"
        monkeypatch.setattr(dead_letters, "control_plane_clients", lambda *_, **__: plane.client)
        yield plane


OURS = f"arn:aws:sqs:{HOME}:999999999999:strongroom-VerifyCopyQueue-1"


def test_letters_are_shown_with_reason_and_way_back(plane: ControlPlane, capsys: pytest.CaptureFixture[str]) -> None:
    plane.bury(queue=OURS, body='{"detail-type": "Copy Job State Change"}')
    assert main(["dead-letters", *INTENT]) == 0
    said = capsys.readouterr()
    first, why, back = said.out.splitlines()
    assert first.endswith("Copy Job State Change")
    assert why == "    why: it breaks its contract: no account"
    assert back == "    goes back to: strongroom-VerifyCopyQueue-1"
    assert said.err == "strongroom: 1 dead letters\n"


def test_json_says_the_same(plane: ControlPlane, capsys: pytest.CaptureFixture[str]) -> None:
    plane.bury(queue=OURS)
    assert main(["dead-letters", "--json", *INTENT]) == 0
    [letter] = json.loads(capsys.readouterr().out)
    assert (letter["kind"], letter["goes_to"], letter["body"]) == ("BURIED", OURS, "{}")


def test_no_letters_is_said(plane: ControlPlane, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dead-letters", *INTENT]) == 0
    assert capsys.readouterr().err == "strongroom: there are no dead letters\n"


def test_letters_go_back_and_those_that_cannot_are_named(
    plane: ControlPlane, capsys: pytest.CaptureFixture[str]
) -> None:
    plane.bury(queue=OURS, body="[1]")
    plane.bury(queue="arn:aws:sqs:eu-west-1:999999999999:orders", body="[2]")
    assert main(["dead-letters", "redrive", *INTENT]) == 1
    said = capsys.readouterr()
    assert "goes back to: orders" in said.out
    assert said.err == "strongroom: 1 sent back, 1 left\n"
    [message] = plane.sqs.receive_message(QueueUrl=plane.parts["VerifyCopyQueue"])["Messages"]
    assert message["Body"] == "[1]"


def test_an_id_that_is_none_is_one_line(plane: ControlPlane, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dead-letters", "redrive", "m-9", *INTENT]) == 2
    assert capsys.readouterr().err == "strongroom: there is no dead letter m-9\n"


def test_each_queue_is_known_with_the_function_that_reads_it(plane: ControlPlane, intent: Intent) -> None:
    needs = letter_needs(intent, plane.client)
    assert needs.box.is_ours(OURS)
    assert not needs.box.is_ours(OURS.replace("VerifyCopy", "DeadLetters"))


@pytest.mark.parametrize(
    ("account", "clients"), [("999999999999", "its own"), ("111111111111", "lent"), ("222222222222", None)]
)
def test_the_backup_accounts_own_credentials_do_as_well_as_the_management_accounts(
    account: str, clients: str | None, intent: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter(*_: Any, **__: Any) -> Any:
        if account != intent.organization.management_account:
            raise WrongAccountError("neither")
        return Lent()

    class Lent:
        def client(self, service: str, *, account: str, region: str) -> str:
            return f"lent {service} {account} {region}"

    monkeypatch.setattr(reach, "caller", lambda region: (account, region))
    monkeypatch.setattr(reach, "connect", lambda service, **_: f"its own {service}")
    monkeypatch.setattr(reach, "enter", enter)
    if clients is None:
        with pytest.raises(WrongAccountError):
            reach.control_plane_clients(intent, through="r")
        return
    made = reach.control_plane_clients(intent, through="r")("sqs")
    assert made == {"its own": "its own sqs", "lent": f"lent sqs 999999999999 {HOME}"}[clients]
