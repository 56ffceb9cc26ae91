"""What the organisation shall be: the rendered policies and stacks, and the switches that follow from the intent."""

from collections.abc import Iterable, Iterator, Mapping
from copy import replace
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.intent.destinations import (
    DestinationVault,
    made_vaults,
    vault_accounts,
    vault_forwarders,
    vault_regions,
)
from strongroom.domain.intent.governed import left_out_accounts
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import vault_places
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY, AttachedPolicy
from strongroom.domain.stacks.evidence_log import LOG_STACK
from strongroom.domain.stacks.landing_zone import landing_zone_forwarder
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.stack_sets import leaving_out, member_stack
from strongroom.domain.stacks.templates import (
    AIR_GAPPED_VAULT,
    AUDIT,
    MANAGEMENT_HOME,
    MEMBER_GLOBAL,
    MEMBERS,
    VAULT,
    VAULT_ACCOUNT,
    VAULT_FORWARDER,
)

BACKUP: Final = "backup.amazonaws.com"
REPORTS: Final = "reports.backup.amazonaws.com"
POLICY_TYPES: Final = (BACKUP_POLICY, SERVICE_CONTROL_POLICY)

GLOBAL_STACK: Final = "strongroom-global"  # what the backup account itself is told in that Region
MANAGEMENT_STACK: Final = "strongroom-management"
MANAGEMENT_HOME_STACK: Final = "strongroom-management-home"  # what Control Tower tells in its own home Region
MEMBERS_STACK: Final = "strongroom-members"
AUDIT_STACK: Final = "strongroom-audit"
CONTROL_PLANE_STACK: Final = "strongroom"


class StackPlace(Struct, frozen=True, kw_only=True):
    """A stack by name, and where it lives."""

    name: str
    account: AccountId
    region: Region


class DesiredStack(Struct, frozen=True, kw_only=True):
    """A stack that the rollout owns: its place, its template as text, and its parameters."""

    place: StackPlace
    template: str
    parameters: Mapping[str, str]
    is_tried_again: bool = False  # what it leans on reaches AWS Backup a while after the call that made it so

    @property
    def size(self) -> int:
        """The template's size in bytes, as CloudFormation counts."""
        return len(self.template.encode())


class Desired(Struct, frozen=True, kw_only=True):
    """An intent, what is rendered from it, as the rollout asks for it, and what the functions shall carry of it."""

    intent: Intent
    rendered: Rendered
    compiled: CompiledIntent

    @property
    def policies(self) -> tuple[AttachedPolicy, ...]:
        """Our policies with what they are attached to."""
        return self.rendered.policies

    @property
    def stacks(self) -> tuple[DesiredStack, ...]:
        """The stacks that the rollout owns."""
        return tuple(_stacks(self.intent, self.rendered))

    @property
    def control_plane_parameters(self) -> Mapping[str, str]:
        """What `sam deploy` must be told."""
        return self.rendered.parameters["control-plane"]

    @property
    def left_out(self) -> frozenset[AccountId]:
        """The accounts below targets that no StackSet reaches."""
        left_out = (account for each in self.rendered.stack_sets for account in each.left_out)
        return frozenset((self.intent.organization.management_account, *left_out))

    def leaving_out(self, accounts: Iterable[AccountId]) -> "Desired":
        """The same with StackSets that reach none of these accounts, which lie in excluded units."""
        left_out = left_out_accounts(self.intent, accounts)
        stack_sets = leaving_out(self.rendered.stack_sets, left_out)
        members = member_stack(stack_sets, region=self.intent.global_region)
        stacks = {**self.rendered.stacks, MEMBERS: members}
        return replace(self, rendered=replace(self.rendered, stack_sets=stack_sets, stacks=stacks))

    def stack(self, name: str) -> DesiredStack | None:
        """The stack of that name, None when it is not rendered."""
        return next((stack for stack in self.stacks if stack.place.name == name), None)

    @property
    def control_plane(self) -> StackPlace:
        """Where `sam deploy` puts the control plane."""
        place = self.intent.organization
        return StackPlace(name=CONTROL_PLANE_STACK, account=place.backup_account, region=place.home_region)

    @property
    def evidence_log(self) -> StackPlace | None:
        """Where `sam deploy` puts the evidence log; None without a ceremony, whose evidence it is."""
        place = self.intent.organization
        if place.audit_account is None or self.intent.restores is None:
            return None
        return StackPlace(name=LOG_STACK, account=place.audit_account, region=place.home_region)

    @property
    def policy_names(self) -> frozenset[str]:
        """The names of our policies."""
        return frozenset(policy.name for policy in self.policies)


def administrators(intent: Intent) -> tuple[AccountId, ...]:
    """Who administers AWS Backup for the organisation: the backup account, and the one that makes its reports."""
    return intent.organization.control_plane_accounts


