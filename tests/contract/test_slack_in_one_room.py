"""What Slack makes of text is known in one room: nobody else speaks of blocks, mrkdwn, emoji or its library."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.contract.templates import ROOT

LAYER = ROOT / "layers/core/strongroom"
ROOM = LAYER / "adapters/slack"
# Which joins the room to the rest, and which reads what Slack sends.
NEIGHBOURS = {*(LAYER / "wiring").rglob("*.py"), LAYER / "runtime/contracts/slack.py"}
OTHERS = [
    path
    for path in [*LAYER.rglob("*.py"), *ROOT.glob("functions/*/app.py")]
    if not path.is_relative_to(ROOM) and path not in NEIGHBOURS
]

WORDS = {"mrkdwn", "blocks", "block_id", "plain_text", "emoji", "unfurl_links"}
EMOJI = re.compile(r":[a-z_]+:")
LINK = re.compile(r"<[^<>|]*\|[^<>|]*>")


def slack_in(source: str) -> list[str]:
    """What of Slack's own the source names: its library, its words, its emoji and its links."""
    return [
        said
        for node in ast.walk(ast.parse(source))
        for said in _said(node)
        if said.startswith("slack_sdk")
        or WORDS & {said, *said.split("_")}
        or EMOJI.fullmatch(said)
        or LINK.search(said)
    ]


def _said(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name):
            yield name
        case ast.keyword(arg=str(name)) | ast.alias(name=name):
            yield name
        case ast.ImportFrom(module=str(name)):
            yield name
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


def test_nobody_else_knows_what_slack_makes_of_text() -> None:
    known = {path.relative_to(ROOT).as_posix(): slack_in(path.read_text(encoding="utf-8")) for path in OTHERS}
    assert {path: said for path, said in known.items() if said} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from slack_sdk import WebClient",
        "import slack_sdk.webhook",
        "from anywhere import escape_mrkdwn",
        "def post(text, *, blocks): ...",
        "chat.post('C1', blocks=rows)",
        "row = {'type': 'plain_text'}",
        "mark = ':red_circle:'",
        "said = f'<{url}|prove it now>'",
    ],
)
def test_a_module_that_knew_it_would_be_found(source: str) -> None:
    assert slack_in(source) != []
