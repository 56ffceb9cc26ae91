"""Targets and what they offer: each mistake is told once, at its place, with what would be right."""

from collections.abc import Iterator, Mapping
from copy import replace
from typing import Any

import pytest

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.findings import Finding, Level
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent, OptOut, Target
from strongroom.domain.intent.tiers import Kept, RuleSettings, Tier
from strongroom.domain.intent_rules.targets import find_place_contradictions, find_target_contradictions, unknown
from tests.builders.organizations import CONTROL_TOWER, NESTED, an_organization
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS

UNITS = {"Workloads": "ou-strg-work0001", "Workloads/PCI": "ou-strg-pcii0001", "Sandbox": "ou-strg-sand0001"}
DAILY = Tier(schedule="daily 02:00", keep={"local": 35, "central": 90})


def with_targets(intent: Intent, *targets: Target, tiers: Mapping[str, Tier] | None = None, **changes: Any) -> Intent:
    place = replace(intent.organization, units=UNITS)
    known = tiers or {"daily": DAILY, "weekly": replace(DAILY, schedule="weekly sun 03:00")}
    return replace(intent, organization=place, tiers=dict(known), targets=targets, **changes)


def told(intent: Intent) -> list[str]:
    errors = [each for each in find_target_contradictions(intent) if each.level is Level.ERROR]
    return [f"{each.path}: {each.message}" for each in errors]


def codes(findings: Iterator[Finding], level: Level = Level.ERROR) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in findings if each.level is level]


@pytest.mark.parametrize(
    ("default_tiers", "sentences"),
    [
        ({"DynamoDB": "weekly", "EBS": "none"}, []),
        (
            {"Dynamo": "daily"},
            [f"targets[0].default_tiers.Dynamo: {unknown('resource type', 'Dynamo', names_of(ROWS))}"],
        ),
        (
            {"EBS": "wekly"},
            ["targets[0].default_tiers.EBS: 'wekly' is no tier; there are daily, weekly; did you mean weekly?"],
        ),
        (
            {"EBS": "hourly"},
            ["targets[0].default_tiers.EBS: 'hourly' is none of the target's tiers: daily, weekly"],
        ),
    ],
    ids=["right", "unknown type", "unknown tier", "a tier that is not on offer"],
)
def test_the_default_of_a_type_is_a_tier_on_offer(
    intent: Intent, default_tiers: dict[str, str], sentences: list[str]
) -> None:
    target = Target(unit="Workloads", tiers=("daily", "weekly"), default_tier="daily", default_tiers=default_tiers)
    tiers = {"daily": DAILY, "weekly": replace(DAILY, schedule="weekly sun 03:00"), "hourly": DAILY}
    assert told(with_targets(intent, target, tiers=tiers)) == sentences


