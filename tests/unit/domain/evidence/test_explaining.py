"""A job is explained by an approved act that names it and asked for just this, or by nothing: the table of cases."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.evidence.entries import ChainEntry, EntryKind, next_entry
from strongroom.domain.evidence.explaining import (
    PATIENCE,
    Claim,
    Explanation,
    Standing,
    WatchedCopy,
    WatchedRestore,
    claim_on_copied,
    explain_copy,
    explain_restore,
)
from strongroom.domain.evidence.replay import ApprovedAct
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.arriving.landing import Hop
from strongroom.domain.restores.requests import RestoreRequest, seal_request
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, NOW, POINT, a_request, a_restore_job

SECOND = timedelta(seconds=1)
BROKEN = "entry 2 (restore-intended): what it relies on does not approve it"
ROLE = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/strongroom-central-backup"


def an_act(job: str = "restore-1", *, point: str = POINT, **changes: Any) -> Claim:
    """A request with an approved intent that the witness saw a minute after it was asked for."""
    request = a_request(**changes)
    facts = {"recovery_point": point}
    intent = next_entry(None, stream=request.id, kind=EntryKind.RESTORE_INTENDED, facts=facts, at=NOW)
    seen_at = NOW + timedelta(minutes=1)
    act = ApprovedAct(asked=seal_request(request).asked, intent=intent, seen_at=seen_at, job=job)
    return Claim(request=request, job=job, act=act)


def a_restore(**changes: Any) -> WatchedRestore:
    """The restore of it, ten seconds after that."""
    job = a_restore_job(**{"created_at": NOW + timedelta(minutes=1, seconds=10)} | changes)
    return WatchedRestore(job=job, account=AccountId(PAYMENTS), region=Region(HOME))


def without_act(claim: Claim, *, broken: str = "", unread: str = "") -> Claim:
    return replace(claim, act=None, broken=broken, unread=unread)


@pytest.mark.parametrize(
    ("claims", "state", "words"),
    [
        pytest.param((an_act(),), Standing.EXPLAINED, "r-abcdefgh2345 asked for it", id="its own request"),
        pytest.param((), Standing.UNEXPLAINED, "no request names it", id="no request at all"),
        pytest.param((an_act("restore-2"),), Standing.UNEXPLAINED, "no request names it", id="another ones request"),
        pytest.param((without_act(an_act(), broken=BROKEN),), Standing.UNEXPLAINED, BROKEN, id="broken evidence"),
        pytest.param((without_act(an_act(), unread="503"),), Standing.UNJUDGED, "503", id="evidence nobody can judge"),
        pytest.param((an_act(""),), Standing.AWAITED, "has not said yet", id="a request that is about to name one"),
        pytest.param(
            (without_act(an_act(""), broken=BROKEN),), Standing.UNEXPLAINED, "no request", id="a broken one that may"
        ),
        pytest.param(
            (an_act("", point=CENTRAL_POINT),), Standing.UNEXPLAINED, "no request", id="one about another point"
        ),
        pytest.param(
            (without_act(an_act(id="r-bbbbbbbbbbbb"), broken=BROKEN), an_act()),
            Standing.EXPLAINED,
            "r-abcdefgh2345",
            id="its own request, and one that claims the same job",
        ),
        pytest.param(
            (an_act(id="r-bbbbbbbbbbbb", point=CENTRAL_POINT), an_act("")),
            Standing.UNEXPLAINED,
            "r-bbbbbbbbbbbb names it, but",
            id="named by a request that asked for another, while one waits",
        ),
    ],
)
def test_a_restore_is_explained_by_what_names_it(claims: tuple[Claim, ...], state: Standing, words: str) -> None:
    found = explain_restore(a_restore(), claims=claims, now=NOW + timedelta(minutes=2))
    assert (found.state, words in found.reason) == (state, True), found.reason


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({"created_at": NOW + timedelta(minutes=1)}, Standing.EXPLAINED, id="as the witness sees it"),
        pytest.param(
            {"created_at": NOW + timedelta(minutes=1) - SECOND}, Standing.UNEXPLAINED, id="before the witness"
        ),
        pytest.param({"created_at": NOW + timedelta(hours=5, minutes=10)}, Standing.EXPLAINED, id="ten minutes late"),
        pytest.param(
            {"created_at": NOW + timedelta(hours=5, minutes=10) + SECOND}, Standing.UNEXPLAINED, id="too late"
        ),
        pytest.param({"account": BACKUP_ACCOUNT}, Standing.UNEXPLAINED, id="another account"),
        pytest.param({"recovery_point": CENTRAL_POINT}, Standing.UNEXPLAINED, id="another point"),
        pytest.param({"role": ROLE}, Standing.UNEXPLAINED, id="another role"),
        pytest.param({"metadata": {}}, Standing.UNEXPLAINED, id="settings that it never had"),
        pytest.param({"metadata": {}, "status": "RUNNING"}, Standing.EXPLAINED, id="settings that are not told yet"),
        pytest.param(
            {"metadata": {"DbInstanceIdentifier": "mine"}, "status": "RUNNING"},
            Standing.UNEXPLAINED,
            id="a setting that is told, and is another",
        ),
    ],
)
def test_a_request_explains_exactly_what_it_asked_for(changes: dict[str, Any], state: Standing) -> None:
    now = NOW + timedelta(hours=6)
    assert explain_restore(a_restore(**changes), claims=(an_act(),), now=now).state is state


def test_nobody_waits_longer_than_patience() -> None:
    restore, claims = a_restore(), (an_act(""),)
    made = restore.job.created_at
    assert explain_restore(restore, claims=claims, now=made + PATIENCE - SECOND).state is Standing.AWAITED
    assert explain_restore(restore, claims=claims, now=made + PATIENCE).state is Standing.UNEXPLAINED


@pytest.mark.parametrize(("plans", "state"), [(("plan",), Standing.EXPLAINED), (("other",), Standing.UNEXPLAINED)])
def test_a_testing_plan_explains_if_it_is_known(plans: tuple[str, ...], state: Standing) -> None:
    tested = replace(a_restore(), tested_by="plan")
    assert explain_restore(tested, claims=(), testing_plans=plans, now=NOW).state is state


@pytest.mark.parametrize("state", Standing)
def test_a_part_is_what_the_whole_is_whatever_names_it(state: Standing) -> None:
    part = replace(a_restore(), parent="whole")
    parent = Explanation(state=state, reason="because", request_id="r-1")
    found = explain_restore(part, claims=(an_act(),), parent=parent, now=NOW)
    assert (found.state, found.request_id) == (state, "r-1")
    assert found.reason == "it is a part of whole: because"


def a_copy(**changes: Any) -> WatchedCopy:
    """The copy back of a request."""
    made = WatchedCopy(
        id="copy-1",
        account=AccountId(BACKUP_ACCOUNT),
        region=Region(HOME),
        source=CENTRAL_POINT,
        source_vault=CENTRAL_VAULT,
        destination=LOCAL_VAULT,
        role=ROLE,
        created_at=NOW + timedelta(minutes=1),
        made=POINT,
    )
    return replace(made, **changes)


def a_hop(request: RestoreRequest, announced: ChainEntry) -> Hop:
    return Hop(
        recovery_point=announced.facts["recovery_point"],
        source=request.vault,
        destination=LOCAL_VAULT,
        kept_for=timedelta(days=14),
        token="",
    )


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({}, Standing.EXPLAINED, id="as it was asked for"),
        pytest.param({"source": POINT}, Standing.UNEXPLAINED, id="of another point"),
        pytest.param({"source_vault": LOCAL_VAULT}, Standing.UNEXPLAINED, id="out of another vault"),
        pytest.param({"destination": CENTRAL_VAULT}, Standing.UNEXPLAINED, id="to elsewhere"),
        pytest.param({"role": "admin"}, Standing.UNEXPLAINED, id="under another role"),
        pytest.param({"created_at": NOW}, Standing.UNEXPLAINED, id="before its intent"),
        pytest.param({"id": "copy-2"}, Standing.UNEXPLAINED, id="another job"),
    ],
)
def test_a_copy_is_explained_by_a_request_to_bring_just_that_back(changes: dict[str, Any], state: Standing) -> None:
    claim = an_act("copy-1", point=CENTRAL_POINT, recovery_point=CENTRAL_POINT, vault=CENTRAL_VAULT)
    found = explain_copy(a_copy(**changes), claims=(claim,), hop_of=a_hop, role=ROLE, now=NOW + PATIENCE * 2)
    assert found.state is state


@pytest.mark.parametrize(
    ("first", "made", "refusal"),
    [
        pytest.param(an_act("copy-1"), (POINT,), "", id="made by the first"),
        pytest.param(
            an_act("copy-1"), (CENTRAL_POINT,), "copy-1, did not make what it is about", id="made something else"
        ),
        pytest.param(
            an_act("copy-1"), (), "copy-1, did not make what it is about", id="made nothing that is explained"
        ),
        pytest.param(None, (POINT,), "announces no first copy", id="no first copy"),
        pytest.param(replace(an_act(), act=None, broken=BROKEN), (POINT,), BROKEN, id="a first one nobody approved"),
        pytest.param(replace(an_act(), act=None, unread="away"), (POINT,), "away", id="a first one nobody can judge"),
    ],
)
def test_a_second_copy_stands_and_falls_with_the_first(
    first: Claim | None, made: tuple[str, ...], refusal: str
) -> None:
    claim = claim_on_copied(an_act("copy-2"), copy="first copy", by=first, made=made)
    assert (claim.act is None) == bool(refusal)
    assert claim.job == "copy-2"
    assert (claim.broken or claim.unread).endswith(refusal)
    assert claim.unread == (first.unread if first else "")


def test_a_second_copy_that_is_broken_itself_stays_so() -> None:
    claim = replace(an_act("copy-2"), act=None, broken=BROKEN)
    assert claim_on_copied(claim, copy="first copy", by=None, made=()) == claim
