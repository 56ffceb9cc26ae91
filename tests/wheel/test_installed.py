"""Every verb of the command outside the checkout, with nothing installed but what it declares."""

import ast
import json
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.candidates.shown import ShownCandidates
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.rulebook.policy_texts import policy_text
from strongroom.domain.written import base64url
from strongroom.services.restores.asking.show_restores import RestoreView
from strongroom_cli.compile import files_of, render_intent
from strongroom_cli.main import COMMANDS
from tests.builders.deciding.restore_cases import CASES
from tests.builders.evidence import a_sealed_bundle
from tests.builders.restores import DATABASE, NOW, a_request
from tests.wheel.installation import ROOT, Installation

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]  # the first waits for the index

EXAMPLE = ROOT / "strongroom.yaml"
DATA = {f"{path.parent.name}/{path.name}" for folder in ("stacks", "schemas") for path in (ROOT / folder).glob("*.*")}
ID = "r-abcdefgh2345"


@pytest.fixture
def example(installed: Installation) -> Iterator[Path]:
    """The example intent, where the command looks for it."""
    copied = installed.home / "strongroom.yaml"
    copied.write_bytes(EXAMPLE.read_bytes())
    yield copied
    copied.unlink()


def test_the_distributions_hold_every_template_and_schema(installed: Installation) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = wheel.namelist()
    assert {f"strongroom_cli/{name}" for name in DATA} <= set(names)
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"strongroom", "strongroom_cli"}
    with tarfile.open(installed.sdist) as sdist:
        members = {name.partition("/")[2] for name in sdist.getnames()}
    assert {*DATA, "pyproject.toml", "README.md", "LICENSE"} <= members
    assert not [name for name in members if name.startswith(("tests/", "sandbox/", "functions/"))]


def test_only_what_the_command_needs_comes_with_it(installed: Installation) -> None:
    listed = json.loads(installed.python("-m", "pip", "list", "--format", "json"))
    names = {each["name"].lower() for each in listed}
    assert {"strongroom", "botocore", "msgspec"} <= names
    assert not names & {"aws-lambda-powertools", "slack-sdk", "jira", "pytest", "ministack", "rich", "hatchling"}


def test_what_the_checkout_has_is_declared(installed: Installation) -> None:
    """Each import of the command's own files, also one in a function, finds its package in the empty environment."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "cli").glob("**/*.py")]
    names = {name for tree in trees for node in ast.walk(tree) for name in _imported(node)}
    assert {"yaml", "urllib3", "strongroom.adapters.identity.oidc"} <= names
    installed.python("-c", f"import importlib\nfor name in {sorted(names)}: importlib.import_module(name)")


def _imported(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (each.name for each in names)
        case ast.ImportFrom(module=str(module)):
            yield module


def test_the_version_is_that_of_the_wheel(installed: Installation) -> None:
    done = installed.strongroom("--version")
    assert (done.returncode, done.stdout.split()) == (0, ["strongroom", installed.wheel.name.split("-")[1]])


def test_it_also_runs_as_a_module(installed: Installation) -> None:
    assert installed.python("-m", "strongroom_cli", "--version") == installed.strongroom("--version").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, installed: Installation) -> None:
    done = installed.strongroom(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: strongroom {command}")


def test_compile_renders_what_the_checkout_renders(installed: Installation, example: Path, intent: Intent) -> None:
    done = installed.strongroom("compile", "--out", "compiled")
    assert done.returncode == 0, done.stderr
    out = installed.home / "compiled"
    rendered = files_of(intent, render_intent(intent, source=EXAMPLE))
    production = policy_text(intent, account=AccountId("222222222222"), unit="Production", at=datetime.now(UTC))
    rules = f"rules/{digest_of(production)}.json"
    written = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    [listed] = json.loads(written.pop("rules.json"))
    assert listed["sha256"] == digest_of(production)
    assert written == rendered | {rules: production.encode()}
    assert done.stdout.splitlines() == [f"compiled/{name}" for name in (*rendered, rules, "rules.json")]


def test_policies_are_merged_checked_and_attacked(installed: Installation, example: Path) -> None:
    assert installed.strongroom("compile", "--out", "compiled").returncode == 0
    policy = "compiled/policies/daily-prod.json"
    linted = installed.strongroom("policy", "lint", policy)
    assert linted.returncode == 0, linted.stderr
    assert "findings" in json.loads(linted.stdout)
    levels = {"levels": [[json.loads((installed.home / policy).read_text())]]}
    (installed.home / "levels.json").write_text(json.dumps(levels), encoding="utf-8")
    merged = installed.strongroom("policy", "effective", "levels.json")
    assert merged.returncode == 0, merged.stderr
    assert json.loads(merged.stdout)["errors"] == []
    attacked = installed.strongroom("policy", "attack", "--json", policy)
    assert attacked.returncode == 0, attacked.stderr
    assert json.loads(attacked.stdout)["stuck"] == []


def test_events_are_explained(installed: Installation, example: Path) -> None:
    event = ROOT / "events/aws.dynamodb/CreateTable.json"
    (installed.home / "event.json").write_bytes(event.read_bytes())
    done = installed.strongroom("explain", "event.json", "--unit", "Production", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    [answer] = json.loads(done.stdout)
    assert answer["readings"][0]["outcomes"][0]["state"] == "COMPLIANT"


def test_guardrails_are_shown(installed: Installation, example: Path) -> None:
    shown = installed.strongroom("scp", "show", "--statement", "KeepRoles")
    assert shown.returncode == 0, shown.stderr
    assert [each["Sid"] for document in json.loads(shown.stdout).values() for each in document["Statement"]]


KEY_IS_SAID = "It will live under the key of the local vault."
REQUEST = seal_request(a_request())
OPENING = make_statement(REQUEST.asked, Decision.REQUEST, nonce=base64url(bytes(16)), issued_at=NOW)
SHOWN = RestoreView(
    request_id=ID,
    state="pending",
    reason="still needed: approvers",
    digest=REQUEST.digest,
    mark=REQUEST.mark,
    request=REQUEST.request,
    requester="idp|omar",
    account_name="payments",
    consequences=(KEY_IS_SAID,),
    candidates=(),
    approvals=(),
    missing=("approvers",),
    gates=(),
    deciders=("Maria",),
    time_left="3 h left",
    counted=(),
    recorded=(),
    unreached=(),
    jobs={},
    created="",
    left_behind=None,
)
NOTHING = ShownCandidates(
    resource=DATABASE,
    resource_type="",
    account="222222222222",
    region="",
    before=NOW,
    candidates=(),
    more=0,
    not_offered=(),
    others_not_offered=(),
    read=(),
    unread=(),
)
DRAFTED = {"request_id": ID, "text": REQUEST.text, "statement": OPENING.text}


class _Api(BaseHTTPRequestHandler):
    """Answers as the API of the restore ceremony would."""

    answers: dict[str, dict[str, Any]] = {  # noqa: RUF012 read only
        "GET /restores": {"restores": []},
        "POST /restores": DRAFTED | {"reason": "drafted", "page": "https://restore.example.com/page"},
        # Whatever somebody wants to say, it proposes the requester's own word.
        f"POST /restores/{ID}/statements": DRAFTED,
        f"GET /restores/{ID}": msgspec.to_builtins(SHOWN),
        f"GET /restores/{ID}/evidence": a_sealed_bundle(),
        f"GET /candidates?{urlencode({'resource': DATABASE})}": msgspec.to_builtins(NOTHING),
    }

    def do_GET(self) -> None:
        """Answer."""
        assert self.headers["Authorization"] == "Bearer token"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.answers[f"{self.command} {self.path}"]).encode())

    def do_POST(self) -> None:
        """Answer when everything was said."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the parent's
        """Say nothing."""


