"""What judging an account needs of the world."""

from dataclasses import dataclass, field

from strongroom.domain.accounts.readiness import Inspection
from strongroom.domain.intent.model import Intent
from strongroom.services.accounts.assess_account import AccountAssessmentNeeds
from tests.builders.accounts import IN_PRODUCTION, TIERS, a_complete_inspection, an_effective_policy
from tests.builders.places import BUS, REPORTS
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts, FakeHeartbeats, FakeMembers, FakeOrganization

EMPTY = Inspection(refusal="cannot be assumed: AccessDenied")


@dataclass
class World:
    """An organisation with one account in Production that has everything."""

    intent: Intent
    organization: FakeOrganization = field(
        default_factory=lambda: FakeOrganization({REPORTS: IN_PRODUCTION}, an_effective_policy(*TIERS))
    )
    members: FakeMembers = field(default_factory=lambda: FakeMembers({REPORTS: a_complete_inspection()}))
    book: FakeAccountBook = field(default_factory=FakeAccountBook)
    beats: FakeHeartbeats = field(default_factory=FakeHeartbeats)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    @property
    def needs(self) -> AccountAssessmentNeeds:
        return AccountAssessmentNeeds(
            intent=self.intent,
            central_bus=BUS,
            memberships=self.organization,
            organization=self.organization,
            members=self.members,
            book=self.book,
            beats=self.beats,
            alerts=self.alerts.notifier,
            publisher=self.alerts,
        )
