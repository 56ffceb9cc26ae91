"""What the API has of the status, page by page where it has more than one."""

from collections.abc import Iterator
from typing import Any

from strongroom_cli.api_client import ApiClient

type Shown = dict[str, Any]


def whole(api: ApiClient) -> Shown:
    """The sentence, the units and the worst accounts."""
    return api.get("status")


def days(api: ApiClient) -> list[Shown]:
    """What each day looked like, the first one first."""
    found: list[Shown] = api.get("status", "days")["days"]
    return found[::-1]


def resource(api: ApiClient, arn: str) -> Shown:
    """The answers about one resource, and its last backups."""
    return api.get("status", "resource", query={"arn": arn})


def accounts_of(api: ApiClient, unit: str) -> Iterator[Shown]:
    """Every account of a unit, the worst first."""
    return _pages(api, "status", "unit", of="accounts", query={"name": unit})


def resources_of(api: ApiClient, account: str) -> Iterator[Shown]:
    """Every resource of an account with its answers, the worst first."""
    return _pages(api, "status", "accounts", account, of="resources", query={})


def _pages(api: ApiClient, *path: str, of: str, query: dict[str, str]) -> Iterator[Shown]:
    after = ""
    while True:
        page = api.get(*path, query={**query, **({"after": after} if after else {})})
        yield from page[of]
        after = page["next"]
        if not after:
            return
