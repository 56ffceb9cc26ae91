"""ServiceNow on loopback: the Table API in its own wire format, as much of it as an integration needs."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from sandbox.settings import Settings
from sandbox.standins.servicenow.instance import (
    CHANGE,
    CHOICES,
    FIELDS,
    INCIDENT,
    INTEGRATION,
    REFERENCES,
    Instance,
    Record,
)
from sandbox.standins.servicenow.pages import ServiceNowPages
from sandbox.standins.servicenow.queries import select
from sandbox.web.asgi import Application, Installed, Request, RequestRefusedError, Response

PREFIX = "/_servicenow"
_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class ServiceNowCredentials:
    """What an integration is given by an administrator; never printed."""

    server: str
    user: str
    password: str

    def __repr__(self) -> str:
        """Name the address only."""
        return f"ServiceNowCredentials({self.server})"


class TableApi:
    """The routes under `/api/now/table`."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def mount(self, application: Application) -> None:
        """Add the routes."""
        for base in ("/api/now/table", "/api/now/v2/table"):
            application.add("GET", f"{base}/{{table}}", self.list_records)
            application.add("POST", f"{base}/{{table}}", self.create_record)
            application.add("GET", f"{base}/{{table}}/{{sys_id}}", self.show_record)
            application.add("PATCH", f"{base}/{{table}}/{{sys_id}}", self.change_record)

    def list_records(self, request: Request, table: str) -> Response:
        """The records that the query selects: all of them where nothing of the query is understood."""
        self._demand_caller(request)
        self._demand_table(table)
        found = select(self._instance.rows(table), request.query.get("sysparm_query", ""), fields=FIELDS[table])
        start, size = _number(request, "sysparm_offset", 0), _number(request, "sysparm_limit", _LIMIT)
        shown = [self._shown(table, record, request) for record in found[start : start + size]]
        return Response.of_json({"result": shown}, headers={"x-total-count": str(len(found))})

    def show_record(self, request: Request, table: str, sys_id: str) -> Response:
        """One record."""
        self._demand_caller(request)
        return Response.of_json({"result": self._shown(table, self._record(table, sys_id), request)})

    def change_record(self, request: Request, table: str, sys_id: str) -> Response:
        """Change a record, and show it; fields that there are not are ignored."""
        self._demand_caller(request)
        record = self._record(table, sys_id)
        changes = _values(request)
        # A journal field is written, and is empty when it is read.
        self._instance.update(table, record, changes, by=INTEGRATION)
        return Response.of_json({"result": self._shown(table, record, request)})

    def create_record(self, request: Request, table: str) -> Response:
        """Insert a record of a ticket, and show it; fields that there are not are ignored."""
        self._demand_caller(request)
        self._demand_table(table)
        if table not in (CHANGE, INCIDENT):
            raise _refused(403, "Operation Failed", "ACL Exception Insert Failed due to security constraints")
        record = self._instance.insert(table, _values(request), by=INTEGRATION)
        return Response.of_json({"result": self._shown(table, record, request)}, status=201)

    def _record(self, table: str, sys_id: str) -> Record:
        self._demand_table(table)
        record = self._instance.tables[table].get(sys_id)
        if record is None:
            raise _refused(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        return record

    def _demand_table(self, table: str) -> None:
        if table not in FIELDS:
            raise _refused(400, f"Invalid table {table}", None)

    def _demand_caller(self, request: Request) -> None:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            said = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            said = ""
        if scheme != "Basic" or said != f"{INTEGRATION}:{self._instance.password}":
            raise _refused(401, "User Not Authenticated", "Required to provide Auth information")

    def _shown(self, table: str, record: Record, request: Request) -> dict[str, Any]:
        asked = request.query.get("sysparm_fields", "")
        names = asked.split(",") if asked else list(FIELDS[table])
        kind = request.query.get("sysparm_display_value", "false")
        has_link = request.query.get("sysparm_exclude_reference_link", "false") != "true"
        shown = {name: self._field(table, record, name.strip(), kind, has_link=has_link) for name in names}
        return {name: value for name, value in shown.items() if value is not None}

    def _field(self, table: str, record: Record, name: str, kind: str, *, has_link: bool) -> Any:
        """A field as it was asked for, also one of the record that a reference leads to; None where there is none."""
        first, _, rest = name.partition(".")
        if first not in FIELDS[table]:
            return None
        reference, value = REFERENCES.get(first), record[first]
        if rest:
            target = self._instance.tables[reference[0]].get(value) if reference else None
            return self._field(reference[0], target, rest, kind, has_link=has_link) if reference and target else ""
        display = CHOICES.get((table, first), {}).get(value, value)
        if reference is not None:
            display = self._named(value, reference[1])
        link = f"{self._instance.base_url}/api/now/table/{reference[0]}/{value}" if reference and value else ""
        if kind == "all":
            return {"display_value": display, "value": value} | ({"link": link} if link and has_link else {})
        if kind == "true":
            return {"display_value": display, "link": link} if link and has_link else display
        return {"link": link, "value": value} if link and has_link else value

    def _named(self, sys_id: str, shown_by: str) -> str:
        found = (records[sys_id] for records in self._instance.tables.values() if sys_id in records)
        return next((record.get(shown_by, "") for record in found), "")


def _values(request: Request) -> dict[str, str]:
    try:
        values = request.json()
    except ValueError as error:
        raise _refused(400, "Exception while reading request", "The payload is not valid JSON.") from error
    return {name: str(value) for name, value in dict(values).items()}


def _number(request: Request, name: str, default: int) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isdecimal() else default


def _refused(status: int, message: str, detail: str | None) -> RequestRefusedError:
    said = {"error": {"message": message, "detail": detail}, "status": "failure"}
    return RequestRefusedError(Response.of_json(said, status=status))


app = Installed[Instance]("ServiceNow")


def install(settings: Settings) -> None:
    """Start an empty instance with a new password."""
    instance = Instance(settings.endpoint + PREFIX)
    application = Application()
    TableApi(instance).mount(application)
    ServiceNowPages(instance).mount(application)
    app.install(instance, application)


def credentials() -> ServiceNowCredentials:
    """Return the integration's own account."""
    instance = app.state
    return ServiceNowCredentials(instance.base_url, INTEGRATION, instance.password)
