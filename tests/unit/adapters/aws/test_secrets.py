"""Secrets are read once, by name, and no error shows a value."""

from collections.abc import Iterator
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.aws.secrets import Secrets
from strongroom.domain.errors import ConfigurationMissingError


class FakeSecretsManager:
    def __init__(self, text: str) -> None:
        self.text = text
        self.reads = 0

    def get_secret_value(self, **request: str) -> dict[str, Any]:
        self.reads += 1
        return {"Name": request["SecretId"], "SecretString": self.text}


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    secrets.forget()
    yield
    secrets.forget()


def test_a_secret_is_read_once(fake_clients: Any) -> None:
    manager = fake_clients.own["secretsmanager"] = FakeSecretsManager('{"slack_bot_token": "xoxb-1"}')
    assert [Secrets("s").value("slack_bot_token") for _ in range(2)] == ["xoxb-1", "xoxb-1"]
    assert manager.reads == 1


def test_a_forgotten_secret_is_read_again(fake_clients: Any) -> None:
    manager = fake_clients.own["secretsmanager"] = FakeSecretsManager('{"slack_bot_token": "xoxb-1"}')
    Secrets("s").value("slack_bot_token")
    secrets.forget()
    Secrets("s").value("slack_bot_token")
    assert manager.reads == 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"other": "hush"}', id="absent"),
        pytest.param('{"slack_bot_token": "", "x": "hush"}', id="empty"),
        pytest.param('{"slack_bot_token": 7, "x": "hush"}', id="no-text"),
        pytest.param('["hush"]', id="no-object"),
        pytest.param("hush", id="no-json"),
    ],
)
def test_a_secret_that_is_not_there_is_named_without_showing_the_others(fake_clients: Any, text: str) -> None:
    fake_clients.own["secretsmanager"] = FakeSecretsManager(text)
    with pytest.raises(ConfigurationMissingError) as caught:
        Secrets("s").value("slack_bot_token")
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None
