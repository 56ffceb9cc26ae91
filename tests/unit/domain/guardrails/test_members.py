"""Without a ceremony nobody is kept from restoring; everything else is guarded as it was."""

from copy import replace
from pathlib import Path

import pytest

from strongroom.domain.guardrails.rendering import guardrail_targets, list_denials
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.file import load_intent_file
from tests.builders.intents import an_intent_without_ceremony

SIMPLE = Path(__file__).parents[4] / "examples/simple.yaml"
OF_THE_CEREMONY = {
    "RestoreByCeremonyOnly",
    "RestoreByTicketOnly",
    "NoRestoreFromCopies",
    "NoRestoreFromSnapshots",
    # A team's own DynamoDB backups look like AWS Backup's: without a ceremony nobody could restore either.
    "NoRestoreFromUnmarked",
}


@pytest.fixture
def plain(intent: Intent) -> Intent:
    """The example without a ceremony."""
    return an_intent_without_ceremony(intent)


def sids(intent: Intent, guardrail: str) -> list[str]:
    return [denial.sid for denial in list_denials(intent)[guardrail]]


@pytest.mark.parametrize("guardrail", ["protect-backups", "protect-control-plane", "require-backup-tag"])
def test_the_statements_of_the_ceremony_are_gone_and_no_other(intent: Intent, plain: Intent, guardrail: str) -> None:
    assert sids(plain, guardrail) == [sid for sid in sids(intent, guardrail) if sid not in OF_THE_CEREMONY]


def test_two_documents_are_enough_for_a_governed_unit_of_the_simple_example() -> None:
    simple, _ = load_intent_file(SIMPLE)
    attached = [name for name, targets in guardrail_targets(simple).items() if "ou-strg-prod0001" in targets]
    assert len(attached) == 2


def test_two_documents_are_enough_for_a_governed_unit_beside_no_landing_zone(plain: Intent) -> None:
    unzoned = replace(plain, guardrails=replace(plain.guardrails, landing_zone_role_arns=()))
    attached = [name for name, targets in guardrail_targets(unzoned).items() if "ou-strg-prod0001" in targets]
    assert len(attached) == 2


def test_the_guardrail_of_the_control_plane_hangs_on_the_backup_account_alone(plain: Intent) -> None:
    targets = {name: on for name, on in guardrail_targets(plain).items() if name.startswith("protect-control-plane")}
    assert set(targets.values()) == {("999999999999",)}


def test_organizations_own_role_deploys_in_each_account_where_nobody_is_named(intent: Intent, plain: Intent) -> None:
    unnamed = replace(intent.guardrails, deployer_role_arns=None)
    of_the_backup_account = "arn:aws:iam::999999999999:role/OrganizationAccountAccessRole"
    of_the_auditors = "arn:aws:iam::888888888888:role/OrganizationAccountAccessRole"
    assert replace(plain, guardrails=unnamed).deployer_role_arns == (of_the_backup_account,)
    assert replace(intent, guardrails=unnamed).deployer_role_arns == (of_the_backup_account, of_the_auditors)
