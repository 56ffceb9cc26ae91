"""The documentation names what exists, and nothing else."""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from strongroom.domain.accounts.events import ACCOUNT_EVENTS
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import canonical_text
from strongroom.domain.catalogue.rows import opted_in_types
from strongroom.domain.doctor.checks import CHECKS
from strongroom.domain.facts import Fact
from strongroom.domain.health.metrics import Metric
from strongroom.domain.proofs.reviews import ReviewFinding, make_review
from strongroom.domain.restores.checklists.stated import read_step_statement
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom_cli.main import COMMANDS
from tests.builders.proving.ceremony import a_restored_play
from tests.conformance.facts import FACTS
from tools.fact_table import BEGIN as FACTS_MARK
from tools.fact_table import render_facts
from tools.import_table import embed, read_contracts, render_imports

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers/core/strongroom"
DOMAIN = LAYER / "domain"
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
}
README, RUNBOOK, ARCHITECTURE = PAGES["README.md"], PAGES["docs/runbook.md"], PAGES["docs/architecture.md"]
VECTORS = json.loads((ROOT / "tests/vectors/evidence.json").read_text(encoding="utf-8"))
LIVE_CHECK = PAGES["docs/live-check.md"]
CONTRACTS = read_contracts(ROOT / "pyproject.toml")
TESTS = set(
    re.findall(
        r"^def (test_\w+)",
        "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py")),
        re.MULTILINE,
    )
)
# What says, in prose, a second meaning of a word that the glossary gives one.
SECOND_MEANINGS = {
    "plan": r"\bplan (?:says|shows|names|compares|has|to plan|and apply)\b|\bplan \(|, plan, |\brollout plan",
    "tier": r"\b(?:archive|storage|cold|warm) tiers?\b",
    "target": r"\b(?:call(?:er)? and|same|rule'?s?|of the (?:call|rule)) targets?\b",
    "step": r"\bsteps?\b(?! (?:\d )?of the ceremony)",
}
STACKS = sorted(f"stacks/{path.name}" for path in ROOT.glob("stacks/*.yaml"))
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))


class _Template(yaml.CSafeLoader):
    """Reads CloudFormation's short forms as nothing: only names and types are looked at."""


_Template.add_multi_constructor("!", lambda *_: None)


@cache
def template(path: str) -> dict[str, Any]:
    """A template as plain values, which nobody changes."""
    loaded: dict[str, Any] = yaml.load((ROOT / path).read_text(encoding="utf-8"), Loader=_Template)  # noqa: S506 a SafeLoader
    return loaded


CONTROL_PLANE = template("template.yaml")


def names_of(kind: str, *paths: str) -> list[str]:
    """The logical ids of all resources of a type in the templates."""
    found = (template(path)["Resources"] for path in paths or ("template.yaml",))
    return [name for resources in found for name, each in resources.items() if each["Type"] == kind]


def blocks(page: str, language: str = "bash") -> list[str]:
    """The code blocks of a page, also those inside lists."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", page, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def commands(name: str) -> list[str]:
    """Every command line in the code blocks of all pages that begins with this word."""
    lines = (
        line for page in PAGES.values() for block in blocks(page) for line in block.replace("\\\n", " ").splitlines()
    )
    return [line for line in lines if line.startswith(f"{name} ")]


def rows(page: str, *, headed: str) -> list[list[str]]:
    """The rows of every table of a page whose first heading is the given one."""
    table = rf"^\| {re.escape(headed)} \|[^\n]*\n\|[-|]+\|\n((?:\|[^\n]*\n)+)"
    lines = "".join(re.findall(table, page, re.MULTILINE)).splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_make_command_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    typed = {line.split()[1] for line in commands("make")}
    typed |= {target for page in PAGES.values() for target in re.findall(r"`make ([a-z]+)", page)}
    assert {"demo", "test", "setup"} <= typed <= targets


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="strongroom")
    subparsers = parser.add_subparsers(required=True)
    for module in COMMANDS.values():
        import_module(module).add_parser(subparsers)
    return parser


@pytest.mark.parametrize("line", commands("strongroom"))
def test_every_strongroom_command_is_one_that_the_parser_takes(line: str) -> None:
    assert _parser().parse_args(shlex.split(line, comments=True)[1:]).run


@pytest.mark.parametrize("words", sorted(set(re.findall(r"`strongroom ([a-z]+(?:[ -][a-z]+)*)", RUNBOOK))))
def test_every_command_that_the_runbook_names_in_passing_has_help(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its verb; what it takes besides is not said there."""
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args([*words.split(), "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: strongroom {words}")


def test_every_command_in_passing_exists() -> None:
    mentioned = {name for page in PAGES.values() for name in re.findall(r"`strongroom ([a-z]+(?:-[a-z]+)*)", page)}
    assert {"compile", "restore", "evidence"} <= mentioned <= set(COMMANDS)


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if blocks(page)])
def test_code_blocks_are_good_shell(name: str) -> None:
    for block in blocks(PAGES[name]):
        checked = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        assert not checked.stderr, block


