"""The step that shows a request to those who decide on it: in Slack, with the way to its page, and on its ticket."""

import pytest

from strongroom.domain.errors import NotFoundError
from tests.fakes.ceremony import Functions
from tests.fakes.restores.world import PUBLIC_URL


def test_the_request_is_shown_in_slack_with_its_page_and_on_its_ticket(functions: Functions) -> None:
    request = functions.world.open()
    answer = functions.step("tell_approvers", request)
    page = f"{PUBLIC_URL}/approvals/{request}?view={functions.world.asking.drafts.read(request).chat_view}"
    [shown] = functions.slack
    [comment] = functions.world.tickets.comments
    assert answer == {"request_id": request, "channel": "C0RESTORE", "ts": "1.1", "unreached": ()}
    assert f"'url': '{page}'" in shown
    assert (
        f"Restore {request} of payments-db to payments-db-0200 in account payments (222222222222) awaits approval"
        in comment
    )


def test_however_often_it_is_tried_it_is_shown_once(functions: Functions) -> None:
    request = functions.world.open()
    answers = [functions.step("tell_approvers", request) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(functions.slack) == 1


def test_the_way_to_the_page_is_not_logged(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    request = functions.world.open()
    functions.step("tell_approvers", request)
    said = capsys.readouterr()
    assert request in said.out
    assert functions.world.asking.drafts.read(request).view not in said.out + said.err


def test_an_unknown_request_is_not_shown(functions: Functions) -> None:
    with pytest.raises(NotFoundError):
        functions.step("tell_approvers", "r-bbbbbbbbbbbb")
    assert functions.slack == []
