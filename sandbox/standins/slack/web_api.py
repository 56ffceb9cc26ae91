"""Slack on loopback: the Web API methods that an approval app uses, in Slack's own wire format."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.people import Person, UnknownPersonError, person_with_email, person_with_slack_id
from sandbox.settings import Settings
from sandbox.standins.away import offer_absence
from sandbox.standins.slack.blocks import named, problems_of
from sandbox.standins.slack.pages import SlackPages
from sandbox.standins.slack.workspace import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    CHANNELS,
    TEAM_ID,
    Message,
    ResponseUrl,
    Workspace,
)
from sandbox.web import control
from sandbox.web.asgi import Application, Installed, Request, Response

PREFIX = "/_slack"

Arguments = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackCredentials:
    """What an installed app is given by Slack; never printed."""

    api_url: str
    signing_secret: str
    bot_token: str
    team_id: str = TEAM_ID
    app_id: str = APP_ID
    bot_user_id: str = BOT_USER_ID

    def __repr__(self) -> str:
        """Name the address only."""
        return f"SlackCredentials({self.api_url})"


class SlackRefusalError(Exception):
    """A method answered `ok: false` with this error code."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.answer: Answer = {"ok": False, "error": code}
        if messages:
            self.answer["response_metadata"] = {"messages": messages}


class WebApi:
    """The methods under `/api/`, the response addresses, and nothing else."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._methods: dict[str, Callable[[Arguments], Answer]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "users.info": lambda arguments: {"user": _described(_person(arguments.get("user", "")))},
            "users.lookupByEmail": self._look_up_by_email,
            "views.open": self._open_view,
        }

    def mount(self, application: Application) -> None:
        """Add the routes."""
        for method in ("GET", "POST"):
            application.add(method, "/api/{name}", self.call)
        application.add("POST", f"/actions/{TEAM_ID}/{{secret}}", self.respond)

    def call(self, request: Request, *, name: str) -> Response:
        """Answer one method call: always 200, with `ok` telling the outcome."""
        try:
            arguments = _arguments(request)
            self._check_token(request, arguments)
            method = self._methods.get(name, _unknown_method)
            return Response.of_json({"ok": True} | method(arguments))
        except SlackRefusalError as refusal:
            return Response.of_json(refusal.answer)

    def respond(self, request: Request, *, secret: str) -> Response:
        """Take an app's later answer to an interaction at its `response_url`."""
        link = self._workspace.take_response_url(secret)
        if link is None:
            return Response.of_json({"ok": False, "error": "used_url"}, status=404)
        try:
            arguments = request.json()
            content = {"text": arguments.get("text", ""), "blocks": _blocks(arguments)}
        except (ValueError, SlackRefusalError):
            return Response.of_text("invalid_payload", status=400)
        self._place(link, arguments, content)
        return Response.of_text("ok")

    def _place(self, link: ResponseUrl, arguments: Arguments, content: dict[str, Any]) -> None:
        source = self._workspace.find(link.channel, link.message_ts, person=link.person)
        if arguments.get("delete_original"):
            self._workspace.delete(link)
        elif arguments.get("replace_original") and source is not None:
            self._workspace.update(source, **content)
        elif arguments.get("response_type") == "in_channel":
            self._workspace.post(link.channel, thread_ts=arguments.get("thread_ts"), **content)
        else:
            self._workspace.post_ephemeral(link.channel, link.person, **content)

    def _check_token(self, request: Request, arguments: Arguments) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token if scheme == "Bearer" else arguments.get("token", "")
        if not given:
            raise SlackRefusalError("not_authed")
        if given != self._workspace.bot_token:
            raise SlackRefusalError("invalid_auth")

    def _auth_test(self, _: Arguments) -> Answer:
        names = {"url": f"{self._workspace.base_url}/", "team": "Strongroom", "user": "strongroom"}
        ids = {"team_id": TEAM_ID, "user_id": BOT_USER_ID, "bot_id": BOT_ID}
        return names | ids | {"is_enterprise_install": False}

    def _post_message(self, arguments: Arguments) -> Answer:
        channel, content = _channel(arguments), _content(arguments)
        thread_ts = arguments.get("thread_ts")
        if thread_ts and self._workspace.find(channel, thread_ts) is None:
            raise SlackRefusalError("thread_not_found")
        message = self._workspace.post(channel, thread_ts=thread_ts, **content)
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        person = _person(arguments.get("user", ""), otherwise="user_not_in_channel")
        message = self._workspace.post_ephemeral(_channel(arguments), person.slack_id, **_content(arguments))
        return {"message_ts": message["ts"]}

    def _update(self, arguments: Arguments) -> Answer:
        channel, content = _channel(arguments), _content(arguments)
        message = self._message(channel, arguments, missing="message_not_found")
        self._workspace.update(message, **content)
        return {"channel": channel, "ts": message["ts"], "text": message["text"], "message": message}

    def _history(self, arguments: Arguments) -> Answer:
        channel = _channel(arguments)
        parents = [message for message in self._workspace.messages[channel] if "thread_ts" not in message]
        shown = [self._workspace.shown(channel, message) for message in _between(parents, arguments)]
        return _one_page(shown[::-1], arguments)

    def _replies(self, arguments: Arguments) -> Answer:
        channel = _channel(arguments)
        parent = self._message(channel, arguments, missing="thread_not_found")
        parent_ts = str(parent.get("thread_ts") or parent["ts"])
        shown = [self._workspace.shown(channel, message) for message in self._workspace.thread(channel, parent_ts)]
        return _one_page(_between(shown, arguments), arguments)

    def _message(self, channel: str, arguments: Arguments, *, missing: str) -> Message:
        message = self._workspace.find(channel, str(arguments.get("ts", "")))
        if message is None:
            raise SlackRefusalError(missing)
        return message

    def _look_up_by_email(self, arguments: Arguments) -> Answer:
        try:
            return {"user": _described(person_with_email(arguments.get("email", "")))}
        except UnknownPersonError as error:
            raise SlackRefusalError("users_not_found") from error

    def _open_view(self, arguments: Arguments) -> Answer:
        view = _structured(arguments.get("view"), "invalid_arguments")
        person = self._workspace.take_trigger(arguments.get("trigger_id", ""))
        if person is None:
            raise SlackRefusalError("expired_trigger_id")
        if problems := problems_of(view.get("blocks")):
            raise SlackRefusalError("invalid_arguments", problems)
        named(view["blocks"])
        view_id = f"V{self._workspace.next_ts().replace('.', '')}"
        opened = view | {"id": view_id, "team_id": TEAM_ID, "app_id": APP_ID, "bot_id": BOT_ID, "state": {"values": {}}}
        self._workspace.views[view_id] = opened | {"person": person}
        return {"view": opened}