def opt_in_regions(intent: Intent) -> tuple[Region, ...]:
    """Where resource types must be served: where plans run, and where copies arrive."""
    place, arrivals = intent.organization, [vault.region for vault in vault_places(intent).values() if vault.region]
    return tuple(dict.fromkeys((place.home_region, *place.regions, *arrivals)))


def selected_types(intent: Intent) -> frozenset[str]:
    """The resource types that the offered tiers select, as AWS Backup names them."""
    tiers = intent.offered_tiers().values()
    if any(not tier.resource_types for tier in tiers):
        return frozenset(names_of(ROWS))
    return frozenset(name for tier in tiers for name in tier.resource_types)


def service_linked_roles(intent: Intent) -> tuple[tuple[AccountId, str], ...]:
    """The accounts and services whose service-linked role must exist: copies and reports fail without it."""
    place = intent.organization
    copying = (place.management_account, place.backup_account, *vault_accounts(intent))
    reporting = () if place.audit_account is None else ((place.audit_account, REPORTS),)
    return (*((account, BACKUP) for account in copying), *reporting)


def framework_places(intent: Intent, accounts: Iterable[AccountId]) -> tuple[tuple[AccountId, Region], ...]:
    """Where an Audit Manager framework is, for which AWS Config must record; `accounts` are the governed ones."""
    regions = intent.organization.regions if intent.audit.framework else ()
    return tuple((account, region) for account in accounts for region in regions)


def report_bucket(intent: Intent) -> str:
    """The bucket of reports and evidence, as the audit stack names it where there is one."""
    place = intent.organization
    return f"strongroom-audit-{place.audit_account}-{place.home_region}"


def governed_targets(intent: Intent) -> tuple[str, ...]:
    """The ids of the units and accounts that are governed."""
    return tuple(dict.fromkeys(target.id(intent) for target in intent.targets))


def vault_stack(vault: DestinationVault) -> str:
    """The name of the stack that makes a vault into which copies go."""
    return f"strongroom-{vault.label.replace('_', '-')}"  # CloudFormation takes no underscore


def vault_account_stack(account: AccountId) -> str:
    """The name of the stack that makes the roles of an account that holds vaults and is not the backup account."""
    return f"strongroom-{VAULT_ACCOUNT}-{account}"


def vault_forwarder_stacks(intent: Intent) -> tuple[str, ...]:
    """The names of the stacks that make the forwarders of accounts of vaults."""
    return tuple(_forwarder(intent, account, region)[2] for account, region in vault_forwarders(intent))


def _forwarder(intent: Intent, account: AccountId, region: Region) -> tuple[str, str, str, AccountId, Region]:
    if region in vault_regions(intent, account=account):
        return VAULT_FORWARDER, VAULT_FORWARDER, f"strongroom-{VAULT_FORWARDER}-{account}-{region}", account, region
    return MEMBER_GLOBAL, MEMBER_GLOBAL, f"{GLOBAL_STACK}-{account}", account, region


def _vault(vault: DestinationVault) -> tuple[str, str, str, AccountId, Region]:
    file = AIR_GAPPED_VAULT if vault.is_air_gapped else VAULT
    return file, vault.label, vault_stack(vault), vault.account, vault.region


def _stacks(intent: Intent, rendered: Rendered) -> Iterator[DesiredStack]:
    place = intent.organization
    auditors = () if place.audit_account is None else (place.audit_account,)
    for file, told, name, account, region in (
        *(_vault(each) for each in made_vaults(intent)),
        *(
            (VAULT_ACCOUNT, VAULT_ACCOUNT, vault_account_stack(account), account, place.home_region)
            for account in vault_accounts(intent)
        ),
        *(_forwarder(intent, *place) for place in vault_forwarders(intent)),
        *((AUDIT, AUDIT, AUDIT_STACK, account, place.home_region) for account in auditors),
        (MEMBER_GLOBAL, MEMBER_GLOBAL, GLOBAL_STACK, place.backup_account, intent.global_region),
        ("members", "members", MEMBERS_STACK, place.management_account, intent.global_region),
        ("management", "management", MANAGEMENT_STACK, place.management_account, intent.global_region),
        *(
            (MANAGEMENT_HOME, MANAGEMENT_HOME, MANAGEMENT_HOME_STACK, place.management_account, region)
            for region in (landing_zone_forwarder(intent),)
            if region is not None
        ),
    ):
        if name == GLOBAL_STACK and place.home_region == intent.global_region:
            continue  # the control plane's own forwarder sees what is told there
        yield DesiredStack(
            place=StackPlace(name=name, account=account, region=region),
            template=rendered.stacks[file],
            parameters=rendered.parameters.get(told, {}),
            is_tried_again=name == AUDIT_STACK,
        )
