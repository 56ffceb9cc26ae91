"""The intent file: what it may hold, and that every problem is told with its place."""

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.domain.findings import Level, warning
from strongroom.domain.intent.model import Intent
from strongroom_cli.errors import IntentFileError, as_told
from strongroom_cli.intent.file import MOST_TOLD, load_intent_file, place_findings

ROOT = Path(__file__).parents[4]
EXAMPLE = (ROOT / "strongroom.yaml").read_text(encoding="utf-8")
DOCUMENT = yaml.safe_load(EXAMPLE)
TAG_LINE = EXAMPLE[: EXAMPLE.index("tag_key: ")].count("\n") + 1


@pytest.fixture
def problems_of(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """What is told about a file of this text: messages by path."""

    def load(text: str) -> dict[str, str]:
        file = tmp_path / "strongroom.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(IntentFileError) as refused:
            load_intent_file(file)
        return {finding.path: finding.message for finding in refused.value.findings if finding.level is Level.ERROR}

    return load


def test_the_example_is_read_with_its_warnings() -> None:
    intent, findings = load_intent_file(ROOT / "strongroom.yaml")
    assert intent.organization.id == "o-strongroom1"
    assert [finding.level for finding in findings] == [Level.WARNING] * 3


def test_a_warning_has_its_line_in_json_too() -> None:
    _, findings = load_intent_file(ROOT / "strongroom.yaml")
    lock, _ = [as_told(finding) for finding in findings if finding.code == "calendar-years"]
    line = next(n for n, text in enumerate(EXAMPLE.splitlines(), 1) if "max_retention_days: 2555" in text)
    assert (lock["path"], lock["line"]) == ("vaults.central.lock.max_retention_days", line)
    assert lock.keys() == {"level", "code", "path", "message", "line"}


def test_findings_from_elsewhere_get_the_lines_of_the_file_while_it_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    found = warning("crowded", "guardrails", "there are many")
    assert place_findings([found], source=file) == (found,)
    file.write_text("tag_key: x\nguardrails: {}\n", encoding="utf-8")
    [placed] = place_findings([found], source=file)
    assert as_told(placed) == {**as_told(found), "line": 2}


def test_a_flood_of_findings_is_told_in_part_and_errors_first(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    actions = ", ".join(["ec2:RunInstances"] * MOST_TOLD + ["ec2:Nothing"] * 3)
    text = EXAMPLE.replace("  tag_required_on:\n", f"  tag_required_on: [{actions}]\n  other:\n")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(IntentFileError) as refused:
        load_intent_file(file)
    *told, more = refused.value.findings
    assert len(told) == MOST_TOLD
    assert [finding.level for finding in told[:3]] == [Level.ERROR, Level.ERROR, Level.WARNING]
    assert "more are told once these are mended" in more.message


def test_the_sandbox_intent_is_the_same_organisation_with_short_clocks_and_loopback_addresses() -> None:
    example, sandbox = (
        flat(load_intent_file(ROOT / name)[0]) for name in ("strongroom.yaml", "sandbox/strongroom.yaml")
    )
    # Break-glass takes passkeys, which only the sandbox's people have.
    alone = (".tiers.gfs.", ".tiers.scratch.", ".restores.page.", ".restores.break_glass.", ".restores.groups.incident")
    # Where tickets are opened as well only the sandbox says.
    own = {path for path in sandbox if path.startswith((*alone, ".tickets.opened."))}
    assert example.keys() - {".restores.page", ".restores.break_glass", ".tickets.opened"} == sandbox.keys() - own
    assert {path for path in example.keys() & sandbox.keys() if example[path] != sandbox[path]} == {
        ".deadlines.copy_stuck_after",
        ".deadlines.copy_verified_within",
        ".deadlines.copy_retry_after",
        ".deadlines.grace",
        ".deadlines.look_every",
        ".restores.approval_expires_after",
        ".restores.governors",
        ".restores.rules",
        ".targets",
        ".slack.api_url",
        ".tickets.url",
        ".identity_provider.issuer",
        *(f".people.{name}.passkeys" for name in ("omar", "maria", "sana", "ada", "piet", "chiara")),
    }


def flat(node: object, path: str = "") -> dict[str, object]:
    if isinstance(node, Intent):
        return flat(msgspec.to_builtins(node))
    if isinstance(node, dict):
        return {key: value for name, child in node.items() for key, value in flat(child, f"{path}.{name}").items()}
    return {path: node}


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        pytest.param("tag_key: Backup", "colour: red", "colour", "unknown key", id="unknown key"),
        pytest.param("tag_key: Backup", "colour: red", "tag_key", "is missing", id="missing key"),
        pytest.param(
            "    start_window: PT1H # AWS",
            "    started_within: PT1H # AWS",
            "tiers.daily-prod.started_within",
            "unknown key; known are schedule, keep, start_window",
            id="unknown key inside",
        ),
        pytest.param(
            "  - {unit: Production, group: approvers, needed: 1}",
            "  - {unit: Production, group: approvers, needed: one}",
            "restores.rules[0].needed",
            "must be a whole number, not the text 'one'",
            id="type",
        ),
        pytest.param(
            'management_account: "111111111111"',
            "management_account: 111111111111",
            "organization.management_account",
            "must be text, not 111111111111",
            id="account as a number",
        ),
        pytest.param(
            "start_window: PT1H # AWS",
            "start_window: 60 minutes # AWS",
            "tiers.daily-prod.start_window",
            "no ISO 8601 duration such as PT4H",
            id="duration",
        ),
        pytest.param(
            "exceptions: []",
            "exceptions: [{account: '222222222222', until: 31.12.2026, reason: test, granted_by: sana}]",
            "exceptions[0].until",
            "no ISO 8601 date such as 2027-01-31",
            id="date",
        ),
        pytest.param(
            "max_retention_days: 2555, changeable_for_days: 30}\n  replica",
            "max_retention_days: 2555}\n  replica",
            "vaults.central.lock.changeable_for_days",
            "is missing",
            id="inside an optional part",
        ),
        pytest.param(
            "[daily-prod, monthly-prod, compliance-7y]",
            "daily-prod",
            "targets[0].tiers",
            "must be a list, not the text 'daily-prod'",
            id="list",
        ),
        pytest.param(
            "tag_key: Backup",
            "tag_key: Backup\ntag_key: backup",
            f"line {TAG_LINE + 1}",
            "stands twice",
            id="key twice",
        ),
        pytest.param("tag_key: Backup", "tag_key: [Backup", f"line {TAG_LINE}", "is not closed", id="no YAML"),
        pytest.param(
            "tag_key: Backup",
            "tag_key: !!python/name:os.system x",
            f"line {TAG_LINE}",
            "the tag tag:yaml.org,2002:python/name:os.system is not read",
            id="no objects",
        ),
    ],
)
def test_a_problem_is_told_at_its_place(
    problems_of: Callable[[str], dict[str, str]], old: str, new: str, path: str, message: str
) -> None:
    assert old in EXAMPLE
    problems = problems_of(EXAMPLE.replace(old, new, 1))
    assert message in problems.get(path, f"nothing is told there, only {problems}")


