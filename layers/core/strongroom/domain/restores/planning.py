"""Which way a recovery point comes back: in its own account, or by way of a copy."""

from strongroom.domain.copies.found import ARRIVED_STATUSES, is_continuous
from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.intent.destinations import copy_back_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import source_vault_arns
from strongroom.domain.restores.plans import PlacedPoint, RestorePlan


def restoring_role(intent: Intent, *, account: AccountId, is_raw: bool) -> str:
    """The ARN of the role under which AWS Backup restores there: one of its own for what a person wrote."""
    roles = intent.roles
    return intent.member_role_arn(roles.restore_raw if is_raw else roles.restore_job, account)


def decide_plan(point: PlacedPoint, *, account: AccountId, intent: Intent) -> RestorePlan:
    """Restore in place, or copy back first; RestoreRefusedError where neither is possible."""
    central = copy_back_vaults(intent)
    # S3's ARNs name no account, and a central vault holds everybody's: whose it is, the vault that it came from says.
    made_in = point.source_vault or ("" if point.vault in central else point.vault)
    owner = Arn.parse(point.resource).account or (Arn.parse(made_in).account if made_in else "")
    if not owner:
        raise RestoreRefusedError("the recovery point does not say whose it is; restore it from the local vault")
    if owner != account:
        raise RestoreRefusedError(f"the recovery point is of account {owner}; it is restored there, not in {account}")
    if point.status not in ARRIVED_STATUSES:
        raise RestoreRefusedError(f"the recovery point cannot be restored: its status is {point.status}")
    if is_continuous(point.arn):
        raise RestoreRefusedError(
            "it is a log, and to a second out of one nothing is restored here yet: restore it by hand"
        )
    if point.vault in central:
        if point.is_cold:
            raise RestoreRefusedError("the recovery point lies in cold storage, out of which AWS Backup copies nothing")
        return RestorePlan.COPY_BACK
    if point.vault in source_vault_arns(intent, account=account, region=Arn.parse(point.vault).region):
        return RestorePlan.LOCAL
    raise RestoreRefusedError(f"restores come from the local or a central vault, not from {point.vault}")
