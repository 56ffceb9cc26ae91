"""Which stacks come of an organisation, where they lie, and what their templates and parameters say."""

import json
from typing import Any

import pytest

from strongroom.domain.rollout.desired import Desired, opt_in_regions, service_linked_roles, vault_forwarder_stacks
from strongroom.domain.stacks.templates import AIR_GAPPED_VAULT, MEMBER_GLOBAL, VAULT, VAULT_ACCOUNT, VAULT_FORWARDER
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.compile import compiled_intent
from strongroom_cli.templates import read_templates
from tests.builders.organizations import CONTROL_TOWER, NESTED, an_organization

SIMPLE = """
organization: {id: o-simple0001, root_id: r-smpl, home_region: eu-west-1, units: {Production: ou-smpl-prod0001}}
vaults:
  local: {name: local}
  central: {name: central, lock: {min_retention_days: 30, max_retention_days: 400, changeable_for_days: 30}}
tiers: {daily: {schedule: daily 02:00, keep: {local: 35, central: 90}}}
targets: [{unit: Production, tiers: [daily]}]
guardrails: {}
keys: {}
"""
GOVCLOUD = SIMPLE.replace("eu-west-1", "us-gov-west-1")
CENTRAL = "central: {name: central, lock: {min_retention_days: 30, max_retention_days: 400, changeable_for_days: 30}}"
EXISTING = SIMPLE.replace("local: {name: local}", "local: {name: theirs, existing: true}").replace(
    CENTRAL, CENTRAL.replace("{name: central", "{name: central, existing: true")
)
SECOND = SIMPLE.replace(CENTRAL, "second: {name: second, account: own, region: us-west-2}").replace(
    "central: 90", "second: 90"
)
LOCAL_ONLY = SIMPLE.replace(CENTRAL, "").replace(", central: 90", "")
TWO_ACCOUNTS = SIMPLE.replace(
    CENTRAL,
    'prod: {name: same-name, account: "333333333333", lock: none}\n'
    '  non-prod: {name: same-name, account: "444444444444", lock: {mode: governance, min_retention_days: 7, '
    "max_retention_days: 400}}",
).replace("central: 90", "prod: 90, non-prod: 90")

AIR_GAPPED = SIMPLE.replace(
    CENTRAL, "central: {name: central, kind: air-gapped, lock: {min_retention_days: 30, max_retention_days: 400}}"
)

BACKUP, MANAGEMENT, AUDIT = "999999999999", "111111111111", "888888888888"


def wanted(text: str) -> Desired:
    intent = an_organization(text)
    return Desired(intent=intent, rendered=render(intent, read_templates()), compiled=compiled_intent(intent))


def vault_stacks(desired: Desired) -> dict[str, tuple[str, str]]:
    """Account and Region of each stack that is about vaults of copies."""
    return {
        each.place.name: (each.place.account, each.place.region)
        for each in desired.stacks
        if each.template in [desired.rendered.stacks.get(name) for name in (VAULT, AIR_GAPPED_VAULT, VAULT_ACCOUNT)]
    }


def stack_sets(desired: Desired) -> dict[str, tuple[str, ...]]:
    """The Regions of each StackSet that makes vaults."""
    return {each.name: each.template.regions for each in desired.rendered.stack_sets if "vault" in each.name}


CASES: dict[str, tuple[str, dict[str, tuple[str, str]], dict[str, tuple[str, ...]]]] = {
    "one Region": (
        SIMPLE,
        {"strongroom-central": (BACKUP, "eu-west-1")},
        {"strongroom-member-vault": ("eu-west-1",)},
    ),
    "GovCloud": (
        GOVCLOUD,
        {"strongroom-central": (BACKUP, "us-gov-west-1")},
        {"strongroom-member-vault": ("us-gov-west-1",)},
    ),
    "vaults of others": (EXISTING, {}, {"strongroom-member-vault": ("eu-west-1",)}),
    "no copy at all": (LOCAL_ONLY, {}, {"strongroom-member-vault": ("eu-west-1",)}),
    "a second Region of the account": (
        SECOND,
        {},
        {"strongroom-member-vault": ("eu-west-1",), "strongroom-member-vault-second": ("us-west-2",)},
    ),
    "two accounts of vaults in one Region": (
        TWO_ACCOUNTS,
        {
            "strongroom-prod": ("333333333333", "eu-west-1"),
            "strongroom-non-prod": ("444444444444", "eu-west-1"),
            "strongroom-vault-account-333333333333": ("333333333333", "eu-west-1"),
            "strongroom-vault-account-444444444444": ("444444444444", "eu-west-1"),
        },
        {"strongroom-member-vault": ("eu-west-1",)},
    ),
    "an air-gapped vault": (
        AIR_GAPPED,
        {"strongroom-central": (BACKUP, "eu-west-1")},
        {"strongroom-member-vault": ("eu-west-1",)},
    ),
    "a vault in each Region": (
        CONTROL_TOWER,
        {
            "strongroom-central-eu-central-1": ("444444444444", "eu-central-1"),
            "strongroom-central-eu-west-1": ("444444444444", "eu-west-1"),
            "strongroom-vault-account-444444444444": ("444444444444", "eu-central-1"),
        },
        {"strongroom-member-vault": ("eu-central-1", "eu-west-1")},
    ),
}


