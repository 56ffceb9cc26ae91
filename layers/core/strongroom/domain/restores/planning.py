"""Which way a recovery point comes back, and into which Region: out of its own vault, or by way of a copy or two."""

from typing import Final

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import rows_of
from strongroom.domain.copies.found import ARRIVED_STATUSES, is_continuous
from strongroom.domain.errors import MalformedRequestError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.destinations import (
    DestinationVault,
    copy_back_vaults,
    destination_vaults,
    opened_vaults,
    vaults_to_restore_from,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.risks import AFTER, NATIVE, RAW
from strongroom.domain.restores.kinds.table import kind_of
from strongroom.domain.restores.plans import PlacedPoint, RestorePlan
from strongroom.domain.restores.requests import RestoreRequest

_OTHERWISE: Final = "two copies lead out of a central vault into another Region, and from nowhere else"


def restoring_role(intent: Intent, *, account: AccountId, kind: str) -> str:
    """The ARN of the role under which it is restored there: one of its own for each kind of what a person wrote."""
    roles = {
        RAW: intent.roles.restore_raw,
        NATIVE: intent.roles.restore_native,
        AFTER: intent.roles.restore_asked,
    }
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


def choose_through(point: PlacedPoint, *, region: Region, in_two: bool, intent: Intent) -> str:
    """The ARN of the vault of the backup account that it is copied through on its way into that Region; none if empty.

    Two copies are taken where AWS crosses to another account and Region in no single one, or where they are wished for
    (`in_two`); RestoreRefusedError where the wish cannot be.
    """
    here, row = Arn.parse(point.vault).region, _row(point)
    is_between = point.vault in copy_back_vaults(intent) and row is not None and here != region
    if not in_two and (not is_between or row is None or row.comes_back(source=here, target=region)):
        return ""
    if in_two and not is_between:
        raise RestoreRefusedError(_OTHERWISE)
    vaults = _vaults_between(region, intent=intent)
    if row is not None and row.comes_back_in_two(source=here, target=region) and vaults:
        return min(vaults, key=_least_kept).arn
    if in_two:
        raise RestoreRefusedError(_why_not_in_two(point, here, region))
    return ""


def decide_plan(
    point: PlacedPoint, *, account: AccountId, region: Region, intent: Intent, through: str = ""
) -> RestorePlan:
    """Restore in place, or copy back first, into that Region; RestoreRefusedError where neither is possible.

    In place is also an air-gapped vault of another account, which is shared with this one, or opened to it by its
    approval team. `through` is the vault by way of which it is copied in two steps; without one it is copied in one.
    """
    central, shared = copy_back_vaults(intent), frozenset(vault.arn for vault in opened_vaults(intent))
    # S3's ARNs name no account, and such vaults hold everybody's: whose it is, the vault that it came from says.
    made_in = point.source_vault or ("" if point.vault in (*central, *shared) else point.vault)
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
    if point.vault in shared and (region == here or point.vault not in central):
        _demand_shared(point, here, region, through=through)
        return RestorePlan.LOCAL
    if point.vault in central:
        if point.is_cold:
            raise RestoreRefusedError("the recovery point lies in cold storage, out of which AWS Backup copies nothing")
        _demand_copied(point, here, region, through=through, intent=intent)
        return RestorePlan.COPY_BACK
    if point.vault not in vaults_to_restore_from(intent, account=account, region=here):
        raise RestoreRefusedError(_why_not_out_of(point.vault, intent=intent))
    _demand_in_place(here, region, through=through)
    return RestorePlan.LOCAL


def _demand_shared(point: PlacedPoint, here: Region, region: Region, *, through: str) -> None:
    """Pass where the account may restore it out of an air-gapped vault that is shared with it, or opened to it.

    Out of a vault that is shared nothing is copied (AWS Backup Developer Guide, "Logically air-gapped vault").
    """
    if through:
        raise RestoreRefusedError(_OTHERWISE)
    if region != here:
        raise RestoreRefusedError(
            f"out of an air-gapped vault of another account it is restored in {here}, where it lies, and not in "
            f"{region}: nothing is copied out of a vault that is shared or opened"
        )
    row = _row(point)
    if row is None or not row.enters_air_gap:
        raise RestoreRefusedError(f"no backup of {point.resource_type} is restored out of an air-gapped vault")


def demand_seen(request: RestoreRequest, *, is_seen: bool) -> None:
    """Pass where the account sees the vault of another account that it is restored out of."""
    if not is_seen:
        name, owner = Arn.parse(request.vault).name, request.shared_by
        raise RestoreRefusedError(
            f"the air-gapped vault {name} of account {owner} is not shared with account {request.account}, or not "
            "readable there: let `strongroom apply` share it, then ask again"
        )


def _demand_in_place(here: Region, region: Region, *, through: str) -> None:
    """Pass where what lies in a vault of the account itself is restored in its Region, and copied through none."""
    if through:
        raise RestoreRefusedError(_OTHERWISE)
    if region != here:
        raise RestoreRefusedError(
            f"out of a vault of the account itself it is restored in {here}, where it lies, and not in {region}: "
            "choose its copy in a central vault"
        )


def _why_not_out_of(vault: str, *, intent: Intent) -> str:
    known = next((each for each in destination_vaults(intent) if each.arn == vault), None)
    if known is None:
        return f"restores come from the local or a central vault, not from {vault}"
    if known.is_air_gapped:
        where = f"it lies in the air-gapped vault {known.name} of account {known.account}, which is not made from here"
        return (
            f"{where}: nothing is restored out of it, because who shares it with whom is not ours to say; where it has "
            f"an approval team, write that as {known.path}.approval_team"
        )
    return (
        f"it lies in account {known.account}, which has vaults only, and out of which nothing is copied back here yet"
    )


def _demand_copied(point: PlacedPoint, here: Region, region: Region, *, through: str, intent: Intent) -> None:
    """Pass where AWS copies such a backup from an account to another, into the other Region at once or through it."""
    if region != here and _stays(point):
        raise RestoreRefusedError(
            f"{point.resource_type} is restored in the Region of its copy only, which is {here}, and not in {region}"
        )
    row = _row(point)
    if through:
        vaults = [vault.arn for vault in _vaults_between(region, intent=intent)]
        if through not in vaults or row is None or not row.comes_back_in_two(source=here, target=region):
            raise RestoreRefusedError(_why_not_in_two(point, here, region))
    elif row is not None and not row.comes_back(source=here, target=region):
        far = row.reach_between(here, region)
        why = f"between {here} and {region} AWS Backup copies a backup of {row.label} {far}"
        lacks = row.comes_back_in_two(source=here, target=region)
        # Two copies would bring it there, if there were a vault to copy through.
        raise RestoreRefusedError(f"{why}; {_no_vault_in(region)}" if lacks else why)


def _row(point: PlacedPoint) -> ResourceType | None:
    return next((row for row in rows_of(point.resource) if row.name == point.resource_type), None)


def _vaults_between(region: Region, *, intent: Intent) -> tuple[DestinationVault, ...]:
    """The vaults of the backup account in that Region through which a backup can be copied on."""
    own = intent.organization.backup_account
    known = destination_vaults(intent)
    return tuple(each for each in known if (each.account, each.region) == (own, region) and not each.is_air_gapped)


def _least_kept(vault: DestinationVault) -> int:
    """The days for which its lock keeps whatever is copied through it at least."""
    return vault.lock.min_retention_days if vault.lock else 0


def _why_not_in_two(point: PlacedPoint, here: Region, region: Region) -> str:
    row = _row(point)
    if row is None or row.comes_back_in_two(source=here, target=region):
        return _no_vault_in(region)
    return (
        f"a backup of {row.label} does not come from {here} into {region} in two copies either: between the two AWS "
        f"Backup copies it {row.reach_between(here, region)}, and inside {region} {row.reach_between(region)}"
    )


def _no_vault_in(region: Region) -> str:
    return f"the backup account has no vault in {region} through which it could be copied there in two steps"


def _stays(point: PlacedPoint) -> bool:
    kind = kind_of(point.resource_type, resource=point.resource, backup={})
    return kind is not None and kind.stays
