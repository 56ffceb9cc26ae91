"""The function behind the pages on which people see a request and sign: whoever holds a link may look."""

from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.evidence.log.notes import read_note_key
from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.evidence.witnessing import demand_witnessed
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.statements import Decision
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler
from tests.fakes.evidence.bucket import LOG

_KEYS = (read_note_key(LOG.log_key or ""), read_note_key(LOG.witness or ""))
TRUSTED_LOG = LogTrust(origin=LOG.origin or "", witness=_KEYS[1].name, keys=_KEYS)
SHOWN = "POST /approvals/{id}/request"
PAGES = ("/approvals/{id}", "/enrol", "/rules", "/outages")


def _get(functions: Functions, resource: str, **parameters: str) -> dict[str, Any]:
    event = functions.http("GET", resource, resource=resource, pathParameters=parameters or None)
    answer: dict[str, Any] = load_handler("show_approval")(event, None)
    return answer


def _show(functions: Functions, request: str, *, view: str | None = None) -> tuple[int, Any]:
    link = functions.world.asking.drafts.read(request).view if view is None else view
    return functions.ask("show_approval", SHOWN, {"view": link}, id=request)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_its_own_scripts_and_no_other(page: str, functions: Functions) -> None:
    answer = _get(functions, page, **({"id": functions.world.open()} if "{id}" in page else {}))
    headers, policy = answer["headers"], answer["headers"]["Content-Security-Policy"]
    assert (answer["statusCode"], headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'; script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert policy.endswith(f"form-action 'self' {functions.issuer.name}")


def test_the_page_is_the_same_for_a_request_that_there_is_and_for_one_that_there_is_not(functions: Functions) -> None:
    """Without its link nobody learns which requests there are."""
    there, not_there = (_get(functions, PAGES[0], id=each) for each in (functions.world.open(), "r-bbbbbbbbbbbb"))
    assert there["body"].count("r-") == not_there["body"].count("r-")
    assert there["headers"] == not_there["headers"]


@pytest.mark.parametrize(
    ("resource", "asset", "media_type"),
    [
        ("/approvals/{id}/{asset}", "page.js", "text/javascript; charset=utf-8"),
        ("/approvals/{id}/{asset}", "page.css", "text/css; charset=utf-8"),
        ("/enrol/{asset}", "enrol.js", "text/javascript; charset=utf-8"),
        ("/rules/{asset}", "agree.js", "text/javascript; charset=utf-8"),
        ("/outages/{asset}", "outage.js", "text/javascript; charset=utf-8"),
    ],
)
def test_a_page_s_parts_are_given_out(resource: str, asset: str, media_type: str, functions: Functions) -> None:
    answer = _get(functions, resource, id="r-bbbbbbbbbbbb", asset=asset)
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, media_type)
    assert answer["body"]


@pytest.mark.parametrize("asset", ["page.html", "../pages.py", "%2e%2e/pages.py", ""])
def test_nothing_else_is_given_out(asset: str, functions: Functions) -> None:
    assert _get(functions, "/enrol/{asset}", asset=asset)["statusCode"] == 404


def test_whoever_holds_the_link_sees_the_request_as_it_will_be_signed(functions: Functions) -> None:
    request = functions.world.open()
    status, shown = _show(functions, request)
    sealed = functions.world.kept(request).sealed
    assert (status, shown["text"]) == (200, sealed.text)


def test_a_draft_is_shown_so_that_its_requester_can_sign_it(functions: Functions) -> None:
    drafted = functions.world.draft()
    status, shown = _show(functions, drafted.request_id)
    assert (status, shown["text"]) == (200, drafted.text)


def test_what_has_become_of_it_is_shown(functions: Functions) -> None:
    request = functions.world.open()
    before = _show(functions, request)[1]
    functions.world.sign(request, "sana", Decision.DENY)
    after = _show(functions, request)[1]
    assert (before["state"], after["state"]) == ("open", "closed")


@pytest.mark.parametrize("view", ["", "A" * 22, "é"])
def test_another_link_leads_nowhere(view: str, functions: Functions) -> None:
    status, content = _show(functions, functions.world.open(), view=view)
    assert (status, list(content)) == (403, ["error"])


@pytest.mark.parametrize("body", ["{", {}, {"view": 1}, {"view": "x" * 201}, {"view": "x", "more": "y"}], ids=repr)
def test_what_is_no_link_is_400(body: Any, functions: Functions) -> None:
    assert functions.ask("show_approval", SHOWN, body, id=functions.world.open())[0] == 400


def test_the_link_is_not_logged(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    request = functions.world.open()
    _show(functions, request)
    said = capsys.readouterr()
    assert functions.world.asking.drafts.read(request).view not in said.out + said.err


# Receipts

RECEIPT = "POST /approvals/{id}/receipt"


def _receipt(functions: Functions, request: str, *, person: str = "", **body: str) -> tuple[int, Any]:
    return functions.ask("show_approval", RECEIPT, body, person=person, id=request)


def test_the_receipt_is_the_logs_own_proof_of_what_was_signed(functions: Functions) -> None:
    request = functions.world.open()
    digest = functions.world.sign(request, "sana", Decision.DENY).proof
    view = functions.world.asking.drafts.read(request).view
    before = _receipt(functions, request, view=view, proof=digest)[1]
    assert (before["key"], before["logged"]) == (proof_key(request, digest), "")
    functions.log.log.run(request, now=functions.world.now)
    for status, after in (
        _receipt(functions, request, view=view, proof=digest),
        _receipt(functions, request, person="sana", proof=digest),
    ):
        [text] = functions.world.kept(request).proofs
        assert (status, after["statement"]) == (200, read_proof(text).statement.text)
        demand_witnessed(
            after["key"], text, {after["key"]: after["logged"]}, trust=TRUSTED_LOG, signatures=CryptographySignatures()
        )


@pytest.mark.parametrize(
    ("body", "person", "status"),
    [
        pytest.param({"proof": "a" * 64}, "", 401, id="no link and no token"),
        pytest.param({"proof": "a" * 64}, "nobody", 403, id="unknown"),
        pytest.param({"proof": "a" * 64, "view": "A" * 22}, "", 403, id="another link"),
        pytest.param({"proof": "a" * 63}, "sana", 400, id="no digest"),
        pytest.param({"view": "A" * 22}, "", 400, id="nothing asked for"),
    ],
)
def test_nobody_else_is_told_what_was_signed(
    body: dict[str, str], person: str, status: int, functions: Functions
) -> None:
    answered, content = _receipt(functions, functions.world.open(), person=person, **body)
    assert (answered, list(content)) == (status, ["error"])
