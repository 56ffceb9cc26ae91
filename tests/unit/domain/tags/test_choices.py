"""Which tier a resource ends in where tiers have tags of their own, and where nothing takes it."""

from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent, OptOut, Target
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from tests.builders.organizations import CONTROL_TOWER, NESTED, an_organization
from tests.builders.places import PAYMENTS
from tests.unit.domain.tags.judged import judged

LONDON: Final = Region("eu-west-2")


def a_database(*, region: Region = LONDON) -> Resource:
    arn = f"arn:aws:rds:{region}:{PAYMENTS}:db:orders"
    return Resource(arn=arn, label="RDS instance", account=PAYMENTS, region=region)


def judge(intent: Intent, tags: dict[str, str], *, unit: str | None = None, **changed: Any) -> TagVerdict:
    """The verdict on a database in an account of this unit, below those that its path names."""
    path = (unit or "").split("/")
    names = ["/".join(path[:depth]) for depth in range(len(path), 0, -1)]
    units = [intent.organization.units[name] for name in names if name]
    database = a_database(**changed)
    everywhere = replace(intent.organization, governed_regions=(*intent.organization.regions, database.region))
    governed = replace(intent, organization=everywhere)
    return judged(database, tags=tags, intent=governed, target=intent.target_of(PAYMENTS, units))


PRODUCTION: Final = {"is-production": "true"}
SEVEN_YEARS: Final = {"retention": "7y"}
NESTED_CASES: Final[dict[str, tuple[str, dict[str, str], TagState, str | None, str]]] = {
    "production": ("HMPPS", PRODUCTION, TagState.COMPLIANT, "production", "it carries is-production=true already"),
    "production that wants none": (
        "HMPPS",
        PRODUCTION | {"backup": "false"},
        TagState.UNTAGGED,
        None,
        "it is in none of production, on-request: it was left untagged, because the root has no default tier",
    ),
    "on request": ("HMPPS", {"backup": "true"}, TagState.COMPLIANT, "on-request", "it carries backup=true already"),
    "production and on request": (
        "HMPPS",
        PRODUCTION | {"backup": "true"},
        TagState.COMPLIANT,
        "production",
        "it carries is-production=true already",
    ),
    "the key in other letters": (
        "HMPPS",
        {"Is-Production": "true"},
        TagState.UNTAGGED,
        None,
        (
            "it is in none of production, on-request; its tag Is-Production does not count, because the key must read "
            "is-production: it was left untagged, because the root has no default tier"
        ),
    ),
    "two plans, of which one is not offered here": (
        "HMPPS",
        PRODUCTION | SEVEN_YEARS,
        TagState.COMPLIANT,
        "production",
        "it carries is-production=true already; the plan of case-records takes it, although not offered here",
    ),
    "the plan alone that is not offered here": (
        "HMPPS",
        SEVEN_YEARS,
        TagState.UNTAGGED,
        None,
        (
            "with retention=7y it is in none of production, on-request: it was left untagged, because the root has no "
            "default tier; the plan of case-records takes it, although not offered here"
        ),
    ),
    "somebody else's value": (
        "OPG",
        {"is-production": "false"},
        TagState.UNTAGGED,
        None,
        "it is in none of production, on-request: it was left untagged, because the root has no default tier",
    ),
    "two plans that are both offered": (
        "OPG/Sirius",
        PRODUCTION | SEVEN_YEARS,
        TagState.COMPLIANT,
        "production",
        "it carries is-production=true and retention=7y already, and so is in production and case-records",
    ),
    "nothing, where a default is": (
        "OPG/Sirius",
        {"is-production": "false"},
        TagState.TAGGED,
        "case-records",
        "it had no retention tag: it was given retention=7y, the default of OPG/Sirius",
    ),
    "a guarded value that is no tier": (
        "OPG/Sirius",
        {"retention": "9y"},
        TagState.CORRECTED,
        "case-records",
        (
            "retention='9y' is no tier of OPG/Sirius (production, on-request, case-records): it was changed to "
            "retention=7y, the default of OPG/Sirius"
        ),
    ),
}


@pytest.mark.parametrize(("unit", "tags", "state", "tier", "reason"), NESTED_CASES.values(), ids=NESTED_CASES.keys())
def test_tags_of_others_choose_tiers_and_are_never_changed(
    unit: str, tags: dict[str, str], state: TagState, tier: str | None, reason: str
) -> None:
    verdict = judge(an_organization(NESTED), tags, unit=unit)
    assert (verdict.state, verdict.tier) == (state, tier)
    assert verdict.reason == f"RDS instance {verdict.resource}: {reason}"
    assert verdict.writes == (SEVEN_YEARS if state in {TagState.TAGGED, TagState.CORRECTED} else {})


