"""What a ticket system answers, by path, and what it was asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from strongroom.adapters.tickets.web import TicketWeb
from strongroom.adapters.wire import HttpAnswer

SITE = "https://tickets.example"
TOKEN = "very-secret-token"


def an_answer(value: object, *, status: int = 200, content_type: str = "application/json;charset=UTF-8") -> HttpAnswer:
    """JSON, or text as it is."""
    content = value if isinstance(value, str) else json.dumps(value)
    return HttpAnswer(status, content_type, content.encode())


@dataclass
class FakeHttp:
    """A system that answers each path with its answers in turn, the last one ever after."""

    answers: dict[str, list[HttpAnswer]]
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        assert url.startswith(SITE)
        address = urlsplit(url)
        self.asked.append((method, address.path, dict(parse_qsl(address.query))))
        self.headers = headers
        if body is not None:
            self.sent.append(json.loads(body))
        left = self.answers[address.path]
        return left.pop(0) if len(left) > 1 else left[0]

    @property
    def web(self) -> TicketWeb:
        return TicketWeb(f"{SITE}/", user="strongroom@example", token=lambda: TOKEN, http=self)
