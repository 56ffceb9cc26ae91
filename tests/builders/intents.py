"""The example organisation with another tier or another vault."""

from copy import replace
from typing import Any

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.break_glass import BreakGlass
from strongroom.domain.intent.tiers import Kept
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.places import OUTAGE_USERS

CRITICAL = "compliance-7y"  # the tier of the example that is copied to the replica, too


def with_tier(intent: Intent, name: str = CRITICAL, **changes: Any) -> Intent:
    """The example with one tier that has these settings, the critical one unless another is named."""
    return replace(intent, tiers=intent.tiers | {name: replace(intent.tiers[name], **changes)})


def with_kept(intent: Intent, name: str = CRITICAL, **kept: int | Kept) -> Intent:
    """The example with one tier that is kept otherwise in these vaults, the critical one unless another is named."""
    return with_tier(intent, name, keep=intent.tiers[name].keep | kept)


def with_settings(intent: Intent, vault: str, **changes: Any) -> Intent:
    """The example with one vault that has these settings."""
    return replace(intent, vaults=intent.vaults | {vault: replace(intent.vaults[vault], **changes)})


def with_restores(intent: Intent, **changes: Any) -> Intent:
    """The example with other rules of the ceremony."""
    return replace(intent, restores=replace(ceremony_of(intent).restores, **changes))


def an_intent_without_ceremony(intent: Intent) -> Intent:
    """The example with all left out that the ceremony alone takes, and the auditors."""
    place = replace(intent.organization, audit_account=None)
    return replace(
        intent, organization=place, restores=None, people={}, slack=None, tickets=None, identity_provider=None
    )


def with_vault(intent: Intent, name: str, vault: Vault) -> Intent:
    """The example with one vault more, into which the daily tier copies, too, for 90 days."""
    return with_kept(replace(intent, vaults=intent.vaults | {name: vault}), "daily-prod", **{name: 90})


def with_outage_users(intent: Intent) -> Intent:
    """The intent with the two users who restore while the control plane is away."""
    return with_restores(intent, break_glass=BreakGlass(group="approvers", reviewers="oncall", users=OUTAGE_USERS))
