"""`strongroom restore request --urgent` and `restore review`: an incident in place of a ticket, and what follows."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.reviews import ReviewFinding, make_review
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.requests import seal_request
from strongroom_cli.main import main
from tests.builders.restores import NOW, POLICY, a_request
from tests.conftest import ROOT

API = "https://api.example/v1"
RULES = canonical_text(json.loads(POLICY) | {"ticket": "none"})
SEALED = seal_request(a_request(ticket="", incident="INC-77", policy=RULES))
ID = SEALED.request.id
PAGE = f"https://page.example/approvals/{ID}?view=abc"
WISH = (
    *("restore", "request", "--account", "222222222222", "--recovery-point", "arn:x", "--target-name", "db-2"),
    *("--reason", "why"),
)

# What a stranger may have written into a reason.
MOVES = "\x1b[2J\u202eno"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What the API is asked for, address and body."""
    calls: list[tuple[str, Any]] = []

    def answer(method: str, url: str, **options: Any) -> Any:
        calls.append((url.removeprefix(API), json.loads(options["body"])))
        return SimpleNamespace(status=200, data=json.dumps(answers(url)).encode())

    monkeypatch.setattr(urllib3, "request", answer)
    monkeypatch.setenv("STRONGROOM_API", API)
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return calls


def answers(url: str) -> dict[str, Any]:
    """A draft, or the statement of a review."""
    told = {"request_id": ID, "text": SEALED.text}
    if url.endswith("/statements"):
        review = make_review(SEALED.asked, ReviewFinding.IN_ORDER, closed="0" * 64, nonce="A" * 22, issued_at=NOW)
        return told | {
            "statement": review.text,
            "outcome": "restored",
            "reason": "restored as arn:r" + MOVES,
            "view": "abc",
        }
    statement = make_statement(SEALED.asked, Decision.REQUEST, nonce="A" * 22, issued_at=NOW)
    return told | {"statement": statement.text, "reason": "it can be restored", "page": PAGE}


def test_an_urgent_request_names_the_incident_and_is_signed_on_its_page(
    sent: list[tuple[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WISH, "--urgent", "--incident", "INC-77"]) == 0
    [(address, body)] = sent
    assert (address, body["incident"], body["ticket"]) == ("/restores", "INC-77", "")
    out = capsys.readouterr().out
    assert "urgent, incident INC-77: UPDATE without WHERE" in out
    assert f"Nobody is asked before you sign: {PAGE}" in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "name a --ticket, or where it cannot wait --urgent with --incident"),
        (("--urgent",), "--urgent takes --incident in place of --ticket"),
        (("--urgent", "--incident", "INC-1", "--ticket", "OPS-1"), "--urgent takes --incident in place of --ticket"),
        (("--incident", "INC-1", "--ticket", "OPS-1"), "name a --ticket, or where it cannot wait"),
    ],
    ids=["neither", "no incident", "both", "not said to be urgent"],
)
def test_a_request_has_a_ticket_or_an_incident(
    arguments: tuple[str, ...], why: str, sent: list[tuple[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WISH, *arguments]) == 2
    assert why in capsys.readouterr().err
    assert sent == []


def test_a_review_is_told_and_signed_on_its_page(
    sent: list[tuple[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "review", ID, "--intent", str(ROOT / "sandbox" / "strongroom.yaml")]) == 0
    assert sent == [(f"/restores/{ID}/statements", {"decision": "in-order"})]
    out = capsys.readouterr().out
    assert f"{ID} ended as restored: restored as arn:r" in out
    assert all(each.isprintable() for each in out.splitlines())
    assert f"http://localhost:4566/v1/reviews/{ID}?view=abc" in out


def test_a_review_takes_a_page(sent: list[tuple[str, Any]], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["restore", "review", ID, "--intent", str(ROOT / "strongroom.yaml")]) == 2
    assert "has no restores.page" in capsys.readouterr().err
