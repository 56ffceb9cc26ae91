"""Which way a recovery point comes back, and into which Region: out of its own vault, or by way of a copy."""

from strongroom.domain.catalogue.rows import rows_of
from strongroom.domain.copies.found import ARRIVED_STATUSES, is_continuous
from strongroom.domain.errors import MalformedRequestError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.destinations import copy_back_vaults, destination_vaults, vaults_to_restore_from
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.risks import NATIVE, RAW
from strongroom.domain.restores.kinds.table import kind_of
from strongroom.domain.restores.plans import PlacedPoint, RestorePlan


def restoring_role(intent: Intent, *, account: AccountId, kind: str) -> str:
    """The ARN of the role under which it is restored there: one of its own for each kind of what a person wrote."""
    roles = {RAW: intent.roles.restore_raw, NATIVE: intent.roles.restore_native}
    return intent.member_role_arn(roles.get(kind, intent.roles.restore_job), account)


def target_region(point: PlacedPoint, *, wished: str, intent: Intent) -> Region:
    """The Region that it is restored in: the one that is wished for, or else that of the resource.

    Where the resource names none, as a bucket does, it is that of the recovery point, as it is for what lies in a vault
    of its own account. MalformedRequestError for one that is not governed.
    """
    here, home = Arn.parse(point.vault).region, Arn.parse(point.resource).region
    is_copied = point.vault in copy_back_vaults(intent)
    region = Region(wished) or (is_copied and home) or here
    if region not in intent.organization.regions:
        raise MalformedRequestError(f"{region[:40]} is not one of the governed Regions, in which alone is restored")
    return region


def decide_plan(point: PlacedPoint, *, account: AccountId, region: Region, intent: Intent) -> RestorePlan:
    """Restore in place, or copy back first, into that Region; RestoreRefusedError where neither is possible."""
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
    if region not in intent.organization.regions:
        raise RestoreRefusedError(f"{region} is not one of the governed Regions, in which alone is restored")
    here = Arn.parse(point.vault).region
    if point.vault in central:
        if point.is_cold:
            raise RestoreRefusedError("the recovery point lies in cold storage, out of which AWS Backup copies nothing")
        _demand_copied(point, here, region)
        return RestorePlan.COPY_BACK
    if point.vault not in vaults_to_restore_from(intent, account=account, region=here):
        raise RestoreRefusedError(_why_not_out_of(point.vault, intent=intent))
    if region != here:
        raise RestoreRefusedError(
            f"out of a vault of the account itself it is restored in {here}, where it lies, and not in {region}: "
            "choose its copy in a central vault"
        )
    return RestorePlan.LOCAL


def _why_not_out_of(vault: str, *, intent: Intent) -> str:
    known = next((each for each in destination_vaults(intent) if each.arn == vault), None)
    if known is None:
        return f"restores come from the local or a central vault, not from {vault}"
    if known.is_air_gapped:
        where = f"it lies in the air-gapped vault {known.name} of account {known.account}"
        return f"{where}, out of which nothing is restored here yet, neither by a share nor by its approval team's vote"
    return (
        f"it lies in account {known.account}, which has vaults only, and out of which nothing is copied back here yet"
    )


def _demand_copied(point: PlacedPoint, here: Region, region: Region) -> None:
    """Pass where AWS copies such a backup from an account to another, from one Region into the other at once."""
    if region != here and _stays(point):
        raise RestoreRefusedError(
            f"{point.resource_type} is restored in the Region of its copy only, which is {here}, and not in {region}"
        )
    row = next((row for row in rows_of(point.resource) if row.name == point.resource_type), None)
    if row is not None and not row.comes_back(source=here, target=region):
        far = row.reach_between(here, region)
        raise RestoreRefusedError(f"between {here} and {region} AWS Backup copies a backup of {row.label} {far}")


def _stays(point: PlacedPoint) -> bool:
    kind = kind_of(point.resource_type, resource=point.resource, backup={})
    return kind is not None and kind.stays
