"""How it stands with a resource: each state, from what is known, and in which order it is asked."""

from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.catalogue.rows import TYPES
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.ceremony import OpenedTickets
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.standing import Known, judge_unread
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from tests.builders.places import HOME, PAYMENTS
from tests.unit.domain.tags.judged import TODAY, judged, row_of

TARGET: Final = Target(unit="Production", tiers=("daily-prod", "monthly-prod"), default_tier="daily-prod")
ARNS: Final = {
    "database": f"arn:aws:rds:{HOME}:{PAYMENTS}:db:orders",
    "instance": f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/i-0123456789abcdef0",
    "volume": f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-0123456789abcdef0",
    "table": f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders",
    "bucket": "arn:aws:s3:::orders",
    "scratch": f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/fs-0123456789abcdef0",
    "stack": f"arn:aws:cloudformation:{HOME}:{PAYMENTS}:stack/a/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
}
SOURCE: Final = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:shop"
MONTHLY: Final = {"Backup": "monthly-prod"}


def a_resource(name: str, *, region: Region = HOME) -> Resource:
    return Resource(arn=ARNS[name], label=row_of(ARNS[name]).label, account=PAYMENTS, region=region)


def judge(
    intent: Intent, name: str, tags: dict[str, str] | None = None, *, target: Target | None = TARGET, **known: Any
) -> TagVerdict:
    return judged(a_resource(name), tags=tags or {}, intent=intent, target=target, **known)


STATES: Final[dict[str, tuple[str, dict[str, str], dict[str, Any], TagState, str]]] = {
    "a tier of its own": ("database", MONTHLY, {}, TagState.COMPLIANT, "it carries Backup=monthly-prod already"),
    "no tag": ("database", {}, {}, TagState.TAGGED, "it was given Backup=daily-prod, the default of Production"),
    "a wrong tag": ("database", {"Backup": "x"}, {}, TagState.CORRECTED, "Backup='x' is no tier of Production"),
    "no governed account": ("database", MONTHLY, {"target": None}, TagState.NOT_GOVERNED, "no governed"),
    "a member": (
        "database", {}, {"cover": "its cluster shop"}, TagState.COVERED,
        "it is no resource of its own, but in its cluster shop",
    ),
    "a member with a tag": ("database", MONTHLY, {"cover": "its cluster shop"}, TagState.COVERED, "its cluster shop"),
    "an attached volume": (
        "volume", {}, {"attached_to": "i-1"}, TagState.COVERED, "it is attached to i-1, in whose backups it is",
    ),
    "an attached volume with a wrong tag": ("volume", {"Backup": "x"}, {"attached_to": "i-1"}, TagState.COVERED, "i-1"),
    "an attached volume with a tier": ("volume", MONTHLY, {"attached_to": "i-1"}, TagState.COMPLIANT, "monthly-prod"),
    "an attached volume that shall have a tier": (
        "volume", {}, {"attached_to": "i-1", "target": replace(TARGET, attached_volumes=True)}, TagState.TAGGED, "",
    ),
    "an instance of a group, by its tag": (
        "instance", {"aws:autoscaling:groupName": "web"}, {}, TagState.EXEMPT, "the Auto Scaling group web started it",
    ),
    "an instance of a group, by who called": (
        "instance", {}, {"invoked_by": "autoscaling.amazonaws.com"}, TagState.EXEMPT, "Auto Scaling started it",
    ),
    "an instance of a fleet": ("instance", {"aws:ec2:fleet-id": "fleet-1"}, {}, TagState.EXEMPT, "the fleet fleet-1"),
    "an instance of a group that chose a tier": (
        "instance", {"aws:autoscaling:groupName": "web"} | MONTHLY, {}, TagState.COMPLIANT, "monthly-prod",
    ),
    "an instance of a group where groups get tiers": (
        "instance", {"aws:autoscaling:groupName": "web"}, {"target": replace(TARGET, autoscaled=True)},
        TagState.TAGGED, "",
    ),
    "a bucket without versions": (
        "bucket", {}, {"answers": {"GetBucketVersioning": {}}}, TagState.CANNOT, "what would lift it: versioning",
    ),
    "a bucket whose versions are suspended": (
        "bucket", MONTHLY, {"answers": {"GetBucketVersioning": {"Status": "Suspended"}}}, TagState.CANNOT, "versioning",
    ),
    "a bucket with versions": (
        "bucket", {}, {"answers": {"GetBucketVersioning": {"Status": "Enabled"}}}, TagState.TAGGED, "",
    ),
    "a bucket that nobody asked about versions": ("bucket", {}, {}, TagState.TAGGED, ""),
    "a table without advanced features": (
        "table", {},
        {"answers": {"DescribeRegionSettings": {"ResourceTypeManagementPreference": {"DynamoDB": False}}}},
        TagState.CANNOT, "what would lift it: the advanced features",
    ),
    "a table with advanced features": (
        "table", {}, {"answers": {"DescribeRegionSettings": {"ResourceTypeManagementPreference": {"DynamoDB": True}}}},
        TagState.TAGGED, "",
    ),
    "a scratch file system": (
        "scratch", MONTHLY, {"limits": row_of(ARNS["scratch"]).limits}, TagState.CANNOT, "it was left untagged",
    ),
    "a stack": ("stack", MONTHLY, {}, TagState.CANNOT, "the tag in the stack's own deployment"),
}  # fmt: skip


