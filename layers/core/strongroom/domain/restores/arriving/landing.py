"""Where a restore comes to lie: in which network, under which key, and by way of how old a copy."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import copy_back_vaults, destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import landing_vault_arn, temporary_vault_arn, temporary_vaults
from strongroom.domain.restores.checklists.steps import told_to_do
from strongroom.domain.restores.kinds.model import RestoreKind
from strongroom.domain.restores.kinds.table import kind_of, kind_of_request
from strongroom.domain.restores.kinds.turns import of_turn
from strongroom.domain.restores.metadata import Metadata
from strongroom.domain.restores.plans import PlacedPoint, RecoveryPoint, RestorePlan
from strongroom.domain.restores.requests import RestoreRequest

# How long there is to work with a copy that is taken back.
WORKING_MARGIN: Final = timedelta(days=14)
_DAY: Final = timedelta(days=1)
_LASTING_KEY: Final = (
    "That is the key of the local vault, on which it depends from then on: if it shall stay, copy its next backup into "
    "a vault under a key of your own, and restore it from there."
)


class PlaceFound(Struct, frozen=True, kw_only=True):
    """Something that restore metadata names by `key`: whether it is there, and in which VPC it lies, if in any."""

    key: str
    name: str
    is_there: bool
    network: str = ""


# A key may stand in JSON among other settings, which are made here.
_AN_ARN: Final = "arn:"
_ARN: Final = re.compile(r'arn:[^"]+')
_OF_SNAPSHOTS: Final = "the keys of the snapshots in its image, and none where those are not encrypted"
_OWN_KEY: Final = "That is a key of the account itself, out of its restore profile."


class LandingVault(Struct, frozen=True, kw_only=True):
    """The vault that is copied back into, as it is now: its key, and the days that its lock allows, if it has one."""

    arn: str
    encryption_key: str
    min_days: int | None
    max_days: int | None


class Hop(Struct, frozen=True, kw_only=True):
    """A copy on the way back, out of the vault `source` into another, kept for so long from when the backup was made.

    The `token` tells it from all other copies: with the same one AWS Backup starts no second.
    """

    recovery_point: str
    source: str
    destination: str
    kept_for: timedelta
    token: str


def check_places(found: Iterable[PlaceFound]) -> None:
    """Pass where everything is there and lies in one VPC; RestoreRefusedError names what does not."""
    places = tuple(found)
    if missing := [f"{place.key} {place.name}" for place in places if not place.is_there]:
        raise RestoreRefusedError(f"the account has no {', no '.join(missing)}; say another one with --metadata")
    networks = {place.network: place for place in places if place.network}
    if len(networks) > 1:
        apart = " and ".join(f"{place.key} {place.name} in {network}" for network, place in networks.items())
        raise RestoreRefusedError(f"what is restored would lie in more than one VPC: {apart}")


def demand_free(holder: str, target_name: str) -> None:
    """Pass where nothing has the name; RestoreRefusedError names what has it, `holder`."""
    if holder:
        raise RestoreRefusedError(
            f"the name {target_name} is taken by {holder}; a restore makes something new beside it: say another name"
        )


def demand_name(holder: str, request: RestoreRequest) -> None:
    """Pass where the name of what is made is free, and of what lives and is worked on, where it is there, and is it."""
    if not request.goes_into_what_lives:
        demand_free(holder, request.target_name)
    elif not holder:
        instead = "" if request.overwrites else ": restore the whole of it"
        raise RestoreRefusedError(
            f"{Arn.parse(request.resource).name} is not there any more, and {request.call} works on it alone{instead}"
        )
    elif holder.startswith(_AN_ARN) and holder != request.resource:
        raise RestoreRefusedError(
            f"what is named is {holder}, and {request.resource} was backed up: {request.call} works on nothing else"
        )


def landing_vault_of(request: RestoreRequest, *, intent: Intent) -> str:
    """The ARN of the vault that the request is copied back into: what it says counts only where the intent says so."""
    temporary = temporary_vault_arn(intent, account=request.account, region=request.region)
    if temporary and request.temporary_vault == temporary:
        return temporary
    return landing_vault_arn(intent, account=request.account, region=request.region)


def hop_between(request: RestoreRequest, *, intent: Intent) -> Hop:
    """The first of two copies: what the request says of its vault counts only where the intent says so."""
    return Hop(
        recovery_point=request.recovery_point,
        source=request.vault,
        destination=request.through_vault if request.through_vault in copy_back_vaults(intent) else "",
        kept_for=request.through_kept_for,
        token=f"{request.id}-copy-through",
    )


def last_hop(request: RestoreRequest, *, recovery_point: str, intent: Intent) -> Hop:
    """The copy into a vault of the account: of the point that was asked for, or of what the first of two has made."""
    return Hop(
        recovery_point=recovery_point,
        source=request.through_vault or request.vault,
        destination=landing_vault_of(request, intent=intent),
        kept_for=request.copy_kept_for,
        token=f"{request.id}-copy-back",
    )


def keep_between(point: PlacedPoint, *, through: str, act_before: datetime, now: datetime, intent: Intent) -> timedelta:
    """How long the copy in the vault between is kept, inside of the lock that the intent gives it."""
    lock = next(each.lock for each in destination_vaults(intent) if each.arn == through)
    vault = LandingVault(
        arn=through,
        encryption_key="",
        min_days=lock.min_retention_days if lock else None,
        max_days=lock.max_retention_days if lock else None,
    )
    return decide_keeping(point, vault=vault, act_before=act_before, now=now)


def demand_as_rendered(vault: LandingVault, *, intent: Intent) -> None:
    """Pass where a temporary vault lies under a key of its profile and has no lock; RestoreRefusedError otherwise.

    An instance of RDS stays under the key for ever, and whoever made the vault in our place could have chosen another,
    and a lock that keeps a copy for a hundred years, or not long enough to be restored.
    """
    keys = temporary_vaults(intent).get(vault.arn)
    if keys is None:
        return
    if vault.min_days is not None or vault.max_days is not None:
        raise RestoreRefusedError(
            f"{vault.arn} is locked, as none of Strongroom's is: delete it while it is empty and the lock lets you, "
            "and let `strongroom apply` make it, or take the keys out of the restore profile"
        )
    if vault.encryption_key not in keys:
        raise RestoreRefusedError(
            f"{vault.arn} lies under {vault.encryption_key or 'no key'}, which is no key of the restore profile: let "
            "the profile name that key too, or delete the vault while it is empty and let `strongroom apply` make it"
        )


def decide_keeping(point: PlacedPoint, *, vault: LandingVault, act_before: datetime, now: datetime) -> timedelta:
    """How long the copy that is taken back is kept, in whole days since the backup was made, from when AWS counts.

    The age of the backup and two weeks to work with it, inside what the vault's lock allows; RestoreRefusedError where
    that ends before the restore could be approved and started. Copies keep their original's creation date (AWS Backup
    Developer Guide, "Creating a backup copy").
    """
    age = now - point.created_at
    least = _whole_days(act_before - point.created_at)
    wanted = max(least, _whole_days(age + WORKING_MARGIN), vault.min_days or 0)
    kept = wanted if vault.max_days is None else min(wanted, vault.max_days)
    if kept < least:
        raise RestoreRefusedError(
            f"the backup is {age.days} days old and the lock of {Arn.parse(vault.arn).name} keeps nothing for longer "
            f"than {kept}, counted from when it was made: a copy would expire before it could be restored"
        )
    return timedelta(days=kept)


def key_of_restored(point: RecoveryPoint, *, metadata: Metadata, vault: LandingVault | None) -> str:
    """The key that what is restored will live under, in words; `vault` is the one that is copied back into, if any.

    Empty for what has none of its own, as a stack.
    An instance of RDS keeps the key of its snapshot, after a copy that of the vault (AWS Backup Developer Guide,
    "Restoring an RDS database": KmsKeyId is for information only).
    """
    kind = kind_of(point.resource_type, resource=point.resource, backup=point.restore_metadata)
    if kind is not None and not kind.row.keeps_key:
        return _key_said(kind, dict(metadata))
    key = point.encryption_key if vault is None else vault.encryption_key
    return key or "no key: it is not encrypted"


def _key_said(kind: RestoreKind, said: Mapping[str, str]) -> str:
    if kind.encryption_key:
        key = said.get(kind.encryption_key, "a key that AWS owns")
        inside = _ARN.search(key)
        return inside[0] if inside else key
    if not kind.devices_key:
        return kind.lies_under
    devices = json.loads(said.get(kind.devices_key, "[]"))
    return " and ".join({each["Ebs"]["KmsKeyId"]: None for each in devices}) or _OF_SNAPSHOTS


def consequences(request: RestoreRequest) -> tuple[str, ...]:
    """What follows from the restore and stands in no setting, a sentence each, for whoever approves it."""
    if request.is_after:
        return (f"{request.call} sets it on {request.resource}, which {request.of} restored; nothing is restored.",)
    said = (f"Not as it was: {each}." for each in request.left_out), map(told_to_do, request.steps)
    return (*_of_place(request), *_of_key(request), *of_turn(request), *said[0], *said[1])


def _of_place(request: RestoreRequest) -> tuple[str, ...]:
    """Through which Regions it goes, where it goes through more than one."""
    here, home = request.source_region, Arn.parse(request.resource).region
    said = []
    if request.approval_team:
        said.append(
            f"The approval team {Arn.parse(request.approval_team).name} is asked to open the air-gapped vault "
            f"{Arn.parse(request.vault).name} of account {Arn.parse(request.vault).account} to its account, and has 24 "
            "hours; if it refuses or says nothing, nothing is restored and the request ends."
        )
    elif request.shared_by is not None:
        said.append(
            f"It is restored out of the air-gapped vault {Arn.parse(request.vault).name} of account "
            f"{request.shared_by}, which is shared with its account; no copy is made of it."
        )
    elif request.through_vault:
        said.append(_of_two_copies(request))
    elif here != request.region:
        copied = f"It is copied out of {here} into {request.region} first, to its own account in one action"
        said.append(f"{copied}; if AWS Backup refuses that, nothing is restored and the request ends.")
    if home and home != request.region:
        said.append(f"It comes back in {request.region}: it was in {home}.")
    return tuple(said)


def _of_two_copies(request: RestoreRequest) -> str:
    between, ends = Arn.parse(request.through_vault), request.recovery_point_created_at + request.through_kept_for
    return (
        f"It is copied twice: out of {request.source_region} into {between.name} of the backup account in "
        f"{request.region}, and from there to its own account. The copy between expires on {ends:%Y-%m-%d}, and nobody "
        "deletes it before."
    )


def _of_key(request: RestoreRequest) -> tuple[str, ...]:
    if not request.key:
        return ()
    said = [f"It will live under {request.key}."]
    if request.plan is RestorePlan.COPY_BACK:
        kind = kind_of_request(request)
        if kind is not None and kind.row.keeps_key:
            said.append(_OWN_KEY if request.temporary_vault else _LASTING_KEY)
        ends = request.recovery_point_created_at + request.copy_kept_for
        said.append(f"The copy that is taken back for it expires on {ends:%Y-%m-%d}.")
    return tuple(said)


def _whole_days(span: timedelta) -> int:
    return -(-span // _DAY)