def _unknown_method(_: Arguments) -> Answer:
    raise SlackRefusalError("unknown_method")


def _arguments(request: Request) -> Arguments:
    if not request.is_json:
        return dict(request.query) | request.form()
    try:
        arguments = request.json()
    except ValueError as error:
        raise SlackRefusalError("invalid_json") from error
    if not isinstance(arguments, dict):
        raise SlackRefusalError("json_not_object")
    return arguments


def _channel(arguments: Arguments) -> str:
    wanted = str(arguments.get("channel", ""))
    for channel, name in CHANNELS.items():
        if wanted in (channel, f"#{name}", name):
            return channel
    raise SlackRefusalError("channel_not_found")


def _content(arguments: Arguments) -> dict[str, Any]:
    content = {"text": str(arguments.get("text", "")), "blocks": _blocks(arguments)}
    if not any(content.values()):
        raise SlackRefusalError("no_text")
    return content


def _blocks(arguments: Arguments) -> list[Message]:
    blocks = _structured(arguments.get("blocks") or [], "invalid_blocks_format")
    if problems := problems_of(blocks):
        raise SlackRefusalError("invalid_blocks", problems)
    return list(blocks)


def _structured(value: Any, code: str) -> Any:
    # Form bodies carry structures as JSON text.
    try:
        structure = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise SlackRefusalError(code) from error
    if not isinstance(structure, list | dict):
        raise SlackRefusalError(code)
    return structure


def _between(messages: list[Message], arguments: Arguments) -> list[Message]:
    oldest, latest = str(arguments.get("oldest") or "0"), str(arguments.get("latest") or "9999999999.999999")
    edges = (oldest, latest) if str(arguments.get("inclusive", "")).lower() in ("1", "true") else ()
    return [message for message in messages if oldest < message["ts"] < latest or message["ts"] in edges]


def _one_page(messages: list[Message], arguments: Arguments) -> Answer:
    try:
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
    except ValueError as error:
        raise SlackRefusalError("invalid_cursor") from error
    has_more = len(messages) > start + limit
    cursor = {"next_cursor": str(start + limit) if has_more else ""}
    return {"messages": messages[start : start + limit], "has_more": has_more, "response_metadata": cursor}


def _person(slack_id: str, *, otherwise: str = "user_not_found") -> Person:
    try:
        return person_with_slack_id(slack_id)
    except UnknownPersonError as error:
        raise SlackRefusalError(otherwise) from error


def _described(person: Person) -> Answer:
    profile = {"real_name": person.display_name, "display_name": person.name, "title": person.title}
    return {
        "id": person.slack_id,
        "team_id": TEAM_ID,
        "name": person.name,
        "real_name": person.display_name,
        "deleted": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_stranger": False,
        "profile": profile | {"email": person.email, "team": TEAM_ID},
    }


app = Installed[Workspace]("Slack")


def install(settings: Settings) -> None:
    """Start an empty workspace with new secrets, and offer its control routes."""
    workspace = Workspace(settings.endpoint + PREFIX)
    application = Application()
    WebApi(workspace).mount(application)
    SlackPages(workspace).mount(application)
    app.install(workspace, application)
    control.register("POST", "/slack/interactivity", _set_interactivity)
    offer_absence("slack", application)


def credentials() -> SlackCredentials:
    """Return what the app's deployer gets from Slack's settings pages."""
    workspace = app.state
    return SlackCredentials(f"{workspace.base_url}/api/", workspace.signing_secret, workspace.bot_token)


def _set_interactivity(body: dict[str, Any]) -> dict[str, Any]:
    if urlsplit(str(body["url"])).scheme not in ("http", "https"):
        raise control.ControlError("url must be the http(s) address that takes Slack's interactions")
    app.state.interactivity_url = body["url"]
    return {"url": body["url"]}
