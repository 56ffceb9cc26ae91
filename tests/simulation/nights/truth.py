"""What is true in a simulated AWS, and since when; what is backed up, and what each backup owes."""

from copy import replace
from dataclasses import dataclass, field
from typing import Final

from strongroom.domain.copies.found import CopyJob, MadeBy
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.tiers import RuleSettings, Tier
from tests.simulation.nights.clock import DAY, HOUR, MINUTE

# Of those of the intent, the ones that the resources are in.
TIERS: Final = ("daily-prod", "compliance-7y")
# One of several rules: by night, at noon, and each Thursday one that keeps longer and meets the one by night.
LAYERED: Final = "layered"
_BY_NIGHT: Final = "nightly"
_AT_NOON: Final = "noon"
_WEEKLY: Final = "weekly"
_LONGER: Final = 60
# The world begins on a Tuesday.
_THURSDAY: Final = 2
# What AWS says of copies that no other try mends.
HOPELESS: Final = (
    "Access Denied trying to call AWS Backup service",
    "Retention period is outside of the range that the vault allows",
)
_RESOURCES: Final = 20
# What the resource of several rules is called.
SEVERAL: Final = f"r{_RESOURCES}"
_CONTINUOUS: Final = frozenset({6, 13})
_TYPES: Final = (
    "rds:{place}:db:{name}",
    "dynamodb:{place}:table/{name}",
    "elasticfilesystem:{place}:file-system/fs-{name}",
    "ec2:{place}:volume/vol-{name}",
    "rds:{place}:cluster:{name}",
    "s3:::{name}",
)


@dataclass(slots=True)
class Told[T]:
    """What is true of a thing, since when, so that an answer can be given that is a little old."""

    states: list[tuple[int, T]] = field(default_factory=list)

    @property
    def now(self) -> T:
        """What is true."""
        return self.states[-1][1]

    def become(self, ms: int, state: T) -> None:
        """From now on this is true."""
        self.states.append((ms, state))

    def as_of(self, ms: int) -> T | None:
        """What was true then; None before it was there."""
        for at, state in reversed(self.states):
            if at <= ms:
                return state
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that is backed up each night, by one rule; of several rules each is one of these, with the same ARN."""

    name: str
    number: int
    arn: str
    account: AccountId
    tier: str
    rule: BackupRule
    is_continuous: bool

    @property
    def thing(self) -> str:
        """What it is called as a whole, whatever rules it has."""
        return f"r{self.number}"

    def fires(self, night: int, firing: int) -> int | None:
        """When AWS runs the rule that night, where nights begin at `firing`; None where it does not.

        Where start windows meet it makes only the backup of the rule that keeps longer (AWS Backup Developer Guide,
        "Overlapping backup rules").
        """
        at = night * DAY + firing
        if self.rule.name == _AT_NOON:
            return night * DAY + (firing + 12 * HOUR) % DAY
        if self.rule.name == _WEEKLY:
            return at + 30 * MINUTE if _is_thursday(night) else None
        return None if self.is_overtaken(night) else at

    def is_overtaken(self, night: int) -> bool:
        """Whether another rule of the resource, which keeps longer, meets this one."""
        return self.rule.name == _BY_NIGHT and _is_thursday(night)

    @property
    def maker(self) -> MadeBy:
        """The plan that backs it up."""
        plan = f"arn:aws:backup:eu-west-1:{self.account}:backup-plan:orgs/{self.tier}"
        return MadeBy(plan=plan, plan_name=f"strongroom-{self.tier}", rule_name=self.rule.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a completed backup should have in a vault, as a bystander sees it who knows everything."""

    name: str
    resource: Resource
    backup: str
    recovery_point: str
    destination: str
    retention_days: int
    created_ms: int
    completed_ms: int
    turn: int


@dataclass(slots=True, kw_only=True)
class Copying:
    """A copy job, and what becomes of it: when it ended, and the copy, with the moments of its coming and going.

    While it waits for its turn AWS may not show it: `job` has nothing to tell then.
    """

    asked: CopyJob
    asked_ms: int
    job: Told[CopyJob]
    owed: Owed
    ended_ms: int | None = None
    copy: str | None = None
    is_wrong: bool = False
    vanished_ms: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether its copy keeps what is owed, now."""
        return self.was_good and self.vanished_ms is None

    @property
    def was_good(self) -> bool:
        """Whether its copy has kept what is owed, for a while."""
        return self.copy is not None and not self.is_wrong

    @property
    def has_failed(self) -> bool:
        """Whether the job ended as a failure, or what it left is wrong."""
        return self.is_wrong or (self.ended_ms is not None and self.job.now.state in {"FAILED", "PARTIAL"})

    @property
    def has_completed(self) -> bool:
        """Whether the job says that its copy is there; it may be wrong, or show itself later."""
        return self.ended_ms is not None and self.job.now.state == "COMPLETED"

    @property
    def is_hopeless(self) -> bool:
        """Whether it failed for a reason that no other try mends."""
        return self.ended_ms is not None and self.job.now.message in HOPELESS

    def is_active(self, ms: int) -> bool:
        """Whether it was still on its way then."""
        states = self.job.states
        return bool(states) and states[0][0] <= ms and (self.ended_ms is None or self.ended_ms > ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A copy that we asked for: what for, when, and whether it was needless."""

    owed: Owed
    ms: int
    is_beside_completed: bool
    is_hopeless: bool
    is_beside_running: bool


def resources_of(intent: Intent) -> tuple[Resource, ...]:
    """Twenty resources of six types in four accounts, two of them continuous, and perhaps one of several rules."""
    single = (
        _a_resource(intent, number, tier=tier, rule=rule)
        for number in range(_RESOURCES)
        for tier in (TIERS[number % 3 == 0],)
        for rule in rules_of(intent.tiers[tier])
    )
    layered = rules_of(intent.tiers[LAYERED]) if LAYERED in intent.tiers else ()
    return (*single, *(_a_resource(intent, _RESOURCES, tier=LAYERED, rule=rule) for rule in layered))


def layered_tier(tier: Tier, hour: int) -> Tier:
    """A tier of several rules, of which two meet, made of one that has none."""
    rules = {
        _BY_NIGHT: RuleSettings(schedule=f"daily {hour:02}:00"),
        _AT_NOON: RuleSettings(schedule=f"daily {(hour + 12) % 24:02}:00"),
        _WEEKLY: RuleSettings(schedule=f"cron(30 {hour} ? * THU *)", keep={**tier.keep, "local": _LONGER}),
    }
    return replace(tier, schedule=None, rules=rules)


def _is_thursday(night: int) -> bool:
    return night % 7 == _THURSDAY


def _a_resource(intent: Intent, number: int, *, tier: str, rule: BackupRule) -> Resource:
    account, name = AccountId("2345"[number % 4] * 12), f"r{number}"
    place = f"{intent.organization.home_region}:{account}"
    return Resource(
        name=name if tier != LAYERED else f"{name}-{rule.name}",
        number=number,
        arn="arn:aws:" + _TYPES[number % len(_TYPES)].format(place=place, name=name),
        account=account,
        tier=tier,
        rule=rule,
        is_continuous=number in _CONTINUOUS,
    )
