"""A service's own call goes through every gate: two approvers read its parameters, and so it is made, once."""

import json
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.slack.approvals import card_blocks
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    FaultsFoundError,
    NotFoundError,
    RestoreFailedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import REQUEST_TAG
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.jobs import JobState, RestoreJob
from strongroom.domain.restores.showing.card import nobody_signed, open_card
from strongroom.domain.restores.showing.told import told_to_people
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from tests.builders.deciding.called import (
    CALL,
    NATIVE_ROLE,
    RESTORED_SYSTEM,
    SYSTEM_POINT,
    WRITTEN,
    a_called_wish,
    a_system_point,
    a_system_ticket,
    an_intent_with_native,
)
from tests.builders.intents import with_restores
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import PROFILE, a_proving_intent, a_wish, an_urgent_intent
from tests.fakes.restores.world import CeremonyWorld

TOLD = {name: value for name, value in WRITTEN.items() if name != "SecurityGroupIds"}
KEY = WRITTEN["KmsKeyId"]


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """A world with a file system in several zones."""
    return a_world(an_intent_with_native(intent))


def a_world(intent: Intent) -> CeremonyWorld:
    made = CeremonyWorld(intent)
    made.points.points[SYSTEM_POINT, LOCAL_VAULT] = a_system_point()
    made.tickets.ticket = a_system_ticket()
    made.restores.used = TOLD
    return made


def approved(world: CeremonyWorld, request: str) -> str:
    """The request, approved by as many as it takes; what is made is tagged with it."""
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    world.restores.changes = {"created": RESTORED_SYSTEM, "request": request}
    return request


def start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def check(world: CeremonyWorld, request: str) -> None:
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)


def test_it_is_made_with_what_was_written_under_a_role_of_its_own(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_called_wish()))
    start(world, request)
    world.restores.states = ["COMPLETED"]
    check(world, request)
    kept = world.kept(request)
    asked = kept.sealed.request
    assert (dict(asked.metadata), asked.role, asked.kind, asked.call) == (WRITTEN, NATIVE_ROLE, "native", CALL)
    assert (kept.sealed.asked.content["metadata"], kept.sealed.asked.content["call"]) == (WRITTEN, CALL)
    restored = kept.last(EntryKind.RESTORED) or {}
    assert restored["created"] == RESTORED_SYSTEM
    assert restored["job"] == {
        "Id": "restore-1",
        "Status": "COMPLETED",
        "AccountId": asked.account,
        "Request": request,
        "CreationDate": restored["job"]["CreationDate"],
        "Metadata": TOLD,
    }
    assert world.restores.begun == [SYSTEM_POINT]


def test_it_ends_as_restored_with_its_tags(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_called_wish()))
    start(world, request)
    world.restores.states = ["COMPLETED"]
    check(world, request)
    ended = world.close(request, reason="")
    assert (ended.outcome, ended.created) == ("restored", RESTORED_SYSTEM)


@pytest.mark.parametrize(
    "later",
    [
        pytest.param({"request": "r-another"}, id="the tag of another request"),
        pytest.param({"request": ""}, id="no tag"),
        pytest.param({"status": "RUNNING"}, id="changed, and busy with that"),
        pytest.param({"status": "MISCONFIGURED"}, id="misconfigured"),
        pytest.param({"metadata": TOLD | {"StorageType": "INTELLIGENT_TIERING"}}, id="of another storage"),
    ],
)
def test_what_is_done_to_it_afterwards_does_not_change_how_the_restore_ended(
    world: CeremonyWorld, later: dict[str, Any]
) -> None:
    request = restored(world)
    world.restores.changes |= later
    demand_restored(world, request)