@contextmanager
def _api() -> Iterator[dict[str, str]]:
    with HTTPServer(("127.0.0.1", 0), _Api) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield {"STRONGROOM_API": f"http://127.0.0.1:{server.server_port}", "STRONGROOM_TOKEN": "token"}
        finally:
            server.shutdown()
            thread.join()


ASKING = (
    *("request", "--account", "222222222222", "--recovery-point", "arn:x", "--target-name", "db-2"),
    *("--ticket", "OPS-1", "--reason", "why"),
)


def test_the_restore_ceremony_is_spoken_and_its_evidence_verified(installed: Installation, example: Path) -> None:
    with _api() as environment:
        for arguments in (("list",), (*ASKING, "--dry-run"), (*ASKING, "--sign-on-page")):
            done = installed.strongroom("restore", *arguments, **environment)
            assert (done.returncode, done.stderr) == (0, ""), arguments
        found = installed.strongroom("restore", "find", DATABASE, **environment)
        assert (found.returncode, "nothing to restore it from" in found.stdout) == (1, True), found.stderr
        for decision, *why in (("approve",), ("deny", "--reason", "no table is corrupted"), ("cancel",)):
            refused = installed.strongroom("restore", decision, ID, *why, **environment)
            assert refused.returncode != 0, decision
            assert "asks to sign something else" in refused.stderr, decision
        shown = installed.strongroom("restore", "show", ID, "--evidence", "bundle.json", **environment)
        assert "Evidence saved: bundle.json" in shown.stdout, shown.stderr
        assert KEY_IS_SAID in shown.stdout
    verified = installed.strongroom("evidence", "verify", "bundle.json")
    assert (verified.returncode, verified.stderr) == (3, "")
    (installed.home / "bundle.json").write_text("{}", encoding="utf-8")
    assert installed.strongroom("evidence", "verify", "bundle.json").returncode == 2
    assert "script-src 'sha256-" in installed.strongroom("evidence", "page").stdout


def test_a_restore_is_decided_on_offline(installed: Installation) -> None:
    said = {"defaults": CASES["defaults"], "input": {"type": "EBS"}}
    (installed.home / "case.json").write_text(json.dumps(said), encoding="utf-8")
    done = installed.strongroom("restore", "check", "case.json", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "ok")


def test_the_schema_is_the_one_that_an_editor_is_told(installed: Installation) -> None:
    asked = "from importlib import resources; print(resources.files('strongroom_cli') / 'schemas')"
    schema = Path(installed.python("-c", asked).strip()) / "strongroom.schema.json"
    assert json.loads(schema.read_text(encoding="utf-8"))["title"] == "Strongroom intent"
