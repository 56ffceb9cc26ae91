"""What the member stack lets the tagging role do, as AWS sees it: no intrinsic function left."""

import json
from collections.abc import Sequence
from typing import Any

from tests.contract.templates import MEMBER

_SUB = "arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*"


def tagging_documents(*, keys: Sequence[str] = ("Backup",), account: str) -> list[dict[str, Any]]:
    """The documents of the role's policies in an account, with these keys of tags for ours."""
    documents = [each["PolicyDocument"] for each in MEMBER["TaggingRole"]["Properties"]["Policies"]]
    text = json.dumps(documents)
    text = text.replace(json.dumps({"!Split": [",", {"!Ref": "TagKeys"}]}), json.dumps([*keys]))
    text = text.replace(json.dumps({"!Sub": _SUB}), json.dumps(f"arn:aws:kms:*:{account}:key/*"))
    assert "!" not in text, text
    read: list[dict[str, Any]] = json.loads(text)
    return read


def tagging_statements(*, account: str) -> list[dict[str, Any]]:
    """The statements of all of them."""
    return [statement for document in tagging_documents(account=account) for statement in document["Statement"]]
