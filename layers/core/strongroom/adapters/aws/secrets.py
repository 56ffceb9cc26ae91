"""The stack's secrets: one JSON object in Secrets Manager, read late and kept while the function lives."""

import json
from functools import cache
from typing import Any

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import ConfigurationMissingError

ACTIONS = ("secretsmanager:GetSecretValue",)


class Secrets:
    """The secrets by name: `slack_signing_secret`, `slack_bot_token`, `ticket_token`, `oidc_client_secret`."""

    def __init__(self, secret_id: str) -> None:
        """`secret_id` is the name or ARN of the secret; nothing is read before the first question."""
        self._secret_id = secret_id

    def value(self, name: str) -> str:
        """The secret of that name; ConfigurationMissingError when it is not there. The error never holds a value."""
        value = _read(self._secret_id).get(name)
        if not isinstance(value, str) or not value:
            raise ConfigurationMissingError(f"the secret {self._secret_id} holds no {name!r}")
        return value


def forget() -> None:
    """Drop what was read, so that the next question sees a rotated secret."""
    _read.cache_clear()


@cache
def _read(secret_id: str) -> dict[str, Any]:
    with aws_errors(f"the secret {secret_id} cannot be read"):
        text = client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        content = None
    if not isinstance(content, dict):
        raise ConfigurationMissingError(f"the secret {secret_id} is not a JSON object")
    return content
