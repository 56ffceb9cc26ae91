"""The page of a request is made of its draft, of its evidence and of the intent, and of nothing that somebody says."""

import hashlib
from copy import replace
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyDrafts
from strongroom.domain.errors import NotFoundError
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.requests import seal_request
from strongroom.services.restores.asking.shown_requests import CeremonySurroundings, DraftLinks, KeptStandings
from tests.builders.restores import a_request
from tests.fakes.restores.world import CeremonyWorld


def drafts(world: CeremonyWorld) -> CeremonyDrafts:
    return CeremonyDrafts(world.table)


def test_a_link_leads_to_the_text_that_is_signed_by_a_token_that_only_its_digest_tells(world: CeremonyWorld) -> None:
    drafted = world.draft()
    linked = DraftLinks(drafts(world)).read(drafted.request_id)
    view = drafts(world).read(drafted.request_id).view
    assert linked.text == drafted.text
    assert linked.view_digest == hashlib.sha256(view.encode()).hexdigest()
    assert linked.chat_digest == hashlib.sha256(drafts(world).read(drafted.request_id).chat_view.encode()).hexdigest()
    assert view not in linked.text


def test_no_link_leads_to_a_request_that_is_not_there(world: CeremonyWorld) -> None:
    with pytest.raises(NotFoundError):
        DraftLinks(drafts(world)).read("r-zzzzzzzzzzzz")


def standings(world: CeremonyWorld) -> KeptStandings:
    return KeptStandings(world.keeper, world.judge, world.ceremony)


def test_a_request_that_nobody_has_signed_stands_nowhere(world: CeremonyWorld) -> None:
    drafted = world.draft()
    asked = drafts(world).read(drafted.request_id).sealed.asked
    assert standings(world).read(asked, now=world.now) is None


@pytest.mark.parametrize(
    ("decision", "state"), [(Decision.APPROVE, DecisionState.APPROVED), (Decision.DENY, DecisionState.DENIED)]
)
def test_where_it_stands_is_what_the_proofs_come_to(
    decision: Decision, state: DecisionState, world: CeremonyWorld
) -> None:
    request = world.open()
    world.sign(request, "maria", decision)
    found = standings(world).read(world.kept(request).sealed.asked, now=world.now)
    assert found is not None
    assert (found.verdict.state, found.is_started, found.outcome) == (state, False, "")


def test_what_has_begun_and_ended_is_told_by_the_chain(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    asked = world.kept(request).sealed.asked
    begun = standings(world).read(asked, now=world.now)
    assert begun is not None
    assert (begun.is_started, begun.outcome) == (True, "")
    world.close(request, error="RestoreFailedError", reason="the job failed")
    ended = standings(world).read(asked, now=world.now)
    assert ended is not None
    assert ended.outcome == "failed"
    assert "the job failed" in ended.outcome_reason


@pytest.mark.parametrize(
    ("system", "url"),
    [
        ("jira", "https://tickets.example/browse/OPS-123"),
        ("servicenow", "https://tickets.example/task.do?sysparm_query=number=OPS-123"),
    ],
)
def test_beside_it_stand_the_ticket_the_page_and_what_follows(system: Any, url: str, world: CeremonyWorld) -> None:
    ceremony = world.ceremony
    tickets = replace(ceremony.tickets, system=system, url="https://tickets.example/")
    around = CeremonySurroundings(replace(ceremony, tickets=tickets)).of(seal_request(a_request()).asked)
    assert around.ticket_url == url
    assert around.people == ceremony.people
    assert around.consequences
