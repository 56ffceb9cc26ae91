"""One Slack workspace in memory: channels, threads, ephemeral messages, views, and signed interactions."""

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

from sandbox.people import Person
from sandbox.standins.slack.blocks import buttons_of, named

Message = dict[str, Any]

TEAM_ID = "T0STRONG"
TEAM_DOMAIN = "strongroom"
APP_ID = "A0STRONG"
BOT_ID = "B0STRONG"
BOT_USER_ID = "U0STRONGBOT"
CHANNELS = {"C0ALERTS": "backup-alerts", "C0RESTORE": "restores"}

# Slack shows the person an error when the app has not answered by then; the request itself goes on.
ANSWER_SECONDS = 3.0
_PATIENCE_SECONDS = 30.0
_TRIGGER_SECONDS = 3.0
_RESPONSE_URL_SECONDS = 1800.0
_RESPONSE_URL_USES = 5


class NothingToClickError(LookupError):
    """The message, the button, the view or the app's address that a click needs does not exist."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One signed interaction as it left for the app, and what the app answered (status 0: no answer)."""

    url: str
    headers: dict[str, str]
    body: str
    status: int
    answer: str
    seconds: float

    @property
    def is_late(self) -> bool:
        """Whether the person was shown an error because the app took too long."""
        return self.status == 0 or self.seconds > ANSWER_SECONDS


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer one interaction later: five times within half an hour."""

    channel: str
    person: str
    message_ts: str
    thread_ts: str | None
    expires: float
    uses_left: int = _RESPONSE_URL_USES


@dataclass(slots=True)
class Workspace:
    """Everything that Slack remembers; all times come from `clock`."""

    base_url: str
    clock: Callable[[], float] = time.time
    interactivity_url: str | None = None
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_urlsafe(24)}", repr=False)
    messages: dict[str, list[Message]] = field(default_factory=lambda: {channel: [] for channel in CHANNELS})
    ephemerals: dict[str, list[Message]] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict, repr=False)
    _triggers: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)
    _last_tick: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def next_ts(self) -> str:
        """Return a message timestamp, unique and rising."""
        with self._lock:
            self._last_tick = max(self._last_tick + 1, int(self.clock() * 1_000_000))
            return f"{self._last_tick // 1_000_000}.{self._last_tick % 1_000_000:06d}"

    def post(self, channel: str, *, text: str, blocks: list[Message], thread_ts: str | None = None) -> Message:
        """Add a message of the app to a channel or to a thread in it."""
        message = self._written(text, blocks)
        if thread_ts:
            message["thread_ts"] = thread_ts
        with self._lock:
            self.messages[channel].append(message)
        return message

    def post_ephemeral(self, channel: str, person: str, *, text: str, blocks: list[Message]) -> Message:
        """Show a message to one person only."""
        message = self._written(text, blocks) | {"channel": channel, "is_ephemeral": True}
        with self._lock:
            self.ephemerals.setdefault(person, []).append(message)
        return message

    def update(self, message: Message, *, text: str, blocks: list[Message]) -> None:
        """Replace a message's content; text alone takes the old blocks away, as on Slack."""
        with self._lock:
            message["text"] = text
            message["blocks"] = named(blocks)
            message["edited"] = {"user": BOT_USER_ID, "ts": self.next_ts()}

    def delete(self, link: ResponseUrl) -> None:
        """Take the message that an interaction came from away."""
        with self._lock:
            for kept in (self.messages[link.channel], self.ephemerals.get(link.person, [])):
                kept[:] = [message for message in kept if message["ts"] != link.message_ts]

    def find(self, channel: str, ts: str, *, person: str | None = None) -> Message | None:
        """Return the message with this timestamp in a channel, or among what `person` alone can see."""
        with self._lock:
            visible = [*self.messages.get(channel, []), *self.ephemerals.get(person or "", [])]
            return next((message for message in visible if message["ts"] == ts), None)

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return a thread, its parent first."""
        with self._lock:
            return [message for message in self.messages[channel] if ts in (message["ts"], message.get("thread_ts"))]

    def shown(self, channel: str, message: Message) -> Message:
        """Return a message as the API shows it: a parent counts its replies."""
        replies = [reply for reply in self.thread(channel, message["ts"]) if reply["ts"] != message["ts"]]
        if not replies:
            return dict(message)
        return message | {
            "thread_ts": message["ts"],
            "reply_count": len(replies),
            "reply_users": sorted({reply["user"] for reply in replies}),
            "latest_reply": replies[-1]["ts"],
        }

    def click(self, person: Person, *, channel: str, ts: str, action_id: str) -> Delivery:
        """Press a button as a person: the app receives a signed `block_actions` interaction."""
        message = self.find(channel, ts, person=person.slack_id)
        if message is None:
            raise NothingToClickError(f"no message {ts} in {channel} that {person.name} can see")
        pressed = [(block, button) for block, button in buttons_of(message) if button["action_id"] == action_id]
        if not pressed:
            raise NothingToClickError(f"no button {action_id} on message {ts}")
        return self._deliver(self._block_actions(person, channel, message, *pressed[0]))

    def submit(self, person: Person, view_id: str, values: dict[str, dict[str, Any]]) -> Delivery:
        """Submit an open view as the person to whom it was opened; an accepted view closes."""
        view = self.views.get(view_id)
        if view is None or view["person"] != person.slack_id:
            raise NothingToClickError(f"no open view {view_id} for {person.name}")
        shown = {key: value for key, value in view.items() if key != "person"} | {"state": {"values": values}}
        delivery = self._deliver(self._interaction("view_submission", person) | {"view": shown, "response_urls": []})
        if delivery.status == 200 and '"errors"' not in delivery.answer:
            self.views.pop(view_id, None)
        return delivery

    def take_trigger(self, trigger_id: str) -> str | None:
        """Use a trigger up; return its person's id, or nothing when it is unknown, used or older than three seconds."""
        person, made = self._triggers.pop(trigger_id, (None, 0.0))
        return person if self.clock() - made <= _TRIGGER_SECONDS else None

    def take_response_url(self, secret: str) -> ResponseUrl | None:
        """Use a response address once; nothing when it is unknown, expired or used up."""
        with self._lock:
            link = self.response_urls.get(secret)
            if link is None or link.uses_left == 0 or self.clock() > link.expires:
                return None
            link.uses_left -= 1
            return link

    def _written(self, text: str, blocks: list[Message]) -> Message:
        message: Message = {"type": "message", "user": BOT_USER_ID, "bot_id": BOT_ID, "app_id": APP_ID}
        return message | {"team": TEAM_ID, "ts": self.next_ts(), "text": text, "blocks": named(blocks)}

    def _interaction(self, kind: str, person: Person) -> dict[str, Any]:
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = (person.slack_id, self.clock())
        return {
            "type": kind,
            "user": {"id": person.slack_id, "username": person.name, "name": person.name, "team_id": TEAM_ID},
            "api_app_id": APP_ID,
            "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": trigger_id,
        }

    def _block_actions(
        self, person: Person, channel: str, message: Message, block: Message, button: Message
    ) -> dict[str, Any]:
        is_ephemeral = message.get("is_ephemeral", False)
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel,
            "is_ephemeral": is_ephemeral,
        }
        if thread_ts := message.get("thread_ts"):
            container["thread_ts"] = thread_ts
        action = button | {"block_id": block["block_id"], "action_ts": self.next_ts()}
        payload = self._interaction("block_actions", person) | {
            "container": container,
            "channel": {"id": channel, "name": CHANNELS[channel]},
            "state": {"values": {}},
            "response_url": self._new_response_url(person, channel, message),
            "actions": [action],
        }
        # Slack sends no source message along with a click on an ephemeral one.
        return payload if is_ephemeral else payload | {"message": self.shown(channel, message)}

    def _new_response_url(self, person: Person, channel: str, message: Message) -> str:
        secret = secrets.token_urlsafe(18)
        expires = self.clock() + _RESPONSE_URL_SECONDS
        link = ResponseUrl(channel, person.slack_id, message["ts"], message.get("thread_ts"), expires)
        self.response_urls[secret] = link
        return f"{self.base_url}/actions/{TEAM_ID}/{secret}"

    def _deliver(self, payload: dict[str, Any]) -> Delivery:
        if self.interactivity_url is None:
            raise NothingToClickError("the app has no interactivity address yet: set it in the sandbox's control API")
        body = urlencode({"payload": json.dumps(payload)})
        stamp = str(int(self.clock()))
        digest = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        started = time.monotonic()
        try:
            answer = _post(self.interactivity_url, headers, body)
        except requests.RequestException as error:
            reason = type(error).__name__
            return Delivery(self.interactivity_url, headers, body, 0, reason, time.monotonic() - started)
        seconds = time.monotonic() - started
        return Delivery(self.interactivity_url, headers, body, answer.status_code, answer.text, seconds)


def _post(url: str, headers: dict[str, str], body: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, data=body.encode(), headers=headers, timeout=_PATIENCE_SECONDS, allow_redirects=False)
