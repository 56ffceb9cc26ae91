"""On the page people see what is asked for and sign it with their passkeys, in a real browser."""

import json
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.identifiers import AccountId
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.written import moment_text
from tests.browser.ceremony import CHAT_VIEW, NUMBER, in_seconds
from tests.browser.chromium import Page
from tests.browser.conftest import Visits
from tests.browser.server import ApprovalServer
from tests.builders.places import a_vault_arn
from tests.builders.proving.approvals import MARIA, OMAR, REQUEST_ID, SANA, a_policy, a_request_text
from tests.conftest import ROOT

PICTURES = ROOT / "build/approval-page"
# What moves while somebody reads, but for what answers a click of theirs (Layout Instability).
SHIFTS = """new Promise((told) => new PerformanceObserver((list) => told(list.getEntries()
  .filter((each) => !each.hadRecentInput).reduce((sum, each) => sum + each.value, 0)))
  .observe({type: 'layout-shift', buffered: true})) """


def decided(page: Page, title: str) -> None:
    page.wait(f"document.querySelector('#outcome-title').textContent === {json.dumps(title)}")


def button(decision: Decision) -> str:
    return f"[data-decision={decision}]"


def test_everything_that_decides_is_shown(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA)
    page.wait_for("A restore waits for your decision")
    text = page.text()
    digest = site.ceremony.asked.digest
    for shown in (
        "Omar Haddad asks: payments-db",
        "(12 h 0 min ago)",
        "payments-db-0200 in payments (222222222222)",
        "“UPDATE without WHERE at 14:00” · ticket OPS-123",
        "It was never scanned for malware.",
        "It will live under the key of its vault.",
        "daily-prod",
        "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-1",
        "Still needed: 1 of approvers (Maria Lindqvist, Sana Iqbal)",
        f"{digest[:4]} {digest[4:8]} {digest[8:12]}",
        "3 h 59 min left",
    ):
        assert shown in text
    link = page.run("document.querySelector('#quote a').href")
    assert link == "https://tickets.example/browse/OPS-123"
    assert page.faults() == []
    assert {address.split("/v1/")[0] for address in page.requested()} == {site.origin}


@pytest.mark.parametrize(
    ("team", "way"),
    [
        ("", "out of the air-gapped vault of account 444444444444, which is shared with it"),
        ("arn:aws:mpa:us-east-1:111111111111:approval-team/vaults", "which its approval team opens to it"),
    ],
    ids=["shared", "opened"],
)
def test_out_of_a_vault_of_another_account_it_is_said_how(
    visit: Visits, site: ApprovalServer, team: str, way: str
) -> None:
    vault = a_vault_arn("gapped-vault", account=AccountId("444444444444"))
    site.ceremony.text = a_request_text(now=in_seconds(0), vault=vault, approval_team=team or None)
    page = visit(MARIA)
    page.wait_for("A restore waits for your decision")
    assert way in page.run("document.body.textContent")


def test_only_the_changed_settings_stand_out(visit: Visits) -> None:
    page = visit(MARIA)
    rows = page.run("[...document.querySelectorAll('#changed .changed')].map((row) => row.innerText.split('\\n'))")
    assert rows == [
        ["DBInstanceClass", "was db.t4g.medium", "will be db.r6g.large"],
        ["DBInstanceIdentifier", "was payments-db", "will be payments-db-0200"],
    ]
    red, ink = page.run(
        "['.after', 'dt'].map((each) => getComputedStyle(document.querySelector(`#changed ${each}`)).color)"
    )
    assert red != ink
    assert "2 settings are as in the original" in page.text()