def test_unknown_keys_types_and_missing_keys_are_told_together(problems_of: Callable[[str], dict[str, str]]) -> None:
    text = (
        EXAMPLE.replace("tag_key:", "colour:")
        .replace("id: o-strongroom1", "id: 7")
        .replace("  backup_account", "  vaults_of")
    )
    assert problems_of(text).keys() == {
        "colour",
        "tag_key",
        "organization.id",
        "organization.vaults_of",
        "organization.backup_account",
    }


def test_an_unknown_key_does_not_hide_the_contradictions(problems_of: Callable[[str], dict[str, str]]) -> None:
    text = EXAMPLE.replace("tag_key:", "colour: red\ntag_key:").replace("unit: Production\n", "unit: Nowhere\n")
    assert {"colour", "targets[0].unit"} <= problems_of(text).keys()


@pytest.mark.parametrize("text", ["", "[]", "just words", "- 1"], ids=["empty", "list", "words", "items"])
def test_a_file_that_is_no_mapping_is_refused(problems_of: Callable[[str], dict[str, str]], text: str) -> None:
    assert "must be a mapping" in problems_of(text)["."]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntentFileError, match="No such file"):
        load_intent_file(tmp_path / "absent.yaml")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IntentFileError, match="not UTF-8"):
        load_intent_file(file)


EXCEPTION = "exceptions: [{account: '222222222222', until: 2026-12-31, reason: test, granted_by: sana}]"


@pytest.mark.parametrize(
    ("today", "told"),
    [(date(2026, 12, 31), []), (date(2027, 1, 1), ["exceptions[0].until"]), (None, [])],
    ids=["on its last day", "the day after", "in the present"],
)
def test_an_exception_that_has_ended_is_told_with_its_date(tmp_path: Path, today: date | None, told: list[str]) -> None:
    file = tmp_path / "strongroom.yaml"
    until = "2026-12-31" if today else datetime.now(UTC).date().isoformat()
    file.write_text(EXAMPLE.replace("exceptions: []", EXCEPTION.replace("2026-12-31", until)), encoding="utf-8")
    _, findings = load_intent_file(file, today=today)
    ended = [finding for finding in findings if finding.code == "exemption-ended"]
    assert [finding.path for finding in ended] == told
    assert all("2026-12-31" in finding.message for finding in ended)


