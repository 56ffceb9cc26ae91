"""Air-gapped vaults that governed accounts restore out of: with whom each is shared, and with whom it must not be.

One that an approval team opens is shared with nobody: a share that stands would be the way round the team.

Sources: AWS Backup Developer Guide, "Logically air-gapped vault" (a vault is shared with accounts, and not with an
organisation); AWS RAM User Guide, "Enable resource sharing within AWS Organizations".
"""

from collections.abc import Iterable, Iterator
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.destinations import DestinationVault, opened_vaults, shared_vaults
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization, LiveShare
from strongroom.domain.rollout.steps import EnableSharing, ShareVault, Step, StepKind

# Whom the organisation trusts once its accounts share without invitations.
SHARING: Final = "ram.amazonaws.com"
_TOLD: Final = 5


def missing_sharing(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    """The switch without which an account would have to accept each share, within twelve hours."""
    place = desired.intent.organization
    if shared_vaults(desired.intent) and SHARING not in live.switches.trusted_services:
        yield Step(
            id="sharing-in-organization",
            kind=StepKind.SWITCH_ON,
            account=place.management_account,
            region=place.home_region,
            what="sharing within the organisation, by AWS RAM",
            before="off",
            after="on",
            act=EnableSharing(),
        )


def pending_shares(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    """A step for each vault that our share does not show to exactly those who restore out of it by a share."""
    for vault in opened_vaults(desired.intent):
        own, wanted = _own(vault, live), restorers_of(vault, governed=_governed(live))
        there = frozenset[str]() if own is None else own.principals
        added = tuple(each for each in wanted if each not in there)
        removed = tuple(sorted(there - set(wanted)))
        if added or removed:
            yield Step(
                id=f"share-{vault.label}",
                kind=StepKind.SHARE,
                account=vault.account,
                region=vault.region,
                what=f"with whom {vault.arn} is shared, to restore out of it",
                before=_told(there),
                after=_told(wanted),
                act=ShareVault(
                    vault=vault.arn,
                    name=vault.share_name,
                    share="" if own is None else own.arn,
                    added=added,
                    removed=removed,
                ),
            )


def judge_shares(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each share of somebody else: whoever it is for can restore everything that lies there."""
    for vault in opened_vaults(desired.intent):
        own = _own(vault, live)
        for share in live.shares.get(vault.arn, ()):
            if share != own:
                yield error("vault-shared", vault.path, _foreign(vault, share, own=own))


def restorers_of(vault: DestinationVault, *, governed: Iterable[AccountId]) -> tuple[AccountId, ...]:
    """Who restores out of the vault by a share: governed accounts but for its own, and nobody where a team opens it."""
    if vault.approval_team:
        return ()
    return tuple(dict.fromkeys(account for account in governed if account != vault.account))


def _own(vault: DestinationVault, live: LiveOrganization) -> LiveShare | None:
    """Our share of the vault: of several of its name the one that differs least from what is wanted.

    Names of shares are not unique, and which of several was made from here AWS RAM does not say.
    """
    wanted = frozenset(restorers_of(vault, governed=_governed(live)))
    named = (share for share in live.shares.get(vault.arn, ()) if share.name == vault.share_name)
    return min(named, key=lambda share: (len(share.principals ^ wanted), share.arn), default=None)


def _foreign(vault: DestinationVault, share: LiveShare, *, own: LiveShare | None) -> str:
    by = f"{vault.arn} is shared with {_told(share.principals)} by {share.name} ({share.arn})"
    if own is None or share.name != own.name:
        why = "which is not made from here"
    else:
        why = f"a second one of that name beside {own.arn}, which is ours and for {_told(own.principals)}"
    return f"{by}, {why}: whoever it is for can restore all that lies in the vault; delete that share"


def _governed(live: LiveOrganization) -> Iterator[AccountId]:
    return (account for accounts in live.members.accounts.values() for account in accounts)


def _told(accounts: frozenset[str] | tuple[str, ...]) -> str:
    """Account by account, of many the first and how many there are."""
    named = sorted(accounts)
    if not named:
        return "nobody"
    return ", ".join(named[:_TOLD]) + (f" and {len(named) - _TOLD} more accounts" if len(named) > _TOLD else "")
