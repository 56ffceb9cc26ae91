"""One ServiceNow instance in memory: users, changes, incidents and requested items, and their approval records."""

import secrets
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.people import PEOPLE

CHANGE, INCIDENT, ITEM, APPROVAL, USER = (
    *("change_request", "incident", "sc_req_item"),
    *("sysapproval_approver", "sys_user"),
)
INTEGRATION = "strongroom"
ADMINISTRATOR = "admin"
CHANGE_MANAGER = "chiara"
RESOURCE_FIELD = "u_resource"

Record = dict[str, str]

_SYSTEM = (
    *("sys_id", "sys_class_name", "sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by"),
    "sys_mod_count",
)
_TASK = (
    *(*_SYSTEM, "number", "state", "approval", "short_description", "description", "requested_by", "work_notes"),
    *("correlation_id", "correlation_display"),
)
FIELDS: dict[str, tuple[str, ...]] = {
    CHANGE: (*_TASK, "type", "start_date", "end_date", "cmdb_ci", RESOURCE_FIELD),
    INCIDENT: (*_TASK, "cmdb_ci", RESOURCE_FIELD),
    ITEM: (*_TASK, RESOURCE_FIELD),
    APPROVAL: (*_SYSTEM, "sysapproval", "approver", "state", "source_table"),
    USER: (*_SYSTEM, "user_name", "name", "email"),
}
# Where a field holds the sys_id of another record, the table of that and the field that it is shown by.
REFERENCES = {
    "sysapproval": (CHANGE, "number"),
    "approver": (USER, "name"),
    "requested_by": (USER, "name"),
}
# What people see of a value, by table and field.
CHOICES: dict[tuple[str, str], dict[str, str]] = {
    (CHANGE, "state"): {
        "-5": "New",
        "-3": "Authorize",
        "-2": "Scheduled",
        "-1": "Implement",
        "3": "Closed",
        "4": "Canceled",
    },
    (CHANGE, "type"): {"normal": "Normal", "standard": "Standard", "emergency": "Emergency"},
    (INCIDENT, "state"): {"1": "New", "2": "In Progress", "7": "Closed"},
}
_PREFIXES = {CHANGE: "CHG", INCIDENT: "INC", ITEM: "RITM"}
_STAMP = "%Y-%m-%d %H:%M:%S"


class UnknownRecordError(LookupError):
    """The instance has no such record."""


class ActRefusedError(Exception):
    """The instance does not let this person do that now."""


def user_id(name: str) -> str:
    """The sys_id of a person's account."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"strongroom.example/{name}").hex


@dataclass(slots=True)
class Instance:
    """Everything that the instance remembers."""

    base_url: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    tables: dict[str, dict[str, Record]] = field(default_factory=lambda: {name: {} for name in FIELDS})
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Seed the people, the administrator and the integration's account."""
        names = {person.name: (person.display_name, person.email) for person in PEOPLE}
        names |= {each: (each.capitalize(), f"{each}@strongroom.example") for each in (ADMINISTRATOR, INTEGRATION)}
        for name, (shown, email) in names.items():
            self._insert(USER, {"user_name": name, "name": shown, "email": email}, by="system", sys_id=user_id(name))

    def rows(self, table: str) -> list[Record]:
        """The records of a table, the oldest first."""
        return list(self.tables[table].values())

    def numbered(self, number: str) -> tuple[str, Record]:
        """The table and the record of a number."""
        for table in _PREFIXES:
            for record in self.rows(table):
                if record["number"] == number:
                    return table, record
        raise UnknownRecordError(number)

    def open(self, table: str, *, person: str, values: Mapping[str, str], approvers: tuple[str, ...]) -> Record:
        """Open a ticket and ask for its approval; without named approvers the change manager is asked."""
        with self._lock:
            asked = {"approval": "requested", **values, "requested_by": user_id(person)}
            record = self.insert(table, asked, by=person)
            for name in approvers or (CHANGE_MANAGER,):
                asked = {"sysapproval": record["sys_id"], "approver": user_id(name), "state": "requested"}
                self._insert(APPROVAL, {**asked, "source_table": table}, by="system")
            return record

    def insert(self, table: str, values: Mapping[str, str], *, by: str) -> Record:
        """Make a record of a ticket's table; fields that it does not have are ignored, the system's are its own."""
        with self._lock:
            number = f"{_PREFIXES[table]}{30001 + len(self.tables[table]):07}"
            given = {"number": number, "state": "-5" if table == CHANGE else "1"}
            given |= {"type": "normal"} if table == CHANGE else {}
            known = {name: value for name, value in values.items() if name in FIELDS[table] and name != "number"}
            return self._insert(table, {**given, **known}, by=by)

    def answer(self, number: str, *, approver: str, is_approved: bool, by: str) -> None:
        """Answer for an approver: as themselves, or as an administrator who enters it for them."""
        with self._lock:
            table, record = self.numbered(number)
            asked = next((each for each in self._asked(record) if each["approver"] == user_id(approver)), None)
            if asked is None or asked["state"] != "requested" or by not in (approver, ADMINISTRATOR):
                raise ActRefusedError(f"{by} has no approval of {number} to answer")
            self.update(APPROVAL, asked, {"state": "approved" if is_approved else "rejected"}, by=by)
            for other in self._asked(record):
                if other["state"] == "requested":
                    self.update(APPROVAL, other, {"state": "not_required"}, by="system")
            decided = {"approval": "approved" if is_approved else "rejected"}
            moved = {"state": "-2"} if is_approved and table == CHANGE else {}
            self.update(table, record, decided | moved, by="system")

    def update(self, table: str, record: Record, values: Mapping[str, str], *, by: str) -> None:
        """Change a record; fields that its table does not have are ignored, as ServiceNow does."""
        with self._lock:
            known = {name: value for name, value in values.items() if name in FIELDS[table]}
            stamp = {"sys_updated_on": self.now().strftime(_STAMP), "sys_updated_by": by}
            record.update(known | stamp | {"sys_mod_count": str(int(record["sys_mod_count"]) + 1)})

    def _asked(self, record: Record) -> list[Record]:
        return [each for each in self.rows(APPROVAL) if each["sysapproval"] == record["sys_id"]]

    def _insert(self, table: str, values: Mapping[str, str], *, by: str, sys_id: str = "") -> Record:
        stamp = self.now().strftime(_STAMP)
        system = {"sys_id": sys_id or uuid.uuid4().hex, "sys_class_name": table, "sys_mod_count": "0"}
        times = {"sys_created_on": stamp, "sys_created_by": by, "sys_updated_on": stamp, "sys_updated_by": by}
        record = dict.fromkeys(FIELDS[table], "") | dict(values) | system | times
        self.tables[table][record["sys_id"]] = record
        return record