@pytest.mark.parametrize("case", STATES)
def test_each_state_has_its_reason(case: str, intent: Intent) -> None:
    name, tags, known, state, said = STATES[case]
    verdict = judge(intent, name, tags, **known)
    assert verdict.state is state
    assert said in verdict.reason
    assert ARNS[name] in verdict.reason


def test_every_state_that_tags_can_lead_to_is_among_the_cases() -> None:
    by_events = {TagState.WAITING, TagState.REFUSED, TagState.UNREADABLE, TagState.IGNORED, TagState.GONE}
    by_modes_and_defaults = {TagState.TAG, TagState.CORRECT, TagState.UNTAGGED}
    assert {state for *_, state, _ in STATES.values()} == set(TagState) - by_events - by_modes_and_defaults


@pytest.mark.parametrize(("name", "awaits"), [("bucket", False), ("table", True)])
def test_what_stands_in_the_way_of_copies_keeps_neither_the_tag_away_nor_backups(
    name: str, intent: Intent, *, awaits: bool
) -> None:
    answers: dict[str, Any] = {"GetBucketVersioning": {}, "DescribeRegionSettings": {}}
    verdict = judge(intent, name, answers=answers)
    assert (verdict.state, verdict.writes) == (TagState.CANNOT, {"Backup": "daily-prod"})
    assert (verdict.awaits_backups, verdict.is_alarming) == (awaits, not awaits)


def test_where_no_plan_runs_nothing_is_governed(intent: Intent) -> None:
    elsewhere = a_resource("bucket", region=Region("ap-south-1"))
    verdict = judged(elsewhere, tags=MONTHLY, intent=intent, target=TARGET)
    assert (verdict.state, "no plan runs in ap-south-1" in verdict.reason) == (TagState.NOT_GOVERNED, True)


