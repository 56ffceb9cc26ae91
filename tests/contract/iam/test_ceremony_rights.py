"""Who may do what with the rows and the evidence of a ceremony: every function, every family, every prefix, every act.

The functions, their policies and the bucket's are those of the templates; what they come to is said here once.
"""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.contract.apps import FUNCTIONS
from tests.contract.iam.role_simulator import (
    AUDIT_DEPLOYER,
    OF_AUDITORS,
    OWN,
    bucket_lets_in,
    bucket_refuses,
    may,
    role_arn,
)

type Rights = Mapping[str, frozenset[str]]

CEREMONY, LEDGER = (
    f"arn:aws:dynamodb:{HOME}:{OWN}:table/strongroom-{name}" for name in ("CeremonyTable", "LedgerTable")
)
ON_ITEMS: Final = (
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "ConditionCheckItem",
    "BatchGetItem",
    "BatchWriteItem",
)
ON_MANY: Final = ("Query", "Scan", "PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete")
TOGETHER: Final = {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}


def _who(**acts: str) -> Rights:
    """The functions that may do each act, by name."""
    return {act: frozenset(names.split()) for act, names in acts.items()}


# Updates of a request's opening are allowed in a transaction alone.
ROWS: Final[dict[tuple[str, str], Rights]] = {
    (CEREMONY, "REQUEST#r-1"): _who(
        GetItem="refresh_cards request_restore show_approval take_proof tell_approvers", PutItem="request_restore"
    ),
    (CEREMONY, "TICKET#OPS-1"): _who(UpdateItem="close_restore"),
    (CEREMONY, "OPEN"): _who(
        UpdateItem="close_restore",
        Query="close_restore refresh_cards request_restore show_restores start_restore sweep_ceremonies",
    ),
    (CEREMONY, "BELL#r-1"): _who(GetItem="sweep_ceremonies take_proof", PutItem="keep_doorbell"),
    (CEREMONY, "MESSAGE#r-1"): _who(
        GetItem="close_restore refresh_cards show_restores tell_approvers", PutItem="refresh_cards tell_approvers"
    ),
    (CEREMONY, "WORD#r-1"): _who(Query="close_restore show_restores", PutItem="take_proof"),
    (CEREMONY, "VOTE#r-1"): {},
    (CEREMONY, "STEP#r-1"): {},
    (CEREMONY, "EVIDENCE#r-1"): {},
    (LEDGER, "CHALLENGE#1"): dict.fromkeys(
        ("GetItem", "PutItem", "UpdateItem"), frozenset({"request_restore", "take_proof"})
    ),
    (LEDGER, "LIMIT#1"): _who(
        GetItem="request_restore start_scan take_proof",
        PutItem="request_restore take_proof",
        UpdateItem="request_restore start_scan take_proof",
    ),
    (LEDGER, "END#r-1"): _who(
        GetItem="show_restores sweep_ceremonies",
        PutItem="sweep_ceremonies",
        UpdateItem="sweep_ceremonies",
        Query="show_restores",
    ),
    (LEDGER, "NONCE#1"): _who(PutItem="receive_slack_click"),
}
IN_A_TRANSACTION: Final = {"TICKET#OPS-1": "request_restore", "OPEN": "request_restore"}


@pytest.mark.parametrize(("table", "key"), ROWS, ids=[key for _, key in ROWS])
def test_a_role_reads_and_writes_its_own_families_of_rows_and_no_other(table: str, key: str) -> None:
    for act in (*ON_ITEMS, *ON_MANY):
        found = {each for each in FUNCTIONS if may(each, f"dynamodb:{act}", table, **{"dynamodb:LeadingKeys": [key]})}
        assert found == ROWS[table, key].get(act, frozenset()), act


