"""The worlds around a table and a bucket that were restored, and what is asked for after that."""

from typing import Any

from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.jobs import JobVerdict
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from tests.builders.deciding.afterwards import (
    BUCKET_POINT,
    DOCS,
    EXPIRES,
    FAR,
    NOTIFICATIONS,
    NOTIFIED,
    REPLICATED,
    REPLICATION,
    RESTORED_BUCKET,
    RESTORED_TABLE,
    TABLE,
    TABLE_POINT,
    TTL,
    a_bucket_intent,
    a_bucket_point,
    a_bucket_wish,
    a_table_intent,
    a_table_point,
    a_table_wish,
    an_after_wish,
)
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import a_ticket
from tests.fakes.restores.world import CeremonyWorld


class AfterWorld(CeremonyWorld):
    """A ceremony about something that was backed up, and what follows its restore."""

    def start(self, request: str) -> None:
        """Take the step of the act."""
        start_restore(request, execution=self.execution(request), needs=self.restoring, now=self.now)

    def check(self, request: str) -> JobVerdict:
        """Look at what was started."""
        return check_restore(request, execution=self.execution(request), needs=self.checking_restore, now=self.now)

    def finish(self, request: str) -> None:
        """Take the last steps."""
        tag_restored(request, execution=self.execution(request), needs=self.tagging, now=self.now)
        self.close(request, reason="")

    def carried_out(self, request: str, *, made: str) -> str:
        """The restore done and closed, which made that; its id."""
        self.start(request)
        self.restores.states = ["COMPLETED"]
        self.restores.changes = {"created": made}
        self.check(request)
        self.finish(request)
        return request

    def approved_after(self, of: str, **changes: Any) -> str:
        """Asked for after that restore, and approved; its id."""
        request = self.open_after(of, an_after_wish(**changes))
        self.read_ticket(request)
        self.sign(request, "maria")
        return request

    def carried_out_after(self, of: str, **changes: Any) -> str:
        """The same, done and closed; its id."""
        request = self.approved_after(of, **changes)
        self.start(request)
        self.check(request)
        self.finish(request)
        return request


class TableWorld(AfterWorld):
    """A ceremony about a table that was backed up, and has time to live."""

    def __init__(self, intent: Intent) -> None:
        super().__init__(a_table_intent(intent))
        self.points.points[TABLE_POINT, LOCAL_VAULT] = a_table_point()
        self.tickets.ticket = a_ticket(resources=(TABLE,))
        self.settings.items = 1204
        self.settings.known[TABLE, TTL] = SettingFound(parameters=tuple(EXPIRES.items()), items=9)

    def restored_table(self) -> str:
        """A table that was restored, with its ceremony closed; its id."""
        return self.carried_out(self.come_to_approval(a_table_wish()), made=RESTORED_TABLE)

    def urgently_restored_table(self) -> str:
        """The same for an incident, and without a ticket; its id."""
        wish = a_table_wish(ticket="", incident="INC-77")
        return self.carried_out(self.come_to_urgent_approval(wish), made=RESTORED_TABLE)


class BucketWorld(AfterWorld):
    """A ceremony about a bucket that was backed up, which calls a queue and is replicated."""

    def __init__(self, intent: Intent, *, lends: bool = True) -> None:
        super().__init__(a_bucket_intent(intent, lends=lends))
        self.points.points[BUCKET_POINT, LOCAL_VAULT] = a_bucket_point()
        self.tickets.ticket = a_ticket(resources=(DOCS,))
        self.settings.known[DOCS, NOTIFICATIONS] = SettingFound(parameters=tuple(NOTIFIED.items()))
        self.settings.known[DOCS, REPLICATION] = SettingFound(parameters=tuple(REPLICATED.items()))
        self.settings.known[RESTORED_BUCKET, REPLICATION] = SettingFound(facts=FAR)

    def restored_bucket(self) -> str:
        """A bucket that was restored, with its ceremony closed; its id."""
        return self.carried_out(self.come_to_approval(a_bucket_wish()), made=RESTORED_BUCKET)

    def approved_by_two(self, of: str, **changes: Any) -> str:
        """Asked for after that restore, and approved by two; its id."""
        request = self.approved_after(of, **changes)
        self.sign(request, "sana")
        return request
