"""One visit to a live organisation: what is asked for, of whom, and what was read once for several checks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.doctor.obstacles import why_unseen
from strongroom.domain.errors import StrongroomError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.places import local_vault_arns, temporary_vaults
from strongroom.domain.rollout.desired import Desired, governed_targets
from strongroom.services.rollout.plan_rollout import read_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.doctor.diagnosis import Check, Diagnosis
    from strongroom.domain.doctor.found import JobFound, VaultContent
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.proofs.signatures import SignatureCheck
    from strongroom.domain.rollout.members import LiveMembers
    from strongroom.ports.doctor import BackupReader, DeliveryReader, EvidenceReader, KeyReader, SurroundingsReader
    from strongroom.services.rollout.plan_rollout import RolloutNeeds

_AT_ONCE: Final = 16  # there may be thousands of accounts


class DoctorNeeds(Struct, frozen=True, kw_only=True):
    """What the doctor needs of the world; of `rollout` the readings only."""

    rollout: RolloutNeeds
    surroundings: SurroundingsReader
    keys: KeyReader
    deliveries: DeliveryReader
    backups: BackupReader
    evidence: EvidenceReader
    signatures: SignatureCheck


class Visit:
    """The organisation as it is looked at by all checks."""

    def __init__(self, desired: Desired, *, needs: DoctorNeeds, now: datetime) -> None:
        """`now` is when the visit began."""
        self.desired = desired
        self.needs = needs
        self.now = now
        self._contents: dict[str, VaultContent] = {}

    @property
    def intent(self) -> Intent:
        """What is wanted."""
        return self.desired.intent

    @cached_property
    def accounts(self) -> tuple[AccountId, ...]:
        """The governed accounts, each once."""
        below = self.needs.rollout.policies.accounts_below
        found = dict.fromkeys(each for target in governed_targets(self.intent) for each in below(target))
        left_out = self.desired.left_out
        return tuple(account for account in found if account not in left_out)

    @cached_property
    def members(self) -> LiveMembers:
        """The governed accounts with their stacks, and which of the Regions that may be off are."""
        return read_members(self.desired, needs=self.needs.rollout)

    @property
    def places(self) -> Mapping[str, tuple[AccountId, Region]]:
        """Every governed account in every governed Region."""
        regions = self.intent.organization.regions
        return {f"{account} {region}": (account, region) for account in self.accounts for region in regions}

    @property
    def local_vaults(self) -> Mapping[str, Arn]:
        """The governed accounts' vaults."""
        found = (
            arn
            for account, region in self.places.values()
            for arn in local_vault_arns(self.intent, account=account, region=region)
        )
        return {arn: Arn.parse(arn) for arn in found}

    @property
    def temporary_vaults(self) -> Mapping[str, Arn]:
        """The vaults of governed accounts that copies come back into."""
        found = {arn: Arn.parse(arn) for arn in temporary_vaults(self.intent)}
        return {arn: where for arn, where in found.items() if where.account in self.accounts}

    @property
    def copy_vaults(self) -> Mapping[str, Arn]:
        """The vaults that copies go to."""
        return {vault.arn: Arn.parse(vault.arn) for vault in destination_vaults(self.intent)}

    @cached_property
    def jobs(self) -> tuple[JobFound, ...]:
        """The jobs of every account in every governed Region."""
        regions = self.intent.organization.regions
        return tuple(job for region in regions for job in self.needs.backups.jobs(region))

    def content(self, vault: str) -> VaultContent:
        """What lies in the vault, read once."""
        if vault not in self._contents:
            self._contents[vault] = self.needs.backups.content(vault)
        return self._contents[vault]


def at_each[Place](
    check: Check, places: Mapping[str, Place], look: Callable[[str, Place], Iterable[Diagnosis]]
) -> Iterator[Diagnosis]:
    """Look at several places at once, told in their order; what cannot be looked at is told and stops no other.

    `places` are by the words that name them in a line.
    """

    def guarded(where: str) -> tuple[Diagnosis, ...]:
        try:
            return tuple(look(where, places[where]))
        except StrongroomError as error:
            return (unseen(check, where, error),)

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for found in pool.map(guarded, places):
            yield from found


def unseen(check: Check, where: str, error: StrongroomError) -> Diagnosis:
    """What stopped a look."""
    return check.unseen(where, why_unseen(error, check), remedy="look again when that is mended")