@pytest.mark.parametrize(("table", "key"), ROWS, ids=[key for _, key in ROWS])
def test_in_a_transaction_a_request_is_listed_with_its_ticket_and_nothing_else_more(table: str, key: str) -> None:
    for act in ON_ITEMS:
        context = {"dynamodb:LeadingKeys": [key], **TOGETHER}
        found = {each for each in FUNCTIONS if may(each, f"dynamodb:{act}", table, **context)}
        more = {IN_A_TRANSACTION[key]} if act == "UpdateItem" and key in IN_A_TRANSACTION else set()
        assert found == ROWS[table, key].get(act, frozenset()) | more, act


def test_without_a_key_nobody_does_anything_to_the_ceremonys_table() -> None:
    """Of no key at all every key fits, if a policy does not say that there must be one."""
    for act in (*ON_ITEMS, *ON_MANY):
        assert {each for each in FUNCTIONS if may(each, f"dynamodb:{act}", CEREMONY)} == set(), act


def test_a_call_for_two_families_is_allowed_to_nobody_who_has_one_of_them() -> None:
    for ours, theirs in (("REQUEST#r-1", "WORD#r-1"), ("MESSAGE#r-1", "BELL#r-1"), ("OPEN", "REQUEST#r-1")):
        context = {"dynamodb:LeadingKeys": [ours, theirs], **TOGETHER}
        for act in ("PutItem", "UpdateItem"):
            assert {each for each in FUNCTIONS if may(each, f"dynamodb:{act}", CEREMONY, **context)} == set(), act


CHAIN: Final = frozenset(
    [
        "check_copy_back",
        "check_restore",
        "close_restore",
        "snapshot_ticket",
        "start_copy_back",
        "start_restore",
        "tag_restored",
    ]
)
READERS: Final = CHAIN | frozenset(
    [
        "judge_approval",
        "refresh_cards",
        "request_restore",
        "show_approval",
        "show_restores",
        "sweep_ceremonies",
        "take_proof",
    ]
)
LOG, KEYS, WATCH = ({each} for each in ("log_evidence", "watch_issuer_keys", "watch_restores"))
NOBODY: Final[frozenset[str]] = frozenset()
# Who brings what lies there, and who reads it.
OBJECTS: Final = {
    "evidence/r-1/request.json": ({"request_restore"}, READERS | LOG | WATCH),
    "evidence/r-1/proofs/aa.json": ({"take_proof"}, READERS | LOG | WATCH),
    "evidence/r-1/chain/00000001.json": (CHAIN, READERS | LOG | WATCH),
    "evidence/r-1/anything-else.json": (NOBODY, READERS | LOG | WATCH),
    "evidence/r-1/proofs/request.json": (NOBODY, READERS | LOG | WATCH),
    "evidence/r-1/chain/request.json": (NOBODY, READERS | LOG | WATCH),
    "evidence/r-1/proofs/chain/aa.json": (NOBODY, READERS | LOG | WATCH),
    "policies/aa.json": ({"a deployer"}, READERS | LOG | WATCH),
    "outages/aa.json": ({"a deployer"}, LOG | WATCH),
    "issuer-keys/login.example.com/2026-11-23T140000Z.json": (KEYS, READERS | LOG | WATCH | KEYS),
    "log/requests/r-1/00000001": (LOG, READERS | LOG | WATCH),
    "log/checkpoint": (LOG, LOG),
    "ends/r-1/1-closed.json": ({"sweep_ceremonies"}, LOG),
    "reports/2026/11/23.csv": (NOBODY, NOBODY),
    "anything": (NOBODY, NOBODY),
}
NEW: Final[dict[str, Any]] = {"s3:if-none-match": "*"}
NEVER: Final = (
    *("DeleteObject", "DeleteObjectVersion", "BypassGovernanceRetention", "PutObjectRetention", "PutObjectLegalHold"),
    *("PutObjectAcl", "PutObjectTagging", "ReplicateObject", "RestoreObject"),
)
STRANGERS: Final = {
    "an administrator of the backup account": f"arn:aws:iam::{BACKUP_ACCOUNT}:role/AdministratorAccess",
    "its root": f"arn:aws:iam::{BACKUP_ACCOUNT}:root",
    "a function's twin": f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom-take-proof",
    "a member": f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-take-proof",
}


