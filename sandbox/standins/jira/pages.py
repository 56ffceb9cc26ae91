"""Jira's pages for a person in the browser, and the same acts for drivers as JSON."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from sandbox.people import Person, UnknownPersonError, person_named
from sandbox.standins.jira.issues import CUSTOM_FIELDS, RESOURCE_FIELD, Issue, User, stamp
from sandbox.standins.jira.site import JiraSite, TransitionRefusedError, UnknownIssueError
from sandbox.web.asgi import Application, Request, RequestRefusedError, Response
from sandbox.web.pages import button_form, joined, page, person_picker


class JiraPages:
    """`/` lists issues, `/browse/OPS-1` shows one; forms create, comment and move them."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site

    def mount(self, application: Application) -> None:
        """Add the routes."""
        application.add("GET", "/", self.show_all)
        application.add("GET", "/browse/{key}", self.show)
        application.add("POST", "/create", self.create)
        application.add("POST", "/browse/{key}/edit", self.edit)
        application.add("POST", "/browse/{key}/decline", self.decline)
        application.add("POST", "/browse/{key}/comment", self.comment)
        application.add("POST", "/browse/{key}/transition", self.transition)

    def show_all(self, request: Request) -> Response:
        """List the issues, newest first."""
        person = _person_of(request.query)
        rows = joined(self._row(issue, person) for issue in reversed(self._site.issues.values()))
        form = Markup(
            '<form method="post" action="{}/create"><input type="hidden" name="person" value="{}">'
            '<label>New change ticket <input name="summary" size="50" required></label>'
            '<label>Resource <input name="{}" size="50"></label><button>Create</button></form>'
        ).format(self._site.base_url, person.name, RESOURCE_FIELD)
        table = Markup("<table><tr><th>Key</th><th>Summary</th><th>Status</th><th>Reporter</th></tr>{}</table>")
        return Response.of_html(
            page("Jira · Operations", person_picker(f"{self._site.base_url}/", person), table.format(rows), form)
        )

    def show(self, request: Request, *, key: str) -> Response:
        """Show one issue with its comments and the transitions open to the person; JSON when asked for."""
        person, issue = _person_of(request.query), self._issue(key)
        if "text/html" not in request.headers.get("accept", ""):
            return Response.of_json(_plain(issue))
        address = f"{self._site.base_url}/browse/{issue.key}"
        buttons = (
            button_form(f"{address}/transition", step.name, {"person": person.name, "name": step.name})
            for step in self._site.transitions_for(issue, self._user(person))
        )
        comments = (
            Markup('<article><div class="quiet">{} · {}</div><pre>{}</pre></article>').format(
                comment.author.display_name, stamp(comment.created), comment.text
            )
            for comment in issue.comments
        )
        approved_by = issue.approved_by.display_name if issue.approved_by else "nobody yet"
        facts = Markup(
            '<p><b>{}</b> · reported by {} · approvers: {} · approved by {}</p><p class="quiet">{}</p>'
            "<p>Resource: {}</p><pre>{}</pre>"
        ).format(
            issue.status,
            issue.reporter.display_name,
            ", ".join(user.display_name for user in issue.approvers),
            approved_by,
            " ".join(issue.labels),
            issue.custom.get(RESOURCE_FIELD, ""),
            issue.description,
        )
        form = Markup(
            '<form method="post" action="{}/comment"><input type="hidden" name="person" value="{}">'
            '<label>Comment <input name="text" size="50" required></label><button>Add</button></form>'
        ).format(address, person.name)
        title = f"{issue.key} · {issue.summary}"
        return Response.of_html(
            page(title, person_picker(address, person), facts, joined(buttons), joined(comments), form)
        )

    def create(self, request: Request) -> Response:
        """Create an issue: fields person, summary, description, labels and approvers (names with spaces between)."""
        form = request.form()
        if not form.get("summary", "").strip():
            return Response.of_json({"error": "a summary is required"}, status=400)
        issue = self._site.create(
            form["summary"],
            reporter=self._user(_person_of(form)),
            description=form.get("description", ""),
            labels=form.get("labels", "").split(),
            approvers=[self._user(_person_of({"person": name})) for name in form.get("approvers", "").split()],
            custom=_filled(form),
        )
        return self._told(request, issue, form)

    def edit(self, request: Request, *, key: str) -> Response:
        """Change an issue: field person, and which of the others are given."""
        form, issue = request.form(), self._issue(key)
        plain: dict[str, str] = {name: form[name] for name in ("summary", "description", "labels") if name in form}
        self._site.edit(issue, {**plain, **_filled(form)}, person=self._user(_person_of(form)))
        return self._told(request, issue, form)

    def decline(self, request: Request, *, key: str) -> Response:
        """Say no to the open approval: field person."""
        form, issue = request.form(), self._issue(key)
        try:
            self._site.decline(issue, person=self._user(_person_of(form)))
        except TransitionRefusedError as error:
            return Response.of_json({"error": str(error)}, status=409)
        return self._told(request, issue, form)

    def comment(self, request: Request, *, key: str) -> Response:
        """Add a comment: fields person and text."""
        form, issue = request.form(), self._issue(key)
        self._site.comment(issue, author=self._user(_person_of(form)), text=form.get("text", ""))
        return self._told(request, issue, form)

    def transition(self, request: Request, *, key: str) -> Response:
        """Move an issue: fields person and name, the transition's name."""
        form, issue = request.form(), self._issue(key)
        try:
            self._site.transition(issue, form.get("name", ""), person=self._user(_person_of(form)))
        except TransitionRefusedError as error:
            return Response.of_json({"error": str(error)}, status=409)
        return self._told(request, issue, form)

    def _told(self, request: Request, issue: Issue, form: Mapping[str, str]) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return Response.of_json(_plain(issue))
        return Response.see_other(f"{self._site.base_url}/browse/{issue.key}?person={_person_of(form).name}")

    def _row(self, issue: Issue, person: Person) -> Markup:
        return Markup(
            '<tr><td><a href="{}/browse/{}?person={}">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>'
        ).format(
            self._site.base_url,
            issue.key,
            person.name,
            issue.key,
            issue.summary,
            issue.status,
            issue.reporter.display_name,
        )

    def _issue(self, key: str) -> Issue:
        try:
            return self._site.issue(key)
        except UnknownIssueError as error:
            raise RequestRefusedError(Response.of_json({"error": f"no issue {key}"}, status=404)) from error

    def _user(self, person: Person) -> User:
        return self._site.users[person.jira_account]


def _plain(issue: Issue) -> dict[str, Any]:
    return {
        "key": issue.key,
        "status": issue.status,
        "approved_by": issue.approved_by.account_id if issue.approved_by else None,
        "comments": [
            {"author": comment.author.account_id, "text": comment.text, "created": stamp(comment.created)}
            for comment in issue.comments
        ],
    }


def _filled(form: Mapping[str, str]) -> dict[str, str]:
    """What was filled into the custom fields; an empty one is emptied."""
    return {name: form[name] for name in CUSTOM_FIELDS if name in form}


def _person_of(fields: Mapping[str, str]) -> Person:
    try:
        return person_named(fields.get("person", "omar"))
    except UnknownPersonError as error:
        raise RequestRefusedError(Response.of_json({"error": str(error)}, status=404)) from error
