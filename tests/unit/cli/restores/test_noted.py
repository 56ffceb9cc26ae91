"""`strongroom restore settings`: what was set on a resource, and what of it comes back."""

import json

import pytest

from strongroom_cli.main import main
from tests.unit.cli.restores.conftest import FakeApi

NOTE = {
    "resource": "arn:t",
    "since": "before",
    "read_at": "later",
    "settings": [
        {"what": "tags", "comes_back": "done", "step": "", "value": [{"name": "a", "value": "b"}]},
        {"what": "time to live", "comes_back": "asked", "step": "time-to-live", "value": {"AttributeName": "ends"}},
        {"what": "replicas", "comes_back": "asked", "step": "", "value": []},
    ],
    "unread": [{"what": "policy", "reason": "denied"}],
    "left_out": ["tags.token"],
}


def test_the_note_is_told_with_what_comes_back(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"settings": NOTE}]
    assert main(["restore", "settings", "arn:t"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "arn:t, as it has been since before; read last at later",
        "  tags (done: the machine does it after a restore, where approvers signed that)",
        '    [{"name":"a","value":"b"}]',
        "  time to live (asked: it deletes or calls out: `strongroom restore after ID time-to-live`)",
        '    {"AttributeName":"ends"}',
        "  replicas (asked: it deletes or calls out: set it again by hand, if somebody means it)",
        "    []",
        "  policy: not known, because denied",
        "  tags.token: left out, because its name tells of a secret",
    ]
    assert api.calls[-1][:2] == ("GET", "/status/settings?arn=arn%3At")


def test_scripts_get_the_same_as_json(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"settings": NOTE}]
    assert main(["restore", "settings", "arn:t", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"settings": NOTE}