@pytest.mark.parametrize("block", blocks(README, "console"))
def test_every_example_prints_what_the_page_says(block: str, tmp_path: Path) -> None:
    (tmp_path / "strongroom.yaml").write_text((ROOT / "strongroom.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    typed = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    printed = iter(_typed_in_bash("strongroom compile --out build/intent >/dev/null", *typed, folder=tmp_path))
    expected = [line for line in block.splitlines() if not line.startswith("$ ") and line != "..."]
    assert expected
    for line in expected:
        assert line in printed  # consumes what came before, so that the order counts


def _typed_in_bash(*lines: str, folder: Path) -> list[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGES[name]):
        assert (ROOT / name).parent.joinpath(target).exists(), target


def test_every_stack_that_is_deployed_exists() -> None:
    typed = {path for page in PAGES.values() for path in re.findall(r"stacks/[a-z-]+\.yaml", page)}
    assert typed == set(STACKS)


def test_every_output_that_is_asked_for_is_an_output() -> None:
    asked = {name for page in PAGES.values() for name in re.findall(r"output ([A-Z]\w+)", page)}
    assert {"ApiUrl", "SecretsName"} <= asked <= set(CONTROL_PLANE["Outputs"])


def test_every_resource_that_is_looked_up_is_in_the_template() -> None:
    asked = set(re.findall(r"(?:--logical-resource-id|--name) (\w+(?:Queue|Archive|Function))\b", RUNBOOK))
    assert asked
    assert asked <= set(CONTROL_PLANE["Resources"])


def test_the_table_of_functions_holds_every_function_once() -> None:
    assert sorted(row[1].strip("`") for row in rows(README, headed="event")) == FUNCTIONS


def test_the_table_of_functions_names_every_fact() -> None:
    for path in DOMAIN.glob("**/*facts.py"):
        import_module(".".join(("strongroom.domain", *path.relative_to(DOMAIN).with_suffix("").parts)))
    named = {fact for row in rows(README, headed="event") for fact in re.findall(r"`(\w+)`", row[3])}
    kinds = {kind.__name__ for kind in _heirs(Fact)} - {
        "BackupFact",
        "CopyFact",
        "AlertOpened",
        "AlertResolved",
    }
    assert named == kinds


def _heirs(kind: type[Any]) -> Iterator[type[Any]]:
    for heir in kind.__subclasses__():
        yield heir
        yield from _heirs(heir)


def test_the_runbook_knows_every_kind_of_alert() -> None:
    headings = re.findall(r"^### ([a-z-]+)$", RUNBOOK, re.MULTILINE)
    assert sorted(headings) == sorted(kind.value for kind in AlertKind)


def test_the_page_on_accounts_knows_every_event() -> None:
    table = rows(PAGES["docs/accounts.md"], headed="event of an account")
    named = [name for row in table for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(row.name for row in ACCOUNT_EVENTS)


def test_the_runbook_knows_every_alarm() -> None:
    alarms = set(names_of("AWS::CloudWatch::Alarm", "template.yaml", "audit/template.yaml", *STACKS))
    named = [name for row in rows(RUNBOOK, headed="alarm") for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(alarms)


def test_the_runbook_knows_every_outcome_of_a_ceremony() -> None:
    assert [row[0].strip("`") for row in rows(RUNBOOK, headed="outcome")] == [each.value for each in RestoreOutcome]


def test_the_opt_ins_are_those_of_the_protected_types() -> None:
    [typed] = re.findall(r"--resource-type-opt-in-preference (\S+)", README)
    assert typed.split(",") == [f"{name}=true" for name in opted_in_types()]


def test_the_costs_count_what_the_templates_make() -> None:
    global_stack = "stacks/member-global.yaml"  # the backup account has it, too
    vault_stack = "stacks/vault.yaml"  # deployed twice
    counted = {
        "KMS keys of the backup account": len(names_of("AWS::KMS::Key", "template.yaml", vault_stack, vault_stack)),
        "KMS key of the local vault, for each governed account and Region": 4,  # the example has four such accounts
        "secret": len(names_of("AWS::SecretsManager::Secret")),
        "metrics that the alarms of the backup and the management account watch": sum(
            _metrics_of(alarm)
            for path in ("template.yaml", "stacks/management.yaml", global_stack)
            for alarm in template(path)["Resources"].values()
            if alarm["Type"] == "AWS::CloudWatch::Alarm"
        ),
        "metrics of our own": len(Metric),
        "alarm of the forwarder, for each governed account and Region": 4,
        "alarm of the forwarder of us-east-1, for each governed account": 4,
        "queues, polled": len(names_of("AWS::SQS::Queue")) - 1,  # nobody polls the dead letters
    }
    table = rows(README, headed="standing cost")
    assert {what: int(number) for what, number, _, _ in table} == counted
    assert names_of("AWS::KMS::Key", *STACKS) == ["LocalVaultKey", "VaultKey"]
    assert all(
        len(names_of("AWS::CloudWatch::Alarm", stack)) == 1
        for stack in ("stacks/member.yaml", "stacks/member-global.yaml", "stacks/vault-forwarder.yaml")
    )


def _metrics_of(alarm: dict[str, Any]) -> int:
    """How many metrics an alarm watches: each is paid for."""
    return sum("MetricStat" in each for each in alarm["Properties"].get("Metrics", ())) or 1


def test_the_costs_add_up() -> None:
    table = rows(README, headed="standing cost")
    cents = {what: (int(number), _cents(price), _cents(total)) for what, number, price, total in table}
    assert all(number * price == total for number, price, total in cents.values())
    regional = sum(price for what, (_, price, _) in cents.items() if "for each governed account and Region" in what)
    single = sum(price for what, (_, price, _) in cents.items() if what.endswith("for each governed account"))
    members = 4 * (regional + single)
    fixed = sum(total for _, _, total in cents.values()) - members
    [formula] = re.findall(r"^That is \*\*(.+ accounts)\*\*", README, re.MULTILINE)
    assert [_cents(price) for price in re.findall(r"\$[\d.]+", formula)] == [fixed, regional, single]
    assert f"about ${(fixed + members) / 100:.0f} a month for the example's four governed accounts" in README
    polls = 5 * 3600 // 20 * 24 * 30
    assert f"{polls:,} requests in a month of 30 days" in README
    assert round(polls / 1_000_000 * 40) == cents["queues, polled"][1]  # $0.40 per million requests


def _cents(price: str) -> int:
    return round(float(price.removeprefix("$")) * 100)


def test_the_table_of_imports_is_drawn_from_the_contracts() -> None:
    assert embed(ARCHITECTURE, render_imports(CONTRACTS)) == ARCHITECTURE, "run `make reference`"


def test_the_table_of_refusals_is_drawn_from_the_facts() -> None:
    page = PAGES["docs/sandbox.md"]
    assert embed(page, render_facts(FACTS), FACTS_MARK) == page, "run `make reference`"


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])
def test_the_table_of_imports_leaves_no_contract_out(contract: dict[str, Any]) -> None:
    if contract["type"] == "layers":
        assert all(
            f"| `{floor.strip()}/` |" in ARCHITECTURE for each in contract["layers"] for floor in each.split("|")
        )
    else:
        assert render_imports([each for each in CONTRACTS if each is not contract]) != render_imports(CONTRACTS)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w.<>-]+(?:/[\w.<>-]*)+)`", ARCHITECTURE))))
def test_every_path_on_the_page_of_the_architecture_exists(path: str) -> None:
    pattern = re.sub(r"<\w+>", "*", path)
    assert [*ROOT.glob(pattern), *LAYER.glob(pattern)]


def test_every_test_on_the_page_of_the_architecture_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", ARCHITECTURE))
    assert named
    assert named - TESTS == set()


def test_the_page_of_the_architecture_has_every_room_with_its_floors() -> None:
    floors = ("domain", "ports", "services", "wiring")
    rooms = {path.name for floor in ("domain", "services") for path in LAYER.glob(f"{floor}/*/") if _is_room(path)}
    lie_on = {
        room: [floor for floor in floors if (LAYER / floor / room).is_dir() or (LAYER / floor / f"{room}.py").exists()]
        for room in rooms
    }
    assert {row[0].strip("`"): re.findall(r"`(\w+)`", row[2]) for row in rows(ARCHITECTURE, headed="room")} == lie_on
    named = set(re.findall(r"`adapters/(\w+)/`", ARCHITECTURE))
    assert named == {path.name for path in LAYER.glob("adapters/*/") if _is_room(path)}


