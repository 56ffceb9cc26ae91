"""Statements about where backups may be copied to.

Sources: Service Authorization Reference; AWS Backup Developer Guide, "Creating backup copies across AWS accounts"; IAM
User Guide, "IAM JSON policy elements: Variables and tags".
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.guardrails.denials import OWN_ACCOUNT, Denial
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.destinations import destination_vaults, destinations_of
from strongroom.domain.intent.governed import excluded_paths, governed_paths, tiers_below
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.places import (
    local_vault_arns,
    local_vault_names,
    temporary_vault_arn,
    temporary_vault_names,
)
from strongroom.domain.intent.rules import rules_of

_COPYING: Final = ("backup:CopyFromBackupVault",)
_TARGETS: Final = "backup:CopyTargets"
_PATHS: Final = "backup:CopyTargetOrgPaths"


def copy_targets(intent: Intent, top: Target) -> tuple[str, ...]:
    """The ARNs of the vaults that the tiers below a topmost target copy into, and of no other.

    A vault in another Region of the account itself is told by the variable of whoever calls.
    """
    used = {
        destination.vault.arn
        for tier in tiers_below(intent, top).values()
        for rule in rules_of(tier)
        for region in tier.regions or intent.organization.regions
        for destination in destinations_of(intent, rule, account=AccountId(OWN_ACCOUNT), region=region)
    }
    shared = [vault.arn for vault in destination_vaults(intent) if vault.arn in used]
    return (*shared, *sorted(used - {*shared}))


def copies_out(intent: Intent, *vault_arns: str) -> Iterator[Denial]:
    """Copies go to our vaults; a set operator is silent about an absent key, hence the second statement.

    Whether AWS names the destination whenever it asks for a scheduled copy is documented nowhere: where it does not,
    the second statement stops every copy, so the intent asks for it. Where nothing is copied neither is needed, since
    AWS copies within the organisation only.
    """
    if not vault_arns:
        return
    # AWS documents the account's variable with string operators only.
    compared = "StringNotLike" if any(OWN_ACCOUNT in arn for arn in vault_arns) else "ArnNotLike"
    yield Denial(
        sid="CopyToOurVaultsOnly",
        stops="copying a backup into a vault that is not ours",
        actions=_COPYING,
        when={f"ForAnyValue:{compared}": {_TARGETS: list(vault_arns)}},
    )
    if intent.guardrails.refuse_unnamed_copies:
        yield Denial(
            sid="CopyNowhereUnnamed",
            stops="a copy whose destination the request does not name",
            actions=_COPYING,
            when={"Null": {_TARGETS: "true"}},
        )


def copies_back(intent: Intent) -> Iterator[Denial]:
    """Out of the backup account copies go to our vaults there, and back to those of governed accounts.

    Which account a copy goes to its place in the organisation tells (backup:CopyTargetOrgPaths); a governed account
    that is named by itself is told by the ARN of its vault.
    """
    named = (
        *(vault.arn for vault in destination_vaults(intent)),
        *(
            arn
            for target in intent.targets
            if target.account
            for region in intent.organization.regions
            for arn in (
                *local_vault_arns(intent, account=target.account, region=region),
                temporary_vault_arn(intent, account=target.account, region=region),
            )
            if arn
        ),
    )
    paths = governed_paths(intent)
    partition = intent.partition.name
    names = (*local_vault_names(intent), *temporary_vault_names(intent))
    alike = [f"arn:{partition}:backup:*:*:backup-vault:{name}" for name in names]
    anywhere = alike if paths else ()
    yield from copies_out(intent, *named, *anywhere)
    if paths:
        yield Denial(
            sid="CopyBackToGovernedOnly",
            stops="copying a backup into a vault that is called as ours are, in an account that is not governed",
            actions=_COPYING,
            when={
                "ForAnyValue:ArnNotLike": {_TARGETS: list(named)},
                "ForAnyValue:StringNotLike": {_PATHS: list(paths)},
            },
        )
    if left_out := excluded_paths(intent):
        yield Denial(
            sid="CopyBackToNoException",
            stops="copying a backup into a vault that is called as ours are, in an account that a target leaves out",
            actions=_COPYING,
            when={
                "ForAnyValue:ArnNotLike": {_TARGETS: list(named)},
                "ForAnyValue:StringLike": {_PATHS: list(left_out)},
            },
        )
