"""A report's content: the whole, its days, and every unit with its accounts and their resources."""

from typing import Any

from strongroom_cli.api_client import ApiClient
from strongroom_cli.status.asking import Shown, accounts_of, days, resources_of, whole


def collect(api: ApiClient, *, unit: str | None = None) -> Shown:
    """All that the API has, or all of one unit; each account with its resources, the worst first."""
    shown = whole(api)
    units = [_unit(api, each) for each in shown["units"] if unit in {None, each["unit"]}]
    return {
        "sentence": shown["sentence"],
        "is_well": shown["is_well"],
        "summary": shown["summary"],
        "days": days(api),
        "units": units,
        "left_out": _left_out(shown, units) if unit is None else "",
    }


def _unit(api: ApiClient, unit: Shown) -> Shown:
    return {**unit, "accounts": [_account(api, each) for each in accounts_of(api, unit["unit"])]}


def _account(api: ApiClient, account: Shown) -> Shown:
    return {**account, "resources": list(resources_of(api, account["account"]))}


def _left_out(shown: Shown, units: list[Shown]) -> str:
    """What the report does not have; the API names the first units only."""
    counted = sum(len(unit["accounts"]) for unit in units)
    accounts: Any = (shown["summary"] or {}).get("accounts", 0)
    return f"{counted} of {accounts} accounts are listed here" if counted != accounts else ""
