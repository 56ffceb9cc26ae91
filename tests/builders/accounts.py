"""A governed account in which everything is in place, and the pieces to take out of it."""

from copy import replace
from typing import Any

from strongroom.domain.accounts.membership import Membership
from strongroom.domain.accounts.readiness import Inspection, RegionInspection
from strongroom.domain.identifiers import AccountId
from tests.builders.places import BUS, HOME, LOCAL_NAME, PRODUCTION, REPORTS, SANDBOX

IN_PRODUCTION = Membership(status="ACTIVE", units=(PRODUCTION,))
IN_SANDBOX = Membership(status="ACTIVE", units=(SANDBOX,))
TIERS = ("daily-prod", "monthly-prod", "compliance-7y")


def an_effective_policy(*tiers: str, regions: tuple[str, ...] = (HOME,)) -> dict[str, Any]:
    """An effective policy with one plan per tier, in the shape that Organizations answers."""
    return {
        "plans": {
            f"plan-{tier}": {
                "regions": list(regions),
                "rules": {},
                "selections": {"tags": {"by-tag": {"tag_key": "Backup", "tag_value": [tier], "iam_role_arn": "role"}}},
            }
            for tier in tiers
        }
    }


def a_complete_region(**changed: Any) -> RegionInspection:
    """A Region that has everything."""
    whole = RegionInspection(
        region=HOME,
        vaults={LOCAL_NAME: "CUSTOMER"},
        forwarder_enabled=True,
        forwarder_targets=(BUS,),
    )
    return replace(whole, **changed)


def a_complete_inspection(account: AccountId = REPORTS, **changed: Any) -> Inspection:
    """An account that has everything."""
    names = ("backup", "tagging", "restore", "restore-job", "restore-after", "bucket-names", "copying")
    whole = Inspection(
        role_arns=frozenset(f"arn:aws:iam::{account}:role/strongroom/strongroom-{name}" for name in names),
        regions=(a_complete_region(),),
    )
    return replace(whole, **changed)
