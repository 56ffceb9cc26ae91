"""Functions of the tests' own in a sandbox."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
_QUEUES = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}


def package(files: Mapping[str, str]) -> bytes:
    """The files as a zip, as Lambda takes code and layers."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def create_function(connect: Callable[[str], Any], name: str, source: str, **more: Any) -> None:
    """A function whose `app.handler` is the source's, with a role of its own that may use queues."""
    iam = connect("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="queues", PolicyDocument=json.dumps(_QUEUES))
    connect("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="app.handler",
        Role=role,
        Code={"ZipFile": package({"app.py": source})},
        Timeout=20,
        **more,
    )
