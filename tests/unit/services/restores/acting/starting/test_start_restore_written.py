"""What a person writes goes through every gate: two approvers read it letter by letter, and so it is sent."""

import json
from copy import replace
from typing import Any

import pytest

from strongroom.adapters.slack.approvals import card_blocks
from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    RestoreFailedError,
    RestoreRefusedError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.deciding.by_hand.as_written import LONGEST_VALUE, MOST_CHARACTERS, MOST_KEYS
from strongroom.domain.restores.showing.card import nobody_signed, open_card
from strongroom.domain.restores.showing.told import told_to_people
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from tests.builders.deciding.written import (
    MACHINE_POINT,
    RAW_ROLE,
    RESTORED_MACHINE,
    WRITTEN,
    a_machine_point,
    a_machine_ticket,
    a_written_wish,
    an_intent_with_raw,
)
from tests.builders.intents import with_restores
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import PROFILE, a_proving_intent, a_wish, an_urgent_intent
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """A world with a machine that is restored by hand."""
    return a_world(an_intent_with_raw(intent))


def a_world(intent: Intent) -> CeremonyWorld:
    made = CeremonyWorld(intent)
    made.points.points[MACHINE_POINT, LOCAL_VAULT] = a_machine_point()
    made.tickets.ticket = a_machine_ticket()
    made.restores.changes = {"created": RESTORED_MACHINE}
    return made


def approved(world: CeremonyWorld, request: str) -> str:
    """The request, approved by as many as it takes."""
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    return request


def start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def check(world: CeremonyWorld, request: str) -> None:
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)


def test_it_is_sent_letter_by_letter_under_a_role_of_its_own(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_written_wish()))
    start(world, request)
    world.restores.states = ["COMPLETED"]
    check(world, request)
    kept = world.kept(request)
    asked = kept.sealed.request
    assert (dict(asked.metadata), asked.role, asked.kind) == (WRITTEN, RAW_ROLE, "raw")
    assert kept.sealed.asked.content["metadata"] == WRITTEN
    assert (kept.last(EntryKind.RESTORED) or {})["job"]["Metadata"] == WRITTEN
    assert world.restores.begun == [MACHINE_POINT]


def test_one_who_would_do_for_others_is_not_enough(world: CeremonyWorld) -> None:
    request = world.open(a_written_wish())
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalPendingError):
        start(world, request)
    assert world.restores.begun == []


def test_approvers_read_every_key_letter_by_letter(world: CeremonyWorld) -> None:
    sealed = world.kept(world.open(a_written_wish())).sealed
    told = told_to_people(sealed)
    assert {f"{key} is sent as it is written: {value}" for key, value in WRITTEN.items()} <= set(told)
    assert sealed.request.risks == ("elevated", "as-written", "steps-after")


def test_a_card_of_as_much_as_may_be_written_has_room_for_all_of_it(world: CeremonyWorld) -> None:
    """Block Kit reference: 50 blocks in a message, 3,000 characters in a text."""
    long = {f"Key{number}": "x" * LONGEST_VALUE for number in range(2)}
    short = {f"Other{number}": "y" for number in range(MOST_KEYS - len(WRITTEN) - len(long))}
    written = WRITTEN | long | short
    assert sum(len(key) + len(value) for key, value in written.items()) <= MOST_CHARACTERS
    drafted = world.draft(a_written_wish(metadata=written))
    draft = world.proposing.drafts.read(drafted.request_id)
    standing = nobody_signed(draft.sealed.asked)
    card = open_card(draft, standing, ceremony=world.ceremony, now=world.now)
    blocks = card_blocks(card, page="https://restore.example.com/v1/x")
    assert len(blocks) <= 50
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    assert max(map(len, texts)) <= 3000
    assert {f"{key} is sent as it is written: {value}" for key, value in written.items()} <= set(texts)
    assert ("Becomes", "restored by hand") in [(name, value[16:32]) for name, value in card.rows if name == "Becomes"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"kind": ""}, id="as if a machine had made it"),
        pytest.param({"risks": ("as-written",)}, id="as if it were no graver than others"),
        pytest.param({"risk_sentences": ()}, id="without the sentences"),
        pytest.param({"metadata": (*WRITTEN.items(), ("Extra", "x"))}, id="with more than was written"),
        pytest.param({"metadata": (("VMName", "orders-vm-0200"),)}, id="with less"),
        pytest.param({"wishes": (("VMName", "orders-vm-0200"),)}, id="of something else that was written"),
        pytest.param({"role": RAW_ROLE.replace("-raw", "-job")}, id="under the role of all others"),
        pytest.param({"target_name": "another"}, id="under another name"),
        pytest.param({"resource_type": "RDS"}, id="as another type"),
    ],
)
def test_a_request_that_was_made_by_somebody_else_restores_nothing(
    world: CeremonyWorld, changes: dict[str, Any]
) -> None:
    request = approved(world, world.open_forged(a_written_wish(), **changes))
    with pytest.raises((ApprovalVoidError, ApprovalPendingError)):
        start(world, request)
    assert world.restores.begun == []