def _is_room(path: Path) -> bool:
    return (path / "__init__.py").exists()


@pytest.mark.parametrize("page", [name for name in PAGES if name.count("/") < 2])  # not what is generated or dated
@pytest.mark.parametrize("word", SECOND_MEANINGS)
def test_a_word_of_the_glossary_has_one_meaning(word: str, page: str) -> None:
    assert any(word in row[0].split(", ") for row in rows(ARCHITECTURE, headed="word"))
    assert re.findall(SECOND_MEANINGS[word], _prose(PAGES[page]), re.IGNORECASE) == []


def _prose(page: str) -> str:
    """The page without code, what is generated, and the glossary, which tells the meanings apart."""
    page = page.partition("## The words that are ours")[0].replace("Step Functions", "")
    page = re.sub(r"<!-- Written by .*?<!-- Here ends ", "", page, flags=re.DOTALL)
    return re.sub(r"```.*?```|`[^`\n]*`", "`", page, flags=re.DOTALL)


def test_the_readme_says_how_many_functions_the_queues_want_at_once() -> None:
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    [told] = re.findall(r"the queues' functions together want up to (\d+):", README)
    assert int(told) == sum(map(int, re.findall(r"MaximumConcurrency: (\d+)", template)))


def test_the_page_of_the_doctor_has_every_check_with_its_calls() -> None:
    assert rows(PAGES["docs/doctor.md"], headed="check") == [
        [
            f"`{check.id}`",
            check.assumption,
            ", ".join(f"`{call}`" for call in check.calls),
            "ends with 1" if check.protects else "is told",
        ]
        for check in CHECKS
    ]