def _is_allowed(function: str, action: str, key: str, **context: Any) -> bool:
    """By both accounts where there are two; by its own policies, and no refusal of the bucket's, where there is one."""
    account = OWN if function in OF_AUDITORS else AUDIT_ACCOUNT
    bucket = f"arn:aws:s3:::strongroom-audit-{account}-{HOME}"
    if not may(function, action, f"{bucket}/{key}" if key else bucket, **context):
        return False
    who = role_arn(function)
    if function in OF_AUDITORS:
        return not bucket_refuses(who, action, key, context)
    return bucket_lets_in(who, action, key, context)


@pytest.mark.parametrize("key", OBJECTS)
def test_each_kind_of_evidence_is_brought_by_its_own_functions_once_and_read_by_those_who_need_it(key: str) -> None:
    bringing, reading = OBJECTS[key]
    found = {each for each in FUNCTIONS if _is_allowed(each, "s3:PutObject", key, **NEW)}
    if bucket_lets_in(AUDIT_DEPLOYER, "s3:PutObject", key, NEW):
        found.add("a deployer")
    assert found == bringing
    assert {each for each in FUNCTIONS if _is_allowed(each, "s3:GetObjectVersion", key)} == reading
    assert not any(_is_allowed(each, "s3:PutObject", key) for each in FUNCTIONS), "written over"
    assert not any(_is_allowed(each, f"s3:{act}", key, **NEW) for each in FUNCTIONS for act in NEVER)
    assert not any(_is_allowed(each, "s3:GetObject", key) for each in FUNCTIONS), "the newest may hide the first"


@pytest.mark.parametrize("who", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("key", OBJECTS)
def test_whatever_its_own_account_allows_a_stranger_brings_and_reads_no_evidence(key: str, who: str) -> None:
    for action in ("s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", *(f"s3:{act}" for act in NEVER)):
        assert not bucket_lets_in(who, action, key, NEW), action


@pytest.mark.parametrize("key", [key for key, (bringing, _) in OBJECTS.items() if bringing])
def test_an_administrator_of_the_audit_account_adds_and_deletes_no_evidence(key: str) -> None:
    who = f"arn:aws:iam::{OWN}:role/AdministratorAccess"
    for action in ("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"):
        assert bucket_refuses(who, action, key, NEW), action
    assert bucket_refuses(AUDIT_DEPLOYER, "s3:PutObject", key, {}), "a deployer writes over it"


@pytest.mark.parametrize(
    ("prefix", "listing"),
    [
        ("evidence/r-1/", READERS | LOG | WATCH),
        ("issuer-keys/login.example.com/", READERS | LOG | WATCH | KEYS),
        ("log/requests/r-1/", READERS | LOG | WATCH),
        ("policies/", READERS | LOG | WATCH),
        ("outages/", LOG | WATCH),
        ("log/", LOG),
        ("ends/", LOG),
        ("reports/", NOBODY),
        ("", NOBODY),
    ],
)
def test_evidence_is_found_by_versions_and_by_those_who_read_it(prefix: str, listing: frozenset[str]) -> None:
    for context in ({"s3:prefix": prefix},) if prefix else ({"s3:prefix": ""}, {}):
        found = {each for each in FUNCTIONS if _is_allowed(each, "s3:ListBucketVersions", "", **context)}
        assert found == listing
        assert not any(_is_allowed(each, "s3:ListBucket", "", **context) for each in FUNCTIONS)


def test_the_log_alone_signs() -> None:
    key = f"arn:aws:kms:{HOME}:{OWN}:key/11111111-2222-3333-4444-555555555555"
    assert {each for each in FUNCTIONS if may(each, "kms:Sign", key)} == LOG
