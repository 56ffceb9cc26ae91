"""Which operations are held to their models: all that product, command, sandbox, tests and the scripted day call.

The list is derived: from what adapters declare, from the calls that stand in the code, and from `recorded.txt`, which
`tests/e2e` keeps complete.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.model import OperationModel

from sandbox.clients import service_model
from sandbox.wire.calls import MODELS

ROOT = Path(__file__).parents[2]
CALLERS = ("cli", "tests", "sandbox", "benchmarks")
RECORDED = Path(__file__).parent / "recorded.txt"
SERVICES = (
    "backup", "cloudformation", "config", "dynamodb", "ec2", "efs", "events", "iam", "kms", "lambda", "organizations",
    "rds", "s3", "secretsmanager", "sns", "sqs", "stepfunctions", "sts",
)  # fmt: skip
# IAM's word for a permission, where it is not the name of an operation.
BY_PERMISSION = {
    "lambda:InvokeFunction": "Invoke",
    "s3:GetBucketObjectLockConfiguration": "GetObjectLockConfiguration",
    "s3:ListBucket": "ListObjectsV2",
}


@dataclass(frozen=True, slots=True, order=True)
class Operation:
    """One operation, by botocore's name of its service."""

    service: str
    name: str

    @property
    def model(self) -> OperationModel:
        """What AWS publishes about it."""
        return service_model(self.service).operation_model(self.name)

    @property
    def protocol(self) -> str:
        """How its calls are written."""
        return str(self.model.service_model.resolved_protocol)

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation that is called, sorted."""
    return tuple(sorted({*declared(), *written(), *recorded()}))


def declared() -> Iterator[Operation]:
    """What the adapters' `ACTIONS` name."""
    for path in ROOT.glob("layers/core/strongroom/adapters/**/*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(target, ast.Name) and target.id.startswith("ACTIONS") for target in targets):
                yield from filter(None, map(permitted, texts(node)))


def permitted(action: str) -> Operation | None:
    """The operation that an IAM action permits, if it is one of these services."""
    prefix, _, name = action.partition(":")
    service = MODELS.get(prefix, prefix)
    return known(str(service), BY_PERMISSION.get(action, name))


def written() -> Iterator[Operation]:
    """What the code calls: by boto3's method, by a paginator's or waiter's name, or by the operation's own name.

    A method that several services have counts for those that the file names.
    """
    for path in (path for caller in CALLERS for path in ROOT.glob(f"{caller}/**/*.py")):
        text = path.read_text(encoding="utf-8")
        if by_word().keys().isdisjoint(re.findall(r"\w+", text)):
            continue
        said, called = words_in(ast.parse(text))
        for word in called:
            meant = by_word().get(word, ())
            yield from (each for each in meant if len(meant) == 1 or each.service in said)


def words_in(tree: ast.AST) -> tuple[set[str], set[str]]:
    """The texts that are said; the methods that are called, with the texts that are handed to a call."""
    said, called = set[str](), set[str]()
    waiting = [(tree, False)]
    while waiting:
        node, is_handed = waiting.pop()
        match node:
            case ast.Constant(value=str(text)):
                said.add(text)
                called.update([text] if is_handed else ())
            case ast.Call(func=function, args=arguments, keywords=keywords):
                called.update([function.attr] if isinstance(function, ast.Attribute) else ())
                waiting.extend((each, is_handed) for each in (function, *keywords))
                waiting.extend((each, True) for each in arguments)
            case _:
                waiting.extend((each, is_handed) for each in ast.iter_child_nodes(node))
    return said, called


def recorded() -> Iterator[Operation]:
    """What the front door heard while the scripted day was played."""
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        service, _, name = line.partition(":")
        yield Operation(service, name)


@cache
def by_word() -> Mapping[str, tuple[Operation, ...]]:
    """The operations that a method's or an operation's name may mean."""
    found: dict[str, tuple[Operation, ...]] = defaultdict(tuple)
    for service in SERVICES:
        for name in service_model(service).operation_names:
            for word in (name, xform_name(name)):
                found[word] = (*found[word], Operation(service, name))
    return found


def known(service: str, name: str) -> Operation | None:
    """The operation, if one of these services has it."""
    if service not in SERVICES or name not in service_model(service).operation_names:
        return None
    return Operation(service, name)


def texts(node: Any) -> Iterator[str]:
    """Every text that stands below a node of the code."""
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))
