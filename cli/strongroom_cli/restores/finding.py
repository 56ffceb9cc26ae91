"""`strongroom restore find`: out of which backups a resource can be restored, what each loses, and when it is back."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from strongroom.domain.errors import MalformedRequestError, NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.nearest import nearest
from strongroom.domain.preview.money.prices import PriceTable
from strongroom.domain.restores.candidates.asked_time import read_moment
from strongroom.domain.restores.candidates.pricing import dollars_of
from strongroom.domain.restores.deciding.case import Storage, Way
from strongroom_cli.api_client import ApiClient
from strongroom_cli.errors import shown, shown_json
from strongroom_cli.restores.finding_words import described
from strongroom_cli.rollout.prices import load_prices
from strongroom_cli.status.asking import account, account_called

_ARN: Final = "arn:"


def add_find(parser: argparse.ArgumentParser) -> None:
    """Add what the verb takes."""
    parser.description = (
        "Find the backups that a resource can be restored from: the five best, with what each loses, how long it takes "
        "and what it costs, and why the others are not offered. Ends with 1 where there is none."
    )
    add_what(parser)
    parser.add_argument(
        "--before",
        default="",
        metavar="TIME",
        help="the newest state that is not later: 14:00 (today's, or yesterday's where that is still to come), "
        "2026-11-26T14:00, or with a zone 2026-11-26T13:00:00Z; now, if not said",
    )
    parser.add_argument(
        "--region", default="", metavar="REGION", help="what comes back there, if not where the resource was"
    )
    parser.add_argument(
        "--zone", default="", metavar="NAME", help="read and show times there, as Europe/Berlin; else in this machine's"
    )
    parser.add_argument(
        "--prices", type=Path, metavar="FILE", help="a price table of your own, as of `strongroom plan`"
    )
    parser.epilog = "Example: strongroom restore find payments orders-db --before 14:00"


def add_what(parser: argparse.ArgumentParser) -> None:
    """Add which resource is meant."""
    parser.add_argument(
        "what",
        nargs="+",
        metavar="[ACCOUNT] RESOURCE",
        help="the resource's ARN; or the account, by id or name, and the resource, by name or ARN",
    )


def find(arguments: argparse.Namespace) -> int:
    """Print the candidates."""
    prices, zone, now = load_prices(arguments.prices), _zone(arguments.zone), datetime.now(UTC)
    query = {}
    if arguments.before:
        query["before"] = second_of(arguments.before, now=now, zone=zone)
    if arguments.region:
        query["region"] = arguments.region
    api = ApiClient(arguments.api)
    found = api.get("candidates", query=meant(api, arguments.what) | query)
    _price(found, prices)
    if arguments.json:
        print(shown_json(found))
    else:
        told = described(found, zone=zone, prices_of=prices.day, today=now.date())
        print(shown(told))
    return 0 if found["candidates"] else 1


def second_of(text: str, *, now: datetime, zone: tzinfo | None = None) -> str:
    """The moment that somebody types, of the zone or of this machine's, in UTC as the API takes it."""
    return f"{read_moment(text, now=now, place=_place(zone)):%Y-%m-%dT%H:%M:%SZ}"


def _zone(name: str) -> tzinfo | None:
    """The zone of that name; None is the machine's own."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MalformedRequestError(f"{name[:40]!r} is no zone that is known here: say one as Europe/Berlin") from error


def _place(zone: tzinfo | None) -> Callable[[datetime], datetime]:
    """How the clock on the wall is read."""
    return lambda wall: wall.astimezone() if zone is None else wall.replace(tzinfo=zone)


def meant(api: ApiClient, what: list[str]) -> dict[str, str]:
    """The resource, and the account where one is said; MalformedRequestError where the ARN names none."""
    match what:
        case [resource] if resource.startswith(_ARN):
            arn = Arn.parse(resource)
            if not arn.account:
                raise MalformedRequestError(f"{resource} names no account: strongroom restore find ACCOUNT {resource}")
            return {"resource": str(arn)}
        case [name]:
            raise MalformedRequestError(f"in which account is {name}? strongroom restore find ACCOUNT {name}")
        case [where, resource]:
            id_ = account_called(api, where)
            named = resource if resource.startswith(_ARN) else _called(api, resource, account_id=id_)
            return {"resource": named, "account": id_}
        case _:
            raise MalformedRequestError("say one resource: strongroom restore find ACCOUNT RESOURCE")


def _called(api: ApiClient, name: str, *, account_id: str) -> str:
    """The ARN of the account's protected resource of that name; NotFoundError where none, or more than one, has it."""
    resources = account(api, account_id)["resources"]
    match [each["resource"] for each in resources if name in (each["name"], Arn.parse(each["resource"]).name)]:
        case [one]:
            return str(one)
        case []:
            meant = nearest(name, [str(each["name"]) for each in resources])
            known = f"did you mean {meant}? Else say its ARN" if meant else "say its ARN"
            instead = f"{known}, which is found also before `strongroom status` has it"
            raise NotFoundError(f"nothing that is protected in account {account_id} is called {name}: {instead}")
        case several:
            raise NotFoundError(f"more than one resource is called {name}: say which, {' or '.join(several)}")


def _price(found: dict[str, Any], prices: PriceTable) -> None:
    """Put what each way costs beside it; the API knows no prices."""
    there = found["region"] or Arn.parse(found["resource"]).region
    for row in found["candidates"]:
        for each in (row, *row["ways"]):
            way, source = Way(each["plan"]), Arn.parse(each["vault"]).region
            each["dollars"] = dollars_of(
                way,
                size=each["size"],
                storage=Storage(each["storage"]),
                resource_type=found["resource_type"],
                source=source,
                target=there if way.crosses_regions else source,
                prices=prices,
            )
    found["prices_of"] = prices.day.isoformat()
