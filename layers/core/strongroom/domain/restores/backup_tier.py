"""The tier of a recovery point, by which approval rules may ask for other people."""

from typing import Final

from strongroom.domain.copies.origins import is_our_plan
from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import tier_of_plan
from strongroom.domain.restores.plans import RecoveryPoint

# No rule is left out for it: every rule about tiers counts.
UNKNOWN: Final = ""


def tier_of_point(point: RecoveryPoint, *, account: AccountId, intent: Intent) -> str:
    """The tier whose plan made the backup, or UNKNOWN.

    AWS Backup says which plan that was, and nobody can change it afterwards. The tags of a recovery point anybody may
    change who may tag in its account, so that they make no backup less than it is: what was backed up by hand, or by a
    plan that is not the organisation's, or that AWS does not tell of, is of no tier that is known.
    """
    maker = point.made_by
    if maker is None or not is_our_plan(maker) or Arn.parse(maker.plan).account != account:
        return UNKNOWN
    return tier_of_plan(maker.plan_name, intent=intent) or UNKNOWN
