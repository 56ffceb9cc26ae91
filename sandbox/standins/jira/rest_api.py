"""Jira Cloud on loopback: the REST calls (v2 and v3) that clients of ours make, in its own wire format."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.settings import Settings
from sandbox.standins.away import offer_absence
from sandbox.standins.jira.issues import (
    APPROVED_BY_FIELD,
    APPROVERS_FIELD,
    CHANGE,
    CUSTOM_FIELDS,
    PROJECT,
    TYPES,
    WORKFLOW,
    Issue,
    User,
    stamp,
)
from sandbox.standins.jira.jql import NotUnderstoodError, conditions_of
from sandbox.standins.jira.pages import JiraPages
from sandbox.standins.jira.shapes import Shapes
from sandbox.standins.jira.site import JiraSite, TransitionRefusedError, UnknownIssueError
from sandbox.web.asgi import Application, Installed, Request, RequestRefusedError, Response

PREFIX = "/_jira"
_API = "/rest/api/{version}"
_LARGEST_PAGE = 100
_LONGEST_SUMMARY = 255


@dataclass(frozen=True, slots=True)
class JiraCredentials:
    """What an integration is given by a Jira administrator; never printed."""

    server: str
    email: str
    api_token: str
    approvers_field: str = APPROVERS_FIELD
    approved_by_field: str = APPROVED_BY_FIELD

    def __repr__(self) -> str:
        """Name the address only."""
        return f"JiraCredentials({self.server})"


class RestApi:
    """The routes under `/rest/api/2`, `/rest/api/3` and `/rest/api/latest`."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site

    def mount(self, application: Application) -> None:
        """Add the routes."""
        application.add("GET", f"{_API}/serverInfo", self.server_info)
        application.add("GET", f"{_API}/myself", self.myself)
        application.add("GET", f"{_API}/user", self.user)
        application.add("GET", f"{_API}/user/search", self.search_users)
        application.add("GET", f"{_API}/field", self.fields)
        application.add("POST", f"{_API}/issue", self.create)
        application.add("GET", f"{_API}/search/jql", self.search)
        application.add("GET", f"{_API}/issue/{{key}}", self.issue)
        application.add("PUT", f"{_API}/issue/{{key}}", self.edit)
        application.add("GET", f"{_API}/issue/{{key}}/changelog", self.changelog)
        application.add("GET", "/rest/servicedeskapi/request/{key}/approval", self.approvals)
        application.add("GET", f"{_API}/issue/{{key}}/comment", self.comments)
        application.add("POST", f"{_API}/issue/{{key}}/comment", self.comment)
        application.add("GET", f"{_API}/issue/{{key}}/transitions", self.transitions)
        application.add("POST", f"{_API}/issue/{{key}}/transitions", self.transition)

    def server_info(self, _: Request, version: str) -> Response:
        """Describe the site; the one call that needs no account."""
        del version
        numbers = {"version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0], "buildNumber": 100287}
        names = {"baseUrl": self._site.base_url, "deploymentType": "Cloud", "serverTitle": "Strongroom Jira"}
        return Response.of_json(names | numbers | {"serverTime": stamp(self._site.now())})

    def myself(self, request: Request, version: str) -> Response:
        """Describe the caller."""
        return Response.of_json(self._shapes(version).user(self._caller(request)))

    def user(self, request: Request, version: str) -> Response:
        """Describe one user by account id."""
        self._caller(request)
        account = request.query.get("accountId", "")
        if account not in self._site.users:
            raise _refused(404, f"User '{account}' does not exist.")
        return Response.of_json(self._shapes(version).user(self._site.users[account]))

    def search_users(self, request: Request, version: str) -> Response:
        """List the users whose name or mail address begins with the query."""
        self._caller(request)
        query = request.query.get("query", "").lower()
        found = [user for user in self._site.users.values() if _begins(user, query)]
        return Response.of_json([self._shapes(version).user(user) for user in found])

    def fields(self, request: Request, version: str) -> Response:
        """Name the fields; custom ones have an id and the name that people see."""
        del version
        self._caller(request)
        plain = ("summary", "status", "assignee", "reporter", "labels", "updated", "created", "description")
        names = {name: name.capitalize() for name in plain} | {
            APPROVERS_FIELD: "Approvers",
            APPROVED_BY_FIELD: "Approved by",
            **CUSTOM_FIELDS,
        }
        return Response.of_json(
            [{"id": key, "key": key, "name": name, "custom": key.startswith("custom")} for key, name in names.items()]
        )

    def create(self, request: Request, version: str) -> Response:
        """Create an issue; the caller reports it."""
        caller, fields = self._caller(request), _body(request).get("fields", {})
        errors = {}
        if (fields.get("project") or {}).get("key") != PROJECT:
            errors["project"] = "valid project is required"
        summary = str(fields.get("summary") or "")
        if not summary.strip():
            errors["summary"] = "You must specify a summary of the issue."
        elif "\n" in summary:
            errors["summary"] = "The summary is invalid because it contains newline characters."
        elif len(summary) > _LONGEST_SUMMARY:
            errors["summary"] = "Summary can't exceed 255 characters."
        kind = (fields.get("issuetype") or {}).get("name", CHANGE)
        if not fields.get("issuetype") or kind not in TYPES:
            errors["issuetype"] = "Specify a valid issue type"
        if any(" " in label for label in fields.get("labels", [])):
            errors["labels"] = "The label contains spaces which is invalid."
        if errors:
            raise _refused(400, **errors)
        approvers = [entry.get("accountId", entry.get("id")) for entry in fields.get(APPROVERS_FIELD) or []]
        issue = self._site.create(
            fields["summary"],
            reporter=caller,
            description=_text(fields.get("description") or "", version),
            labels=list(fields.get("labels", [])),
            approvers=[self._site.users[account] for account in approvers if account in self._site.users],
            custom={name: str(fields[name]) for name in CUSTOM_FIELDS if fields.get(name)},
            type=kind,
        )
        return Response.of_json(
            {"id": issue.id, "key": issue.key, "self": self._shapes(version).address(issue)}, status=201
        )

    def search(self, request: Request, version: str) -> Response:
        """A page of what JQL selects, with the ids alone or the `fields` asked for."""
        caller = self._caller(request)
        try:
            found = self._site.search(*conditions_of(request.query.get("jql", ""), caller=caller))
        except NotUnderstoodError as error:
            raise _refused(400, f"Error in the JQL Query: {error}") from error
        size, wanted = _number(request, "maxResults", 50), request.query.get("fields", "id").split(",")
        shown = [self._found(issue, version, wanted) for issue in found[:size]]
        more = {} if len(found) <= size else {"nextPageToken": f"after-{found[size - 1].id}"}
        return Response.of_json({"issues": shown, "isLast": not more} | more)

    def issue(self, request: Request, version: str, key: str) -> Response:
        """Show an issue, whole or the `fields` asked for."""
        self._caller(request)
        issue = self._issue(key)
        wanted = request.query.get("fields", "*all").split(",")
        fields = self._shapes(version).fields(issue)
        if not {"*all", "*navigable"} & set(wanted):
            fields = {name: value for name, value in fields.items() if name in wanted}
        shown: dict[str, Any] = {
            "expand": "names,changelog",
            "id": issue.id,
            "key": issue.key,
            "self": self._shapes(version).address(issue),
        }
        if "changelog" in request.query.get("expand", ""):
            shown["changelog"] = self._shapes(version).changelog(issue)
        return Response.of_json(shown | {"fields": fields})

    def edit(self, request: Request, version: str, key: str) -> Response:
        """Change fields of an issue; nothing is answered."""
        caller, fields = self._caller(request), _body(request).get("fields", {})
        issue = self._issue(key)
        if "description" in fields:
            fields["description"] = _text(fields["description"] or "", version)
        unknown = [name for name in fields if name not in (*CUSTOM_FIELDS, "summary", "description", "labels")]
        if unknown:
            said = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
            raise _refused(400, **{name: said.format(name) for name in unknown})
        self._site.edit(issue, {name: value or "" for name, value in fields.items()}, person=caller)
        return Response(204)

    def changelog(self, request: Request, version: str, key: str) -> Response:
        """A page of an issue's history, the oldest entry first."""
        self._caller(request)
        issue = self._issue(key)
        start, size = _number(request, "startAt", 0), min(_number(request, "maxResults", 100), _LARGEST_PAGE)
        return Response.of_json(self._shapes(version).changes(issue, start=start, size=size))

    def approvals(self, request: Request, key: str) -> Response:
        """A page of the approvals that Jira Service Management keeps of a request."""
        self._caller(request)
        issue = self._issue(key)
        start, size = _number(request, "start", 0), min(_number(request, "limit", 50), _LARGEST_PAGE)
        return Response.of_json(self._shapes("3").approvals(issue, start=start, size=size))

    def comments(self, request: Request, version: str, key: str) -> Response:
        """List an issue's comments, oldest first."""
        self._caller(request)
        issue = self._issue(key)
        return Response.of_json(self._shapes(version).comments(issue))

    def comment(self, request: Request, version: str, key: str) -> Response:
        """Add a comment: text in v2, an Atlassian document in v3."""
        caller, body = self._caller(request), _body(request).get("body")
        issue = self._issue(key)
        if not body:
            raise _refused(400, comment="Comment body can not be empty!")
        comment = self._site.comment(issue, author=caller, text=_text(body, version))
        return Response.of_json(self._shapes(version).comment(issue, comment), status=201)

    def transitions(self, request: Request, version: str, key: str) -> Response:
        """List the transitions that the caller may take now."""
        caller = self._caller(request)
        open_to_caller = self._site.transitions_for(self._issue(key), caller)
        shown = [self._shapes(version).transition(transition) for transition in open_to_caller]
        return Response.of_json({"expand": "transitions", "transitions": shown})

    def transition(self, request: Request, version: str, key: str) -> Response:
        """Take a transition."""
        del version
        caller, chosen = self._caller(request), _body(request).get("transition", {})
        issue = self._issue(key)
        try:
            self._site.transition(issue, _transition_name(str(chosen.get("id", ""))), person=caller)
        except TransitionRefusedError as error:
            raise _refused(400, str(error)) from error
        return Response(204)

    def _found(self, issue: Issue, version: str, wanted: list[str]) -> dict[str, Any]:
        fields = {name: value for name, value in self._shapes(version).fields(issue).items() if name in wanted}
        known = {"id": issue.id} if wanted == ["id"] else {"id": issue.id, "key": issue.key, "fields": fields}
        return known | {"self": self._shapes(version).address(issue)}

    def _shapes(self, version: str) -> Shapes:
        return Shapes(self._site.base_url, version)

    def _caller(self, request: Request) -> User:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            email, token = "", ""
        user = self._site.user_with_token(email, token) if scheme == "Basic" else None
        if user is None:
            said = {"message": "Client must be authenticated to access this resource.", "status-code": 401}
            raise RequestRefusedError(Response.of_json(said, status=401))
        return user

    def _issue(self, key: str) -> Issue:
        try:
            return self._site.issue(key)
        except UnknownIssueError as error:
            said = "Issue does not exist or you do not have permission to see it."
            raise _refused(404, said) from error


def _refused(status: int, *messages: str, **errors: str) -> RequestRefusedError:
    return RequestRefusedError(Response.of_json({"errorMessages": list(messages), "errors": errors}, status=status))


def _number(request: Request, name: str, default: int) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isdecimal() else default


def _body(request: Request) -> Mapping[str, Any]:
    try:
        body = request.json()
    except ValueError as error:
        raise _refused(400, "Invalid request payload. Refer to the REST API documentation and try again.") from error
    return body if isinstance(body, dict) else {}


def _begins(user: User, query: str) -> bool:
    return user.email.startswith(query) or user.display_name.lower().startswith(query)


def _transition_name(wanted: str) -> str:
    return next((transition.name for transition in WORKFLOW if transition.id == wanted), wanted)


def _text(value: object, version: str) -> str:
    if version != "3" and isinstance(value, str):
        return value
    if version == "3" and isinstance(value, dict) and value.get("type") == "doc":
        return "\n".join(_flattened(block) for block in value.get("content", []))
    if value == "":
        return ""
    wanted = "Operation value must be an Atlassian Document" if version == "3" else "Operation value must be a string"
    raise _refused(400, description=wanted)


def _flattened(node: Mapping[str, Any]) -> str:
    if node.get("type") == "hardBreak":
        return "\n"
    return str(node.get("text", "")) + "".join(_flattened(child) for child in node.get("content", []))


app = Installed[JiraSite]("Jira")


def install(settings: Settings) -> None:
    """Start an empty project with new API tokens, and offer its control routes."""
    site = JiraSite(settings.endpoint + PREFIX)
    application = Application()
    RestApi(site).mount(application)
    JiraPages(site).mount(application)
    app.install(site, application)
    offer_absence("jira", application)


def credentials() -> JiraCredentials:
    """Return the integration's own account."""
    site = app.state
    return JiraCredentials(site.base_url, site.integration.email, site.integration.api_token)
