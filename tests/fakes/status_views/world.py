"""A ledger and views in memory, with what is read and written counted."""

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.ledger.views.counted import LedgerViews
from strongroom.adapters.ledger.views.memory import MemoryViewTable
from strongroom.adapters.ledger.views.reading import LedgerReading
from strongroom.adapters.ledger.views.shown import LedgerShownViews
from strongroom.adapters.ledger.views.surroundings import LedgerSurroundings
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus, told
from strongroom.domain.copies.expected.backups import ExpectedBackup
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.status.hints import Hint
from strongroom.services.status.roll_up_status import RollUpVerdict, StatusRollUpNeeds, recount, roll_up_status
from strongroom.services.status.show_status import StatusShowNeeds, show_whole
from tests.builders.copies import COPY, IN_TIME, RESOURCE, SOURCE, a_promise
from tests.builders.expected import an_expected
from tests.builders.places import HOME, PAYMENTS

MORNING = IN_TIME + timedelta(minutes=1)


class CountingViews(MemoryViewTable):
    """Views that count the calls and the items that were read, and the writes by the partition's family."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self.items = 0
        self.writes: list[str] = []

    def get(self, key: Any) -> Any:
        item = super().get(key)
        self.calls, self.items = self.calls + 1, self.items + (item is not None)
        return item

    def page(self, pk: str, **how: Any) -> list[Any]:
        found = super().page(pk, **how)
        self.calls, self.items = self.calls + 1, self.items + len(found)
        return found

    def several(self, keys: Any) -> list[Any]:
        calls, items = self.calls, self.items
        found = super().several(keys)
        self.calls, self.items = calls + 1, items + len(found)
        return found

    def _write(self, key: Any, item: Any, **how: Any) -> Any:
        self.writes.append(key.pk.partition("#")[0])
        return super()._write(key, item, **how)


@dataclass
class StatusWorld:
    """What the ledger has is put there by its own books; the views are made of it."""

    intent: Intent
    ledger: MemoryTable = field(default_factory=MemoryTable)
    views: CountingViews = field(default_factory=CountingViews)
    now: datetime = MORNING

    @property
    def needs(self) -> StatusRollUpNeeds:
        return StatusRollUpNeeds(intent=self.intent, ledger=LedgerReading(self.ledger), views=LedgerViews(self.views))

    @property
    def show(self) -> StatusShowNeeds:
        return StatusShowNeeds(
            intent=self.intent, views=LedgerShownViews(self.views), beside=LedgerSurroundings(self.ledger)
        )

    def expect(self, expected: ExpectedBackup | None = None) -> None:
        expected = expected or an_expected()
        book = LedgerExpectedBackups(self.ledger)
        was = book.find(expected.key)
        revision = was.revision + 1 if was else 1
        assert book.keep(replace(expected, revision=revision), was=was or replace(expected, revision=0))

    def promise(self, promise: Promise) -> None:
        """The ledger has the promise as it is now."""
        book = LedgerPromises(self.ledger)
        was = book.current(promise.key)
        if was is None:
            assert book.open(promise)
        else:
            assert book.keep(replace(promise, revision=was.revision + 1), was=was)
        LedgerProtection(self.ledger).record_backup(
            promise.resource, recovery_point=promise.recovery_point, at=promise.created_at
        )

    def name(self, account: AccountId, name: str) -> None:
        """The account was judged, and is called so."""
        verdict = AccountVerdict(
            account=account, state=AccountState.READY, reason="it has all", unit="Production", name=name
        )
        LedgerAccounts(self.ledger).record(verdict, not_ready_since=None, now=self.now)

    def alert(self, kind: AlertKind, subject: str, **more: Any) -> AlertState:
        """An alert is open, and people were told of it."""
        about = {"account": PAYMENTS, "region": HOME, "reason": "it broke"} | more
        alert = Alert(kind=kind, subject=subject, **about)
        state = told(
            AlertState(alert=alert, status=AlertStatus.OPEN, version=1, opened_at=self.now, last_seen_at=self.now)
        )
        assert LedgerAlerts(self.ledger).keep(state, was=None)
        return state

    def hear(self, resource: str = RESOURCE, *, point: str = SOURCE, account: AccountId = PAYMENTS) -> RollUpVerdict:
        hint = Hint(account=account, resource=resource, recovery_point=point)
        return roll_up_status(hint, needs=self.needs, now=self.now)

    def tick(self) -> RollUpVerdict:
        return roll_up_status(None, needs=self.needs, now=self.now)

    def recount(self) -> RollUpVerdict:
        """The hourly look at everything."""
        return recount(needs=self.needs, now=self.now)

    def sentence(self) -> str:
        return str(show_whole(needs=self.show, now=self.now)["sentence"])


def a_verified(**changes: Any) -> Promise:
    """A promise whose copy was read in its vault."""
    done = a_promise(
        state=PromiseState.VERIFIED, copy=COPY, settled_at=IN_TIME, learnt=Learnt.EVENT, due_at=None, version=2
    )
    return replace(done, **changes)
