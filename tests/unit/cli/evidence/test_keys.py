"""`strongroom evidence keys` prints what the intent must name, from the audit account, and changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from strongroom.adapters.aws import account_access
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE, read_note_key
from strongroom.domain.identifiers import Region
from strongroom_cli.main import main
from tests.builders.places import AUDIT_ACCOUNT
from tests.builders.proving.signing import a_key
from tests.conftest import ROOT, FakeSts
from tests.fakes.account_clients import refusal

INTENT = str(ROOT / "strongroom.yaml")
SIMPLE = str(ROOT / "examples/simple.yaml")
MANAGEMENT = "111111111111"


class Sts(FakeSts):
    """Credentials of the management account, which may enter the others."""

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": MANAGEMENT, "Arn": f"arn:aws:sts::{MANAGEMENT}:assumed-role/Admin/x", "UserId": "x"}


class Kms:
    """KMS of the audit account."""

    def __init__(self, *, is_deployed: bool) -> None:
        self.is_deployed = is_deployed

    def get_public_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        if not self.is_deployed:
            raise refusal("NotFoundException", "GetPublicKey", f"Alias {KeyId} is not found.")
        public = a_key(KeyId, "EdDSA").public_key()
        return {"PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Sts]:
    """Put an organisation there whose log is deployed, or not."""

    def there(*, is_deployed: bool = True) -> Sts:
        made = Sts()
        services: dict[str, Any] = {"sts": made, "kms": Kms(is_deployed=is_deployed)}

        def connect(service: str, *, region: Region | None, **_: Any) -> Any:
            return services[service]

        monkeypatch.setattr(account_access, "connect", connect)
        return made

    return there


def test_both_keys_are_printed_as_a_section_of_the_intent(
    sts: Callable[..., Sts], capsys: pytest.CaptureFixture[str]
) -> None:
    entered = sts()
    assert main(["evidence", "keys", INTENT]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "evidence:"
    told = dict(line.strip().split(": ", 1) for line in lines)
    log, witness = read_note_key(told["log_key"]), read_note_key(told["witness"])
    assert told["origin"] == log.name == "strongroom-888888888888-eu-west-1/log"
    assert (log.type, witness.type, witness.name) == (
        LOG_TYPE,
        WITNESS_TYPE,
        "strongroom-888888888888-eu-west-1/witness",
    )
    assert [role.split(":")[4] for role in entered.assumed] == [AUDIT_ACCOUNT]


def test_a_program_gets_the_same_as_json(sts: Callable[..., Sts], capsys: pytest.CaptureFixture[str]) -> None:
    sts()
    assert main(["evidence", "keys", INTENT]) == 0
    text = capsys.readouterr().out
    assert main(["evidence", "keys", INTENT, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "\n".join(("evidence:", *(f"  {name}: {value}" for name, value in told.items()))) + "\n" == text


def test_a_log_that_is_not_deployed_is_one_line(sts: Callable[..., Sts], capsys: pytest.CaptureFixture[str]) -> None:
    sts(is_deployed=False)
    assert main(["evidence", "keys", INTENT]) != 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Alias alias/strongroom-log is not found" in printed.err
    assert printed.err.count("\n") == 1


def test_an_organisation_without_an_audit_account_has_no_log(
    sts: Callable[..., Sts], capsys: pytest.CaptureFixture[str]
) -> None:
    sts()
    assert Path(SIMPLE).is_file()
    assert main(["evidence", "keys", SIMPLE]) == 2
    assert "organization.audit_account is not given" in capsys.readouterr().err
