"""ServiceNow's pages for a person in the browser, and the same acts for drivers as JSON."""

from collections.abc import Mapping

from markupsafe import Markup

from sandbox.people import Person, UnknownPersonError, person_named
from sandbox.standins.servicenow.instance import (
    APPROVAL,
    CHANGE,
    CHOICES,
    RESOURCE_FIELD,
    ActRefusedError,
    Instance,
    Record,
    UnknownRecordError,
    user_id,
)
from sandbox.web.asgi import Application, Request, RequestRefusedError, Response
from sandbox.web.pages import button_form, joined, page, person_picker

_TYPED = ("short_description", "description", "type", "start_date", "end_date", "state", RESOURCE_FIELD)


class ServiceNowPages:
    """`/` lists the tickets; forms open, change and decide them."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def mount(self, application: Application) -> None:
        """Add the routes."""
        application.add("GET", "/", self.show_all)
        application.add("POST", "/open", self.open)
        application.add("GET", "/tickets/{number}", self.show)
        application.add("POST", "/tickets/{number}/edit", self.edit)
        application.add("POST", "/tickets/{number}/answer", self.answer)

    def show_all(self, request: Request) -> Response:
        """List the changes, newest first, with the answers that the person may give."""
        person, base = _person_of(request.query), self._instance.base_url
        rows = joined(self._row(record, person) for record in reversed(self._instance.rows(CHANGE)))
        form = Markup(
            '<form method="post" action="{}/open"><input type="hidden" name="person" value="{}">'
            '<label>New change <input name="short_description" size="50" required></label>'
            '<label>Resource <input name="{}" size="50"></label><button>Submit</button></form>'
        ).format(base, person.name, RESOURCE_FIELD)
        table = Markup("<table><tr><th>Number</th><th>Short description</th><th>State</th><th></th></tr>{}</table>")
        return Response.of_html(
            page("ServiceNow · Changes", person_picker(f"{base}/", person), table.format(rows), form)
        )

    def open(self, request: Request) -> Response:
        """Open a ticket: fields person, table, approvers (names with spaces between), and those of the record."""
        form = request.form()
        approvers = tuple(person_named(name).name for name in form.get("approvers", "").split())
        values = {name: form[name] for name in _TYPED if name in form}
        record = self._instance.open(
            form.get("table", CHANGE), person=_person_of(form).name, values=values, approvers=approvers
        )
        return self._told(request, record, form)

    def show(self, request: Request, *, number: str) -> Response:
        """One ticket as it is kept."""
        del request
        return Response.of_json(self._found(number)[1])

    def edit(self, request: Request, *, number: str) -> Response:
        """Change a ticket: field person, and which of the others are given."""
        form = request.form()
        table, record = self._found(number)
        values = {name: form[name] for name in _TYPED if name in form}
        self._instance.update(table, record, values, by=_person_of(form).name)
        return self._told(request, record, form)

    def answer(self, request: Request, *, number: str) -> Response:
        """Answer an approval: fields approver, decision, and `by`, where an administrator enters it for them."""
        form, (_, record) = request.form(), self._found(number)
        approver = form.get("approver", "")
        try:
            self._instance.answer(
                number, approver=approver, is_approved=form.get("decision") == "approved", by=form.get("by", approver)
            )
        except ActRefusedError as error:
            return Response.of_json({"error": str(error)}, status=409)
        return self._told(request, record, form)

    def _told(self, request: Request, record: Record, form: Mapping[str, str]) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return Response.of_json(record)
        person = form.get("person", form.get("approver", ""))
        return Response.see_other(f"{self._instance.base_url}/?person={person}")

    def _row(self, record: Record, person: Person) -> Markup:
        mine = [
            each
            for each in self._instance.rows(APPROVAL)
            if (each["sysapproval"], each["approver"], each["state"])
            == (record["sys_id"], user_id(person.name), "requested")
        ]
        address = f"{self._instance.base_url}/tickets/{record['number']}/answer"
        buttons = (
            button_form(address, name, {"approver": person.name, "decision": decision})
            for name, decision in (("Approve", "approved"), ("Reject", "rejected"))
        )
        return Markup("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            record["number"],
            record["short_description"],
            CHOICES[CHANGE, "state"].get(record["state"], record["state"]),
            joined(buttons) if mine else Markup(),
        )

    def _found(self, number: str) -> tuple[str, Record]:
        try:
            return self._instance.numbered(number)
        except UnknownRecordError as error:
            raise RequestRefusedError(Response.of_json({"error": f"no ticket {number}"}, status=404)) from error


def _person_of(fields: Mapping[str, str]) -> Person:
    try:
        return person_named(fields.get("person", "omar"))
    except UnknownPersonError as error:
        raise RequestRefusedError(Response.of_json({"error": str(error)}, status=404)) from error
