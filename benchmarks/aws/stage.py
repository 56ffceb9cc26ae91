"""Start the AWS of the benchmarks, empty it, set it up as the template says, and look into it."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import create_default_context
from typing import Any, Final

import boto3
import botocore

from benchmarks.aws.address import HOST, RESET
from benchmarks.aws.certificates import make_certificates
from benchmarks.aws.night import MEMBER, Night, play_night
from benchmarks.measurement import ROOT, NotMeasuredError
from tests.contract.templates import CONTROL_PLANE

OWN_ACCESS: Final = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
_KEYS: Final = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
_LEDGER: Final = "ledger"
_BUS: Final = "strongroom"
AUTHORITIES: Final = Path(botocore.__file__).parent / "cacert.pem"


@dataclass(frozen=True, slots=True)
class Stage:
    """A running AWS: where it answers, whom to trust for that, and what exists in it."""

    endpoint: str
    authority: Path
    scratch: Path
    night: Night

    def client(self, service: str, *, of_member: bool = False) -> Any:
        """A client in the backup account, or in the member account."""
        connect: Any = boto3.client
        access = self.member_access() if of_member else OWN_ACCESS
        return connect(
            service,
            region_name=self.night.region,
            endpoint_url=self.endpoint,
            verify=str(self.authority),
            aws_access_key_id=access["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=access["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=access.get("AWS_SESSION_TOKEN"),
        )

    def member_access(self) -> dict[str, str]:
        """Temporary credentials of the member account, as a function that runs there finds them."""
        role = f"arn:aws:iam::{MEMBER}:role/benchmark"
        given = self.client("sts").assume_role(RoleArn=role, RoleSessionName="benchmark")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }

    def environment(self, *, authorities: Path = AUTHORITIES) -> dict[str, str]:
        """What leads boto3 here; `authorities` are those that it trusts, and reads, besides ours."""
        bundle = self.scratch / f"{authorities.stem}-and-ours.pem"
        bundle.write_bytes(authorities.read_bytes() + self.authority.read_bytes())
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CA_BUNDLE": str(bundle),
            "AWS_REGION": self.night.region,
            "AWS_DEFAULT_REGION": self.night.region,
            "HOME": str(self.scratch),
        }

    def set_up(self) -> dict[str, str]:
        """Forget everything, make the control plane's parts anew, and tell their names by the template's words."""
        trust = create_default_context(cafile=str(self.authority))
        reset = urllib.request.Request(f"{self.endpoint}{RESET}", method="POST")  # noqa: S310 our own server
        urllib.request.urlopen(reset, context=trust).close()  # noqa: S310
        declared = CONTROL_PLANE["LedgerTable"]["Properties"]
        self.client("dynamodb").create_table(TableName=_LEDGER, **{key: declared[key] for key in _KEYS})
        self.client("events").create_event_bus(Name=_BUS)
        return {
            "LedgerTable": _LEDGER,
            "Bus": _BUS,
            "AlertsTopic": self.client("sns").create_topic(Name="alerts")["TopicArn"],
            "DeadLettersQueue": self.client("sqs").create_queue(QueueName="dead-letters")["QueueUrl"],
        }

    def remembered(self) -> tuple[dict[str, Any], ...]:
        """Every item of the ledger, as DynamoDB spells it."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=_LEDGER)
        return tuple(item for page in pages for item in page["Items"])


@contextmanager
def aws(scratch: Path) -> Iterator[Stage]:
    """An AWS of the example organisation, for as long as the context lasts."""
    scratch.mkdir(parents=True, exist_ok=True)
    night, certificates = play_night(), make_certificates(scratch)
    server = subprocess.Popen(  # noqa: S603 our own module
        [sys.executable, "-m", "benchmarks.aws.server", str(certificates.server)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        port = server.stdout.readline().strip() if server.stdout else ""
        if not port:
            raise NotMeasuredError(f"the AWS of the benchmarks did not start:\n{server.communicate()[1].strip()}")
        try:
            yield Stage(f"https://{HOST}:{port}", certificates.authority, scratch, night)
        finally:
            server.terminate()
