"""`strongroom plan`: its output, its exit codes, and what it says instead of a plan."""

import json
from copy import replace
from pathlib import Path
from typing import Any

import pytest

from strongroom.adapters.aws import account_access
from strongroom.domain.intent.model import Intent
from strongroom_cli.looking import ACCESS_ROLE
from strongroom_cli.main import main
from strongroom_cli.rollout import organization as rollout
from strongroom_cli.rollout.organization import Prepared
from strongroom_cli.rollout.saved_plan import Options
from tests.builders.preview import a_volume
from tests.builders.rollout import an_empty_organization
from tests.fakes.preview import FakeEstate
from tests.fakes.rollout import FakeOrganization

ROOT = Path(__file__).parents[4]
EXAMPLE = str(ROOT / "strongroom.yaml")
# With `plan`, 2 means that there are changes.
BAD_INPUT = [("plan", 1), ("apply", 2)]


def test_in_accord_is_0(organization: FakeOrganization, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", EXAMPLE, "--confirm-retention", "2555"]) == 0
    assert capsys.readouterr().out == "nothing to change: 0 to create, 0 to change, 0 warnings, 0 errors\n"


def test_a_change_is_2_and_one_line(organization: FakeOrganization, capsys: pytest.CaptureFixture[str]) -> None:
    organization.live = replace(organization.live, stack_sets_are_active=False)
    assert main(["plan", EXAMPLE, "--confirm-retention", "2555", "--detailed-exitcode"]) == 2
    line, summary = capsys.readouterr().out.splitlines()
    assert summary == "0 to create, 1 to change, 0 warnings, 0 errors"
    assert line.startswith("switch on")
    assert line.endswith("trusted access of CloudFormation StackSets: off -> on")


def test_an_error_is_1_and_told_beside_the_plan(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    assert main(["plan", EXAMPLE]) == 1
    assert f"{EXAMPLE}: error: tiers: vaults.central: a lock" in capsys.readouterr().err


def test_json_holds_summary_steps_and_findings_and_nothing_else(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = replace(
        organization.live, stack_sets_are_active=False, accounts_with_invalid_policy=("222222222222",)
    )
    assert main(["plan", EXAMPLE, "--json", "--confirm-retention", "2555"]) == 2
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert set(told) == {"summary", "steps", "findings"}
    assert told["summary"] == {"create": 0, "change": 1, "warnings": 1, "errors": 0}
    assert told["steps"] == [
        {
            "id": "trusted-access-stacksets",
            "kind": "switch on",
            "account": "111111111111",
            "region": "us-east-1",
            "what": "trusted access of CloudFormation StackSets",
            "before": "off",
            "after": "on",
        }
    ]
    [finding] = told["findings"]
    assert set(finding) == {"level", "code", "path", "message", "line"}
    assert finding["code"] == "effective-policy-invalid"
    assert finding["line"] is None
    assert printed.err == ""


def test_a_preview_stands_before_the_changes(
    organization: FakeOrganization, estate: FakeEstate, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = replace(organization.live, stack_sets_are_active=False)
    estate.found = (a_volume(tags={"Backup": "daily-prod"}, gigabytes=1000.0), a_volume(2))
    assert main(["plan", EXAMPLE, "--confirm-retention", "2555", "--preview"]) == 2
    *preview, change, _ = capsys.readouterr().out.splitlines()
    assert [line[:12].strip() for line in preview] == ["accounts", "scp slots", "resources", "money", "locks", "locks"]
    assert "1 stay governed" in preview[0]
    assert "1 caught: daily-prod 1; 1 by none (1 untagged)" in preview[2]
    assert "about 2,688 dollars a month in the long run (local 84, central-backup-vault 2,604)" in preview[3]
    assert change.startswith("switch on")


def test_a_preview_is_in_the_json_only_where_it_was_asked_for(
    organization: FakeOrganization, estate: FakeEstate, capsys: pytest.CaptureFixture[str]
) -> None:
    estate.found = (a_volume(tags={"Backup": "daily-prod"}),)
    assert main(["plan", EXAMPLE, "--confirm-retention", "2555", "--json", "--preview"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"summary", "steps", "findings", "preview"}
    assert told["preview"]["resources"]["plans"] == {"strongroom-daily-prod": 1}


def test_prices_of_ones_own_are_taken(
    organization: FakeOrganization, estate: FakeEstate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "prices.json"
    own.write_text(json.dumps({"date": "2026-11-01", "storage": {"eu-west-1": {"EBS": {"warm": 0.5}}}}))
    estate.found = (a_volume(tags={"Backup": "daily-prod"}, gigabytes=1000.0),)
    assert main(["plan", EXAMPLE, "--confirm-retention", "2555", "--prices", str(own)]) == 0
    [money] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("money")]
    assert "about 26,880 dollars" in money
    assert "Prices of 2026-11-01" in money


@pytest.mark.parametrize("content", ["{", '{"date": "soon"}', None])
def test_a_price_table_that_is_none_is_one_line(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices.json"
    if content is not None:
        prices.write_text(content)
    assert main(["plan", EXAMPLE, "--prices", str(prices)]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert str(prices) in line


def test_the_exit_codes_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "0: nothing to change; 2: there are changes; 1: there are errors" in told
    assert "-detailed-exitcode" in told


def test_the_warnings_about_the_intent_itself_are_in_the_json(
    organization: FakeOrganization,
    estate: FakeEstate,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def prepare_for(_: Intent, options: Options, **found: Any) -> Prepared:
        return Prepared(
            desired=organization.wanted,
            needs=organization.needs,
            preview_needs=estate.needs,
            options=options,
            warnings=found["warnings"],
        )

    monkeypatch.setattr(rollout, "prepare_for", prepare_for)
    assert main(["plan", EXAMPLE, "--json"]) == 0
    assert "calendar-years" in {each["code"] for each in json.loads(capsys.readouterr().out)["findings"]}


def test_a_plan_is_saved_for_its_owner_only(organization: FakeOrganization, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    saved.write_text("an older one", encoding="utf-8")
    saved.chmod(0o644)
    assert main(["plan", EXAMPLE, "--out", str(saved)]) == 0
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_plan_with_errors_is_not_saved(
    organization: FakeOrganization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    assert main(["plan", EXAMPLE, "--out", str(tmp_path / "plan.json")]) == 1
    assert "it was not saved" in capsys.readouterr().err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "code"), BAD_INPUT)
def test_an_intent_that_does_not_exist_is_one_line(
    name: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, str(tmp_path / "none.yaml")]) == code
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--confirm-retention", "long"], ["--through"], ["--wrong"]], ids=" ".join)
@pytest.mark.parametrize(("name", "code"), BAD_INPUT)
def test_a_malformed_argument_is_one_line(
    name: str, code: int, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, EXAMPLE, *arguments]) == code
    assert capsys.readouterr().err.count("\n") == 1


class StrangeSts:
    """STS, asked with the credentials of another account."""

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "222222222222"}


@pytest.mark.parametrize(("name", "code"), BAD_INPUT)
def test_the_credentials_of_another_account_are_refused(
    name: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(account_access, "connect", lambda *_, **__: StrangeSts())
    assert main([name, EXAMPLE]) == code
    assert "use those of the management account 111111111111" in capsys.readouterr().err.splitlines()[-1]


def test_the_default_role_is_the_one_that_organizations_makes() -> None:
    assert ACCESS_ROLE == "OrganizationAccountAccessRole"