def test_a_machines_request_does_not_become_one_that_a_person_wrote(world: CeremonyWorld) -> None:
    """Nobody gets past the table by a word."""
    world.tickets.ticket = replace(a_machine_ticket(), resources=(a_wish().recovery_point,))
    request = approved(world, world.open_forged(a_wish(), kind="raw", role=RAW_ROLE))
    with pytest.raises(ApprovalVoidError):
        start(world, request)
    assert world.restores.begun == []


def test_a_kind_that_nobody_knows_is_no_request(world: CeremonyWorld) -> None:
    with pytest.raises(ApprovalVoidError, match="of a kind that is not restored here"):
        world.open_forged(a_written_wish(), kind="native")


def test_what_the_profile_does_not_let_any_more_is_not_restored(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_written_wish()))
    rules = ceremony_of(world.intent).restores.rules
    world.intent = with_restores(world.intent, profiles=(PROFILE,), rules=rules)
    with pytest.raises(ApprovalVoidError, match=r"`raw: \[VirtualMachine\]`"):
        start(world, request)
    assert world.restores.begun == []


def test_where_no_rule_decides_on_what_is_grave_it_is_not_asked_for(intent: Intent) -> None:
    lets = an_intent_with_raw(intent)
    usual = ceremony_of(a_proving_intent(intent)).restores.rules
    with pytest.raises(RestoreRefusedError, match=r"risks: \[elevated\]"):
        a_world(with_restores(lets, rules=usual)).draft(a_written_wish())


def test_what_cannot_wait_is_never_what_a_person_writes(intent: Intent) -> None:
    glass = ceremony_of(an_urgent_intent(intent)).restores
    lets = with_restores(an_intent_with_raw(intent), groups=glass.groups, break_glass=glass.break_glass)
    with pytest.raises(RestoreRefusedError, match="urgent"):
        a_world(lets).draft(a_written_wish(ticket="", incident="INC-77"))


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        pytest.param(a_written_wish(is_raw=False), "ask with --raw FILE", id="single wishes"),
        pytest.param(a_wish(is_raw=True, metadata=WRITTEN), "made by its table", id="a database"),
        pytest.param(a_written_wish(metadata={}), "no metadata are written", id="nothing"),
        pytest.param(a_written_wish(metadata=WRITTEN | {"UserData": "x"}), "UserData", id="code"),
        pytest.param(a_written_wish(target_name="other"), "is not what the metadata name", id="another name"),
    ],
)
def test_what_is_not_to_be_written_is_refused_before_anybody_is_asked(
    world: CeremonyWorld, wish: Any, told: str
) -> None:
    world.tickets.ticket = replace(a_machine_ticket(), resources=(wish.recovery_point,))
    with pytest.raises(RestoreRefusedError, match=told):
        world.draft(wish)


@pytest.mark.parametrize(
    ("used", "told"),
    [
        pytest.param(WRITTEN | {"assignPublicIp": "true"}, "assignpublicip", id="open"),
        pytest.param(WRITTEN | {"IamRoleName": "admin"}, "iamrolename", id="with a role"),
        pytest.param(WRITTEN | {"VMDatastore": "datastore-2"}, "vmdatastore", id="elsewhere"),
        pytest.param(
            WRITTEN | {"DisksToRestore": '[{"DiskId":"disk-1","Label":"b"}]'}, "diskstorestore", id="respelled"
        ),
    ],
)
def test_a_job_that_used_something_else_is_loud(world: CeremonyWorld, used: dict[str, str], told: str) -> None:
    request = approved(world, world.open(a_written_wish()))
    start(world, request)
    world.restores.states, world.restores.used = ["COMPLETED"], used
    with pytest.raises(RestoreFailedError, match=told):
        check(world, request)


def test_what_a_job_tells_for_information_is_noted(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_written_wish()))
    start(world, request)
    world.restores.states, world.restores.used = ["COMPLETED"], WRITTEN | {"VMTools": "12"}
    check(world, request)
    assert (world.kept(request).last(EntryKind.RESTORED) or {})["added"] == ["vmtools"]


def test_the_canonical_text_says_it_once_and_is_read_back(world: CeremonyWorld) -> None:
    sealed = world.kept(world.open(a_written_wish())).sealed
    assert json.loads(sealed.text)["kind"] == "raw"
    assert "kind" not in json.loads(CeremonyWorld(world.intent).draft(a_wish()).text)
