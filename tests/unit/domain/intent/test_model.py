"""The intent: who is governed by which target, and for whom an exemption holds."""

from copy import replace
from datetime import date
from typing import get_type_hints

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Exemption, ForeignPolicies, Intent, Target
from strongroom.domain.values import field_names
from strongroom_cli.intent.schema import intent_classes, notes_of
from tests.builders import organizations
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, PAYMENTS, REPORTS

PRODUCTION, SHARED, NESTED = "ou-strg-prod0001", "ou-strg-shar0001", "ou-strg-nested01"
ORDERS = f"arn:aws:rds:eu-west-1:{PAYMENTS}:db:orders"
LAST_DAY = date(2026, 12, 31)


@pytest.fixture
def organisation(intent: Intent) -> Intent:
    """The example, where Shared and the account payments have targets of their own, too."""
    shared = Target(unit="Shared", tiers=("monthly-prod",), default_tier="monthly-prod")
    return replace(intent, targets=(*intent.targets, shared, replace(shared, unit=None, account=PAYMENTS)))


@pytest.mark.parametrize(
    ("account", "units", "name"),
    [
        (REPORTS, (PRODUCTION,), "Production"),
        (REPORTS, (NESTED, PRODUCTION), "Production"),
        (REPORTS, (SHARED, PRODUCTION), "Shared"),
        (PAYMENTS, (PRODUCTION,), f"account {PAYMENTS}"),
        (PAYMENTS, (), f"account {PAYMENTS}"),
        (REPORTS, (NESTED,), None),
        (REPORTS, (), None),
    ],
    ids=[
        "its unit's",
        "a unit's above",
        "the nearer unit's",
        "its own",
        "its own, in the root",
        "a unit without one",
        "the root",
    ],
)
def test_the_nearest_target_governs_an_account(
    organisation: Intent, account: AccountId, units: tuple[str, ...], name: str | None
) -> None:
    target = organisation.target_of(account, units)
    assert (target.name if target else None) == name


@pytest.mark.parametrize(
    ("account", "units", "name"),
    [
        (REPORTS, ("ou-moj1-sirius01", "ou-moj1-opg00001"), "OPG/Sirius"),
        (REPORTS, ("ou-moj1-team0001", "ou-moj1-sirius01", "ou-moj1-opg00001"), "OPG/Sirius"),
        (REPORTS, ("ou-moj1-opg00001",), "the root"),
        (REPORTS, (), "the root"),
        (REPORTS, ("ou-moj1-closed01",), None),
        (REPORTS, ("ou-moj1-team0001", "ou-moj1-closed01"), None),
        (BACKUP_ACCOUNT, (), None),
        (AUDIT_ACCOUNT, ("ou-moj1-opg00001",), None),
        (AccountId("111111111111"), (), None),
    ],
    ids=[
        "a nested unit's",
        "a nested unit's above",
        "of the unit around it",
        "in the root itself",
        "left out",
        "below what is left out",
        "the backup account",
        "the audit account",
        "the management account",
    ],
)
def test_the_root_governs_what_no_nearer_target_does_and_nothing_left_out(
    account: AccountId, units: tuple[str, ...], name: str | None
) -> None:
    target = organizations.an_organization(organizations.NESTED).target_of(account, units)
    assert (target.name if target else None) == name


def test_the_accounts_of_vaults_are_not_governed_by_the_root() -> None:
    vaults = {"local": {"name": "everything"}, "central": {"name": "central", "account": "444444444444"}}
    assert (
        organizations.an_organization(organizations.NESTED, vaults=vaults).target_of(AccountId("444444444444"), ())
        is None
    )


@pytest.mark.parametrize(
    ("target", "default"),
    [
        (Target(unit="A", tiers=("daily",)), "daily"),
        (Target(unit="A", tiers=("daily", "weekly"), default_tier="weekly"), "weekly"),
        (Target(unit="A", tiers=("daily",), default_tier="none"), None),
    ],
    ids=["the only tier", "the one that is named", "none"],
)
def test_a_target_has_a_default_tier_or_leaves_things_untagged(target: Target, default: str | None) -> None:
    assert target.default == default


@pytest.mark.parametrize(
    ("today", "is_open"), [(date(2027, 3, 31), True), (date(2027, 4, 1), False)], ids=["the last day", "the day after"]
)
def test_plans_of_others_go_on_until_their_day(intent: Intent, today: date, *, is_open: bool) -> None:
    kept = replace(intent.guardrails, foreign_policies=ForeignPolicies(keep_until=date(2027, 3, 31)))
    assert (replace(intent, guardrails=kept).as_of(today).guardrails.foreign_policies is not None) == is_open
    assert intent.as_of(today) is intent


def test_a_target_knows_the_id_that_policies_are_attached_to(organisation: Intent) -> None:
    assert [target.id(organisation) for target in organisation.targets] == [PRODUCTION, SHARED, PAYMENTS]
    assert Target(root=True, tiers=("daily-prod",)).id(organisation) == "r-strg"


def exempt(intent: Intent, *, resource: str | None = None, account: AccountId | None = None) -> Intent:
    exemption = Exemption(resource=resource, account=account, until=LAST_DAY, reason="test", granted_by="sana")
    return replace(intent, exceptions=(exemption,))


@pytest.mark.parametrize(
    ("today", "holding"),
    [(date(2026, 1, 1), ["sana", "sana"]), (LAST_DAY, ["sana", "sana"]), (date(2027, 1, 1), [])],
    ids=["before", "on its last day", "afterwards"],
)
def test_an_exemption_holds_until_its_last_day_has_passed(intent: Intent, today: date, holding: list[str]) -> None:
    of_resource = exempt(intent, resource=ORDERS).exemption_of(PAYMENTS, resource=ORDERS, today=today)
    of_account = exempt(intent, account=PAYMENTS).exemption_of(PAYMENTS, today=today)
    assert [each.granted_by for each in (of_resource, of_account) if each] == holding


def test_the_exemption_of_an_account_holds_for_its_resources_and_no_other_account(intent: Intent) -> None:
    exempted = exempt(intent, account=PAYMENTS)
    assert exempted.exemption_of(PAYMENTS, resource=ORDERS, today=LAST_DAY)
    assert exempted.exemption_of(REPORTS, today=LAST_DAY) is None


def test_the_exemption_of_a_resource_holds_for_that_resource_alone(intent: Intent) -> None:
    exempted = exempt(intent, resource=ORDERS)
    assert exempted.exemption_of(PAYMENTS, resource=f"{ORDERS}-2", today=LAST_DAY) is None
    assert exempted.exemption_of(PAYMENTS, today=LAST_DAY) is None


FIELDS = [(kind, name) for kind in intent_classes() for name in field_names(kind)]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=[f"{kind.__name__}.{name}" for kind, name in FIELDS])
def test_every_field_says_what_it_means(kind: type, name: str) -> None:
    _, notes = notes_of(get_type_hints(kind, include_extras=True)[name])
    [description] = [note for note in notes if isinstance(note, str)]
    assert description.endswith(".")
    assert description[0].isupper()
