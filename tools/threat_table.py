"""The page of threats: each attack with what stops it and where that is tried, out of the tests of its number."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BEGIN: Final = "<!-- Written by `make reference` from the numbered tests; change their docstrings. -->"
_NAME: Final = re.compile(r"test_(attack|x)_(\d\d)_\w+")
_HEADINGS: Final = {
    "attack": "Thirty attacks on any ceremony of approval",
    "x": "Twelve that were carried out against this one while it was built",
}
ATTACKS: Final = {
    1: "A signed click from chat is sent a second time.",
    2: "A click or a login is dated back, or ahead.",
    3: "A signature is malformed, so that checking it crashes.",
    4: "Headers that nobody signs say who calls, or what to run.",
    5: "One person comes as two: another account, another spelling, another key.",
    6: "One person fills two seats of the rules.",
    7: "A stolen chat session presses the buttons.",
    8: "The app is used from a foreign workspace.",
    9: "The token of the waiting task leaks.",
    10: "The ticket is exchanged, edited or reopened after its approval.",
    11: "A ticket's key carries a query or a path.",
    12: "The ticket is the requester's own, a bot's, or about something else.",
    13: "What was approved is changed before it is carried out.",
    14: "Decisions race: twice at once, or approval against denial.",
    15: "Whoever approved has left the group or lost the key before the act.",
    16: "An approval comes after its end, or is carried out after it.",
    17: "An execution is redriven, repeated, or started by hand.",
    18: "An event claims what never happened.",
    19: "AWS Backup is called outside of the ceremony.",
    20: "The restore goes to a foreign account, vault, key or network.",
    21: "The restore overwrites what is in use.",
    22: "Settings are smuggled in that open what is restored.",
    23: "A text shows the approver something else than it says.",
    24: "Secrets leave by a log, an answer or the evidence.",
    25: "The glass is broken without need.",
    26: "The rules are loosened under a pending request.",
    27: "Whatever is asked does not answer, and the answer is taken for yes.",
    28: "People are worn down by requests, or kept from deciding.",
    29: "A signature is used again, or fetched on somebody else's page.",
    30: "The evidence is changed, or a piece of it taken away.",
}
EXPLOITS: Final = {
    1: "One function writes rows that look like votes.",
    2: "A role whose name resembles ours restores anything.",
    3: "A restore job has no request, and nobody notices.",
    4: "A seal over anything passes for proof of approval.",
    5: "A link to the login is mailed to the approver, who approves unawares.",
    6: "A ticket about something else, or rewritten, opens the way.",
    7: "An honest ceremony dies of an ordinary failure.",
    8: "An administrator of the backup account uses its tools.",
    9: "The rules change under a request.",
    10: "Copies are carried off from account to account.",
    11: "No stop once approved; rows and requests without end.",
    12: "Tokens of the large identity providers are misread.",
}
TITLES: Final = {"attack": ATTACKS, "x": EXPLOITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedTest:
    """A test that is named after an attack; `told` is its docstring, empty where it has none."""

    kind: str
    number: int
    name: str
    path: str
    told: str


def find_tests(root: Path) -> list[NumberedTest]:
    """Every numbered test below `tests/`, in the order of their numbers, paths and lines."""
    found = [test for path in sorted(root.glob("tests/**/test_*.py")) for test in _tests_of(path, root=root)]
    return sorted(found, key=lambda test: (test.kind, test.number))


def _tests_of(path: Path, *, root: Path) -> Iterator[NumberedTest]:
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text).body if _NAME.search(text) else ():
        if isinstance(node, ast.FunctionDef) and (named := _NAME.fullmatch(node.name)):
            yield NumberedTest(
                kind=named[1],
                number=int(named[2]),
                name=node.name,
                path=path.relative_to(root).as_posix(),
                told=" ".join((ast.get_docstring(node) or "").split()),
            )


def render_threats(tests: list[NumberedTest]) -> str:
    """A table for each kind: number, attack, what stops it, and the tests that try it."""
    return "\n\n".join(_table(kind, titles, tests=tests) for kind, titles in TITLES.items())


def _table(kind: str, titles: Mapping[int, str], *, tests: list[NumberedTest]) -> str:
    mark = "" if kind == "attack" else "X"
    rows = (
        f"| {mark}{number} | {title} | {_told(own)} | {_addresses(own)} |"
        for number, title in titles.items()
        for own in ([test for test in tests if (test.kind, test.number) == (kind, number)],)
    )
    return "\n".join(
        (f"## {_HEADINGS[kind]}", "", "| # | attack | what stops it | tried in |", "|---|---|---|---|", *rows)
    )


def _told(tests: list[NumberedTest]) -> str:
    return "<br>".join(test.told.replace("|", "\\|") for test in tests if test.told)


def _addresses(tests: list[NumberedTest]) -> str:
    """The tests that tell a sentence by name, then how many more there are in which files."""
    told = [f"[`{test.name}`](../{test.path})" for test in tests if test.told]
    others = [test.path for test in tests if not test.told]
    more = [f"[{others.count(path)} more](../{path})" for path in dict.fromkeys(others)]
    return "<br>".join((*told, ", ".join(more))).removesuffix("<br>")
