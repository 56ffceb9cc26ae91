"""A scan is started before a restore: of a backup that lies where we may start it, in a governed account."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.nonces import LedgerLimits
from strongroom.domain.errors import AccessRefusedError, MalformedRequestError, NotFoundError, RestoreRefusedError
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.candidates.to_scan import ScanWish
from strongroom.services.restores.asking.start_scan import ScanStarted, ScanStartNeeds, start_scan
from tests.builders.deciding.candidates import a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, POINT
from tests.fakes.many.candidates import FakeLists
from tests.fakes.restores.world import CeremonyWorld

VOLUME = f"arn:aws:ec2:eu-west-1:{PAYMENTS}:volume/vol-1"
OF_IT = {"resource": VOLUME, "resource_type": "EBS"}


@dataclass
class FakeStarter:
    """Starts every scan that it is asked for."""

    started: list[ListedPoint] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)

    def start(self, point: ListedPoint, *, subject: str) -> str:
        self.started.append(point)
        self.subjects.append(subject)
        return "job-1"


@dataclass
class Asking:
    """The lists of the vaults, and what starts scans in them."""

    world: CeremonyWorld
    lists: FakeLists = field(default_factory=lambda: FakeLists([a_listed_point(**OF_IT), a_listed_copy(**OF_IT)]))
    starter: FakeStarter = field(default_factory=FakeStarter)

    def ask(
        self, recovery_point: str = POINT, *, resource: str = VOLUME, account: str = "", asker: str = "idp|ada"
    ) -> ScanStarted:
        needs = ScanStartNeeds(
            intent=self.world.intent,
            lists=self.lists,
            units=self.world,
            starter=self.starter,
            limits=LedgerLimits(self.world.ledger),
            in_time=lambda: True,
        )
        wish = ScanWish(resource=resource, recovery_point=recovery_point, account=account)
        return start_scan(wish, asker=asker, needs=needs, now=self.world.now)


@pytest.fixture
def asking(world: CeremonyWorld) -> Asking:
    return Asking(world)


def test_the_copy_in_our_own_account_is_looked_at_and_scanned(asking: Asking) -> None:
    started = asking.ask()
    assert (started.job, started.recovery_point, started.vault) == ("job-1", CENTRAL_POINT, CENTRAL_VAULT)
    assert [each.arn for each in asking.starter.started] == asking.lists.looks == [CENTRAL_POINT]


def test_it_is_started_for_whoever_asked_and_the_answer_says_who(asking: Asking) -> None:
    assert (asking.ask().asked_by, asking.starter.subjects) == ("idp|ada", ["idp|ada"])


def test_nobody_has_more_than_twenty_started_within_an_hour(asking: Asking) -> None:
    for _ in range(20):
        asking.ask()
    read = list(asking.lists.listed)
    with pytest.raises(RestoreRefusedError, match="you asked for 20 scans within an hour"):
        asking.ask()
    assert (len(asking.starter.started), asking.lists.listed) == (20, read)
    asking.ask(asker="idp|omar")
    asking.world.now += timedelta(hours=1)
    asking.ask()


def test_what_cannot_be_scanned_is_not_counted(asking: Asking) -> None:
    for _ in range(21):
        with pytest.raises(NotFoundError):
            asking.ask("x")
    asking.ask()


def test_one_that_is_gone_since_it_was_listed_is_not_scanned(asking: Asking) -> None:
    asking.lists.described[CENTRAL_POINT] = None
    with pytest.raises(NotFoundError):
        asking.ask()
    assert asking.starter.started == []


def test_what_is_found_nowhere_is_said_with_what_could_not_be_read(asking: Asking) -> None:
    asking.lists.refused[CENTRAL_VAULT] = AccessRefusedError("no")
    with pytest.raises(NotFoundError, match=f"no vault that could be read has x.*{CENTRAL_VAULT} could not be read"):
        asking.ask("x")


def test_an_account_that_nobody_governs_is_not_looked_into(asking: Asking) -> None:
    asking.world.units_of_account = ("ou-none",)
    with pytest.raises(NotFoundError, match="no governed organisational unit"):
        asking.ask()
    assert asking.lists.listed == []


def test_whose_a_bucket_is_must_be_said(asking: Asking) -> None:
    with pytest.raises(MalformedRequestError, match="names no account"):
        asking.ask(resource="arn:aws:s3:::orders")
