"""Whoever holds the link may look, and nobody else."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from strongroom.domain.errors import NotFoundError, PermissionRefusedError
from strongroom.domain.proofs.asked import AskedRestore
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.showing.approval_view import ApprovalView, Around, Judged, PageState
from strongroom.ports.approval_page import LinkedRequest
from strongroom.services.restores.asking.show_approval import ApprovalShowNeeds, show_approval
from tests.builders.proving.approvals import ASKED_AT, PEOPLE, REQUEST_ID, a_request_text

VIEW, CHAT_VIEW = "token", "token of the link in chat"


@dataclass
class FakeRequests:
    """One request, and what was asked about it."""

    judged: Judged | None = None
    read_at: list[datetime] = field(default_factory=list)

    def read(self, request_id: str) -> LinkedRequest:
        if request_id != REQUEST_ID:
            raise NotFoundError("there is none")
        digests = (hashlib.sha256(view.encode()).hexdigest() for view in (VIEW, CHAT_VIEW))
        return LinkedRequest(a_request_text(), *digests)


@dataclass
class FakeStandings:
    requests: FakeRequests

    def read(self, asked: AskedRestore, *, now: datetime) -> Judged | None:
        self.requests.read_at.append(now)
        return self.requests.judged


class FakeSurroundings:
    def of(self, asked: AskedRestore) -> Around:
        return Around(people=PEOPLE, rp_id="restore.example")


def shown(requests: FakeRequests, *, request_id: str = REQUEST_ID, view: str = VIEW) -> ApprovalView:
    needs = ApprovalShowNeeds(requests=requests, standings=FakeStandings(requests), surroundings=FakeSurroundings())
    return show_approval(request_id, view=view, needs=needs, now=ASKED_AT)


def test_a_draft_is_shown_to_whoever_holds_the_link() -> None:
    assert shown(FakeRequests()).state is PageState.DRAFT


def test_where_it_stands_is_asked_by_the_clock_that_is_given() -> None:
    requests = FakeRequests(judged=Judged(verdict=Verdict(state=DecisionState.DENIED, reason="")))
    assert shown(requests).state is PageState.CLOSED
    assert requests.read_at == [ASKED_AT]


@pytest.mark.parametrize("view", ["", "Token", "token ", hashlib.sha256(VIEW.encode()).hexdigest()])
def test_another_token_shows_nothing(view: str) -> None:
    requests = FakeRequests()
    with pytest.raises(PermissionRefusedError, match="this link does not lead to that request"):
        shown(requests, view=view)
    assert requests.read_at == []


@pytest.mark.parametrize("request_id", ["r-zzzzzzzz2345", "../r-abcdefgh2345", ""])
def test_an_unknown_request_is_not_found(request_id: str) -> None:
    with pytest.raises(NotFoundError):
        shown(FakeRequests(), request_id=request_id)


def test_an_approval_takes_a_number_where_the_link_came_from_chat() -> None:
    assert shown(FakeRequests(), view=CHAT_VIEW).asks_number is True
    assert shown(FakeRequests()).asks_number is False
