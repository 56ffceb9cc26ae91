"""What the API has of the status, page by page where it has more than one."""

from collections.abc import Iterator
from typing import Any

from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import parse_account_id
from strongroom_cli.api_client import ApiClient
from strongroom_cli.status.words import called

type Shown = dict[str, Any]


def whole(api: ApiClient) -> Shown:
    """The sentence, what is open, the units and the worst accounts."""
    return api.get("status")


def days(api: ApiClient) -> list[Shown]:
    """What each day looked like, the first one first."""
    found: list[Shown] = api.get("status", "days")["days"]
    return found[::-1]


def resource(api: ApiClient, arn: str) -> Shown:
    """The answers about one resource, what is open about it, and its last backups."""
    return api.get("status", "resource", query={"arn": arn})


def tags(api: ApiClient, arn: str) -> Shown:
    """The last verdict on a resource's tags, how its account stands, and how far the inventory is there."""
    return api.get("status", "tags", query={"arn": arn})


def accounts_of(api: ApiClient, unit: str) -> Iterator[Shown]:
    """Every account of a unit, the worst first."""
    for page in _pages(api, "status", "unit", query={"name": unit}):
        yield from page["accounts"]


def account(api: ApiClient, id_: str) -> Shown:
    """An account: what it is called, what is open there, and every resource with its answers, the worst first."""
    first, *others = _pages(api, "status", "accounts", id_, query={})
    resources = [each for page in (first, *others) for each in page["resources"]]
    told = {name: first[name] for name in ("account", "account_name", "alerts", "has_more_alerts", "inventory")}
    return {**told, "resources": resources}


def account_called(api: ApiClient, said: str) -> str:
    """The id of the account that is meant: by its id, its name, or the only beginning of a name that fits.

    NotFoundError where no account, or more than one, is called so.
    """
    if said.isdecimal():
        return parse_account_id(said)
    found: list[Shown] = api.get("status", "accounts", query={"name": said})["accounts"]
    exact = [each for each in found if each["account_name"].casefold() == said.casefold()]
    match exact or found:
        case [one]:
            return str(one["account"])
        case []:
            raise NotFoundError(f"{said!r} is no ARN, and no account in which anything is protected is called so")
        case several:
            names = ", ".join(called(each) for each in several)
            raise NotFoundError(f"{said!r} may be more than one account: {names}")


def _pages(api: ApiClient, *path: str, query: dict[str, str]) -> Iterator[Shown]:
    after = ""
    while True:
        page = api.get(*path, query={**query, **({"after": after} if after else {})})
        yield page
        after = page["next"]
        if not after:
            return
