"""`strongroom init`: what it writes of policies of others, its exit codes, and that it never overwrites."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, combinations
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.exceptions import NoCredentialsError

from strongroom.adapters.aws import account_access
from strongroom.domain.backup_policy.documents import Document
from strongroom.domain.backup_policy.merge import merge_levels
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.identifiers import vault_arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.schedules import firings
from strongroom.domain.survey.draft import draft_of
from strongroom.domain.survey.found import VaultFound
from strongroom.domain.survey.questions import least_policy
from strongroom_cli import init
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.main import main
from tests.builders.survey import (
    CENTRAL,
    HOME,
    SHOP,
    TODAY,
    a_locked_vault,
    a_policy,
    a_survey,
)
from tests.fakes.survey import FakeSurveyed
from tests.unit.domain.backup_policy.linting import sound_policies
from tests.unit.domain.backup_policy.linting.sound_policies import SOUND, copied, plan, policy, rule, tagged
from tests.unit.domain.survey.unsaid_policies import UNSAID

# Sound by themselves, and still nothing that an intent can say; each with words of the reason.
SOUND_AND_UNSAID: Final = {
    "critical and normal, by two selections": "any one of the tags Tier, Criticality",
    "everything that the syntax page shows": "vaults.air-gap.lock: an air-gapped vault is made with its lock",
    "file systems and tables where every Region is on": "without arn:aws:fsx:*:*:volume/*",
    "point in time beside daily, weekly, monthly": "both keep 35 days locally",
}
YEAR: Final = (datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
NIGHTLY: Final = policy(
    nightly=plan(
        {"nightly": rule("0 2 ? * * *", 35, copy_actions=copied(sound_policies.CENTRAL, 90))}, tagged("Backup", "daily")
    )
)


def drafted(document: dict[str, Any], folder: Path) -> tuple[str, Path]:
    """The text that a policy on the unit Workloads becomes, and the file with it."""
    regions = document["plans"][next(iter(document["plans"]))].get("regions", {})
    home = (regions.get("@@assign") or regions.get("@@append") or [HOME])[0] if isinstance(regions, dict) else HOME
    text = draft_of(a_survey(a_policy(document), region=home)).text(today=TODAY)
    path = folder / "strongroom.yaml"
    path.write_text(text, encoding="utf-8")
    return text, path


def plans_of(*documents: Document) -> list[Mapping[str, Any]]:
    """The plans of policies on one place, as AWS merges them."""
    merged: Mapping[str, Mapping[str, Any]] = merge_levels([documents]).effective["plans"]
    return list(merged.values())


def rules_in(plan: Mapping[str, Any]) -> list[Any]:
    """When the rules of a plan fire in a year, their windows, and what they keep where."""
    return sorted(
        (
            tuple(firings(rule["schedule_expression"], since=YEAR[0], until=YEAR[1])),
            int(rule.get("start_backup_window_minutes", 480)),
            int(rule.get("complete_backup_window_minutes", 10080)),
            rule["target_backup_vault_name"],
            kept(rule),
            sorted((arn, kept(copy)) for arn, copy in rule.get("copy_actions", {}).items()),
            rule.get("enable_continuous_backup", "false"),
        )
        for rule in plan["rules"].values()
    )


def kept(node: Mapping[str, Any]) -> tuple[str, str]:
    """The lifecycle of a rule or of a copy."""
    lifecycle = node["lifecycle"]
    return lifecycle["delete_after_days"], lifecycle.get("move_to_cold_storage_after_days", "never")


def takes(selections: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
    """Whether a plan takes a resource with these tags, whatever its type."""
    by_tag = [tags.get(each["tag_key"]) in each["tag_value"] for each in selections.get("tags", {}).values()]
    by_type = [
        all(tags.get(key) == value for key, value in pairs(each, "string_equals"))
        and all(tags.get(key) != value for key, value in pairs(each, "string_not_equals"))
        for each in selections.get("resources", {}).values()
    ]
    return any((*by_tag, *by_type))


def pairs(selection: Mapping[str, Any], kind: str) -> list[tuple[str, str]]:
    found = selection.get("conditions", {}).get(kind, {}).values()
    return [(each["condition_key"].removeprefix("aws:ResourceTag/"), each["condition_value"]) for each in found]


def some_tags(selections: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Every combination of the tags that the selections name, and one that they do not."""
    named = [(each["tag_key"], value) for each in selections.get("tags", {}).values() for value in each["tag_value"]]
    kinds = ("string_equals", "string_not_equals")
    named += [pair for each in selections.get("resources", {}).values() for kind in kinds for pair in pairs(each, kind)]
    named += [(key, f"not-{value}") for key, value in named]
    return (dict(each) for each in chain(*(combinations(named, size) for size in range(3))))


@pytest.mark.parametrize("name", sorted(set(SOUND) - set(SOUND_AND_UNSAID)))
def test_a_sound_policy_of_others_comes_back_the_same(name: str, tmp_path: Path) -> None:
    _, path = drafted(SOUND[name], tmp_path)
    intent, _ = load_intent_file(path)
    found, made = plans_of(SOUND[name]), plans_of(*render_backup_policies(intent).values())
    assert [rules_in(plan) for plan in made] == [rules_in(plan) for plan in found]
    assert [plan["regions"] for plan in made] == [plan["regions"] for plan in found]
    for before, after in zip(found, made, strict=True):
        chosen = [takes(before["selections"], tags) for tags in some_tags(before["selections"])]
        assert [takes(after["selections"], tags) for tags in some_tags(before["selections"])] == chosen
        assert True in chosen