SUBJECTS = {
    "person in a group": ("restores/groups/oncall", ["nobody"], "restores.groups.oncall[0]"),
    "group that asks": ("restores/requesters", "nobody", "restores.requesters"),
    "group that approves": ("restores/rules/0/group", "nobody", "restores.rules[0].group"),
    "unit of a rule": ("restores/rules/0/unit", "Nowhere", "restores.rules[0].unit"),
    "unit of a target": ("targets/0/unit", "Nowhere", "targets[0].unit"),
    "tier of a target": ("targets/0/tiers", ["daily-prod", "weekly"], "targets[0].tiers[1]"),
    "default tier": ("targets/0/default_tier", "weekly", "targets[0].default_tier"),
    "who granted an exception": (
        "exceptions",
        [{"account": "222222222222", "until": "2027-01-31", "reason": "test", "granted_by": "nobody"}],
        "exceptions[0].granted_by",
    ),
    "role outside our path": ("roles", {"backup": "service-role/backup"}, "roles.backup"),
}


@pytest.mark.parametrize(("path", "value", "place"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_a_name_that_leads_nowhere_is_told_at_its_place(
    problems_of: Callable[[str], dict[str, str]], path: str, value: Any, place: str
) -> None:
    document = yaml.safe_load(EXAMPLE)
    put(document, path.split("/"), value)
    assert place in problems_of(yaml.safe_dump(document))


def put(document: Any, path: list[str], value: Any) -> None:
    *parents, last = path
    for step in parents:
        document = document[int(step)] if isinstance(document, list) else document[step]
    document[int(last) if isinstance(document, list) else last] = value


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with every key or index in it."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [pair for step, child in steps for pair in ((node, step), *places(child))]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -1, 0, float("inf"), float("nan"), 1e400])
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["PT1H", "P99999999999999D", "2026-12-31", "9999-12-31", "cron(0 2 ? * * 9)", f"cron({'9' * 5000} 2 ? * * *)"]
    )
    | st.sampled_from(["nobody", "Production", "daily-prod", "222222222222", "@@assign", "\ud800", "aws:x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
    max_leaves=4,
)


@settings(deadline=None)
@given(st.data())
def test_however_the_file_is_mutilated_only_its_findings_are_raised(base_directory: Path, data: st.DataObject) -> None:
    document = deepcopy(DOCUMENT)
    for _ in range(data.draw(st.integers(1, 3))):
        found = places(document)
        container, step = found[data.draw(st.integers(0, len(found) - 1))]
        match data.draw(st.sampled_from(["remove", "replace", "rename"])):
            case "remove":
                del container[step]
            case "rename" if isinstance(container, dict):
                container[data.draw(st.text() | st.integers())] = container.pop(step)
            case _:
                container[step] = data.draw(VALUES)
    try_to_load(
        base_directory / "mutilated.yaml", yaml.safe_dump(document, allow_unicode=True).encode(errors="replace")
    )


@settings(deadline=None)
@given(st.text())
def test_whatever_text_is_in_the_file_only_its_findings_are_raised(base_directory: Path, text: str) -> None:
    try_to_load(base_directory / "text.yaml", text.encode(errors="replace"))


@pytest.mark.parametrize(
    "text",
    [f"a: {'[' * 1500}", "&a [*a]", "a: &a {b: *a}", "? [x]\n: y", "<<: 7", EXAMPLE.replace("35", "9" * 5000)],
    ids=["nested", "in itself", "in itself by name", "list as a key", "merge of a number", "a number of 5000 digits"],
)
def test_hostile_yaml_is_refused(problems_of: Callable[[str], dict[str, str]], text: str) -> None:
    assert problems_of(text)


def try_to_load(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with suppress(IntentFileError):
        load_intent_file(file, today=date(2026, 9, 1))


def test_what_python_keeps_a_word_for_is_spelled_in_the_file_as_people_say_it(tmp_path: Path) -> None:
    target = "{root: true, except: [Sandbox], tiers: [daily-prod, monthly-prod, compliance-7y], default_tier: none}"
    file = tmp_path / "strongroom.yaml"
    before, rest = EXAMPLE.split("targets:\n", 1)
    _, after = rest.split("\n\n", 1)
    file.write_text(f"{before}targets:\n  - {target}\n\n{after}", encoding="utf-8")
    with pytest.raises(IntentFileError) as refused:
        load_intent_file(file)
    assert {finding.path for finding in refused.value.findings if finding.level is Level.ERROR} == {"restores.rules"}
    file.write_text(file.read_text(encoding="utf-8").replace("except:", "excluded:"), encoding="utf-8")
    with pytest.raises(IntentFileError) as unknown:
        load_intent_file(file)
    assert "targets[0].excluded" in {finding.path for finding in unknown.value.findings}


def test_plans_of_others_are_let_in_until_their_day(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    kept = "guardrails:\n  foreign_policies: {keep_until: 2027-03-31}\n"
    file.write_text(EXAMPLE.replace("guardrails:\n", kept, 1), encoding="utf-8")
    during, told = load_intent_file(file, today=date(2027, 3, 31))
    afterwards, _ = load_intent_file(file, today=date(2027, 4, 1))
    assert during.guardrails.foreign_policies is not None
    assert afterwards.guardrails.foreign_policies is None
    assert [each.code for each in told if each.path.startswith("guardrails.foreign")] == ["foreign-policies-kept"]
