"""Attacks with the request itself: other content than was approved, other places, other clocks, hidden settings."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyDrafts
from strongroom.adapters.slack.approvals import card_blocks
from strongroom.adapters.slack.markup import Block
from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import ApprovalVoidError, QuorumUndefinedError, RestoreFailedError, StrongroomError
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.identifiers import AccountId
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.showing.card import nobody_signed, open_card
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.take_proof import take_proof
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, PAYMENTS, SANDBOX
from tests.builders.restores import AUTHENTICATORS, NOW, POINT, WORKLOAD_KEY, a_request, a_wish
from tests.fakes.restores.world import CeremonyWorld

SECOND = timedelta(seconds=1)
KEYS = sorted(read_canonical(seal_request(a_request(tier="daily-prod")).text))


def _start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def _exchanged(text: str, key: str) -> str:
    """The stored request with another value there, and written as it must be."""
    content = read_canonical(text)
    request = read_canonical(content["request"])
    old = request.get(key, "")
    other = old + 60 if isinstance(old, int) else [*old, "x"] if isinstance(old, list) else f"{old}x"
    request[key] = {**old, "Port": "1"} if isinstance(old, dict) else other
    return canonical_text(content | {"request": canonical_text(request)})


@pytest.mark.parametrize("key", KEYS)
def test_attack_13_what_was_signed_is_what_is_carried_out(key: str, world: CeremonyWorld) -> None:
    """Mallory exchanges one field of the stored request after the approval, and what people signed is its digest."""
    request = world.come_to_approval()
    place = request_key(request)
    world.shelf.kept[place] = _exchanged(world.shelf.kept[place], key)
    with pytest.raises((ApprovalVoidError, QuorumUndefinedError)):
        _start(world, request)
    assert world.restores.begun == []


def test_attack_13_a_row_that_says_otherwise_is_not_read(world: CeremonyWorld) -> None:
    """Mallory rewrites the draft in the table after the approval, and the executor reads the evidence and no row."""
    request = world.come_to_approval()
    drafts = CeremonyDrafts(world.table)
    draft = drafts.read(request)
    other = seal_request(replace(draft.sealed.request, target_name="mallory-db", recovery_point=f"{POINT}9"))
    world.table.put({"pk": f"REQUEST#{request}", "sk": "DRAFT", "text": other.text, "view": draft.view})
    assert drafts.read(request).sealed.request.target_name == "mallory-db"
    _start(world, request)
    assert world.restores.begun == [POINT]


@pytest.mark.parametrize(
    "changes",
    [
        {"account": AccountId(SANDBOX)},
        {"role": f"arn:aws:iam::{PAYMENTS}:role/Admin"},
        {"recovery_point": f"{POINT}9"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_attack_13_a_job_that_is_another_one_is_no_restore(changes: dict[str, Any], world: CeremonyWorld) -> None:
    """Mallory passes his own job off as the approved one, and account, role and point are described and compared."""
    request = world.come_to_restore()
    world.restores.changes = changes
    with pytest.raises(RestoreFailedError):
        check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)


@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, True), (1, False), (3599, False)])
def test_attack_16_an_approval_is_in_time_or_none(seconds: int, counts: bool, world: CeremonyWorld) -> None:  # noqa: FBT001 - a column
    """Maria approves after the end of approving, and her statement carries the time at which it was made."""
    request = world.open()
    world.read_ticket(request)
    world.now = world.kept(request).sealed.request.approve_before + seconds * SECOND
    assert (world.sign(request, "maria").state == "counted") is counts


def test_attack_16_a_statement_of_before_the_end_is_not_taken_after_it(world: CeremonyWorld) -> None:
    """Sana signs a denial in time and sends it when the time to act is over, and nothing is taken that
    decides nothing.
    """
    request = world.open()
    world.now = world.kept(request).sealed.request.act_before - SECOND
    proposed = propose_statement(request, Decision.DENY, view=None, needs=world.proposing, now=world.now)
    signed = AUTHENTICATORS["sana"].sign(proposed.statement)
    world.now += SECOND
    taken = take_proof(request, statement=proposed.statement, signed=signed, needs=world.proving, now=world.now)
    assert (taken.state, "time to decide is over" in taken.reason) == ("refused", True)


@pytest.mark.parametrize(("seconds", "begun"), [(-1, 1), (0, 0), (1, 0)])
def test_attack_16_what_is_approved_is_carried_out_in_time_or_never(
    seconds: int, begun: int, world: CeremonyWorld
) -> None:
    """Mallory holds an approved execution back until nobody remembers it, and its last moment was signed with it."""
    request = world.come_to_approval()
    world.now = world.kept(request).sealed.request.act_before + seconds * SECOND
    if begun:
        _start(world, request)
    else:
        with pytest.raises(ApprovalVoidError, match="expired"):
            _start(world, request)
    assert len(world.restores.begun) == begun


def test_attack_16_a_request_gives_itself_no_more_time(world: CeremonyWorld) -> None:
    """Omar signs a request whose clocks run for a month, and at the act they are held to what the intent allows."""
    month = NOW + timedelta(days=30)
    request = world.open_forged(approve_before=month, act_before=month)
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match="more time than there is"):
        _start(world, request)


ELSEWHERE: dict[str, dict[str, Any]] = {
    "an account that nobody governs": {"account": AccountId("999999999999")},
    "a point of another Region": {"recovery_point": POINT.replace("eu-west-1", "us-east-1")},
    "a point of another partition": {"recovery_point": POINT.replace("arn:aws:", "arn:aws-cn:")},
    "a point of another account": {"recovery_point": POINT.replace(PAYMENTS, "600000000001")},
    "a Region that nobody governs": {"region": "us-east-1"},
    "a Region that is none": {"region": "eu-west-1/../us-east-1"},
    "another vault": {"vault": CENTRAL_VAULT.replace("central", "stolen")},
    "a vault of another account": {"vault": CENTRAL_VAULT.replace(BACKUP_ACCOUNT, "600000000001")},
    "a foreign key": {"metadata": {"KmsKeyId": "arn:aws:kms:eu-west-1:600000000001:key/1"}},
    "a key of another Region": {"metadata": {"DBParameterGroupName": f"arn:aws:kms:us-east-1:{PAYMENTS}:key/1"}},
    "a foreign ARN in a list": {"metadata": {"VpcSecurityGroupIds": '["arn:aws:ec2:eu-west-1:600000000001:sg/1"]'}},
    "the network of the backup": {"metadata": {"DBSubnetGroupName": "prod-db"}},
    "a key of its own account": {"metadata": {"KmsKeyId": WORKLOAD_KEY}},
    "an ARN in capitals": {"metadata": {"DBSubnetGroupName": " ARN:AWS:RDS:EU-WEST-1:600000000001:SUBGRP:X"}},
}


@pytest.mark.parametrize("changes", ELSEWHERE.values(), ids=ELSEWHERE)
def test_attack_20_nothing_leaves_the_governed_accounts(changes: dict[str, Any], world: CeremonyWorld) -> None:
    """Omar asks for a restore into or out of a place of his own, and every ARN must lie in the account and
    its vaults.
    """
    if changes.get("account"):
        world.units_of_account = (world.intent.organization.units["Sandbox"],)
    with pytest.raises(StrongroomError):
        world.draft(a_wish(**changes))
    assert world.table.everything() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"account": AccountId(SANDBOX)},
        {"role": f"arn:aws:iam::{PAYMENTS}:role/Admin"},
        {"vault": CENTRAL_VAULT},
        {"resource": f"arn:aws:rds:eu-west-1:{PAYMENTS}:db:billing-db"},
        {"unit": "Sandbox"},
        {"region": "eu-central-1"},
        {"key": "", "metadata": (("DBInstanceIdentifier", "x"), ("KmsKeyId", "arn:aws:kms:eu-west-1:6:key/1"))},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_attack_20_a_forged_draft_goes_nowhere_else(changes: dict[str, Any], world: CeremonyWorld) -> None:
    """Mallory puts another place into a draft that Omar signs unread, and at the act account, unit and point are found
    anew.
    """
    with pytest.raises(StrongroomError):
        _carry_out(world, changes)
    assert world.restores.begun == []


def _carry_out(world: CeremonyWorld, changes: dict[str, Any]) -> None:
    """Whatever lies between a forged draft and its act."""
    request = world.open_forged(**changes)
    world.read_ticket(request)
    world.sign(request, "maria")
    _start(world, request)


def test_attack_21_what_is_restored_is_always_new(world: CeremonyWorld) -> None:
    """Omar asks to restore over the database that is in use, and a restore takes a new name and no key
    that overwrites.
    """
    drafted = world.draft()
    metadata = read_canonical(drafted.text)["metadata"]
    assert metadata["DBInstanceIdentifier"] == "payments-db-0200"
    for name in ("DBInstanceIdentifier", "dbinstanceidentifier", "newFileSystem", "DestinationBucketName"):
        with pytest.raises(StrongroomError):
            world.draft(a_wish(metadata={name: "payments-db"}))


@pytest.mark.parametrize(
    "metadata",
    [
        {"PubliclyAccessible": "true"},
        {"publiclyaccessible": "true"},
        {"PubliclyAccessible": "TRUE"},
        {"Port": "5433", "port": "1"},
        {"UserData": "IyEvYmluL3No"},
        {"IamInstanceProfileName": "admin"},
        {"OwnerAccount": "600000000001"},
        {"RestoreACLs": "true"},
        {"RequireIMDSv2": "false"},
        {"VpcSecurityGroupIds": '["sg-0prod"] '.ljust(1200)},
        {"Port": "٥٤٣٢"},
        {"Port": "5432\u200b"},
        {"": "x"},
    ],
    ids=str,
)
def test_attack_22_a_setting_that_opens_what_is_restored_is_not_taken(
    metadata: dict[str, str], world: CeremonyWorld
) -> None:
    """Omar smuggles a setting in, in other letters, twice or padded, and only known keys with known values
    are taken.
    """
    with pytest.raises(StrongroomError):
        world.draft(a_wish(metadata=metadata))
    assert world.table.everything() == []


def test_attack_22_what_the_job_used_is_compared_with_what_was_approved(world: CeremonyWorld) -> None:
    """Mallory has the job run with other settings, and what AWS Backup says that it used must hold all that was
    approved.
    """
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    approved = dict(world.kept(request).sealed.request.metadata)
    world.restores.used = approved | {"DBInstanceClass": "db.x2g.16xlarge"}
    with pytest.raises(RestoreFailedError):
        check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)


HOSTILE = {
    "a mention": "<!channel> urgent",
    "a link": "<https://evil.example|the ticket>",
    "bold": "*approved already* by `maria`",
    "more lines": "harmless\n\nApproved: yes\r\nMark: 0000",
    "right to left": "\u202egnihtyreve eteled\u202c",
    "unseen": "pay\u200bments\u2066-db\x07\x1b[2J",
}


@pytest.mark.parametrize("reason", HOSTILE.values(), ids=HOSTILE)
def test_attack_23_an_approver_sees_what_a_reason_says(reason: str, world: CeremonyWorld) -> None:
    """Omar writes a reason that links, shouts, breaks the line or runs backwards, and it is shown as one plain line."""
    draft = CeremonyDrafts(world.table).read(world.draft(a_wish(reason=reason)).request_id)
    kept = draft.sealed.request.reason
    assert kept.isprintable()
    assert not set(kept) & set("\n\r\u202e\u202c\u2066\u200b")
    card = open_card(draft, nobody_signed(draft.sealed.asked), ceremony=world.ceremony, now=world.now)
    shown = [
        block for block in _texts(card_blocks(card, page="https://restore.example.com/x")) if kept[:20] in str(block)
    ]
    assert shown
    assert all(block["type"] == "plain_text" for block in shown)


def _texts(blocks: list[Block]) -> list[Block]:
    """Every text of a message."""
    found: list[Block] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node)
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(blocks)
    return found
