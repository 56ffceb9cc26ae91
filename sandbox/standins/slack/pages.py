"""Slack's window for a person in the browser, and the same acts for drivers as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from sandbox.people import PEOPLE, Person, UnknownPersonError, person_named
from sandbox.standins.slack.blocks import buttons_of, rendered, rendered_block, rendered_mrkdwn
from sandbox.standins.slack.workspace import CHANNELS, Delivery, Message, NothingToClickError, Workspace
from sandbox.web.asgi import Application, Request, RequestRefusedError, Response
from sandbox.web.pages import button_form, hidden, joined, link, page, person_picker


class SlackPages:
    """`/` shows channels, threads and buttons; `/click` and `/submit` act; `/people/...` is read by drivers."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def mount(self, application: Application) -> None:
        """Add the routes."""
        application.add("GET", "/", self.show)
        application.add("POST", "/click", self.click)
        application.add("POST", "/submit", self.submit)
        application.add("GET", "/channels/{channel}/messages", self.list_messages)
        application.add("GET", "/people/{name}/ephemerals", self.list_ephemerals)
        application.add("GET", "/people/{name}/views", self.list_views)

    def show(self, request: Request) -> Response:
        """Show the channel as the chosen person sees it."""
        person = _person_of(request.query)
        channel = request.query.get("channel", "C0RESTORE")
        if channel not in CHANNELS:
            return Response.of_text(f"no channel {channel}", status=404)
        base = f"{self._workspace.base_url}/"
        tabs = (
            link(f"#{name}", f"{base}?person={person.name}&channel={key}", chosen=key == channel)
            for key, name in CHANNELS.items()
        )
        said = request.query.get("said", "")
        return Response.of_html(
            page(
                f"Slack · #{CHANNELS[channel]}",
                person_picker(base, person, {"channel": channel}),
                Markup("<nav>{}</nav>").format(joined(tabs)),
                Markup('<p class="quiet" role="status">{}</p>').format(said) if said else Markup(),
                joined(self._dialog(view, person) for view in self._views_of(person)),
                joined(self._threads(channel, person)),
                joined(self._ephemerals(channel, person)),
            )
        )

    def click(self, request: Request) -> Response:
        """Press a button: form fields person, channel, ts and action_id."""
        form = request.form()
        try:
            person = _person_of(form)
            delivery = self._workspace.click(
                person, channel=form["channel"], ts=form["ts"], action_id=form["action_id"]
            )
        except (NothingToClickError, KeyError) as error:
            return Response.of_json({"error": str(error)}, status=404)
        return self._told(request, delivery, person, form["channel"])

    def submit(self, request: Request) -> Response:
        """Submit a view: form fields person and view_id, and one `<block_id>/<action_id>` for each input."""
        form = request.form()
        values: dict[str, dict[str, Any]] = {}
        for name, value in form.items():
            block_id, slash, action_id = name.partition("/")
            if slash:
                values.setdefault(block_id, {})[action_id] = {"type": "plain_text_input", "value": value or None}
        try:
            person = _person_of(form)
            delivery = self._workspace.submit(person, form["view_id"], values)
        except (NothingToClickError, KeyError) as error:
            return Response.of_json({"error": str(error)}, status=404)
        return self._told(request, delivery, person, form.get("channel", "C0RESTORE"))

    def list_messages(self, _: Request, *, channel: str) -> Response:
        """List a channel's messages and replies, oldest first."""
        if channel not in CHANNELS:
            return Response.of_json({"error": f"no channel {channel}"}, status=404)
        return Response.of_json({"messages": self._workspace.messages[channel]})

    def list_ephemerals(self, _: Request, *, name: str) -> Response:
        """List what only this person was shown, oldest first."""
        person = _person_of({"person": name})
        return Response.of_json({"messages": self._workspace.ephemerals.get(person.slack_id, [])})

    def list_views(self, _: Request, *, name: str) -> Response:
        """List the views that are open in front of this person."""
        return Response.of_json({"views": self._views_of(_person_of({"person": name}))})

    def _told(self, request: Request, delivery: Delivery, person: Person, channel: str) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return Response.of_json(asdict(delivery) | {"late": delivery.is_late})
        said = f"The app answered {delivery.status} after {delivery.seconds:.1f} s."
        if delivery.is_late:
            said = "The app did not answer within 3 seconds; Slack shows a warning sign here."
        query = urlencode({"person": person.name, "channel": channel, "said": said})
        return Response.see_other(f"{self._workspace.base_url}/?{query}")

    def _threads(self, channel: str, person: Person) -> list[Markup]:
        parents = [message for message in self._workspace.messages[channel] if "thread_ts" not in message]
        if not parents:
            return [Markup('<p class="quiet">Nothing was posted here yet.</p>')]
        shown = []
        for parent in parents[::-1]:
            replies = self._workspace.thread(channel, parent["ts"])[1:]
            inner = joined(self._message(channel, reply, person) for reply in replies)
            shown.append(self._message(channel, parent, person, inner))
        return shown

    def _ephemerals(self, channel: str, person: Person) -> list[Markup]:
        mine = self._workspace.ephemerals.get(person.slack_id, [])
        return [self._message(channel, message, person) for message in mine if message["channel"] == channel]

    def _message(self, channel: str, message: Message, person: Person, inner: Markup | None = None) -> Markup:
        blocks = message["blocks"]
        body = joined(map(rendered_block, blocks)) if blocks else rendered_mrkdwn(message["text"])
        target = {"person": person.name, "channel": channel, "ts": message["ts"]}
        buttons = (
            button_form(
                f"{self._workspace.base_url}/click",
                rendered(button["text"]),
                target | {"action_id": button["action_id"]},
                style=button.get("style", ""),
            )
            for _, button in buttons_of(message)
        )
        only_you = message.get("is_ephemeral", False)
        edited = " (edited)" if "edited" in message else ""
        note = f"Strongroom APP · {message['ts']}{edited}{' · Only visible to you' if only_you else ''}"
        return Markup('<article class="{}"><div class="quiet">{}</div>{}{}{}</article>').format(
            "only-you" if only_you else "", note, body, joined(buttons), inner or Markup()
        )

    def _dialog(self, view: dict[str, Any], person: Person) -> Markup:
        title, submit = view["title"]["text"], view.get("submit", {"text": "Submit"})["text"]
        fields = (
            Markup('<label>{} <input name="{}/{}"></label>').format(
                block["label"]["text"], block["block_id"], block["element"]["action_id"]
            )
            if block["type"] == "input"
            else rendered_block(block)
            for block in view["blocks"]
        )
        known = hidden({"person": person.name, "view_id": view["id"]})
        return Markup(
            '<article><h2>{}</h2><form method="post" action="{}/submit">{}{}<button class="primary">{}</button></form>'
            "</article>"
        ).format(title, self._workspace.base_url, known, joined(fields), submit)

    def _views_of(self, person: Person) -> list[dict[str, Any]]:
        return [view for view in self._workspace.views.values() if view["person"] == person.slack_id]


def _person_of(fields: Mapping[str, str]) -> Person:
    try:
        return person_named(fields.get("person", PEOPLE[0].name))
    except UnknownPersonError as error:
        raise RequestRefusedError(Response.of_json({"error": str(error)}, status=404)) from error
