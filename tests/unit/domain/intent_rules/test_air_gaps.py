"""What AWS does not take of air-gapped vaults is found in the file, each once and at its place."""

from collections.abc import Callable
from copy import replace

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tiers import Kept
from strongroom.domain.intent_rules.air_gaps import find_unheard_air_gaps
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.intent_rules.regions import find_unusable_regions
from tests.builders.air_gaps import CENTRAL, LOCK, OWN, TEAM, with_central_gap, with_own_gap, with_vaults
from tests.builders.intents import with_kept, with_settings, with_tier
from tests.builders.places import VAULT_ACCOUNT, a_vault_arn

TIER = "tiers.daily-prod"


def findings(intent: Intent, *, level: Level = Level.ERROR) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in find_contradictions(intent) if each.level is level]


@pytest.mark.parametrize("gapped", [with_own_gap, with_central_gap])
def test_an_air_gapped_vault_with_its_lock_contradicts_nothing(
    intent: Intent, gapped: Callable[[Intent], Intent]
) -> None:
    assert findings(gapped(intent)) == []


LOCKS = {
    "missing": (None, "lock-missing", "vaults.gapped.lock"),
    "none": ("none", "lock-missing", "vaults.gapped.lock"),
    "governance": (replace(LOCK, mode="governance"), "air-gap-lock", "vaults.gapped.lock.mode"),
    "cooling-off": (
        replace(LOCK, changeable_for_days=30),
        "air-gap-lock",
        "vaults.gapped.lock.changeable_for_days",
    ),
    "six days": (replace(LOCK, min_retention_days=6), "lock-range", "vaults.gapped.lock"),
    "no range": (replace(LOCK, max_retention_days=6), "lock-range", "vaults.gapped.lock"),
}


@pytest.mark.parametrize(("lock", "code", "path"), LOCKS.values(), ids=LOCKS)
def test_its_lock_is_whole_and_final_from_the_start(intent: Intent, lock: object, code: str, path: str) -> None:
    assert (code, path) in findings(with_own_gap(intent, lock=lock))


TEAMS: dict[str, tuple[dict[str, str | None], list[str]]] = {
    "of the backup account": ({"approval_team": TEAM}, []),
    "of an account of vaults": ({"approval_team": TEAM, "account": VAULT_ACCOUNT}, []),
    "no team": ({"approval_team": TEAM.replace(":mpa:", ":iam:")}, ["vaults.safe.approval_team"]),
    "of a standard vault": ({"approval_team": TEAM, "kind": "standard"}, ["vaults.safe.approval_team"]),
    "of each account's own": ({"approval_team": TEAM, "account": "own"}, ["vaults.safe.approval_team"]),
}


@pytest.mark.parametrize(("changes", "paths"), TEAMS.values(), ids=TEAMS)
def test_a_team_opens_air_gapped_vaults_of_one_account(
    intent: Intent, changes: dict[str, str | None], paths: list[str]
) -> None:
    found = findings(with_vaults(intent, safe=replace(CENTRAL, **changes)))  # type: ignore[arg-type]
    assert [path for code, path in found if code == "approval-team"] == paths


KEPT: dict[str, tuple[Callable[[Intent], Intent], str, str]] = {
    "other days than beside it": (
        lambda intent: with_own_gap(intent, days=90),
        "air-gap-days",
        f"{TIER}.keep.gapped",
    ),
    "cold there only": (
        lambda intent: with_kept(with_own_gap(intent, days=Kept(days=200, cold_after=7)), "daily-prod", local=200),
        "air-gap-days",
        f"{TIER}.keep.gapped",
    ),
    "outside its lock": (
        lambda intent: with_own_gap(intent, lock=replace(LOCK, min_retention_days=36)),
        "retention-outside-lock",
        f"{TIER}.keep.gapped",
    ),
    "two of the account": (
        lambda intent: with_kept(
            with_vaults(with_own_gap(intent), other=replace(OWN, name="other")), "daily-prod", other=35
        ),
        "air-gap-twice",
        f"{TIER}.keep",
    ),
    "from one into another": (
        lambda intent: with_own_gap(with_central_gap(intent)),
        "air-gap-chain",
        f"{TIER}.keep.safe",
    ),
    "no standard vault beside it": (
        lambda intent: with_tier(with_own_gap(intent), "daily-prod", keep={"gapped": 35}),
        "no-own-vault",
        f"{TIER}.keep",
    ),
    "a type that it does not take": (
        lambda intent: with_tier(with_central_gap(intent), "daily-prod", resource_types=("EBS", "RDS")),
        "air-gap-type",
        f"{TIER}.resource_types[1]",
    ),
}


