"""The step that waits: the request is shown, and the token stays in the ledger."""

import pytest

from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def test_the_request_is_shown_and_the_token_kept_to_itself(
    functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    functions.add()
    answer = load_handler("open_approval")({"request_id": ID, "task_token": "very-secret-token"}, None)
    assert functions.world.book.kept_token(ID) == "very-secret-token"
    assert ID in functions.slack[0]
    assert functions.tickets.comments
    said = capsys.readouterr()
    assert "very-secret" not in f"{answer} {functions.slack} {functions.tickets.comments} {said.out} {said.err}"
