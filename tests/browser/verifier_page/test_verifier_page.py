"""The page that verifies evidence in a browser: the command's codes, no network, and nothing that a bundle can do."""

import json
import random
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.statements import Decision
from tests.browser.accessibility import AXE, violations
from tests.browser.verifier_page.cases.every import CASES
from tests.browser.verifier_page.cases.happening import faulty
from tests.browser.verifier_page.cases.plays import Case, asking, files, restored
from tests.browser.verifier_page.cases.reviews import REVIEWS, Reviewed
from tests.browser.verifier_page.verifier import Verifier, canonical
from tests.builders.evidence import a_sealed_bundle
from tests.builders.proving.ceremony import LENA, MARIA, Play, a_restored_play, an_approved_play
from tests.conftest import ROOT

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/evidence.json").read_text("utf-8"))
LETTERS = 'abcdefABCDEF0123456789+/=-_ "\\{}[],:\n\u00e9'
CHANGES = 300


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_person_who_picks_the_files_of_a_vector_reads_its_code(page: Verifier, vector: dict[str, Any]) -> None:
    code = page.pick(canonical(vector["bundle"]), canonical(vector["trust"]))
    assert code == vector["want"]
    assert f"(code {code})" in page.shown()
    assert ("first broken link" in page.shown()) is (code == 1)


def test_page_and_command_read_the_vectors_alike_also_without_trust(verifier: Verifier) -> None:
    vectors = [
        (canonical(vector["bundle"]), canonical(vector["trust"]) if trusted else None)
        for vector in VECTORS
        for trusted in (True, False)
    ]
    assert verifier.judge(vectors) == [verifier.command_code(*vector) for vector in vectors]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_page_and_command_give_the_same_code(verifier: Verifier, case: Case) -> None:
    bundle, trust = case.made()
    assert (verifier.judge([(bundle, trust)]), verifier.command_code(bundle, trust)) == ([case.want], case.want)