def test_a_file_system_that_is_gone_was_restored(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(job_id: str, **_: Any) -> RestoreJob:
        raise NotFoundError(f"file system {job_id} is not there any more")

    request = restored(world)
    monkeypatch.setattr(world.restores, "describe", gone)
    demand_restored(world, request)


def gone_after_start(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> str:
    """The request whose call was answered, and nothing is described of what that made."""

    def gone(job_id: str, **_: Any) -> RestoreJob:
        raise NotFoundError(f"file system {job_id} is not there any more")

    request = approved(world, world.open(a_called_wish()))
    start(world, request)
    monkeypatch.setattr(world.restores, "describe", gone)
    return request


def test_what_is_not_described_in_the_first_minute_is_not_there_yet(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = gone_after_start(world, monkeypatch)
    world.now += timedelta(seconds=60)
    verdict = check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    assert (verdict.state, verdict.job, verdict.reason) == (
        JobState.RUNNING,
        "restore-1",
        "what was started is not described yet",
    )


def test_what_is_not_described_later_is_gone(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    request = gone_after_start(world, monkeypatch)
    world.now += timedelta(seconds=61)
    with pytest.raises(NotFoundError, match="not there any more"):
        check(world, request)


def test_the_tag_of_the_request_whose_restore_was_backed_up_is_not_inherited(world: CeremonyWorld) -> None:
    request = restored(world)
    world.points.kept_tags = {"Backup": "daily-prod", REQUEST_TAG: "r-1"}
    tagged = tag_restored(request, execution=world.execution(request), needs=world.tagging, now=world.now)
    assert world.tagged == [(RESTORED_SYSTEM, {"Backup": "daily-prod"})]
    assert tagged.keys == ("Backup",)
    demand_restored(world, request)


def test_what_was_written_down_of_another_file_system_than_was_started_ends_nothing(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_called_wish()))
    start(world, request)
    facts = {"job": {"Id": "fs-another"}, "created": RESTORED_SYSTEM, "added": []}
    kept = world.kept(request)
    world.keeper.record(kept, EntryKind.RESTORED, facts=facts, at=world.now)
    ended = world.close(request, reason="")
    assert (ended.outcome, ended.created, ended.evidence) == ("failed", "", "")
    assert world.alerts.kinds == [AlertKind.TAMPERING_ATTEMPTED]


def restored(world: CeremonyWorld) -> str:
    """The request, whose call has made what was approved."""
    request = approved(world, world.open(a_called_wish()))
    start(world, request)
    world.restores.states = ["COMPLETED"]
    check(world, request)
    return request


def demand_restored(world: CeremonyWorld, request: str) -> None:
    """It ends as restored, whoever closes it again, and nobody is alarmed."""
    world.take_steps(request, created=RESTORED_SYSTEM)
    for _ in range(2):
        ended = world.close(request, reason="")
        assert (ended.outcome, ended.created) == ("restored", RESTORED_SYSTEM)
    assert world.alerts.told == []


def test_one_who_would_do_for_others_is_not_enough(world: CeremonyWorld) -> None:
    request = world.open(a_called_wish())
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalPendingError):
        start(world, request)
    assert world.restores.begun == []


def test_approvers_read_the_call_and_every_parameter_letter_by_letter(world: CeremonyWorld) -> None:
    drafted = world.draft(a_called_wish())
    draft = world.proposing.drafts.read(drafted.request_id)
    sentences = {f"{key} is sent as it is written: {value}" for key, value in WRITTEN.items()}
    sentences |= {f"{CALL} makes it, and no job of AWS Backup's.", f"It will live under {KEY}."}
    assert sentences <= set(told_to_people(draft.sealed))
    assert draft.sealed.request.risks[:2] == ("elevated", "as-written")
    card = open_card(draft, nobody_signed(draft.sealed.asked), ceremony=world.ceremony, now=world.now)
    blocks = card_blocks(card, page="https://restore.example.com/v1/x")
    assert sentences <= {block["text"]["text"] for block in blocks if "text" in block}
    assert [value[: len(f"what {CALL} makes")] for name, value in card.rows if name == "Becomes"] == [
        f"what {CALL} makes"
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"call": "fsx:CreateVolumeFromBackup"}, id="another call"),
        pytest.param({"call": "fsx:DeleteFileSystem"}, id="a call that deletes"),
        pytest.param({"risks": ("as-written",)}, id="as if it were no graver than others"),
        pytest.param({"risk_sentences": ()}, id="without the sentences"),
        pytest.param({"metadata": tuple(sorted((WRITTEN | {"Extra": "x"}).items()))}, id="with more than was written"),
        pytest.param({"metadata": (("KmsKeyId", KEY),)}, id="with less"),
        pytest.param(
            {"wishes": tuple(sorted((WRITTEN | {"subnetids": WRITTEN["SubnetIds"]}).items()))},
            id="of a parameter twice in other letters",
        ),
        pytest.param(
            {
                name: tuple(sorted((WRITTEN | {"SubnetIds": '["subnet-0r1","subnet-0evil"]'}).items()))
                for name in ("metadata", "wishes")
            },
            id="in a network that the profile has not",
        ),
        pytest.param({"role": NATIVE_ROLE.replace("-native", "-job")}, id="under the role of all others"),
        pytest.param({"role": NATIVE_ROLE.replace("-native", "-raw")}, id="under the role of what is written"),
        pytest.param({"target_name": "another"}, id="under a name"),
        pytest.param({"resource_type": "RDS"}, id="as another type"),
    ],
)
def test_a_request_that_was_made_by_somebody_else_calls_nothing(world: CeremonyWorld, changes: dict[str, Any]) -> None:
    request = approved(world, world.open_forged(a_called_wish(), **changes))
    with pytest.raises((ApprovalVoidError, ApprovalPendingError)):
        start(world, request)
    assert world.restores.begun == []


@pytest.mark.parametrize(
    "changes", [{"kind": "", "call": CALL}, {"call": ""}, {"kind": "raw"}, {"kind": "row"}], ids=str
)
def test_a_call_is_of_one_kind_of_request_and_that_of_no_other(world: CeremonyWorld, changes: dict[str, str]) -> None:
    with pytest.raises(ApprovalVoidError):
        world.open_forged(a_called_wish(), **changes)


