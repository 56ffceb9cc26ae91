"""What judging an account needs of the world."""

from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.adapters.ledger.accounts.onboardings import LedgerOnboardings
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.accounts.readiness import Inspection
from strongroom.domain.health.heartbeats import Heartbeat, forwarders_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.status.resources import ResourceStatus
from strongroom.domain.tags.inventory.runs import Mark, Place, Run
from strongroom.services.accounts.assess_account import AccountAssessmentNeeds
from strongroom.services.accounts.onboarding.claim_account import AccountClaimNeeds, ClaimState, claim_account
from strongroom.services.accounts.onboarding.inspect_account import (
    AccountInspectionNeeds,
    LookVerdict,
    inspect_account,
)
from strongroom.services.accounts.place_account import AccountPlacingNeeds
from tests.builders.accounts import IN_PRODUCTION, TIERS, a_complete_inspection, an_effective_policy
from tests.builders.places import BUS, REPORTS
from tests.fakes.accounts_and_tags import (
    FakeAccountBook,
    FakeAlerts,
    FakeHeartbeats,
    FakeMembers,
    FakeOnboardingMachine,
    FakeOrganization,
)

# A first sign that counts, whenever a test begins to look.
LONG_AFTER = datetime(2028, 1, 1, tzinfo=UTC)
EMPTY = Inspection(refusal="cannot be assumed: AccessDenied")


@dataclass
class FakeResources:
    """What is known of the resources of accounts."""

    known: dict[AccountId, tuple[ResourceStatus, ...]] = field(default_factory=dict)

    def page_of_account(self, account: AccountId, *, after: str, most: int) -> tuple[tuple[ResourceStatus, ...], str]:
        found = self.known.get(account, ())
        return found[:most], "more" if len(found) > most else after


@dataclass
class World:
    """An organisation with one account in Production that has everything, is heard, and was gone through."""

    intent: Intent
    organization: FakeOrganization = field(
        default_factory=lambda: FakeOrganization({REPORTS: IN_PRODUCTION}, an_effective_policy(*TIERS))
    )
    members: FakeMembers = field(default_factory=lambda: FakeMembers({REPORTS: a_complete_inspection()}))
    book: FakeAccountBook = field(default_factory=FakeAccountBook)
    beats: FakeHeartbeats = field(default_factory=FakeHeartbeats)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    resources: FakeResources = field(default_factory=FakeResources)
    onboardings: LedgerOnboardings = field(default_factory=lambda: LedgerOnboardings(MemoryTable()))
    inventories: LedgerInventories = field(default_factory=lambda: LedgerInventories(MemoryTable()))
    machine: FakeOnboardingMachine = field(default_factory=FakeOnboardingMachine)

    def __post_init__(self) -> None:
        self.hear()
        self.go_through()

    @property
    def needs(self) -> AccountAssessmentNeeds:
        return AccountAssessmentNeeds(
            intent=self.intent,
            central_bus=BUS,
            memberships=self.organization,
            organization=self.organization,
            validity=self.organization,
            members=self.members,
            resources=self.resources,
            book=self.book,
            beats=self.beats,
            inventories=self.inventories,
            alerts=self.alerts.notifier,
            publisher=self.alerts,
        )

    @property
    def inspection(self) -> AccountInspectionNeeds:
        return AccountInspectionNeeds(assessment=self.needs, onboardings=self.onboardings)

    @property
    def placing(self) -> AccountPlacingNeeds:
        return AccountPlacingNeeds(assessment=self.needs, onboardings=self.onboardings, machine=self.machine)

    def hear(self, *regions: Region, at: datetime = LONG_AFTER) -> None:
        """A beat of the account's forwarders was sent then, of each or of those in these Regions."""
        for key in forwarders_of(REPORTS, self.intent):
            if not regions or key.region in regions:
                known = self.beats.held.get(key) or Heartbeat(account=REPORTS, region=key.region, expected_since=at)
                self.beats.held[key] = replace(known, heard_at=at, due_at=at + timedelta(hours=2))

    def go_through(self, *regions: Region, at: datetime = LONG_AFTER, **changes: Any) -> None:
        """An inventory of the account ended then in each of its Regions, or stands in these as the changes say."""
        run = Run(id=f"{at}", begun_at=at, accounts=(REPORTS,), ended_at=None if changes else at)
        self.inventories.keep_run(run)
        for region in regions or self.intent.organization.regions:
            mark = Mark(place=Place(run.id, REPORTS, region), left=(), seen_at=at, ended_at=at)
            self.inventories.keep(replace(mark, **changes), was=None)

    def show_nothing(self) -> None:
        """Nothing of the account was heard or gone through yet."""
        self.beats.held.clear()
        self.inventories = LedgerInventories(MemoryTable())

    def place(self, at: datetime, account: AccountId = REPORTS) -> None:
        """Read where the account stands, as an event has it read."""
        self.onboardings.place(account, self.organization.membership(account), at=at)

    def claim(self, execution: str, now: datetime, account: AccountId = REPORTS) -> ClaimState:
        """Claim the account for an execution."""
        needs = AccountClaimNeeds(onboardings=self.onboardings)
        return claim_account(account, execution=execution, needs=needs, now=now).state

    def look(self, execution: str, now: datetime, account: AccountId = REPORTS) -> LookVerdict:
        """Look into the account as an execution does."""
        return inspect_account(account, execution=execution, needs=self.inspection, now=now)
