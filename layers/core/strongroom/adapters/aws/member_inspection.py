"""What a member account has of its stack, seen through the inspection role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.accounts.readiness import FORWARDER_RULE, Inspection, RegionInspection
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.intent.places import own_places, own_regions
from strongroom.domain.regions import is_off, may_be_off

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = (
    "account:GetRegionOptStatus",
    "backup:DescribeBackupVault",
    "backup:DescribeRegionSettings",
    "cloudformation:ListStacks",
    "events:DescribeRule",
    "events:ListTargetsByRule",
    "iam:GetRole",
    "kms:DescribeKey",
)

# A StackSet calls the stack in an account StackSet-NAME-UUID. Behind is what went back to what it was, or half of it
# (CloudFormation User Guide, "Stack status codes"). A creation that failed shows in what it did not make: where an
# account returns to its old vault, that is nothing.
_STACK: Final = "StackSet-"
_OURS: Final = f"{_STACK}strongroom-"
_UUID: Final = len("-00000000-0000-0000-0000-000000000000")
_BEHIND: Final = (
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
)


class MemberInspection:
    """Looks into member accounts."""

    def __init__(self, clients: MemberClients, *, intent: Intent) -> None:
        """`clients` are those of the inspection role."""
        self._clients = clients
        self._intent = intent

    def inspect(self, account: AccountId) -> Inspection:
        """What the account has; a refusal is part of the answer."""
        regions = (*self._intent.organization.regions, *self._other_regions())
        try:
            return Inspection(
                role_arns=self._role_arns(account),
                regions=tuple(self._look_into(account, region) for region in regions),
            )
        except AccessRefusedError as error:
            return Inspection(refusal=str(error))

    def _role_arns(self, account: AccountId) -> frozenset[str]:
        iam = self._clients.client("iam", account=account, region=self._intent.organization.home_region)
        names = (role.rpartition("/")[2] for role in self._intent.borrowed_roles)
        found = (_found(iam.get_role, RoleName=name) for name in names)
        return frozenset(answer["Role"]["Arn"] for answer in found if answer is not None)

    def _look_into(self, account: AccountId, region: Region) -> RegionInspection:
        """What is in the Region; into one that is off nobody looks, as AWS knows no credentials there."""
        status = self._opt_status(account, region) if may_be_off(region) else None
        if status is not None and is_off(status):
            return RegionInspection(region=region, opt_status=status)
        if region in self._intent.organization.regions:
            return self._look_where_plans_run(account, region)
        return RegionInspection(
            region=region,
            vaults=self._vaults(account, region),
            stacks_behind=self._stacks_behind(account, region),
        )

    def _opt_status(self, account: AccountId, region: Region) -> str | None:
        """None where the role may not ask, as that of a member stack before the question may not."""
        management = self._clients.client("account", account=account, region=self._intent.global_region)
        try:
            with aws_errors():
                status: str = management.get_region_opt_status(RegionName=region)["RegionOptStatus"]
        except AccessRefusedError:
            return None
        return status

    def _look_where_plans_run(self, account: AccountId, region: Region) -> RegionInspection:
        backup = self._clients.client("backup", account=account, region=region)
        events = self._clients.client("events", account=account, region=region)
        rule = _found(events.describe_rule, Name=FORWARDER_RULE)
        targets = _found(events.list_targets_by_rule, Rule=FORWARDER_RULE) if rule else None
        with aws_errors():
            settings = backup.describe_region_settings()
        return RegionInspection(
            region=region,
            vaults=self._vaults(account, region),
            forwarder_enabled=rule is not None and rule["State"] == "ENABLED",
            forwarder_targets=tuple(target["Arn"] for target in (targets or {"Targets": []})["Targets"]),
            types_switched_off=_off(settings.get("ResourceTypeOptInPreference", {})),
            types_managed_in_part=_off(settings.get("ResourceTypeManagementPreference", {})),
            stacks_behind=self._stacks_behind(account, region),
        )

    def _other_regions(self) -> tuple[Region, ...]:
        """Where the account has vaults or the stack that hears IAM, and no plans run."""
        vaults = (region for place in own_places(self._intent) for region in own_regions(self._intent, place))
        wanted = (*vaults, self._intent.global_region)
        return tuple(dict.fromkeys(region for region in wanted if region not in self._intent.organization.regions))

    def _stacks_behind(self, account: AccountId, region: Region) -> dict[str, str]:
        cloudformation = self._clients.client("cloudformation", account=account, region=region)
        with aws_errors():
            pages = cloudformation.get_paginator("list_stacks").paginate(StackStatusFilter=list(_BEHIND))
            found = [each for page in pages for each in page["StackSummaries"]]
        return {
            each["StackName"].removeprefix(_STACK)[:-_UUID]: each["StackStatus"]
            for each in found
            if each["StackName"].startswith(_OURS)
        }

    def _vaults(self, account: AccountId, region: Region) -> dict[str, str | None]:
        """Of the account's own vaults those that are there, by name, each with who manages its key."""
        backup = self._clients.client("backup", account=account, region=region)
        wanted = [each for each in own_places(self._intent) if region in own_regions(self._intent, each)]
        found = {place.vault.name: _vault(backup, place.vault.name) for place in wanted}
        return {name: self._key_manager(account, region, vault) for name, vault in found.items() if vault is not None}

    def _key_manager(self, account: AccountId, region: Region, vault: Any) -> str | None:
        kms = self._clients.client("kms", account=account, region=region)
        # An air-gapped vault without a key of one's own has one that nobody is shown.
        arn = vault.get("EncryptionKeyArn")
        key = None if arn is None else _found(kms.describe_key, KeyId=arn)
        return None if key is None else key["KeyMetadata"]["KeyManager"]


def _off(preferences: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(sorted(name for name, is_on in preferences.items() if not is_on))


def _vault(backup: Any, name: str) -> Any:
    """The vault, or None: AWS Backup denies access to one that does not exist, too."""
    return _found(backup.describe_backup_vault, absent=("AccessDeniedException",), BackupVaultName=name)


def _found(call: Any, *, absent: Collection[str] = (), **request: str) -> Any:
    """The answer of a describing call, None for what does not exist."""
    try:
        with aws_errors(absent=absent):
            return call(**request)
    except NotFoundError:
        return None
