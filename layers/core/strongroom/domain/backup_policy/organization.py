"""The effective backup policies of a whole organisation: what many accounts share is computed once.

Source: AWS Organizations User Guide, "Policy syntax and inheritance for management policy types".
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from strongroom.domain.backup_policy.documents import Document
from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.faults import PolicyFault
from strongroom.domain.backup_policy.merge import Contribution, Merged, Reading, contribution
from strongroom.domain.errors import StrongroomError

type PolicyId = str
type TargetId = str
type AttachedPolicies = tuple[tuple[PolicyId, ...], ...]


class OrganizationInconsistentError(StrongroomError):
    """A parent or a policy is named that is not there, or units are each other's parents."""


class Organization(Struct, frozen=True, kw_only=True):
    """Who is below whom, and what is attached where, in the order of attachment; the root's parent is None."""

    units: Mapping[TargetId, TargetId | None]
    accounts: Mapping[TargetId, TargetId]
    attachments: Mapping[TargetId, tuple[PolicyId, ...]]
    documents: Mapping[PolicyId, Document]


class AccountGroup(Struct, frozen=True, kw_only=True):
    """Accounts that inherit the same policies; `policies` are their levels, root first, without the empty ones."""

    policies: AttachedPolicies
    accounts: tuple[TargetId, ...]
    effective: Mapping[str, Any]
    faults: tuple[PolicyFault, ...]


class EffectivePolicies(Struct, frozen=True, kw_only=True):
    """The effective policy of every account; accounts of one group have the same object."""

    groups: tuple[AccountGroup, ...]
    by_account: Mapping[TargetId, AccountGroup]


class _Merges(Struct):
    """Every run of levels that was merged, so that the next one starts where the longest known one ends."""

    read: Mapping[PolicyId, Contribution]
    done: dict[AttachedPolicies, Merged]

    def merged(self, levels: AttachedPolicies) -> Merged:
        known = next(depth for depth in range(len(levels), -1, -1) if levels[:depth] in self.done)
        merged = self.done[levels[:known]]
        for depth in range(known, len(levels)):
            merged = merged.below_read([self.read[policy] for policy in levels[depth]])
            self.done[levels[: depth + 1]] = merged
        return merged


class _Inheritance(Struct):
    """The policies on the way from the root down to a unit or an account."""

    organization: Organization
    known: dict[TargetId, AttachedPolicies] = field(default_factory=dict)

    def of_account(self, account: TargetId) -> AttachedPolicies:
        parent = self.organization.accounts[account]
        return self._with_own(self._of_unit(parent, asked_by=account), account)

    def _of_unit(self, unit: TargetId, *, asked_by: TargetId) -> AttachedPolicies:
        way: list[TargetId] = []
        above: TargetId | None = unit
        while above is not None and above not in self.known:
            if above in way:
                raise OrganizationInconsistentError(f"{above} is below itself")
            if above not in self.organization.units:
                raise OrganizationInconsistentError(f"{asked_by} is below {above}, which is no unit")
            way.append(above)
            asked_by, above = above, self.organization.units[above]
        levels = () if above is None else self.known[above]
        for below in reversed(way):
            levels = self.known[below] = self._with_own(levels, below)
        return levels

    def _with_own(self, levels: AttachedPolicies, target: TargetId) -> AttachedPolicies:
        own = self.organization.attachments.get(target, ())
        for policy in own:
            if policy not in self.organization.documents:
                raise OrganizationInconsistentError(f"{policy} is attached to {target}, and there is no such policy")
        return (*levels, own) if own else levels


def effective_policies(organization: Organization, *, reading: Reading = Reading.BLOCK_NEW_KEYS) -> EffectivePolicies:
    """Merge what every account inherits; OrganizationInconsistentError names what is missing."""
    inheritance = _Inheritance(organization)
    grouped: defaultdict[AttachedPolicies, list[TargetId]] = defaultdict(list)
    for account in organization.accounts:
        grouped[inheritance.of_account(account)].append(account)
    read = {policy: contribution(document) for policy, document in organization.documents.items()}
    merges = _Merges(read, {(): Merged(reading=reading)})
    groups = tuple(_group(levels, accounts, merges) for levels, accounts in grouped.items())
    return EffectivePolicies(
        groups=groups, by_account={account: group for group in groups for account in group.accounts}
    )


def _group(levels: AttachedPolicies, accounts: list[TargetId], merges: _Merges) -> AccountGroup:
    effective = merges.merged(levels).effective
    return AccountGroup(policies=levels, accounts=tuple(accounts), effective=effective, faults=validate(effective))
