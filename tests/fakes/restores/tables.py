"""The world around a table that was restored, and what is asked for after that."""

from typing import Any

from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.jobs import JobVerdict
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from tests.builders.deciding.afterwards import (
    EXPIRES,
    RESTORED_TABLE,
    TABLE,
    TABLE_POINT,
    TTL,
    a_table_intent,
    a_table_point,
    a_table_wish,
    an_after_wish,
)
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import a_ticket
from tests.fakes.restores.world import CeremonyWorld


class TableWorld(CeremonyWorld):
    """A ceremony about a table that was backed up, and has time to live."""

    def __init__(self, intent: Intent) -> None:
        super().__init__(a_table_intent(intent))
        self.points.points[TABLE_POINT, LOCAL_VAULT] = a_table_point()
        self.tickets.ticket = a_ticket(resources=(TABLE,))
        self.settings.items = 1204
        self.settings.known[TABLE, TTL] = SettingFound(parameters=tuple(EXPIRES.items()), items=9)

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

    def restored_table(self) -> str:
        """A table that was restored, with its ceremony closed; its id."""
        return self._carried_out(self.come_to_approval(a_table_wish()))

    def urgently_restored_table(self) -> str:
        """The same for an incident, and without a ticket; its id."""
        return self._carried_out(self.come_to_urgent_approval(a_table_wish(ticket="", incident="INC-77")))

    def _carried_out(self, request: str) -> str:
        self.start(request)
        self.restores.states = ["COMPLETED"]
        self.restores.changes = {"created": RESTORED_TABLE}
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