def test_the_default_of_a_type_takes_that_type(intent: Intent) -> None:
    tables = replace(DAILY, schedule="weekly sun 03:00", resource_types=("DynamoDB",))
    target = Target(unit="Workloads", tiers=("daily", "tables"), default_tier="daily", default_tiers={"EBS": "tables"})
    assert told(with_targets(intent, target, tiers={"daily": DAILY, "tables": tables})) == [
        "targets[0].default_tiers.EBS: tables is for DynamoDB, so it takes no EBS"
    ]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        pytest.param(
            Target(unit="PCI", tiers=("daily", "weekly"), default_tier="daily"),
            "targets[0].unit: 'PCI' is no unit; there are Workloads, Workloads/PCI, Sandbox; it is written "
            "Workloads/PCI",
            id="a unit without its path",
        ),
        pytest.param(
            Target(unit="Wrokloads", tiers=("daily", "weekly"), default_tier="daily"),
            "targets[0].unit: 'Wrokloads' is no unit; there are Workloads, Workloads/PCI, Sandbox; did you mean "
            "Workloads?",
            id="a unit misspelled",
        ),
        pytest.param(
            Target(unit="Workloads", tiers=("daily", "weekly")),
            "targets[0].default_tier: is missing: which of daily, weekly does an untagged resource get? none leaves it "
            "untagged and reports it",
            id="no default",
        ),
        pytest.param(
            Target(root=True, unit="Workloads", tiers=("daily",)),
            "targets[0]: the root is no unit and no account: write root: true alone, or take it out",
            id="the root and a unit",
        ),
        pytest.param(
            Target(tiers=("daily",)),
            "targets[0]: one of unit, account and root must be given; none is",
            id="no place",
        ),
        pytest.param(
            Target(unit="Workloads", excluded=("Sandbox",), tiers=("daily",)),
            "targets[0].except[0]: Sandbox does not lie below Workloads, so there is nothing to leave out",
            id="an exception elsewhere",
        ),
        pytest.param(
            Target(root=True, excluded=("PCI",), tiers=("daily",)),
            "targets[0].except[0]: 'PCI' is no unit; there are Workloads, Workloads/PCI, Sandbox; it is written "
            "Workloads/PCI",
            id="an exception that is no unit",
        ),
        pytest.param(
            Target(unit="Workloads", opt_out=True, tiers=("daily",)),
            "targets[0].opt_out: nothing says how to opt out: write opt_out: {value: none, reason_key: ...} beside the "
            "targets",
            id="opting out in no way",
        ),
    ],
)
def test_a_wrong_target_is_one_sentence_at_its_place(intent: Intent, target: Target, sentence: str) -> None:
    assert told(with_targets(intent, target)) == [sentence]


@pytest.mark.parametrize(
    "targets",
    [
        pytest.param((Target(root=True, excluded=("Sandbox",), tiers=("daily",)),), id="the root with an exception"),
        pytest.param(
            (Target(unit="Workloads", tiers=("daily", "weekly"), default_tier="none"),), id="untagged is left untagged"
        ),
        pytest.param(
            (
                Target(unit="Workloads", tiers=("daily",)),
                Target(unit="Workloads/PCI", tiers=("daily", "weekly"), default_tier="weekly"),
                Target(unit="Workloads/PCI", account=PAYMENTS, tiers=("weekly",)),
            ),
            id="more and fewer below",
        ),
        pytest.param((Target(unit="Workloads", opt_out=True, tiers=("daily",)),), id="opting out"),
    ],
)
def test_a_sound_target_is_not_complained_about(intent: Intent, targets: tuple[Target, ...]) -> None:
    way = OptOut(value="none", reason_key="BackupReason")
    assert told(with_targets(intent, *targets, opt_out=way)) == []


def test_a_target_below_an_exception_is_an_error(intent: Intent) -> None:
    root = Target(root=True, excluded=("Workloads",), tiers=("daily",))
    both = with_targets(intent, root, Target(unit="Workloads/PCI", tiers=("daily",)))
    assert told(both) == [
        "targets[0].except[0]: Workloads/PCI is a target, and lies in Workloads: take one of both out"
    ]


def test_an_account_whose_place_is_told_may_offer_more_than_the_unit_above(intent: Intent) -> None:
    unit, more = Target(unit="Workloads", tiers=("daily",)), ("daily", "weekly")
    placed = Target(unit="Workloads", account=PAYMENTS, tiers=more, default_tier="daily")
    assert told(with_targets(intent, unit, placed)) == []
    [warned] = find_target_contradictions(with_targets(intent, unit, replace(placed, unit=None)))
    assert (warned.level, warned.code, warned.path) == (Level.WARNING, "tier-blocked-by-unit", "targets[1].tiers")
    assert "write unit: Workloads beside the account" in warned.message


def test_an_account_of_our_own_is_no_target(intent: Intent) -> None:
    own = with_targets(intent, Target(unit="Workloads", account=BACKUP_ACCOUNT, tiers=("daily",)))
    assert codes(find_target_contradictions(own)) == [("target-account", "targets[0].account")]


