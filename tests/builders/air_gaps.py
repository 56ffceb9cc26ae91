"""The example with air-gapped vaults: one of each account's own beside the local vault, one of the backup account."""

from copy import replace
from typing import Any

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tiers import Kept
from strongroom.domain.intent.vaults import Vault, VaultLock
from tests.builders.intents import with_kept
from tests.builders.places import PAYMENTS, a_vault_arn

LOCK = VaultLock(min_retention_days=7, max_retention_days=400)
OWN = Vault(name="strongroom-gapped", account="own", region="same", kind="air-gapped", lock=LOCK)
CENTRAL = Vault(name="central-gapped", kind="air-gapped", lock=LOCK)
OWN_GAP = a_vault_arn(OWN.name, account=PAYMENTS)
CENTRAL_GAP = a_vault_arn(CENTRAL.name)
TEAM = "arn:aws:mpa:us-east-1:111111111111:approval-team/vaults"
DAYS = 35


def with_vaults(intent: Intent, **vaults: Vault) -> Intent:
    """The example with these vaults, too."""
    return replace(intent, vaults=intent.vaults | vaults)


def with_team(intent: Intent) -> Intent:
    """The example with an air-gapped vault of the backup account which a team opens."""
    return with_vaults(intent, guarded=replace(CENTRAL, name="guarded-vault", approval_team=TEAM))


def with_own_gap(intent: Intent, tier: str = "daily-prod", *, days: int | Kept = DAYS, **changes: Any) -> Intent:
    """The example with one tier whose backups end in an air-gapped vault of their account."""
    gapped = replace(OWN, **changes)
    return with_kept(with_vaults(intent, gapped=gapped), tier, local=DAYS, gapped=days)


def with_central_gap(intent: Intent, tier: str = "daily-prod", **changes: Any) -> Intent:
    """The example with one tier that is copied into an air-gapped vault of the backup account, too."""
    return with_kept(with_vaults(intent, safe=replace(CENTRAL, **changes)), tier, safe=90)
