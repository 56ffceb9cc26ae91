"""What the doctor reads, in memory; any reading may fail."""

from dataclasses import dataclass, field

from strongroom.domain.doctor.delivery import AUDIT_RULES, GLOBAL_RULES, MANAGEMENT_RULES, MEMBER_RULES, VAULT_RULES
from strongroom.domain.doctor.found import (
    BusFound,
    ConcurrencyFound,
    JobFound,
    LogFound,
    RuleFound,
    VaultContent,
)
from strongroom.domain.errors import NotFoundError, StrongroomError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.rollout.live import LiveOptIns
from strongroom.domain.rollout.surroundings.keys import KeyFound, SourceFound
from strongroom.domain.rollout.surroundings.trails import TrailFound
from strongroom.services.doctor.visit import DoctorNeeds
from strongroom.services.rollout.plan_rollout import RolloutNeeds
from tests.builders.doctor import a_bus, a_job, a_key, a_log, a_rule, a_trail, a_vault
from tests.builders.places import AUDIT_BUS
from tests.builders.proving.signing import RememberedSignatures
from tests.builders.rollout import a_region_with_opt_ins


@dataclass
class FakePatient:
    """All five ports of the doctor at once; `ails` says which reading fails, and how."""

    limit: int = 1000
    found_trails: tuple[TrailFound, ...] = (a_trail(),)
    found_key: KeyFound = field(default_factory=a_key)
    found_sources: tuple[SourceFound, ...] = ()
    found_bus: BusFound | None = field(default_factory=a_bus)
    found_opt_ins: dict[tuple[str, str], LiveOptIns] = field(default_factory=dict)
    contents: dict[str, VaultContent] = field(default_factory=dict)
    missing_vaults: set[str] = field(default_factory=set)
    found_jobs: tuple[JobFound, ...] = (a_job(), a_job("copy"))
    found_log: LogFound = field(default_factory=a_log)
    ails: dict[str, StrongroomError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def needs(self, rollout: RolloutNeeds) -> DoctorNeeds:
        """The patient as the services want it."""
        return DoctorNeeds(
            rollout=rollout,
            surroundings=self,
            keys=self,
            deliveries=self,
            backups=self,
            evidence=self,
            signatures=RememberedSignatures(),
        )

    def _ask(self, name: str, where: str = "") -> None:
        self.asked.append(f"{name} {where}".strip())
        for key in (name, f"{name} {where}"):
            if key in self.ails:
                raise self.ails[key]

    def concurrency(self, account: AccountId, region: Region) -> ConcurrencyFound:
        self._ask("concurrency", f"{account} {region}")
        return ConcurrencyFound(limit=self.limit, asked=31)

    def trails(self, account: AccountId, region: Region) -> tuple[TrailFound, ...]:
        self._ask("trails", f"{account} {region}")
        return self.found_trails

    def key(self, key: str, *, account: AccountId, region: Region) -> KeyFound:
        self._ask("key", f"{account} {region}")
        return self.found_key

    def sources(self, account: AccountId, region: Region) -> tuple[SourceFound, ...]:
        self._ask("sources", f"{account} {region}")
        return self.found_sources

    def bus(self, name: str, *, account: AccountId, region: Region) -> BusFound | None:
        self._ask("bus", name)
        return self.found_bus

    def rules(self, prefix: str, *, account: AccountId, region: Region) -> tuple[RuleFound, ...]:
        self._ask("rules", f"{account} {region}")
        names = dict.fromkeys((*MEMBER_RULES, *GLOBAL_RULES, *MANAGEMENT_RULES, *VAULT_RULES))
        return (*map(a_rule, names), *(a_rule(name, targets=(AUDIT_BUS,)) for name in AUDIT_RULES))

    def log(self, account: AccountId, region: Region) -> LogFound:
        self._ask("log", f"{account} {region}")
        return self.found_log

    def opt_ins(self, account: AccountId, region: Region) -> LiveOptIns:
        self._ask("opt_ins", f"{account} {region}")
        return self.found_opt_ins.get((account, region), a_region_with_opt_ins())

    def key_of(self, vault: str) -> str | None:
        self._ask("key_of", vault)
        if vault in self.missing_vaults:
            raise NotFoundError(f"there is no vault {vault}")
        return self.found_key.arn

    def content(self, vault: str) -> VaultContent:
        self._ask("content", vault)
        return self.contents.get(vault, a_vault(arn=vault))

    def jobs(self, region: Region) -> tuple[JobFound, ...]:
        self._ask("jobs", region)
        return self.found_jobs