def test_what_the_root_leaves_out_is_not_governed() -> None:
    assert judge(an_organization(NESTED), PRODUCTION, unit="Closed").state is TagState.NOT_GOVERNED


@pytest.mark.parametrize(
    ("unit", "state", "writes"),
    [
        pytest.param("Workloads", TagState.TAGGED, {"aws-control-tower-backupdaily": "true"}, id="with a default"),
        pytest.param("Sandbox", TagState.UNTAGGED, {}, id="without"),
    ],
)
def test_each_tier_may_have_a_key_of_its_own(unit: str, state: TagState, writes: dict[str, str]) -> None:
    verdict = judge(an_organization(CONTROL_TOWER), {"team": "payments"}, unit=unit, region=Region("eu-west-1"))
    assert (verdict.state, verdict.writes) == (state, writes)


def test_every_tier_that_takes_a_resource_is_named() -> None:
    hourly, weekly = ({f"aws-control-tower-backup{each}": "true"} for each in ("hourly", "weekly"))
    verdict = judge(an_organization(CONTROL_TOWER), hourly | weekly, unit="Workloads")
    assert (verdict.state, verdict.tier) == (TagState.COMPLIANT, "hourly")
    assert verdict.reason.endswith("already, and so is in hourly and weekly")


def with_tiers(intent: Intent, *, default: str | None = None, opt_out: OptOut | None = None, **tiers: Tier) -> Intent:
    """The example with these tiers only, all offered to the database's own account."""
    target = Target(account=AccountId(PAYMENTS), tiers=tuple(tiers), default_tier=default, opt_out=opt_out is not None)
    return replace(intent, tiers=tiers, targets=(target,), opt_out=opt_out)


@pytest.fixture
def two_keys(intent: Intent) -> Intent:
    """One tier that is chosen by two tags of which the second has two values, with both keys guarded."""
    tier = replace(intent.tiers["daily-prod"], tag={"Backup": "daily", "Stage": ("live", "beta")})
    guardrails = replace(intent.guardrails, tag_keys=("Backup", "Stage"))
    return replace(with_tiers(intent, both=tier), guardrails=guardrails)


@pytest.mark.parametrize(
    ("tags", "state", "writes", "reason"),
    [
        pytest.param(
            {"Backup": "daily", "Stage": "beta"},
            TagState.COMPLIANT,
            {},
            "it carries Backup=daily and Stage=beta already",
            id="both",
        ),
        pytest.param(
            {"Stage": "beta"},
            TagState.TAGGED,
            {"Backup": "daily"},
            "it had no Backup tag: it was given Backup=daily, the default of account 222222222222",
            id="one of them",
        ),
        pytest.param(
            {"team": "payments"},
            TagState.TAGGED,
            {"Backup": "daily", "Stage": "live"},
            "it had no Backup tag, it had no Stage tag: it was given Backup=daily and Stage=live, the default of "
            "account 222222222222",
            id="neither: the first values",
        ),
        pytest.param(
            {"Stage": "test"},
            TagState.CORRECTED,
            {"Backup": "daily", "Stage": "live"},
            "Stage='test' is no tier of account 222222222222 (both): it was changed to Backup=daily and Stage=live, "
            "the default of account 222222222222",
            id="one wrong, one missing",
        ),
    ],
)
def test_all_keys_of_a_tier_must_match(
    two_keys: Intent, tags: dict[str, str], state: TagState, writes: dict[str, str], reason: str
) -> None:
    verdict = judge(two_keys, tags)
    assert (verdict.state, verdict.writes, verdict.tier) == (state, writes, "both")
    assert verdict.reason == f"RDS instance {verdict.resource}: {reason}"


def test_the_value_of_a_key_that_is_not_guarded_stays(two_keys: Intent) -> None:
    intent = replace(two_keys, guardrails=replace(two_keys.guardrails, tag_keys=("Backup",)))
    verdict = judge(intent, {"Backup": "weekly", "Stage": "test"})
    assert (verdict.state, verdict.writes, verdict.previous) == (TagState.UNTAGGED, {}, "weekly")
    assert "it was left as it is, because Stage=test is not ours to change and keeps it out of both" in verdict.reason


