"""The least that the same work can cost: the calls that a handler made, with every client and credential kept."""

from collections.abc import Callable
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

type Call = dict[str, Any]


def start() -> Callable[[list[Call]], None]:
    """Return what makes the calls of one event."""
    clients: dict[tuple[str, str, str | None], Any] = {}
    credentials: dict[str, dict[str, str]] = {}

    def connect(service: str, region: str, role: str | None) -> Any:
        key = service, region, role
        if key not in clients:
            borrowed = {} if role is None else assume(region, role)
            clients[key] = boto3.client(service, region_name=region, **borrowed)  # type: ignore[call-overload]
        return clients[key]

    def assume(region: str, role: str) -> dict[str, str]:
        if role not in credentials:
            answer = connect("sts", region, None).assume_role(RoleArn=role, RoleSessionName="bare")["Credentials"]
            credentials[role] = {
                "aws_access_key_id": answer["AccessKeyId"],
                "aws_secret_access_key": answer["SecretAccessKey"],
                "aws_session_token": answer["SessionToken"],
            }
        return credentials[role]

    def take(calls: list[Call]) -> None:
        for call in calls:
            client = connect(call["service"], call["region"], call["role"])
            answered = None
            try:
                getattr(client, xform_name(call["operation"]))(**call["request"])
            except ClientError as error:
                answered = error.response["Error"]["Code"]
            if answered != call["error"]:
                raise SystemExit(f"{call['operation']} answered {answered} instead of {call['error']}")

    return take