def test_what_is_unproved_names_lines_of_the_doctor_and_parts_of_the_live_check() -> None:
    parts = set(re.findall(r"^## (\d+)\. ", LIVE_CHECK, re.MULTILINE))
    unproved = rows(README.replace("\n  |", "\n|"), headed="unproved")
    assert unproved
    for _, lines, where in unproved:
        named = {name for name in re.findall(r"`([a-z-]+)`", lines) if not name.startswith("--")}
        assert named <= {check.id for check in CHECKS}
        assert set(where.split(", ")) <= parts


EVIDENCE_EXAMPLES = [json.loads(example) for example in blocks(PAGES["docs/evidence.md"], "json")]
REVIEWED = [example for example in EVIDENCE_EXAMPLES if example.get("format") == "strongroom-breakglass/1"]
STATED = [example for example in EVIDENCE_EXAMPLES if example.get("format") == "strongroom-stated/1"]


def test_the_example_of_a_stated_step_is_one() -> None:
    [example] = STATED
    words = example | {"nonce": "A" * 22, "request": "r-abcdefgh2345"}
    said = read_step_statement(canonical_text(words))
    assert (said.outcome, said.reason) == (example["outcome"], example["reason"])


def test_the_example_of_a_review_has_the_keys_of_one() -> None:
    [example] = REVIEWED
    asked = a_restored_play().asked
    review = make_review(asked, ReviewFinding.IN_ORDER, closed="0" * 64, nonce="A" * 22, issued_at=asked.act_before)
    assert example.keys() == json.loads(review.text).keys()
    assert example["finding"] == ReviewFinding.IN_ORDER


@pytest.mark.parametrize(
    "example",
    [each for each in EVIDENCE_EXAMPLES if each not in (*REVIEWED, *STATED)],
    ids=lambda example: str(next(iter(example))),
)
def test_every_example_of_evidence_is_a_part_of_a_bundle_that_verifies(example: dict[str, Any]) -> None:
    [honest] = [each for each in VECTORS if each["name"] == "honest, two passkeys"]
    bundle, shown = honest["bundle"], {name: part for name, part in example.items() if name != "reviews"}
    request = json.loads(bundle["request"]["request"])
    parts = [json.loads(request["policy"]), json.loads(bundle["request"]["statement"])]
    parts += [*bundle["proofs"], *bundle["chain"], honest["trust"]]
    assert honest["want"] == 0
    assert shown in parts or shown == {name: type(part)() for name, part in bundle.items()} | {
        "format": bundle["format"]
    }


def test_the_example_of_a_proof_of_the_log_is_one() -> None:
    [example] = blocks(PAGES["docs/evidence.md"], "text")
    assert example in [each["bundle"]["log"].get("intent") for each in VECTORS]


def test_every_part_of_the_live_check_says_what_to_type_to_see_and_to_make_of_it() -> None:
    parts = re.split(r"^## ", LIVE_CHECK, flags=re.MULTILINE)[1:]
    assert [part.partition(".")[0] for part in parts] == [str(number) for number in range(15)]
    for part in parts:
        assert "```bash\n" in part
        assert part.index("**Must be seen:**") < part.index("**A difference means:**")


def test_the_live_check_names_lines_that_the_doctor_prints() -> None:
    named = re.findall(r"`([a-z]+(?:-[a-z]+)+|bus|trail|forwarders|expiry)`", LIVE_CHECK)
    known = {check.id for check in CHECKS} | {"strongroom-backup", "delete-stack"}
    assert len(named) > 15
    assert set(named) <= known
