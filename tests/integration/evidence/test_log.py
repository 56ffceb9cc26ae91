"""The evidence log where it is deployed: who brings evidence, who asks, and what is answered to nobody else.

Only the roles of the control plane are made here by hand: its own stack need not be there.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, every, session_client
from sandbox.example import deployment
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT, HOME_REGION, MANAGEMENT_ACCOUNT
from strongroom.adapters.aws.evidence.bucket import EvidenceBucket, EvidenceReader
from strongroom.adapters.aws.evidence.witness import Witness
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import (
    AccessRefusedError,
    ConfigurationMissingError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.log.merkle import is_included
from strongroom.domain.evidence.log.notes import NoteKey, is_by, is_signed, read_note_key
from strongroom.domain.evidence.log.proofs import leaf_of, read_log_proof
from strongroom.domain.evidence.object_keys import entry_key, folder_of, proof_key, request_key, witnessed_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.parameters import render_parameters
from strongroom_cli.templates import read_templates
from tests.integration.authority.conftest import Role, a_role, allow

# The emulator does not close the pipes of the workers that it ends.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

ACCOUNT, REGION = AccountId(AUDIT_ACCOUNT), Region(HOME_REGION)
BUCKET = f"strongroom-audit-{AUDIT_ACCOUNT}-{HOME_REGION}"
ASK_WITNESS = f"arn:aws:iam::{AUDIT_ACCOUNT}:role/strongroom/strongroom-ask-witness"
ASKING = ("close-restore", "start-copy-back", "start-restore", "take-proof")


def ours(name: str) -> Role:
    """The role of a function of the control plane, allowed whatever its account can allow."""
    return a_role(
        allow("s3:*", "sts:AssumeRole", "lambda:InvokeFunction"),
        account=BACKUP_ACCOUNT,
        path="/strongroom/",
        name=f"strongroom-{name}",
    )


class Ceremony:
    """The control plane's side, by its roles alone."""

    def __init__(self) -> None:
        names = ("judge-approval", "request-restore", "verify-copy", *ASKING)
        self.roles = {name: ours(name) for name in names}
        self.buckets = {
            name: EvidenceBucket(role.client("s3"), BUCKET, owner=ACCOUNT) for name, role in self.roles.items()
        }

    def witnessed(self, name: str, request_id: str) -> Mapping[str, str]:
        """What the log answers that function, which asks again while the log is busy."""
        witness = Witness(Borrowed(self.roles[name]), account=ACCOUNT, region=REGION)
        for _ in range(20):
            with suppress(TemporarilyUnavailableError):
                return witness.witness(request_id)
            time.sleep(0.2)
        raise AssertionError("the log was busy all the time")

    def evidence(self, request_id: str) -> dict[str, str]:
        """Put a request, two proofs and two entries, each by its own function."""
        texts = {
            request_key(request_id): ("request-restore", f'{{"request":"{request_id}"}}'),
            proof_key(request_id, "b" * 64): ("take-proof", '{"proof":"ü"}'),
            proof_key(request_id, "a" * 64): ("take-proof", '{"proof":2}'),
            entry_key(request_id, 1): ("start-restore", '{"number":1}'),
            entry_key(request_id, 2): ("close-restore", '{"number":2}'),
        }
        for key, (name, text) in texts.items():
            assert self.buckets[name].put_new(key, text)
        return {key: text for key, (_, text) in texts.items()}


class Borrowed:
    """Clients under the role that may ask, assumed by one of ours."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def client(self, service: str, **_: Any) -> Any:
        given = self.role.client("sts").assume_role(RoleArn=ASK_WITNESS, RoleSessionName="strongroom")
        return session_client(service, given["Credentials"])


@pytest.fixture(scope="module")
def log(sandbox_host: lifecycle.Sandbox) -> lifecycle.Sandbox:
    """The log's application, deployed before anything else is."""
    deployment.deploy_log(sandbox_host.settings, deployment.compile_intent(sandbox_host.settings))
    return sandbox_host