def test_more_tiers_than_there_can_be_frameworks_are_an_error_only_where_there_are_frameworks(intent: Intent) -> None:
    tiers = {f"tier-{number}": DAILY for number in range(16)}
    many = with_targets(intent, Target(unit="Sandbox", tiers=tuple(tiers), default_tier="none"), tiers=tiers)
    assert codes(find_target_contradictions(many)) == [("too-many-tiers", "targets[0].tiers")]
    unaudited = replace(many, audit=replace(many.audit, framework=False))
    assert codes(find_target_contradictions(unaudited)) == []
    fewer = replace(many, targets=(replace(many.targets[0], tiers=tuple(tiers)[:15]),))
    assert codes(find_target_contradictions(fewer)) == []


def test_a_rule_names_its_place_by_one_of_both(intent: Intent) -> None:
    found = find_place_contradictions(intent, unit="Production", account=PAYMENTS, path="restores.rules[0]")
    assert codes(found) == [("unit-or-account", "restores.rules[0]")]


SAME = replace(DAILY, tag={"Backup": "daily"}, schedule="daily 04:00")


@pytest.mark.parametrize(
    ("other", "unit", "meets"),
    [
        pytest.param(SAME, "Workloads", True, id="the same tag"),
        pytest.param(SAME, "Workloads/PCI", True, id="below"),
        pytest.param(SAME, "Sandbox", False, id="another unit"),
        pytest.param(replace(SAME, tag={"Backup": ("daily", "nightly")}), "Workloads", True, id="one of two values"),
        pytest.param(replace(SAME, tag={"Backup": "daily", "Env": "prod"}), "Workloads", True, id="a tag more"),
        pytest.param(replace(SAME, tag={"Backup": "nightly"}), "Workloads", False, id="another value"),
        pytest.param(replace(SAME, tag={"backup": "daily"}), "Workloads", False, id="another key, by its case"),
        pytest.param(replace(SAME, regions=(Region("eu-central-1"),)), "Workloads", False, id="another Region"),
        pytest.param(replace(SAME, resource_types=("DynamoDB",)), "Workloads", True, id="every type and one"),
        pytest.param(replace(SAME, everything=True, tag={}), "Workloads", False, id="everything, whatever its tags"),
    ],
)
def test_two_tiers_with_a_tag_in_common_must_not_meet(intent: Intent, other: Tier, unit: str, *, meets: bool) -> None:
    upper = Target(unit="Workloads", tiers=("daily",))
    targets = [upper, Target(unit=unit, tiers=("nightly",))]
    if unit == "Workloads":
        targets = [replace(upper, tiers=("daily", "nightly"), default_tier="daily")]
    found = told(with_targets(intent, *targets, tiers={"daily": DAILY, "nightly": other}))
    sentence = (
        "tiers.nightly.tag: Backup=daily is the tag of daily, too, and both reach Workloads: both plans would run; "
        "give one another value, Region or resource type"
    )
    assert found == [sentence] * meets


def test_tiers_of_different_types_or_with_an_exception_for_each_other_do_not_meet(intent: Intent) -> None:
    target = Target(unit="Workloads", tiers=("daily", "nightly"), default_tier="daily")
    typed = {"daily": replace(DAILY, resource_types=("S3",)), "nightly": replace(SAME, resource_types=("DynamoDB",))}
    assert told(with_targets(intent, target, tiers=typed)) == []
    unless = {
        "daily": replace(DAILY, unless={"Env": "dev"}),
        "nightly": replace(SAME, tag={"Backup": "daily", "Env": "dev"}),
    }
    assert told(with_targets(intent, target, tiers=unless)) == []


def test_siblings_below_one_target_meet_on_it(intent: Intent) -> None:
    below = {"Workloads/A": "ou-strg-aaaa0001", "Workloads/B": "ou-strg-bbbb0001"}
    targets = (
        Target(unit="Workloads", tiers=("weekly",)),
        Target(unit="Workloads/A", tiers=("daily",)),
        Target(unit="Workloads/B", tiers=("nightly",)),
    )
    tiers = {"weekly": replace(DAILY, schedule="weekly sun 03:00"), "daily": DAILY, "nightly": SAME}
    wanted = with_targets(intent, *targets, tiers=tiers)
    wanted = replace(wanted, organization=replace(wanted.organization, units=UNITS | below))
    assert codes(find_target_contradictions(wanted)) == [("tiers-meet", "tiers.nightly.tag")]