def test_what_there_was_to_choose_from_is_read_out_of_the_signed_text(visit: Visits) -> None:
    page = visit(MARIA, width=390)
    page.wait_for("What it could be restored from")
    rows = page.run("[...document.querySelectorAll('.candidate')].map((row) => row.innerText.split('\\n'))")
    assert rows == [
        [
            "State of 23 Nov 2026, 02:00 UTC · chosen, least loss, soonest",
            "loses 12 h, back in about 15 min",
            "local from local-prod-vault, warm; copy verified",
            "not scanned",
            "or copy-back from local-prod-vault, warm: back in about 15 min",
        ],
        [
            "State of 23 Nov 2026, 02:00 UTC",
            "loses 1 d 1 h, back in an unknown time",
            "local from local-prod-vault, warm; not known to be verified",
            "not scanned",
        ],
        [
            "State of 23 Nov 2026, 02:00 UTC",
            "not offered: malware was found in it",
            "local from local-prod-vault, warm; copy missing or wrong",
            "malware found on 26 Nov 2026, 14:00 UTC",
        ],
    ]
    assert page.run("document.querySelectorAll('.candidate.chosen').length") == 1
    for said in (
        "not later than 23 Nov 2026, 14:00 UTC",
        "3 more could",
        "replica-backup-vault: there is no such vault",
    ):
        assert said in page.text()
    assert page.run("document.scrollingElement.scrollWidth") <= 390
    assert page.faults() == []


def test_a_request_of_before_shows_no_candidates(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = a_request_text(now=in_seconds(0))
    page = visit(MARIA)
    page.wait_for("A restore waits for your decision")
    assert page.run("document.querySelector('#candidates').hidden") is True


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1440, "dark")])
def test_an_approval_is_one_click_and_counts(visit: Visits, site: ApprovalServer, width: int, theme: str) -> None:
    page = visit(MARIA, width=width, dark=theme == "dark")
    page.find(button(Decision.APPROVE))
    page.screenshot(PICTURES / f"waiting-{width}-{theme}.png")
    page.click(button(Decision.APPROVE))
    decided(page, "Maria Lindqvist, your approval counts")
    page.wait_for("Approved: the restore is about to begin")
    assert "Nobody else is needed." in page.text()
    assert site.ceremony.verdict().state is DecisionState.APPROVED
    [proof] = site.ceremony.proofs
    assert read_proof(proof).statement.decision is Decision.APPROVE
    assert page.run("document.scrollingElement.scrollWidth") <= width
    assert page.run(SHIFTS) < 0.01
    assert page.faults() == []
    page.screenshot(PICTURES / f"approved-{width}-{theme}.png")


