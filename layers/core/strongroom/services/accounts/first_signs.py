"""Look for the first signs of an account that has every piece: its forwarders are heard, and it was gone through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.accounts.readiness import judge_signs
from strongroom.domain.health.heartbeats import forwarders_of, unheard
from strongroom.domain.tags.inventory.firsts import covering, judge_first

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.accounts.membership import AccountVerdict
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.health import HeartbeatBook
    from strongroom.ports.tags import FirstInventories


class FirstSignNeeds(Struct, frozen=True, kw_only=True):
    """What looking for the first signs of an account needs of the world."""

    intent: Intent
    beats: HeartbeatBook
    inventories: FirstInventories


def look_for_signs(verdict: AccountVerdict, *, since: datetime, needs: FirstSignNeeds, now: datetime) -> AccountVerdict:
    """The verdict on an account that has every piece, by what was heard and gone through since it lacked something."""
    account, intent = verdict.account, needs.intent
    runs = covering(needs.inventories.runs(), account, since=since)
    marks = [mark for run in runs for mark in needs.inventories.of_account(run.id, account)]
    inventory = judge_first(runs, marks, regions=intent.organization.regions, since=since, now=now)
    return judge_signs(
        verdict,
        unheard=unheard(forwarders_of(account, intent), needs.beats.of_account(account), since=since),
        ungone=inventory.missing,
        is_begun=inventory.is_begun,
    )
