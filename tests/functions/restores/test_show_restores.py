"""The function behind GET /restores."""

from datetime import timedelta

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.domain.canonical import canonical_text
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.findings import FindingState
from strongroom.domain.evidence.replay import replay
from strongroom.domain.evidence.trust import read_trust
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.restores.ends.standing import EndState, begun, closed
from strongroom.domain.rulebook.trust import InForce, ceremony_trust, rules_in_force
from tests.builders.intents import with_restores
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, POINT, a_wish
from tests.fakes.ceremony import Functions

LIST, ONE, EVIDENCE = "GET /restores", "GET /restores/{id}", "GET /restores/{id}/evidence"
ENDS = "GET /restores/ends"


def _restore_and_close(functions: Functions, request: str) -> None:
    for function in ("start_restore", "check_restore", "tag_restored", "close_restore"):
        functions.step(function, request, error="", reason="")


def _closed(functions: Functions, point: str = POINT) -> str:
    request = functions.world.come_to_approval(a_wish(recovery_point=point))
    if point == CENTRAL_POINT:
        for function in ("start_copy_back", "check_copy_back"):
            functions.step(function, request)
    _restore_and_close(functions, request)
    return request


def test_the_list_names_the_latest_requests(functions: Functions) -> None:
    requests = [functions.world.open(), functions.world.open_another()]
    status, content = functions.ask("show_restores", LIST, person="ada")
    assert (status, {each["id"] for each in content["restores"]}) == (200, set(requests))


def test_what_restores_left_behind_is_listed_until_it_is_gone(functions: Functions) -> None:
    request = functions.world.open()
    end = begun(functions.world.kept(request).sealed.request, vault=TEMPORARY_VAULT, job="copy-1", since=NOW, now=NOW)
    book = LedgerEnds(functions.world.ledger)
    book.keep_end(end, was=None)
    status, content = functions.ask("show_restores", ENDS, person="ada")
    assert (status, [(each["request_id"], each["owner"]) for each in content["ends"]]) == (
        200,
        [(request, "Omar Haddad")],
    )
    book.keep_end(closed(end, EndState.GONE, reason="it is not there"), was=end)
    assert functions.ask("show_restores", ENDS, person="ada") == (200, {"ends": []})


def test_one_request_is_shown_in_full(functions: Functions) -> None:
    request = functions.world.open()
    status, content = functions.ask("show_restores", ONE, person="ada", id=request)
    assert (status, content["state"], content["missing"]) == (200, "pending", ["approvers"])
    assert (content["request"]["id"], content["requester"]) == (request, "Omar Haddad")


def test_its_evidence_can_be_taken_away_once_the_log_has_seen_its_end(functions: Functions) -> None:
    request = _closed(functions)
    status, content = functions.ask("show_restores", EVIDENCE, person="ada", id=request)
    assert status == 200
    bundle = read_bundle(canonical_text(content))
    assert (len(bundle.proofs), bundle.chain[-1]["kind"]) == (1, "closed")


def _found(functions: Functions, request: str, *earlier: InForce) -> tuple[FindingState, str, str]:
    """What a verifier makes of the evidence, by what today's intent and these rules of former days make of trust."""
    intent = functions.world.intent
    trust = ceremony_trust(intent, at=NOW, recorded=(*earlier, *rules_in_force(intent, at=NOW)))
    _, content = functions.ask("show_restores", EVIDENCE, person="ada", id=request)
    bundle = read_bundle(canonical_text(content))
    finding = replay(bundle, trust=read_trust(canonical_text(trust)), signatures=CryptographySignatures())
    return finding.state, finding.broken, finding.outcome


@pytest.mark.parametrize("point", [POINT, CENTRAL_POINT], ids=["local", "copied back"])
def test_the_evidence_is_proven_to_whoever_trusts_the_reviewed_intent(point: str, functions: Functions) -> None:
    """What these functions, and the log's own code, have left behind is all that the verifier is given."""
    functions.pace = timedelta(seconds=1)
    request = _closed(functions, point)
    assert _found(functions, request) == (FindingState.PROVEN, "", "restored")


def test_so_it_is_where_the_rules_became_stricter_while_it_was_open(functions: Functions) -> None:
    functions.pace = timedelta(seconds=1)
    request = functions.world.come_to_approval()
    sealed = functions.world.kept(request).sealed
    former = InForce(sealed.asked.policy.digest)
    rule = ApprovalRule(unit="Production", group="approvers", needed=2)
    functions.deploy(with_restores(functions.world.intent, rules=(rule,)))
    assert functions.step("judge_approval", request)["state"] == "pending"
    functions.world.sign(request, "sana")
    _restore_and_close(functions, request)
    assert _found(functions, request, former) == (FindingState.PROVEN, "", "restored")


def test_before_its_end_there_is_no_evidence_to_take_away(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    status, content = functions.ask("show_restores", EVIDENCE, person="ada", id=request)
    assert (status, "has not ended" in content["error"]) == (404, True)


@pytest.mark.parametrize("route", [ONE, EVIDENCE])
@pytest.mark.parametrize("request_id", ["r-bbbbbbbbbbbb", "r-x", "..%2f..%2fpolicies"])
def test_an_unknown_request_is_404(route: str, request_id: str, functions: Functions) -> None:
    assert functions.ask("show_restores", route, person="ada", id=request_id)[0] == 404


@pytest.mark.parametrize("route", [LIST, ENDS, ONE, EVIDENCE])
@pytest.mark.parametrize(("person", "status"), [("", 401), ("nobody", 403)], ids=["no token", "unknown"])
def test_nothing_is_shown_to_whoever_is_not_known(route: str, person: str, status: int, functions: Functions) -> None:
    request = functions.world.open()
    answered, content = functions.ask("show_restores", route, person=person, id=request)
    assert (answered, list(content)) == (status, ["error"])