def test_a_continuous_tier_beside_one_of_snapshots_is_a_note(intent: Intent) -> None:
    continuous = replace(SAME, continuous_backup=True)
    target = Target(unit="Workloads", tiers=("daily", "pitr"), default_tier="daily")
    found = list(find_target_contradictions(with_targets(intent, target, tiers={"daily": DAILY, "pitr": continuous})))
    assert [(each.level, each.code, each.path) for each in found] == [(Level.NOTE, "tiers-meet", "tiers.pitr.tag")]
    assert "both plans would run, one for continuous backups and one for snapshots" in found[0].message


def test_two_continuous_rules_of_one_tier_share_their_vault(intent: Intent) -> None:
    other = replace(intent.vaults["local"], name="other-vault", account="own", region="same")
    rules = {
        "one": RuleSettings(schedule="daily 02:00", continuous_backup=True, keep={"local": Kept(days=35)}),
        "two": RuleSettings(schedule="daily 08:00", continuous_backup=True, keep={"other": Kept(days=35)}),
    }
    target = Target(unit="Workloads", tiers=("pitr",))
    apart = with_targets(intent, target, tiers={"pitr": Tier(rules=rules)}, vaults=intent.vaults | {"other": other})
    assert codes(find_target_contradictions(apart)) == [("continuous-twice", "tiers.pitr.rules.two")]
    rules["two"] = replace(rules["two"], keep={"local": Kept(days=30)})
    shared = replace(apart, tiers={"pitr": Tier(rules=rules)})
    assert codes(find_target_contradictions(shared)) == []


def test_a_tier_of_everything_is_offered_by_the_topmost_target(intent: Intent) -> None:
    tiers = {"daily": DAILY, "all": replace(DAILY, everything=True, schedule="daily 05:00")}
    upper = Target(unit="Workloads", tiers=("daily",))
    lower = Target(unit="Workloads/PCI", tiers=("daily", "all"), default_tier="daily")
    assert codes(find_target_contradictions(with_targets(intent, upper, lower, tiers=tiers))) == [
        ("everything-below", "targets[1].tiers")
    ]
    offered = replace(upper, tiers=("daily", "all"), default_tier="daily")
    assert codes(find_target_contradictions(with_targets(intent, offered, lower, tiers=tiers))) == []


def test_two_plans_of_one_name_are_an_error() -> None:
    tower = an_organization(CONTROL_TOWER)
    tiers = {**tower.tiers, "daily-eu-west-1": replace(tower.tiers["hourly"], tag={"Other": "yes"})}
    targets = (replace(tower.targets[0], tiers=(*tower.targets[0].tiers, "daily-eu-west-1")), tower.targets[1])
    found = list(find_target_contradictions(replace(tower, tiers=tiers, targets=targets)))
    assert codes(iter(found)) == [("plan-twice", "tiers")]


@pytest.mark.parametrize(
    ("organization", "unguarded"),
    [(NESTED, ["production", "on-request"]), (CONTROL_TOWER, ["hourly", "daily", "weekly", "monthly"])],
    ids=["one key of three is guarded", "none is"],
)
def test_a_tier_on_a_key_that_nobody_guards_is_a_note(organization: str, unguarded: list[str]) -> None:
    found = list(find_target_contradictions(an_organization(organization)))
    assert [(each.level, each.code, each.path) for each in found] == [
        (Level.NOTE, "unguarded-tag", f"tiers.{name}.tag") for name in unguarded
    ]


def test_the_example_guards_the_key_of_all_its_tiers(intent: Intent) -> None:
    assert list(find_target_contradictions(intent)) == []


def test_a_place_that_is_no_account_is_an_error(intent: Intent) -> None:
    wrong = with_targets(intent, Target(account=AccountId("2222"), tiers=("daily",)))
    assert codes(find_target_contradictions(wrong)) == [("account-id", "targets[0].account")]
