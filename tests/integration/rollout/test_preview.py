"""`strongroom plan --preview` against a whole organisation, before anything of ours is there."""

import json
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import LEDGER_ACCOUNT, PAYMENTS_ACCOUNT
from tests.integration.rollout.rollouts import GOVERNED, strongroom


def make_table(account: str, name: str, **tags: str) -> None:
    """Make a table with these tags: the emulator's tagging API lists tables, and neither volumes nor databases."""
    client("dynamodb", account).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


@pytest.fixture(scope="module")
def preview(sandbox_host: lifecycle.Sandbox) -> dict[str, Any]:
    """What the command says with three tables in two accounts."""
    make_table(PAYMENTS_ACCOUNT, "orders", Backup="daily-prod")
    make_table(PAYMENTS_ACCOUNT, "baskets", Backup="Daily-Prod")
    make_table(LEDGER_ACCOUNT, "scratch", Name="nobody-chose")
    planned = strongroom(sandbox_host, "plan", "--json", "--preview")
    assert planned.stderr == ""
    found: dict[str, Any] = json.loads(planned.stdout)["preview"]
    return found


def test_the_governed_accounts_are_looked_into(preview: dict[str, Any]) -> None:
    governed = {account for unit in preview["accounts"]["become_governed"].values() for account in unit}
    assert governed >= set(GOVERNED)
    assert preview["accounts"]["unread"] == []


def test_each_table_has_its_own_fate(preview: dict[str, Any]) -> None:
    payments = preview["resources"]["accounts"][PAYMENTS_ACCOUNT]
    assert payments["plans"] == {"strongroom-daily-prod": 1}
    assert (payments["fates"]["caught"], payments["fates"]["misspelled"]) == (1, 1)
    assert payments["changes"]["newly"] == 1
    assert preview["resources"]["accounts"][LEDGER_ACCOUNT]["fates"]["untagged"] == 1


def test_a_size_that_nobody_knows_is_told_and_not_priced(preview: dict[str, Any]) -> None:
    assert (preview["money"]["unsized"], preview["money"]["total"]) == (1, 0)


def test_points_and_locks_are_those_of_the_intent(preview: dict[str, Any]) -> None:
    kept = {(each["plan"], each["vault"].rpartition(":")[2]): each["at_most"] for each in preview["points"]}
    assert kept["strongroom-daily-prod", "local-prod-vault"] == 35
    assert {lock["name"] for lock in preview["locks"]} >= {"central-backup-vault"}
