"""Thirty accounts in two Regions: every one gets its stacks, and the organisation is in accord afterwards.

AWS Organizations holds to its published rates meanwhile (Organizations User Guide, "Throttling limits").
"""

from collections import Counter
from pathlib import Path

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.example.deployment import INTENT
from sandbox.organization import seed
from sandbox.seams import organizations
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION, PAYMENTS_ACCOUNT
from tests.integration.rollout.rollouts import GOVERNED, deploy_control_plane, make_template_bucket
from tests.integration.rollout.test_repeated import Rollout

ACCOUNTS = 30
IN_TWO_REGIONS = "governed_regions: [eu-west-1, eu-west-2]\n"


def test_thirty_accounts_in_two_regions_are_governed(sandbox_host: lifecycle.Sandbox, tmp_path: Path) -> None:
    for number in range(ACCOUNTS - len(GOVERNED)):
        settle(f"{700000000000 + number}")
    intent = tmp_path / "many.yaml"
    text = INTENT.read_text(encoding="utf-8").replace("governed_regions: [eu-west-1]\n", IN_TWO_REGIONS)
    assert IN_TWO_REGIONS in text
    intent.write_text(text + "\naudit: {framework: false}\n", encoding="utf-8")
    make_template_bucket()
    deploy_control_plane(intent)
    rollout = Rollout(sandbox_host, intent)
    rollout.hold_to_rates(held=True)
    applied = rollout.apply()
    assert applied.returncode == 0, applied.stderr
    assert stacks_of("strongroom-member-vault") == {"CURRENT": 2 * ACCOUNTS}
    assert stacks_of("strongroom-member") == {"CURRENT": 2 * ACCOUNTS}
    assert stacks_of("strongroom-member-roles") == {"CURRENT": ACCOUNTS}
    assert rollout.hold_to_rates(held=True) > 0, "the rates were met while it was rolled out"
    assert rollout.plan() == (0, [], [])
    assert rollout.hold_to_rates(held=False) > 0, "the rates were met while it was planned"


def settle(account: str) -> None:
    """Let one more account stand in Production."""
    payments = organizations.organization_store("accounts")[PAYMENTS_ACCOUNT]
    arn = str(payments["Arn"]).replace(PAYMENTS_ACCOUNT, account)
    record = {**payments, "Id": account, "Arn": arn, "Name": account, "Email": f"{account}@strongroom.example"}
    organizations.put_organization_entry("accounts", account, record)
    seed.create_administrator_roles(account)


def stacks_of(stack_set: str) -> Counter[str]:
    cloudformation = client("cloudformation", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    pages = cloudformation.get_paginator("list_stack_instances").paginate(StackSetName=stack_set)
    return Counter(each["Status"] for page in pages for each in page["Summaries"])