@pytest.mark.parametrize(("text", "vaults", "own"), CASES.values(), ids=CASES)
def test_each_vault_has_a_stack_where_it_lies(
    text: str, vaults: dict[str, tuple[str, str]], own: dict[str, tuple[str, ...]]
) -> None:
    desired = wanted(text)
    assert vault_stacks(desired) == vaults
    assert stack_sets(desired) == own
    names = [each.place.name for each in desired.stacks]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "forwarders"),
    [
        pytest.param(SIMPLE, {}, id="no account of vaults"),
        pytest.param(
            TWO_ACCOUNTS,
            {
                "strongroom-vault-forwarder-333333333333-eu-west-1": VAULT_FORWARDER,
                "strongroom-global-333333333333": MEMBER_GLOBAL,
                "strongroom-vault-forwarder-444444444444-eu-west-1": VAULT_FORWARDER,
                "strongroom-global-444444444444": MEMBER_GLOBAL,
            },
            id="two in one Region",
        ),
        pytest.param(
            CONTROL_TOWER,
            {
                "strongroom-vault-forwarder-444444444444-eu-central-1": VAULT_FORWARDER,
                "strongroom-vault-forwarder-444444444444-eu-west-1": VAULT_FORWARDER,
                "strongroom-global-444444444444": MEMBER_GLOBAL,
            },
            id="two Regions",
        ),
        pytest.param(
            TWO_ACCOUNTS.replace("eu-west-1", "us-east-1"),
            {
                "strongroom-vault-forwarder-333333333333-us-east-1": VAULT_FORWARDER,
                "strongroom-vault-forwarder-444444444444-us-east-1": VAULT_FORWARDER,
            },
            id="where global services tell of calls",
        ),
    ],
)
def test_an_account_of_vaults_has_a_forwarder_where_they_lie_and_where_global_services_tell_of_calls(
    text: str, forwarders: dict[str, str]
) -> None:
    desired = wanted(text)
    made = {
        each.place.name: each for each in desired.stacks if each.place.name in vault_forwarder_stacks(desired.intent)
    }
    assert {name: each.template for name, each in made.items()} == {
        name: desired.rendered.stacks[file] for name, file in forwarders.items()
    }
    assert all(name.endswith((each.place.account, each.place.region)) for name, each in made.items())
    names = [each.place.name for each in desired.stacks]
    # Its rules name the role that the account's own stack makes.
    for name, each in made.items():
        assert names.index(f"strongroom-vault-account-{each.place.account}") < names.index(name)


@pytest.mark.parametrize("text", [text for text, *_ in CASES.values()], ids=CASES)
def test_every_stack_is_told_what_its_template_declares_and_nothing_else(text: str) -> None:
    desired = wanted(text)
    for stack in desired.stacks:
        for name in stack.parameters:
            assert f"\n  {name}:\n" in stack.template, (stack.place.name, name)


def test_in_govcloud_no_rendered_text_names_the_commercial_partition() -> None:
    desired = wanted(GOVCLOUD)
    assert not [name for name, text in desired.rendered.stacks.items() if "arn:aws:" in text]
    assert "arn:aws:" not in json.dumps(dict(desired.rendered.parameters))


def test_vaults_of_two_accounts_are_told_their_own_locks() -> None:
    told = wanted(TWO_ACCOUNTS).rendered.parameters
    assert {key: (told[key]["VaultName"], told[key]["MinRetentionDays"]) for key in ("prod", "non-prod")} == {
        "prod": ("same-name", "0"),
        "non-prod": ("same-name", "7"),
    }


def test_an_account_of_vaults_has_the_role_under_which_aws_backup_copies_into_it() -> None:
    roles = service_linked_roles(wanted(TWO_ACCOUNTS).intent)
    assert [account for account, service in roles if service == "backup.amazonaws.com"] == [
        MANAGEMENT,
        BACKUP,
        "333333333333",
        "444444444444",
    ]


def test_types_are_served_where_copies_of_the_account_itself_arrive() -> None:
    assert opt_in_regions(wanted(SECOND).intent) == ("eu-west-1", "us-west-2")


def test_a_governed_root_is_reached_without_the_accounts_of_strongroom() -> None:
    desired = wanted(NESTED)
    assert {each.units for each in desired.rendered.stack_sets} == {("r-moj1",)}
    assert {each.left_out for each in desired.rendered.stack_sets} == {(BACKUP, AUDIT)}
    assert desired.left_out == {MANAGEMENT, BACKUP, AUDIT}


def test_the_local_vault_of_a_governed_root_is_locked_as_the_file_says() -> None:
    [vault] = [each for each in wanted(NESTED).rendered.stack_sets if each.name == "strongroom-member-vault"]
    made: Any = json.loads(vault.template.body)["Resources"]["LocalVault"]["Properties"]
    assert made["LockConfiguration"] == {"MinRetentionDays": 30, "MaxRetentionDays": 60, "ChangeableForDays": 3}