@pytest.mark.parametrize("name", sorted(SOUND_AND_UNSAID))
def test_a_sound_policy_that_no_intent_can_say_is_named_with_the_reason(name: str) -> None:
    surveyed = a_survey(a_policy(SOUND[name]))
    draft = draft_of(surveyed)
    text = draft.text(today=TODAY, faults=init.faults_of(draft))
    assert SOUND_AND_UNSAID[name] in unwrapped(text)


@pytest.mark.parametrize("name", sorted(UNSAID))
def test_what_cannot_be_said_is_a_question_with_its_reason_and_the_file_compiles(name: str, tmp_path: Path) -> None:
    document, words = UNSAID[name]
    text, path = drafted(document, tmp_path)
    [told] = [line for line in unwrapped(text).splitlines() if words in line]
    assert told.startswith("# TODO the p")  # plan or policy
    load_intent_file(path)


def unwrapped(text: str) -> str:
    """The text with each comment on one line."""
    return text.replace("\n#   ", " ")


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> FakeSurveyed:
    """An organisation that the command finds: one policy, whose vaults are there."""
    found = FakeSurveyed(
        live=(a_policy(NIGHTLY),),
        live_vaults={
            (SHOP, HOME): {vault_arn("team-vault", account=SHOP, region=HOME): VaultFound()},
            (CENTRAL, HOME): {sound_policies.CENTRAL: a_locked_vault()},
        },
        merged={SHOP: merge_levels([[NIGHTLY]]).effective},
    )
    monkeypatch.setattr(init, "survey_needs", lambda *_, **__: (found.needs, HOME))
    return found


def test_where_nothing_is_left_open_it_is_0_and_the_file_compiles(
    live: FakeSurveyed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new.yaml"
    assert main(["init", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1] == f"strongroom: {out} is written; nothing is left to answer"
    assert "TODO" not in out.read_text()
    loaded, _ = load_intent_file(out)
    assert lock_of(loaded) == (7, 2560, 30)


def lock_of(intent: Intent) -> tuple[Any, ...]:
    lock = intent.vaults["central"].lock
    assert lock is not None
    assert lock != "none"
    return lock.min_retention_days, lock.max_retention_days, lock.changeable_for_days


def test_while_a_question_is_open_it_is_3(
    live: FakeSurveyed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live.closed = frozenset({"administrators"})
    out = tmp_path / "new.yaml"
    assert main(["init", "--out", str(out)]) == 3
    assert "2 left to answer, look for TODO" in capsys.readouterr().err
    assert "# TODO which account is the delegated administrator of AWS Backup? no rights:" in out.read_text()
    assert '"organizations:ListDelegatedAdministrators"' in out.read_text()


def test_what_compile_would_refuse_stands_at_the_beginning(live: FakeSurveyed, tmp_path: Path) -> None:
    again = policy(
        one=plan({"nightly": rule("0 2 ? * * *", 35)}, tagged("Backup", "daily")),
        two=plan({"nightly": rule("0 3 ? * * *", 7)}, tagged("Backup", "daily")),
    )
    live.live = (a_policy(again),)
    out = tmp_path / "new.yaml"
    assert main(["init", "--out", str(out)]) == 3
    assert "\n# TODO strongroom compile says: tiers.two.tag: Backup=daily is the tag of daily, too" in out.read_text()


def test_a_file_that_is_there_is_left_as_it_is(
    live: FakeSurveyed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.yaml"
    out.write_text("mine")
    assert main(["init", "--out", str(out)]) == 2
    assert capsys.readouterr().err.startswith(f"strongroom: {out} is there already, and init overwrites nothing")
    assert (out.read_text(), live.told) == ("mine", [])


def test_a_folder_that_is_not_there_is_told_before_anything_is_asked(
    live: FakeSurveyed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--out", str(tmp_path / "nowhere" / "new.yaml")]) == 2
    assert "lies in no folder that is there" in capsys.readouterr().err
    assert live.told == []


def test_how_far_it_is_is_told(live: FakeSurveyed, tmp_path: Path) -> None:
    main(["init", "--out", str(tmp_path / "new.yaml")])
    assert live.told == [
        "o-ab12cd34ef: 3 units, 4 active accounts",
        "backup policies that are attached: 1",
        "accounts and Regions that are looked at: 4 of 4",
    ]


def test_without_rights_to_the_organisation_nothing_is_written(
    live: FakeSurveyed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live.closed = frozenset({"organization"})
    out = tmp_path / "new.yaml"
    assert main(["init", "--out", str(out)]) == 2
    assert "no rights: organization answered AccessDenied; grant {" in capsys.readouterr().err
    assert not out.exists()


def test_without_credentials_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def connect(*_: object, **__: object) -> None:
        raise NoCredentialsError

    monkeypatch.setattr(account_access, "connect", connect)
    assert main(["init", "--out", str(tmp_path / "new.yaml")]) == 2
    assert capsys.readouterr().err.startswith("strongroom: no credentials: Unable to locate credentials; set AWS")


def test_the_least_policy_allows_readings_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--policy"]) == 0
    [statement] = json.loads(capsys.readouterr().out)["Statement"]
    assert statement == least_policy()
    calls = {action.partition(":")[2] for action in statement["Action"]} - {"AssumeRole", "GetCallerIdentity"}
    assert all(call.startswith(("Describe", "Get", "List")) for call in calls)