def test_what_is_still_missing_is_said_after_the_first_of_two(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = a_request_text(now=in_seconds(0), policy=a_policy(needed=2))
    page = visit(MARIA)
    page.click(button(Decision.APPROVE))
    decided(page, "Maria Lindqvist, your approval counts")
    page.wait_for("Still needed: 1 of approvers.")
    page.wait_for("Approved by Maria Lindqvist. Still needed: 1 of approvers (Sana Iqbal).")
    other = visit(SANA)
    other.click(button(Decision.APPROVE))
    decided(other, "Sana Iqbal, your approval counts")
    assert site.ceremony.verdict().state is DecisionState.APPROVED


def test_an_approval_that_is_enough_but_must_wait_says_so(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = a_request_text(now=in_seconds(0), policy=a_policy(delay=600))
    page = visit(MARIA)
    page.click(button(Decision.APPROVE))
    decided(page, "Maria Lindqvist, your approval counts")
    assert "Nobody else is needed. Approved by " in page.text()
    page.wait_for("Approved: it waits, and can still be stopped")
    page.wait_for("It is carried out from ")
    page.wait_for("Recorded: ")  # the last line to come, which moves the buttons
    assert page.run("document.querySelectorAll('[data-decision=approve]').length") == 0
    page.click(button(Decision.DENY))
    decided(page, "Maria Lindqvist, your refusal counts")


def test_a_setting_that_the_original_left_empty_differs(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = changed(
        a_request_text(now=in_seconds(0)), metadata={"Zone": "a", "Port": "1"}, original={"Zone": "", "Port": "1"}
    )
    page = visit(MARIA)
    page.wait_for("One setting differs from the original.")
    page.wait_for("was not said")


def test_one_refusal_is_enough(visit: Visits, site: ApprovalServer) -> None:
    page = visit(SANA)
    page.click(button(Decision.DENY))
    decided(page, "Sana Iqbal, your refusal counts")
    page.wait_for("Handled by Sana Iqbal. Nothing is left to decide.")
    assert site.ceremony.verdict().state is DecisionState.DENIED
    assert page.run("document.querySelectorAll('#buttons button').length") == 0


def test_the_requester_takes_the_request_back(visit: Visits, site: ApprovalServer) -> None:
    page = visit(OMAR)
    page.click(button(Decision.CANCEL))
    decided(page, "Omar Haddad, your request is taken back")
    assert site.ceremony.verdict().state is DecisionState.CANCELLED


def test_the_requester_signs_a_draft_which_opens_it(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.opening = ""
    page = visit(OMAR)
    page.wait_for("Your request is ready to be sent")
    assert page.run("[...document.querySelectorAll('#buttons button')].map((each) => each.innerText)") == [
        "Sign and send"
    ]
    page.click(button(Decision.REQUEST))
    decided(page, "The request is sent")
    page.wait_for("A restore waits for your decision")
    assert site.ceremony.opening


def test_nobody_else_signs_the_draft(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.opening = ""
    page = visit(MARIA)
    page.click(button(Decision.REQUEST))
    decided(page, "Nothing was signed")
    assert site.ceremony.posted == []


def test_the_requester_has_no_key_that_approves(visit: Visits, site: ApprovalServer) -> None:
    page = visit(OMAR)
    page.click(button(Decision.APPROVE))
    decided(page, "Nothing was signed")
    assert site.ceremony.posted == []


def test_a_double_click_is_one_proof(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA)
    page.click(button(Decision.APPROVE), times=2)
    decided(page, "Maria Lindqvist, your approval counts")
    page.wait("document.querySelector('#headline').textContent.startsWith('Approved')")
    assert len(site.ceremony.posted) == 1


def test_the_keyboard_alone_approves(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA)
    page.find(button(Decision.APPROVE))
    for _ in range(20):
        page.press("Tab", code=9)
        if page.run("document.activeElement.dataset.decision") == "approve":
            break
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("Enter", code=13)
    decided(page, "Maria Lindqvist, your approval counts")
    assert page.run("document.activeElement.id") == "outcome-title"


def test_a_holder_who_is_not_verified_signs_nothing(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA, verifies=False)
    page.click(button(Decision.APPROVE))
    decided(page, "Nothing was signed")
    assert site.ceremony.posted == []
    page.wait(f"document.querySelector('{button(Decision.APPROVE)}').disabled === false")


def test_a_second_tab_is_told_that_it_is_too_late(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = a_request_text(now=in_seconds(0), policy=a_policy(needed=2))
    first, second = visit(MARIA), visit(MARIA)
    for page in (first, second):
        page.find(button(Decision.APPROVE))
    first.click(button(Decision.APPROVE))
    decided(first, "Maria Lindqvist, your approval counts")
    second.click(button(Decision.APPROVE))
    decided(second, "It does not count")
    assert "It changes nothing, because you have decided." in second.text()
    assert len(site.ceremony.proofs) == 1


def test_a_page_left_open_past_the_end_offers_no_approval(visit: Visits, site: ApprovalServer) -> None:
    ends = moment_text(in_seconds(10))
    site.ceremony.text = a_request_text(now=in_seconds(0), approve_before=ends)
    page = visit(MARIA)
    page.find(button(Decision.APPROVE))
    page.wait_for("The time for it is over")
    assert page.run("document.querySelectorAll('#buttons button').length") == 0
    assert "Nothing is left to decide." in page.text()


def test_the_countdown_runs(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = a_request_text(now=in_seconds(-4 * 3600 + 50))
    page = visit(MARIA)
    first = page.wait("document.querySelector('#left').textContent")
    page.wait(f"document.querySelector('#left').textContent !== {json.dumps(first)}")
    assert first.endswith(" s left")


def test_a_running_restore_leaves_nothing_to_decide(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.is_started = True
    page = visit(MARIA)
    page.wait_for("Approved: the restore is running")
    assert page.run("document.querySelectorAll('#buttons button').length") == 0


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ({"view": "guessed"}, "This link does not open the request"),
        ({"view": ""}, "This link does not open the request"),
        ({"request_id": "r-zzzzzzzz2345"}, "There is no such request"),
        ({"request_id": "..%2Fx"}, "There is no such request"),
    ],
    ids=["a wrong token", "no token", "an unknown request", "no id at all"],
)
def test_a_link_that_opens_nothing_says_so(visit: Visits, link: dict[str, str], title: str) -> None:
    page = visit(MARIA, address=visit.address(**link))
    page.wait_for(title)
    assert page.run("document.querySelector('#request').hidden") is True


def test_opening_the_page_changes_nothing(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA)
    page.wait_for("A restore waits for your decision")
    assert (site.ceremony.proofs, site.ceremony.posted) == ([], [])


# What a control plane that lies could tell the page.


def changed(text: str, **changes: Any) -> str:
    return canonical_text(json.loads(text) | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"request_digest": "0" * 64},
        {"policy": "0" * 64},
        {"request": "r-zzzzzzzz2345"},
        {"expires_at": "2036-11-26T19:00:00Z"},
        {"format": "strongroom-policy/1"},
        {"nonce": "AAAA"},
        {"issued_at": "now"},
        {"more": "than it should say"},
        {"decision": "deny"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_statement_about_something_else_is_not_signed(
    visit: Visits, site: ApprovalServer, changes: dict[str, str]
) -> None:
    honest = site.ceremony.hand_out("approve", "view-token-of-the-link")["statement"]
    site.ceremony.lies["statement"] = changed(honest, **changes)
    page = visit(MARIA)
    page.click(button(Decision.APPROVE))
    decided(page, "Nothing was signed")
    assert "The statement to be signed is not what this page shows" in page.text()
    assert site.ceremony.posted == []


def test_a_click_on_deny_signs_no_approval(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.lies["decision"] = "approve"
    page = visit(MARIA)
    page.click(button(Decision.DENY))
    decided(page, "Nothing was signed")
    assert site.ceremony.posted == []


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (lambda text: text.replace(":", ": ", 1), "it is not in its one canonical form"),
        (lambda text: text[:-1] + ',"reason":"another"}', "it is not in its one canonical form"),
        (lambda text: text.replace('"copy_kept_for":0', '"copy_kept_for":0.5'), "no integer"),
        (lambda text: changed(text, id="r-zzzzzzzz2345"), "it is another request than the one in the address"),
        (lambda text: changed(text, approve_before="soon"), "approve_before is no moment"),
        (lambda text: changed(text, metadata=[]), "metadata is no record"),
        (lambda text: changed(text, account=""), "account is no text"),
        (lambda text: changed(text, candidates=[]), "candidates is no record"),
        (lambda text: text.replace('"more":3', '"more":-3'), "more is no number"),
        (lambda text: text.replace('"verified":false', '"verified":"no"'), "verified is neither true nor false"),
    ],
    ids=[
        *("blanks", "a key twice", "a float", "another id", "no moment", "no metadata", "no account"),
        *("no candidates", "no number", "no flag"),
    ],
)
def test_a_text_that_is_no_request_is_not_shown(visit: Visits, site: ApprovalServer, spoiled: Any, said: str) -> None:
    site.ceremony.lies["text"] = spoiled(site.ceremony.text)
    assert site.ceremony.lies["text"] != site.ceremony.text
    page = visit(MARIA)
    page.wait_for(said)
    assert page.run("document.querySelector('#request').hidden") is True


def test_a_statement_that_comes_with_another_text_is_not_signed(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.lies["text of the statement"] = changed(site.ceremony.text, target_name="payments-db")
    page = visit(MARIA)
    page.click(button(Decision.APPROVE))
    decided(page, "Nothing was signed")
    assert "Sign nothing, and tell security." in page.text()
    assert site.ceremony.posted == []


def test_a_request_that_changes_behind_the_page_stops_it(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA)
    page.find(button(Decision.APPROVE))
    site.ceremony.text = changed(site.ceremony.text, target_name="payments-db")
    page.run("window.dispatchEvent(new Event('focus'))")
    page.wait_for("Sign nothing, and tell security.")
    assert page.run("document.querySelector('#request').hidden") is True


def test_hidden_and_turning_characters_are_named(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = a_request_text(now=in_seconds(0), reason="drill \u202edo not\u200b <b>worry</b>")
    page = visit(MARIA)
    page.wait_for("drill ⟨U+202E⟩do not⟨U+200B⟩ <b>worry</b>")


def test_a_page_at_another_address_offers_no_signature(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA, address=visit.address(origin=f"http://evil.localhost:{site.server_port}"))
    page.wait_for("This page lies at evil.localhost, and the passkeys are made for localhost.")
    assert page.run("document.querySelectorAll('#buttons button').length") == 0


def test_a_signature_from_another_address_counts_for_nothing(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.lies["rp_id"] = "evil.localhost"
    evil = f"http://evil.localhost:{site.server_port}"
    page = visit(MARIA, rp_id="evil.localhost", address=visit.address(origin=evil))
    page.click(button(Decision.APPROVE))
    decided(page, "It does not count")
    assert "It was signed on a page that is not ours." in page.text()
    assert (len(site.ceremony.posted), site.ceremony.proofs) == (1, [])


def test_the_page_lies_in_no_frame(visit: Visits, site: ApprovalServer) -> None:
    site.frame = visit.address()
    page = visit.browser.page()
    visit.opened.append(page)
    visit.give_passkey(page, MARIA)
    page.open(f"{site.origin}/somebody-else")
    page.wait("document.title === 'Somebody else' && document.readyState === 'complete'")
    assert site.ceremony.looked == 0
    assert any("frame-ancestors" in fault for fault in page.faults())


def test_a_control_plane_that_is_away_leaves_doubt_after_the_signature_only(
    visit: Visits, site: ApprovalServer
) -> None:
    page = visit(MARIA)
    page.find(button(Decision.APPROVE))
    page.send("Network.setBlockedURLs", urls=["*/proofs"])
    page.click(button(Decision.APPROVE))
    decided(page, "It is not known whether it counts")
    assert "Look at what stands here before you repeat it." in page.text()


def test_a_stale_statement_is_fetched_anew(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA)
    page.find(button(Decision.APPROVE))
    page.wait("performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/statements')).length >= 3")
    before = len(site.ceremony.handed_out)
    page.run("(() => { const real = performance.now.bind(performance); performance.now = () => real() + 300000; })()")
    page.click(button(Decision.APPROVE))
    decided(page, "Maria Lindqvist, your approval counts")
    assert len(site.ceremony.handed_out) + len(site.ceremony.proofs) > before


# The receipt: what was signed stands in the log of the audit account, or whoever signed is told that it does not.


def later(page: Page) -> None:
    """Let a minute pass on the page."""
    page.run("(() => { const real = performance.now.bind(performance); performance.now = () => real() + 61000; })()")


def test_whoever_signed_sees_that_the_log_has_it(visit: Visits) -> None:
    page = visit(SANA)
    page.click(button(Decision.DENY))
    page.wait_for("Recorded: the log of the audit account has it, seen by its witness on ")


def test_attack_30_a_vote_that_was_dropped_is_missed_by_whoever_cast_it(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.is_logged = False
    page = visit(SANA)
    page.click(button(Decision.DENY))
    page.wait_for("Looking for it in the log of the audit account")
    later(page)
    page.wait_for("Not recorded: the log of the audit account does not show what you signed. Call security now")


def other_root(proof: str) -> str:
    lines = proof.split("\n")
    root = lines.index("") + 3
    lines[root] = ("B" if lines[root][0] == "A" else "A") + lines[root][1:]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "lie",
    [
        lambda proof: proof.replace("index 0", "index 1"),
        lambda proof: proof.replace("strongroom.example/log\n", "strongroom.example/gol\n"),
        other_root,
        lambda proof: proof[: proof.rindex("\u2014")],
        lambda proof: proof[: proof.index("\u2014")] + proof[proof.rindex("\u2014") :],
        lambda proof: proof.replace("tlog-proof@v1", "tlog-proof@v2"),
        lambda _: "nothing",
    ],
    ids=["another place", "another log", "another root", "no witness", "no log", "another format", "no proof"],
)
def test_a_proof_of_the_log_that_is_not_good_is_none(visit: Visits, site: ApprovalServer, lie: Any) -> None:
    site.ceremony.lies["log"] = lie
    page = visit(SANA)
    page.click(button(Decision.DENY))
    page.wait_for("Not recorded: ")
    assert "Recorded: " not in page.text()


def test_the_proof_of_another_vote_is_no_receipt(visit: Visits, site: ApprovalServer) -> None:
    site.ceremony.text = a_request_text(now=in_seconds(0), policy=a_policy(needed=2))
    first = visit(MARIA)
    first.click(button(Decision.APPROVE))
    first.wait_for("Recorded: ")
    [logged] = site.ceremony.log.run(REQUEST_ID, now=in_seconds(0)).proofs.values()
    site.ceremony.lies["log"] = lambda _: logged
    second = visit(SANA)
    second.click(button(Decision.APPROVE))
    second.wait_for("Not recorded: ")


# The number in chat.


def test_attack_07_an_approval_from_chat_takes_the_number_that_stands_there(
    visit: Visits, site: ApprovalServer
) -> None:
    page = visit(MARIA, address=visit.address(view=CHAT_VIEW))
    page.click(button(Decision.APPROVE))
    page.wait_for("Type the two digits that stand beside the link in chat.")
    assert (site.ceremony.posted, site.ceremony.wrong_numbers) == ([], [])
    page.wait("document.querySelector('#number').disabled === false")
    for typed, said in (("46", "This is not the number"), (NUMBER, "It is the number.")):
        page.run("document.querySelector('#number').focus()")
        page.send("Input.insertText", text=typed)
        page.wait_for(said)
    assert site.ceremony.wrong_numbers == ["46"]
    page.click(button(Decision.APPROVE))
    decided(page, "Maria Lindqvist, your approval counts")


def test_a_refusal_from_chat_takes_none(visit: Visits, site: ApprovalServer) -> None:
    page = visit(SANA, address=visit.address(view=CHAT_VIEW))
    page.click(button(Decision.DENY))
    decided(page, "Sana Iqbal, your refusal counts")
    assert site.ceremony.wrong_numbers == []


# From the first look to the end, at one address.


def test_the_way_says_what_waits_for_whom_and_what_came_of_it(visit: Visits, site: ApprovalServer) -> None:
    page = visit(MARIA)
    page.wait_for("The way of this restore")
    gates = "[...document.querySelectorAll('#gates li')].map((each) => each.innerText.replace(/\\n+/g, ': '))"
    assert page.run(gates) == [
        "Signed by who asks: Done · Omar Haddad",
        "Its ticket allows it: Waits for ticket OPS-123",
        "Approved: Waits for 1 of approvers",
        "Restored: Later",
        "Written down: Later",
    ]
    page.click(button(Decision.APPROVE))
    page.wait_for("Approved: the restore is about to begin")
    assert page.run("document.querySelector('[data-decision=deny]').innerText") == "Stop it"
    site.ceremony.end(created="arn:aws:rds:eu-west-1:222222222222:db:payments-db-0200")
    page.run("window.dispatchEvent(new Event('focus'))")
    page.wait("document.querySelector('#headline').textContent === 'Restored'")
    assert "arn:aws:rds:eu-west-1:222222222222:db:payments-db-0200" in page.text()
    assert page.run("document.querySelector('#result').innerText").count(REQUEST_ID) == 1
    assert "Afterwards\nwriter done: it has one" in page.run("document.querySelector('#result').innerText")
    assert page.run("document.querySelectorAll('#buttons button, #logins button').length") == 0
    assert page.run("document.scrollingElement.scrollWidth") <= 390
    assert page.faults() == []
    page.screenshot(PICTURES / "restored-390.png")