@pytest.fixture(scope="module")
def ceremony(log: lifecycle.Sandbox, intent: Intent) -> Ceremony:
    """The bucket, and the control plane's roles, which come after the log."""
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    service = {"ServicePrincipal": "backup.amazonaws.com"}
    if AUDIT_ACCOUNT not in {one["Id"] for one in every(organizations, "list_delegated_administrators", **service)}:
        organizations.enable_aws_service_access(**service)
        organizations.register_delegated_administrator(AccountId=AUDIT_ACCOUNT, **service)
    cloudformation = client("cloudformation", AUDIT_ACCOUNT)
    values = [{"ParameterKey": k, "ParameterValue": v} for k, v in render_parameters(intent)["audit"].items()]
    cloudformation.create_stack(
        StackName="strongroom-audit", TemplateBody=read_templates().texts["audit"], Parameters=values
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName="strongroom-audit", WaiterConfig={"Delay": 1})
    return Ceremony()


@pytest.fixture(scope="module")
def keys(log: lifecycle.Sandbox) -> tuple[NoteKey, NoteKey]:
    """The public keys of log and witness, as `strongroom evidence keys` prints them."""
    environment = deployment.aws_environment(log.settings, MANAGEMENT_ACCOUNT)
    done = subprocess.run(
        [sys.executable, "-m", "strongroom_cli", "evidence", "keys", str(log.run_dir / "strongroom.yaml"), "--json"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    return read_note_key(told["log_key"]), read_note_key(told["witness"])


def assert_proved(proofs: Any, texts: dict[str, str], keys: tuple[NoteKey, NoteKey]) -> None:
    """Every text is in the log, by the word of both keys, at an index of its own."""
    assert set(proofs) == set(texts)
    for key, text in texts.items():
        proof = read_log_proof(proofs[key])
        leaf = leaf_of(key, digest=hashlib.sha256(text.encode()).hexdigest())
        checkpoint = proof.checkpoint
        assert is_included(leaf, index=proof.index, size=checkpoint.size, path=proof.path, root=checkpoint.root)
        for signer, line in zip(keys, proof.note.lines, strict=True):
            assert is_by(line, signer)
            assert is_signed(proof.note, line, key=signer, signatures=CryptographySignatures())
    assert len({read_log_proof(text).index for text in proofs.values()}) == len(texts)


def refused(call: Any) -> str:
    """The code with which AWS refuses."""
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize("name", ASKING)
def test_whoever_acts_is_given_proofs_that_both_keys_signed(
    name: str, ceremony: Ceremony, keys: tuple[NoteKey, NoteKey]
) -> None:
    request_id = {
        "close-restore": "r-aaaaaaaaaaaa",
        "start-copy-back": "r-bbbbbbbbbbbb",
        "start-restore": "r-cccccccccccc",
        "take-proof": "r-pppppppppppp",
    }
    texts = ceremony.evidence(request_id[name])
    assert_proved(ceremony.witnessed(name, request_id[name]), texts, keys)


def test_what_was_answered_is_kept_where_the_ceremony_reads_it(ceremony: Ceremony) -> None:
    texts = ceremony.evidence("r-dddddddddddd")
    proofs = ceremony.witnessed("close-restore", "r-dddddddddddd")
    kept = ceremony.buckets["judge-approval"].texts(witnessed_of("r-dddddddddddd"))
    assert json.loads(list(kept.values())[-1])["proofs"] == proofs
    assert ceremony.buckets["judge-approval"].texts(folder_of("r-dddddddddddd")) == texts


def test_nobody_else_of_the_control_plane_may_ask(ceremony: Ceremony) -> None:
    for name in ("judge-approval", "request-restore", "verify-copy"):
        sts = ceremony.roles[name].client("sts")
        assert refused(lambda sts=sts: sts.assume_role(RoleArn=ASK_WITNESS, RoleSessionName="test")) == "AccessDenied"


@pytest.mark.parametrize("name", ["close-restore", "verify-copy"])
def test_nobody_invokes_the_function_from_his_own_account(name: str, ceremony: Ceremony) -> None:
    function = f"arn:aws:lambda:{HOME_REGION}:{AUDIT_ACCOUNT}:function:strongroom-log-evidence"
    functions = ceremony.roles[name].client("lambda")
    assert refused(lambda: functions.invoke(FunctionName=function, Payload=b"{}")) == "AccessDeniedException"


def test_whoever_may_ask_may_do_nothing_else(ceremony: Ceremony) -> None:
    lent = Borrowed(ceremony.roles["close-restore"])
    assert refused(lambda: lent.client("s3").list_object_versions(Bucket=BUCKET, Prefix="log/")) == "AccessDenied"
    assert refused(lambda: lent.client("kms").get_public_key(KeyId="alias/strongroom-log")) == "AccessDeniedException"


def test_nobody_signs_with_the_keys_of_the_log(ceremony: Ceremony) -> None:
    assert ceremony
    admin = a_role(allow("kms:*"), account=AUDIT_ACCOUNT)
    for kms in (admin.client("kms"), client("kms", AUDIT_ACCOUNT)):
        for alias in ("alias/strongroom-log", "alias/strongroom-witness"):
            key = kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"]
            call = {"KeyId": key, "Message": b"m", "MessageType": "RAW", "SigningAlgorithm": "ED25519_SHA_512"}
            assert refused(lambda kms=kms, call=call: kms.sign(**call)) == "AccessDeniedException"


def test_a_function_brings_its_own_kind_of_evidence_and_no_other(ceremony: Ceremony) -> None:
    wrong = {
        "request-restore": proof_key("r-eeeeeeeeeeee", "a" * 64),
        "take-proof": entry_key("r-eeeeeeeeeeee", 1),
        "close-restore": request_key("r-eeeeeeeeeeee"),
        "judge-approval": entry_key("r-eeeeeeeeeeee", 1),
        "verify-copy": proof_key("r-eeeeeeeeeeee", "a" * 64),
        "start-restore": "log/leaves/00000000000000000000.txt",
    }
    for name, key in wrong.items():
        with pytest.raises(AccessRefusedError):
            ceremony.buckets[name].put_new(key, "{}")
    assert ceremony.buckets["judge-approval"].keys(folder_of("r-eeeeeeeeeeee")) == ()


def test_nothing_is_overwritten_or_deleted_by_those_who_may_bring_it(ceremony: Ceremony) -> None:
    key = request_key("r-ffffffffffff")
    assert ceremony.buckets["request-restore"].put_new(key, "first")
    assert not ceremony.buckets["request-restore"].put_new(key, "second")
    s3 = ceremony.roles["request-restore"].client("s3")
    assert refused(lambda: s3.put_object(Bucket=BUCKET, Key=key, Body=b"third")) == "AccessDenied"
    for caller in (s3, client("s3", AUDIT_ACCOUNT)):
        assert refused(lambda caller=caller: caller.delete_object(Bucket=BUCKET, Key=key)) == "AccessDenied"
    assert ceremony.buckets["judge-approval"].read(key) == "first"


def test_who_has_nothing_to_do_with_evidence_does_not_read_it(ceremony: Ceremony) -> None:
    stranger = EvidenceReader(ceremony.roles["verify-copy"].client("s3"), BUCKET, owner=ACCOUNT)
    with pytest.raises(ConfigurationMissingError):
        stranger.texts(folder_of("r-aaaaaaaaaaaa"))


def test_of_a_request_that_is_not_there_nothing_is_witnessed(ceremony: Ceremony) -> None:
    with pytest.raises(NotFoundError, match="nothing is kept of r-zzzzzzzzzzzz"):
        ceremony.witnessed("close-restore", "r-zzzzzzzzzzzz")


def test_what_nobody_asks_for_is_logged_by_the_clock(ceremony: Ceremony, keys: tuple[NoteKey, NoteKey]) -> None:
    texts = ceremony.evidence("r-gggggggggggg")
    deadline = time.monotonic() + 60
    proofs: dict[str, str] = {}
    while time.monotonic() < deadline and len(proofs) < len(texts):  # it may come between two of them
        for kept in ceremony.buckets["judge-approval"].texts(witnessed_of("r-gggggggggggg")).values():
            proofs |= json.loads(kept)["proofs"]
        time.sleep(0.2)
    assert_proved(proofs, texts, keys)
