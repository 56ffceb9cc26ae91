"""An API that answers from views in memory, as the function behind it would."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
import urllib3

from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.services.status.show_status import (
    show_account,
    show_days,
    show_named,
    show_resource,
    show_tags,
    show_unit,
    show_whole,
)
from tests.builders.copies import COMPLETED_AT, a_promise
from tests.builders.expected import an_expected
from tests.fakes.status_views.world import StatusWorld, a_verified

OTHER = AccountId("333333333333")
HOSTILE = f"arn:aws:rds:eu-west-1:{OTHER}:db:<script>alert(1)</script>"


class StatusApi:
    """Answers GET /status and what lies below it; `asked` are the paths."""

    def __init__(self, world: StatusWorld) -> None:
        self.world = world
        self.asked: list[str] = []

    def request(self, _method: str, url: str, **_: Any) -> SimpleNamespace:
        parts = urlsplit(url)
        path, query = parts.path.removeprefix("/v1"), dict(parse_qsl(parts.query))
        self.asked.append(path)
        try:
            return SimpleNamespace(status=200, data=msgspec.json.encode(self._answer(path, query)))
        except NotFoundError as error:
            return SimpleNamespace(status=404, data=json.dumps({"error": str(error)}).encode())

    def _answer(self, path: str, query: dict[str, str]) -> Any:
        needs, after = self.world.show, query.get("after", "")
        if path.startswith("/status/accounts/"):
            return show_account(path.rpartition("/")[2], after=after, needs=needs)
        answers: dict[str, Callable[[], Any]] = {
            "/status": lambda: show_whole(needs=needs, now=self.world.now),
            "/status/accounts": lambda: show_named(query["name"], needs=needs),
            "/status/days": lambda: show_days(needs=needs),
            "/status/unit": lambda: show_unit(query["name"], after=after, needs=needs),
            "/status/tags": lambda: show_tags(query["arn"], needs=needs),
            "/status/resource": lambda: show_resource(query["arn"], needs=needs),
        }
        return answers[path]()


@pytest.fixture
def world(intent: Intent) -> StatusWorld:
    """One database is protected, another, of another account, has no copy."""
    world = StatusWorld(intent)
    world.expect()
    world.promise(a_verified())
    world.expect(an_expected(resource=HOSTILE, account=OTHER))
    short = a_promise(recovery_point="p-2", resource=HOSTILE, account=OTHER, due_at=None)
    world.promise(a_verified(**{name: getattr(short, name) for name in ("recovery_point", "resource", "account")}))
    world.tick()
    world.promise(
        a_promise(
            recovery_point="p-3",
            created_at=COMPLETED_AT,
            resource=HOSTILE,
            account=OTHER,
            due_at=None,
            state=PromiseState.MISSING,
            reason="nothing arrived",
        )
    )
    world.hear(HOSTILE, point="p-3", account=OTHER)
    world.tick()
    return world


@pytest.fixture
def api(world: StatusWorld, monkeypatch: pytest.MonkeyPatch) -> StatusApi:
    api = StatusApi(world)
    monkeypatch.setattr(urllib3, "request", api.request)
    monkeypatch.setenv("STRONGROOM_API", "https://api.example/v1")
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return api