@pytest.mark.parametrize(("change", "code", "path"), KEPT.values(), ids=KEPT)
def test_what_a_rule_cannot_keep_there_is_an_error(
    intent: Intent, change: Callable[[Intent], Intent], code: str, path: str
) -> None:
    assert findings(change(intent)) == [(code, path)]


def test_what_only_stays_beside_it_is_told(intent: Intent) -> None:
    gapped = with_own_gap(intent)
    named = with_tier(gapped, "daily-prod", resource_types=("EBS", "RDS"))
    assert ("air-gap-type", f"{TIER}.resource_types[1]") in findings(named, level=Level.WARNING)
    indexed = with_tier(gapped, "daily-prod", index=("EBS",))
    assert ("air-gap-index", f"{TIER}.index") in findings(indexed, level=Level.WARNING)
    (untold,) = (each for each in find_contradictions(gapped) if each.code == "air-gap-type")
    assert (untold.level, untold.path) == (Level.NOTE, f"{TIER}.keep")
    assert "RDS, Redshift" in untold.message


def test_the_account_of_copies_counts_actions_and_not_the_vault_beside_the_local_one(intent: Intent) -> None:
    more = {f"more{number}": replace(OWN, name=f"more{number}", account="backup", region="home") for number in range(5)}
    standard = {key: replace(vault, kind="standard", lock="none") for key, vault in more.items()}
    keep = dict.fromkeys(standard, 90) | {"local": 35, "gapped": 35}
    five = with_tier(with_vaults(with_own_gap(intent), **standard), "daily-prod", keep=keep)
    assert findings(five) == []
    six = with_kept(five, "daily-prod", central=2555)
    assert findings(six) == [("too-many-copies", f"{TIER}.keep")]


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        pytest.param({}, False, id="at home"),
        pytest.param({"region": "eu-central-1"}, True, id="elsewhere"),
        pytest.param({"region": "eu-central-1", "approval_team": TEAM}, True, id="elsewhere, opened by a team"),
        pytest.param({"region": "eu-central-1", "account": VAULT_ACCOUNT}, False, id="in an account of vaults"),
        pytest.param({"region": "eu-central-1", "kind": "standard"}, False, id="of the standard kind"),
    ],
)
def test_where_nobody_hears_with_whom_a_vault_is_shared_is_a_warning(
    intent: Intent, changes: dict[str, str], *, is_told: bool
) -> None:
    found = [(each.level, each.path) for each in find_unheard_air_gaps(with_central_gap(intent, **changes))]
    assert found == ([(Level.WARNING, "vaults.safe.region")] if is_told else [])


GOV_CLOUD = Region("us-gov-west-1")
PARTITIONS = {
    "aws": frozenset({"eu-west-1", "eu-central-1", "ca-west-1"}),
    "aws-us-gov": frozenset({"us-gov-west-1", "us-gov-east-1"}),
}


def test_a_partition_without_them_is_an_error_and_a_region_a_warning(intent: Intent) -> None:
    def told(changed: Intent) -> list[tuple[str, Level, str]]:
        found = find_unusable_regions(changed, PARTITIONS)
        return [(each.code, each.level, each.path) for each in found if each.path.endswith("kind")]

    assert told(with_own_gap(intent)) == []
    away = with_settings(with_central_gap(intent), "safe", region="ca-west-1")
    assert told(away) == [("air-gap-region", Level.WARNING, "vaults.safe.kind")]
    found = [each.message for each in find_unusable_regions(away, PARTITIONS) if each.code == "air-gap-unheard"]
    assert [a_vault_arn("central-gapped", region="ca-west-1") in each for each in found] == [True]
    place = replace(intent.organization, home_region=GOV_CLOUD, governed_regions=(GOV_CLOUD,))
    gov = with_own_gap(replace(intent, organization=place))
    assert told(gov) == [("partition-unsupported", Level.ERROR, "vaults.gapped.kind")]