def test_no_changed_character_leaves_an_honest_bundle_proven(verifier: Verifier) -> None:
    """In both readers, which also agree on what else it is then."""
    honest = [(canonical(each["bundle"]), canonical(each["trust"])) for each in VECTORS if each["want"] == 0]
    honest += [(bundle, trust or "") for bundle, trust in (restored()(), restored(MARIA, LENA)())]
    chance = random.Random(20261126)  # noqa: S311 - the same changes each time, and no secret
    for bundle, trust in honest:
        places = [chance.randrange(len(bundle)) for _ in range(-(-CHANGES // len(honest)))]
        changes = [(at, chance.choice(LETTERS.replace(bundle[at], ""))) for at in places]
        codes = verifier.judge_changed(bundle, trust, changes=changes)
        assert 0 not in codes
        assert codes == [
            verifier.command_code(bundle[:at] + letter + bundle[at + 1 :], trust) for at, letter in changes
        ]


def test_bytes_that_are_no_text_are_unreadable(page: Verifier) -> None:
    assert page.pick(b"\xff\xfe{}") == 2


def test_a_bundle_of_the_old_form_is_whole_at_best(page: Verifier) -> None:
    bundle = a_sealed_bundle()
    assert page.pick(json.dumps(bundle, indent=2), canonical(VECTORS[0]["trust"])) == 3
    bundle["entries"][1]["facts"]["subject"] = "idp|omar"
    assert page.pick(json.dumps(bundle)) == 1
    assert "entry 2 (vote-counted)" in page.shown()
    assert page.pick(json.dumps(a_sealed_bundle() | {"seal": None})) == 1
    assert page.pick(json.dumps({**a_sealed_bundle(), "entries": 7})) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"seal": {}},
        {"seal": 0},
        {"seal": {**a_sealed_bundle()["seal"], "algorithm": None}},
        {"seal": {**a_sealed_bundle()["seal"], "number": 2.5}},
        {"stream": None},
        {"entries": 7},
        {"entries": [7]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_bundle_of_the_old_form_is_unreadable_to_both(verifier: Verifier, change: dict[str, Any]) -> None:
    bundle = json.dumps(a_sealed_bundle() | change)
    assert (verifier.judge([(bundle, None)]), verifier.command_code(bundle, None)) == ([2], 2)


def test_what_is_proven_timed_and_stated_stands_apart(page: Verifier) -> None:
    play = an_approved_play()
    play.keep(canonical_text({"junk": True}))
    play.close("failed")
    assert page.pick(*files(play)) == 0
    _, proven, timed, stated, aside = page.page.run("[...document.querySelectorAll('h2')].map(h => h.innerText)")
    assert (proven, timed, stated, aside) == ("Proven", "Timed", "Stated", "Counted for nothing")
    rows = page.page.run("[...document.querySelectorAll('section')].map(s => s.innerText)")
    assert "idp|maria, by passkey, 2026-11-26T14:01:10Z" in rows[0]
    assert "idp|maria: approved" in rows[1]
    assert "by 2026-11-26T14:01:12Z, place 101 in the log" in rows[1]
    assert "ticket-entitles" in rows[2]
    assert "ticket-entitles" not in rows[0] + rows[1]
    assert "the proof lacks statement" in rows[3]


@pytest.mark.parametrize("case", REVIEWS, ids=str)
def test_x12_who_reviewed_an_urgent_restore_stands_beside_who_approved_it(page: Verifier, case: Reviewed) -> None:
    assert page.pick(*files(case.made())) == 0
    find = "[...document.querySelectorAll('dt')].filter(t => t.innerText === '%s').map(t => t.nextSibling.innerText)"
    [urgent] = page.page.run(find % "Urgent, for")
    reviewed = [
        (text.split(", ")[0], text.rpartition(": ")[2]) for text in page.page.run(find % "Reviewed afterwards by")
    ]
    assert reviewed == ([(case.subject, case.finding)] if case.subject else [])
    assert urgent == ("INC-77; reviewed" if case.subject else "INC-77; not reviewed yet")


def test_what_a_restore_that_stands_did_not_do_is_told(page: Verifier) -> None:
    said = "One or more objects failed to be restored."
    assert page.pick(*faulty([said])()) == 0
    assert f"carried out as signed. It has faults: {said}" in page.shown()
    assert page.pick(*faulty([])()) == 0
    assert "It has faults" not in page.shown()


def test_nothing_is_called_proven_by_keys_that_nobody_knows(page: Verifier) -> None:
    assert page.pick(a_restored_play().bundle()) == 3
    headings = page.page.run("[...document.querySelectorAll('h2')].map(h => h.innerText)")
    assert [heading for heading in headings if heading.startswith("Proven")] == []
    assert "keys and rules are its own word" in page.shown()


def test_a_bundle_puts_text_into_the_page_and_nothing_else(page: Verifier) -> None:
    markup = "<img src=x onerror=alert(1)></dd><script>alert(1)</script>\u202e"
    play = an_approved_play(play=asking(reason=markup))
    play.say(LENA, Decision.DENY)
    assert page.pick(*_ended(play, "denied")) == 0
    assert markup.replace("\u202e", "\N{REPLACEMENT CHARACTER}") in page.shown()
    assert page.page.run("document.querySelectorAll('img, section script').length") == 0
    assert page.page.faults() == []


def test_the_page_asks_for_nothing_and_breaks_none_of_its_own_rules(page: Verifier) -> None:
    for vector in VECTORS[:3]:
        page.pick(canonical(vector["bundle"]), canonical(vector["trust"]))
    assert set(page.page.requested()) == {page.file.as_uri()}
    assert page.page.faults() == []


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("fetch('https://strongroom.example/').catch(() => 0)", "connect-src"),
        ("navigator.sendBeacon('https://strongroom.example/', 'x')", "connect-src"),
        ("new Image().src = 'https://strongroom.example/'", "img-src"),
        ("const f = document.forms[0]; f.action = 'https://strongroom.example/'; f.submit()", "form-action"),
        ("document.body.setAttribute('style', 'color: red')", "style-src-attr"),
        ("document.body.innerHTML = '<p>'", "require-trusted-types-for"),
        (
            "document.head.append(Object.assign(document.createElement('base'), {href: 'https://a.example/'}))",
            "base-uri",
        ),
    ],
    ids=["fetch", "beacon", "image", "form", "style", "markup", "base"],
)
def test_whatever_got_into_the_page_could_neither_send_nor_run(page: Verifier, attempt: str, directive: str) -> None:
    page.page.run(
        "window.told = []; addEventListener('securitypolicyviolation', (e) => told.push(e.effectiveDirective))"
    )
    page.page.run(f"(() => {{ try {{ {attempt} }} catch {{ return }} }})()")
    page.page.wait(f"told.includes('{directive}')")
    assert set(page.page.requested()) <= {page.file.as_uri(), *page.stopped_by_policy()}


def test_another_file_is_judged_anew_and_the_old_answer_goes(page: Verifier) -> None:
    assert page.pick(canonical(VECTORS[0]["bundle"])) == 3
    page.pick_file("trust", canonical(VECTORS[0]["trust"]).encode())
    page.page.wait("document.querySelector('#verdict').dataset.code === '0'")
    page.pick_file("bundle", b"evidence")
    page.page.wait("document.querySelector('#verdict').dataset.code === '2'")
    assert page.page.run("document.querySelector('#report').childElementCount") == 0


def test_whoever_goes_to_pick_again_keeps_no_answer(page: Verifier) -> None:
    page.pick(*restored()())
    page.page.run("document.querySelector('#trust').addEventListener('click', (e) => e.preventDefault())")
    page.page.click("#trust")
    assert page.code() == 3


def test_a_file_that_changes_after_it_was_picked_is_unreadable(page: Verifier) -> None:
    bundle, trust = restored()()
    page.pick(bundle, trust)
    for file in page.folder.glob("bundle-*.json"):
        file.write_text("{}")
    page.pick_file("trust", b"{}")
    page.page.wait_for("Pick it again")
    assert page.code() == 2


def test_the_page_fits_a_telephone(page: Verifier) -> None:
    page.pick(*restored()())
    assert page.page.run("document.documentElement.scrollWidth") <= 390


def test_files_are_reached_with_the_keyboard_and_the_verdict_is_announced(page: Verifier) -> None:
    page.page.press("Tab", code=9)
    assert page.page.run("document.activeElement.id") == "bundle"
    page.page.press("Tab", code=9)
    assert page.page.run("document.activeElement.id") == "trust"
    assert page.page.run("document.activeElement.labels[0].innerText") == "Trust file (optional)"
    assert page.page.run("document.querySelector('#verdict').role") == "status"


@pytest.mark.skipif(not AXE.is_file(), reason="npm has not installed axe-core")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vector", [0, 1, 23, 27], ids=["proven", "broken", "whole", "junk"])
def test_axe_finds_nothing(page: Verifier, vector: int, theme: str) -> None:
    page.page.resize(390, 844, dark=theme == "dark")
    page.pick(canonical(VECTORS[vector]["bundle"]), canonical(VECTORS[vector]["trust"]))
    assert violations(page.page) == []


def _ended(play: Play, outcome: str) -> tuple[str, str | None]:
    play.close(outcome)
    return files(play)