# Own tag > source's tier > default for the type > default of the target.
TIERS: Final[dict[str, tuple[dict[str, str], dict[str, Any], str, str]]] = {
    "its own, whatever the source has": (MONTHLY, {"sources": {SOURCE: "daily-prod"}}, "monthly-prod", "already"),
    "the source's": ({}, {"sources": {SOURCE: "monthly-prod"}}, "monthly-prod", f"the tier of {SOURCE}, of which it"),
    "the source's, in the place of a wrong one": ({"Backup": "x"}, {"sources": {SOURCE: "monthly-prod"}},
        "monthly-prod", "it was changed to Backup=monthly-prod"),
    "the source's before the type's default": (
        {}, {"sources": {SOURCE: "daily-prod"}, "target": replace(TARGET, default_tiers={"RDS": "monthly-prod"})},
        "daily-prod", SOURCE,
    ),
    "a source's that is not on offer here": ({}, {"sources": {SOURCE: "compliance-7y"}}, "daily-prod", "the default"),
    "of two sources that of the first": (
        {}, {"sources": {SOURCE: "monthly-prod", f"{SOURCE}-2": "daily-prod"}}, "monthly-prod", SOURCE,
    ),
    "the type's default": (
        {}, {"target": replace(TARGET, default_tiers={"RDS": "monthly-prod"})}, "monthly-prod",
        "the default of Production for RDS",
    ),
    "the target's, where the type is another": (
        {}, {"target": replace(TARGET, default_tiers={"EBS": "monthly-prod"})}, "daily-prod",
        "Backup=daily-prod, the default of Production",
    ),
    "the account's, whose target is its own": (
        {}, {"target": Target(account=PAYMENTS, tiers=("monthly-prod",))}, "monthly-prod",
        "the default of account 222222222222",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TIERS)
def test_the_tier_comes_from_the_nearest_that_says_one(case: str, intent: Intent) -> None:
    tags, known, tier, said = TIERS[case]
    verdict = judge(intent, "database", tags, **known)
    assert (verdict.tier, said in verdict.reason) == (tier, True)


def test_a_source_whose_tier_cannot_take_it_gives_way_to_the_default(intent: Intent) -> None:
    monthly = replace(intent.tiers["monthly-prod"], resource_types=("DynamoDB",))
    narrow = replace(intent, tiers={**intent.tiers, "monthly-prod": monthly})
    assert judge(narrow, "database", sources={SOURCE: "monthly-prod"}).tier == "daily-prod"


def test_a_type_may_have_no_default_while_others_have_one(intent: Intent) -> None:
    target = replace(TARGET, default_tiers={"RDS": "none"})
    verdict = judge(intent, "database", target=target)
    assert (verdict.state, verdict.writes) == (TagState.UNTAGGED, {})
    assert judge(intent, "table", target=target).state is TagState.TAGGED


@pytest.mark.parametrize(("mode", "is_alarming"), [("observe", False), ("quarantine", True)])
def test_who_observes_alerts_nobody_and_who_quarantines_alerts_without_writing(
    mode: Any, intent: Intent, *, is_alarming: bool
) -> None:
    verdict = judge(intent, "database", target=replace(TARGET, mode=mode))
    assert (verdict.state, verdict.writes, verdict.is_alarming) == (TagState.TAG, {}, is_alarming)


@pytest.mark.parametrize(
    ("mode", "opened", "wants_ticket"),
    [
        ("quarantine", OpenedTickets(project="SEC"), True),
        ("quarantine", None, False),
        ("tag", OpenedTickets(project="SEC"), False),
        ("observe", OpenedTickets(project="SEC"), False),
    ],
)
def test_who_quarantines_wants_a_ticket_where_one_can_be_opened(
    mode: Any, opened: OpenedTickets | None, intent: Intent, *, wants_ticket: bool
) -> None:
    assert intent.tickets is not None
    there = replace(intent, tickets=replace(intent.tickets, opened=opened))
    target = replace(TARGET, mode=mode)
    assert judge(there, "database", target=target).wants_ticket is wants_ticket
    assert judge(replace(intent, tickets=None), "database", target=target).wants_ticket is False


def test_what_needs_no_look_is_decided_without_one(intent: Intent) -> None:
    table = Known(resource=a_resource("table"), type=row_of(ARNS["table"]), target=TARGET)
    assert judge_unread(table, intent=intent, today=TODAY) is None
    for known in (replace(table, target=None), replace(table, cover="a stack above")):
        assert judge_unread(known, intent=intent, today=TODAY) is not None


def test_clusters_of_one_arn_go_by_the_default_of_their_engine(intent: Intent) -> None:
    cluster = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:orders"
    resource = Resource(arn=cluster, label="database cluster", account=PAYMENTS, region=HOME)
    by_type = replace(TARGET, default_tiers={"Neptune": "monthly-prod"})
    [neptune] = [row for row in TYPES if row.name == "Neptune"]
    tiers = [
        judged(resource, tags={}, intent=intent, target=by_type, type=row).tier for row in (neptune, row_of(cluster))
    ]
    assert tiers == ["monthly-prod", "daily-prod"]
