"""`strongroom plan`: its output, its exit codes, and what it says instead of a plan."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from strongroom.adapters.aws import account_access
from strongroom_cli.main import main
from strongroom_cli.rollout import organization as rollout
from tests.builders.rollout import an_empty_organization
from tests.fakes.rollout import FakeOrganization

ROOT = Path(__file__).parents[4]
EXAMPLE = str(ROOT / "strongroom.yaml")


def test_in_accord_is_0(organization: FakeOrganization, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", EXAMPLE, "--confirm-retention", "2555"]) == 0
    assert capsys.readouterr().out == "nothing to change\n"


def test_a_change_is_1_and_one_line(organization: FakeOrganization, capsys: pytest.CaptureFixture[str]) -> None:
    organization.live = replace(organization.live, stack_sets_are_active=False)
    assert main(["plan", EXAMPLE, "--confirm-retention", "2555"]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("switch on")
    assert line.endswith("trusted access of CloudFormation StackSets: off -> on")


def test_an_error_is_1_and_told_beside_the_plan(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    assert main(["plan", EXAMPLE]) == 1
    assert f"{EXAMPLE}: error: tiers: vaults.central: a lock" in capsys.readouterr().err


def test_json_holds_steps_and_findings_and_nothing_else(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = replace(
        organization.live, stack_sets_are_active=False, accounts_with_invalid_policy=("222222222222",)
    )
    assert main(["plan", EXAMPLE, "--json", "--confirm-retention", "2555"]) == 1
    printed = capsys.readouterr()
    told = json.loads(printed.out)
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
    assert set(finding) == {"level", "code", "path", "message"}
    assert finding["code"] == "effective-policy-invalid"
    assert printed.err == ""


def test_the_exit_codes_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--help"]) == 0
    assert "0: in accord; 1: there are changes or errors; 2:" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", ["plan", "apply"])
def test_an_intent_that_does_not_exist_is_2_and_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, str(tmp_path / "none.yaml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--confirm-retention", "long"], ["--through"]], ids=" ".join)
def test_a_malformed_argument_is_2_and_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", EXAMPLE, *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


class StrangeSts:
    """STS, asked with the credentials of another account."""

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "222222222222"}


@pytest.mark.parametrize("name", ["plan", "apply"])
def test_the_credentials_of_another_account_are_2(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(account_access, "connect", lambda *_, **__: StrangeSts())
    assert main([name, EXAMPLE]) == 2
    assert "use those of the management account 111111111111" in capsys.readouterr().err.splitlines()[-1]


def test_the_default_role_is_the_one_that_organizations_makes() -> None:
    assert rollout.ACCESS_ROLE == "OrganizationAccountAccessRole"
