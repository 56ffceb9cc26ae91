"""A private touch of MiniStack's Resource Groups Tagging API: it lists databases and volumes, too, once they have tags.

Resource Groups Tagging API reference, "Services that support the Resource Groups Tagging API": Amazon RDS and Amazon
EC2 are among them, which the emulator leaves out. Pinned by `tests/contract/seams/test_tagging.py`.
"""
# ruff: noqa: SLF001

from collections.abc import Iterator
from typing import Any

from sandbox.seams import host as seams
from sandbox.settings import Settings

type Tagged = Iterator[tuple[str, list[dict[str, str]]]]


def install(_: Settings | None = None) -> None:
    """List what the emulator leaves out."""
    seams.replace(
        "ministack.services.tagging", "_COLLECTORS", lambda original: original | {"rds": _databases, "ec2": _volumes}
    )


def tags_now(arn: str, *, account: str, region: str) -> dict[str, str]:
    """The tags that an instance, a volume or a bucket has at this moment; none of what is not there."""
    service, resource = arn.split(":")[2], arn.split(":", 5)[5]
    with seams.request_scope(account, region):
        if service == "s3":
            return dict(seams.service_module("s3")._bucket_tags.get(resource) or {})
        listed: list[dict[str, str]] = seams.service_module("ec2")._tags.get(resource.partition("/")[2]) or []
        return {tag["Key"]: tag["Value"] for tag in listed}


def _databases() -> Tagged:
    rds = seams.service_module("rds")
    region = seams.request_region()
    yield from ((arn, tags) for arn, tags in rds._tags.items() if tags and f":rds:{region}:" in arn)


def _volumes() -> Tagged:
    ec2: Any = seams.service_module("ec2")
    place = f"{seams.request_region()}:{seams.request_account()}"
    for kind, things in (("volume", ec2._volumes), ("instance", ec2._instances)):
        for name in things:
            if tags := ec2._tags.get(name):
                yield f"arn:aws:ec2:{place}:{kind}/{name}", tags