def test_a_machines_request_does_not_become_a_call(world: CeremonyWorld) -> None:
    world.tickets.ticket = replace(a_system_ticket(), resources=(a_wish().recovery_point,))
    request = approved(world, world.open_forged(a_wish(), kind="native", call=CALL, role=NATIVE_ROLE))
    with pytest.raises(ApprovalVoidError):
        start(world, request)
    assert world.restores.begun == []


def test_what_the_profile_does_not_let_any_more_is_not_called(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_called_wish()))
    rules = ceremony_of(world.intent).restores.rules
    world.intent = with_restores(world.intent, profiles=(PROFILE,), rules=rules)
    with pytest.raises(ApprovalVoidError, match=rf"`native: \[{CALL}\]`"):
        start(world, request)
    assert world.restores.begun == []


def test_where_no_rule_decides_on_what_is_grave_it_is_not_asked_for(intent: Intent) -> None:
    lets = an_intent_with_native(intent)
    usual = ceremony_of(a_proving_intent(intent)).restores.rules
    with pytest.raises(RestoreRefusedError, match=r"risks: \[elevated\]"):
        a_world(with_restores(lets, rules=usual)).draft(a_called_wish())


def test_what_cannot_wait_is_never_a_call(intent: Intent) -> None:
    glass = ceremony_of(an_urgent_intent(intent)).restores
    lets = with_restores(an_intent_with_native(intent), groups=glass.groups, break_glass=glass.break_glass)
    with pytest.raises(RestoreRefusedError, match="urgent"):
        a_world(lets).draft(a_called_wish(ticket="", incident="INC-77"))


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        pytest.param(a_called_wish(is_native=False), "must be restored by hand|is restored by hand", id="by the table"),
        pytest.param(a_called_wish(is_native=False, is_raw=True), "made by its table", id="as what AWS Backup does"),
        pytest.param(a_wish(is_native=True), "by no call of its service's own", id="a database"),
        pytest.param(a_called_wish(metadata={}), "no metadata are written", id="nothing"),
        pytest.param(a_called_wish(target_name="files"), "has no name to choose", id="a name"),
    ],
)
def test_what_is_asked_otherwise_is_told_before_anybody_is_asked(world: CeremonyWorld, wish: Any, told: str) -> None:
    with pytest.raises(RestoreRefusedError, match=told):
        world.draft(wish)


def test_a_recovery_point_of_aws_backups_own_is_refused_before_anybody_is_asked(world: CeremonyWorld) -> None:
    """FSx restores its own backups, and an air-gapped vault holds none of those."""
    point = "arn:aws:backup:eu-west-1:222222222222:recovery-point:0aa1"
    world.points.points[point, LOCAL_VAULT] = a_system_point(arn=point)
    with pytest.raises(FaultsFoundError, match="none of the service's own"):
        world.draft(a_called_wish(recovery_point=point))


def test_a_try_after_one_that_died_calls_again_and_believes_no_tag(world: CeremonyWorld) -> None:
    """The service knows the token, and answers with what it made; a tag is whoever's who may tag."""
    request = approved(world, world.open(a_called_wish()))
    world.restores.dies = "after"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    world.restores.known.insert(0, "fs-planted")
    start(world, request)
    assert (world.kept(request).last(EntryKind.RESTORE_STARTED) or {})["job"] == "restore-1"
    assert world.restores.begun == [SYSTEM_POINT] * 2


def test_after_the_life_of_a_token_nothing_is_called_and_nothing_adopted(world: CeremonyWorld) -> None:
    request = approved(world, world.open(a_called_wish()))
    world.restores.dies = "after"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    world.now += timedelta(minutes=11)
    with pytest.raises(RestoreFailedError, match="restore-1"):
        start(world, request)
    assert len(world.restores.begun) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"request": "r-other2345672"}, "not the one that was approved", id="made for another request"),
        pytest.param({"request": ""}, "not the one that was approved", id="made for nobody"),
        pytest.param({"account": "333333333333"}, "not the one that was approved", id="elsewhere"),
        pytest.param({"metadata": TOLD | {"KmsKeyId": "alias/aws/fsx"}}, "kmskeyid", id="under another key"),
        pytest.param({"metadata": TOLD | {"SubnetIds": '["subnet-0evil"]'}}, "subnetids", id="in another network"),
        pytest.param({"metadata": {}}, "kmskeyid", id="nobody knows how"),
        pytest.param({"status": "MISCONFIGURED"}, "MISCONFIGURED", id="half-made"),
    ],
)
def test_what_was_made_otherwise_is_loud(world: CeremonyWorld, changes: dict[str, Any], told: str) -> None:
    request = approved(world, world.open(a_called_wish()))
    start(world, request)
    world.restores.states = ["COMPLETED"]
    world.restores.changes |= changes
    with pytest.raises(RestoreFailedError, match=told):
        check(world, request)


def test_the_canonical_text_says_it_once_and_is_read_back(world: CeremonyWorld) -> None:
    sealed = world.kept(world.open(a_called_wish())).sealed
    content = json.loads(sealed.text)
    assert (content["kind"], content["call"]) == ("native", CALL)
    assert not {"kind", "call"} & json.loads(CeremonyWorld(world.intent).draft(a_wish()).text).keys()