@pytest.mark.parametrize(
    ("changes", "tags", "why"),
    [
        pytest.param(
            {"unless": {"scratch": ("yes", "true")}},
            {"scratch": "true"},
            "scratch=true keeps it out of",
            id="a tag",
        ),
        pytest.param({"regions": ("eu-west-1",)}, {}, "nothing of its kind and Region is in", id="a Region"),
        pytest.param(
            {"resource_types": ("DynamoDB",)},
            {},
            "nothing of its kind and Region is in",
            id="a type",
        ),
    ],
)
def test_no_tag_is_written_that_would_protect_nothing(
    intent: Intent, changes: dict[str, Any], tags: dict[str, str], why: str
) -> None:
    verdict = judge(with_tiers(intent, daily=replace(intent.tiers["daily-prod"], **changes)), tags)
    assert (verdict.state, verdict.writes, verdict.is_unprotected) == (TagState.UNTAGGED, {}, True)
    assert f"it was left as it is, because {why} daily, the default of" in verdict.reason


def test_of_tiers_with_one_tag_that_of_the_region_takes_the_resource(intent: Intent) -> None:
    daily = replace(intent.tiers["daily-prod"], tag={"Backup": "daily"})
    ireland, london = (replace(daily, regions=(Region(name),)) for name in ("eu-west-1", "eu-west-2"))
    by_region = with_tiers(intent, default="ireland", ireland=ireland, london=london)
    verdicts = [judge(by_region, tags) for tags in ({"Backup": "daily"}, {})]
    assert [(each.state, each.tier) for each in verdicts] == [
        (TagState.COMPLIANT, "london"),
        (TagState.TAGGED, "london"),
    ]


def test_what_takes_everything_needs_no_tag(intent: Intent) -> None:
    verdict = judge(with_tiers(intent, all=replace(intent.tiers["daily-prod"], everything=True)), {"Backup": "weekly"})
    assert (verdict.state, verdict.tier, verdict.writes) == (TagState.COMPLIANT, "all", {})
    assert verdict.reason.endswith("all takes everything")


OPT_OUT: Final = OptOut(value="none", reason_key="BackupReason")


@pytest.fixture
def may_opt_out(intent: Intent) -> Intent:
    """One tier, which is the default, and a target that lets resources opt out."""
    return with_tiers(intent, daily=intent.tiers["daily-prod"], opt_out=OPT_OUT)


def test_a_resource_opts_out_with_a_reason(may_opt_out: Intent) -> None:
    verdict = judge(may_opt_out, {"Backup": "none", "BackupReason": "scratch data"})
    assert (verdict.state, verdict.tier, verdict.writes) == (TagState.EXEMPT, None, {})
    assert verdict.reason.endswith(": opted out: scratch data")


@pytest.mark.parametrize("reason", [{}, {"BackupReason": " "}, {"backupreason": "scratch data"}])
def test_without_a_reason_the_default_tier_is_put(may_opt_out: Intent, reason: dict[str, str]) -> None:
    verdict = judge(may_opt_out, {"Backup": "none"} | reason)
    assert (verdict.state, verdict.writes, verdict.previous) == (TagState.CORRECTED, {"Backup": "daily"}, "none")
    assert "Backup='none' opts out only with a reason in BackupReason" in verdict.reason


def test_where_the_target_does_not_say_so_nothing_opts_out(may_opt_out: Intent) -> None:
    (target,) = may_opt_out.targets
    strict = replace(may_opt_out, targets=(replace(target, opt_out=False),))
    verdict = judge(strict, {"Backup": "none", "BackupReason": "scratch data"})
    assert (verdict.state, verdict.writes) == (TagState.CORRECTED, {"Backup": "daily"})
    assert "Backup='none' is no tier of account 222222222222" in verdict.reason


def test_whoever_is_kept_out_of_everything_without_a_reason_is_put_in_by_name(intent: Intent) -> None:
    tier = replace(intent.tiers["daily-prod"], everything=True, unless={"Backup": "none"})
    whole = with_tiers(intent, all=tier, opt_out=OPT_OUT)
    verdict = judge(whole, {"Backup": "none"})
    assert (verdict.state, verdict.tier, verdict.writes) == (TagState.CORRECTED, "all", {"Backup": "all"})
    assert judge(whole, {"Backup": "none", "BackupReason": "scratch data"}).state is TagState.EXEMPT
