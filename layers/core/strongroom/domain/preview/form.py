"""A preview as JSON, in a shape that stays: `strongroom plan --json` has it under `preview`."""

from typing import Any

from strongroom.domain.preview.accounts import Accounts
from strongroom.domain.preview.locks import Binding
from strongroom.domain.preview.money.bill import Money
from strongroom.domain.preview.proposal import Preview
from strongroom.domain.preview.resources.catches import Catches, Change, Remark
from strongroom.domain.preview.resources.fates import Fate
from strongroom.domain.values import asdict


def form_of(preview: Preview) -> dict[str, Any]:
    """The preview as objects, lists, texts and numbers; every count is there, also where it is 0."""
    caught = preview.caught
    return {
        "accounts": _accounts(preview.accounts),
        "effective": [asdict(group) for group in preview.effective],
        "policies": [asdict(finding) for finding in preview.findings],
        "scp_slots": [{**asdict(slot), "fits": not slot.is_full} for slot in preview.slots],
        "resources": {
            **_catches(caught.total),
            "tiers": dict(preview.tiers),
            "accounts": {account: _catches(counts) for account, counts in caught.accounts.items()},
            "examples": {_key(told): list(arns) for told, arns in caught.examples.items()},
        },
        "points": [asdict(points) for points in preview.points],
        "money": {
            **_money(preview.money),
            "today": _money(preview.money_today),
            "currency": "USD",
            "prices_of": preview.prices_of.isoformat(),
        },
        "locks": [_lock(binding) for binding in preview.locks],
    }


def _accounts(accounts: Accounts) -> dict[str, Any]:
    management = accounts.management
    return {
        "become_governed": {unit: list(each) for unit, each in accounts.become_governed.items()},
        "stop_being_governed": {unit: list(each) for unit, each in accounts.stop_being_governed.items()},
        "stay_governed": accounts.stay_governed,
        "stay_outside": {unit: list(each) for unit, each in accounts.stay_outside.items()},
        "stale": list(accounts.stale),
        "unread": list(accounts.unread),
        "management": None if management is None else asdict(management),
    }


def _catches(counts: Catches) -> dict[str, Any]:
    return {
        "fates": {_key(fate): counts.fates.get(fate, 0) for fate in Fate},
        "plans": dict(counts.plans),
        "changes": {_key(change): counts.changes.get(change, 0) for change in Change},
        "remarks": {_key(remark): counts.remarks.get(remark, 0) for remark in Remark},
    }


def _money(money: Money) -> dict[str, Any]:
    return {"total": money.total, **asdict(money)}


def _lock(binding: Binding) -> dict[str, Any]:
    day = binding.immutable_from
    return {**asdict(binding), "immutable_from": None if day is None else day.isoformat()}


def _key(told: str) -> str:
    """The name of what is told in a key: `not_opted_in`."""
    return _KEYS[told]


_KEYS = {str(member): member.name.lower() for kind in (Fate, Change, Remark) for member in kind}
