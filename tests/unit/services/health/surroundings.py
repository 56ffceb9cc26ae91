"""What listening to forwarders needs of the world."""

from dataclasses import dataclass, field

from strongroom.domain.accounts.membership import AccountState, KnownAccount
from strongroom.domain.health.heartbeats import Heartbeat, own_forwarder
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.services.health.expect_heartbeats import HeartbeatNeeds
from tests.builders.health import HEARD_AT, a_heartbeat
from tests.builders.places import PAYMENTS, PRODUCTION
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts, FakeHeartbeats


@dataclass
class World:
    """An account in Production that is ready, and the control plane, which hears itself all day."""

    intent: Intent
    accounts: FakeAccountBook = field(default_factory=FakeAccountBook)
    beats: FakeHeartbeats = field(default_factory=FakeHeartbeats)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    def __post_init__(self) -> None:
        self.judge(PAYMENTS, AccountState.READY)
        own = own_forwarder(self.intent)
        self.hold(a_heartbeat(account=own.account, region=own.region, due_at=HEARD_AT.replace(day=3)))

    @property
    def needs(self) -> HeartbeatNeeds:
        return HeartbeatNeeds(intent=self.intent, beats=self.beats, accounts=self.accounts, alerts=self.alerts.notifier)

    def judge(self, account: AccountId, state: AccountState, *units: str) -> None:
        """The account as it was judged last."""
        self.accounts.known[account] = KnownAccount(
            account=account, state=state, units=units or (PRODUCTION,), assessed_at=HEARD_AT, not_ready_since=None
        )

    def hold(self, beat: Heartbeat) -> Heartbeat:
        """Have the book hold it."""
        self.beats.held[beat.key] = beat
        return beat

    def held(self, beat: Heartbeat) -> Heartbeat:
        """What became of it."""
        return self.beats.held[beat.key]
