"""The switches that CloudFormation cannot turn: each fails silently when it is off.

Sources: AWS Backup Developer Guide, "Managing AWS Backup resources across multiple AWS accounts", "Creating backup
copies across AWS accounts", "Getting started 1: Service opt-in" and "Turning on resource tracking"; AWS Organizations
User Guide, "AWS Backup and AWS Organizations"; CloudFormation User Guide, "Activate trusted access for StackSets with
AWS Organizations".
"""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.rollout.desired import (
    BACKUP,
    POLICY_TYPES,
    Desired,
    administrators,
    opt_in_regions,
    selected_types,
    service_linked_roles,
)
from strongroom.domain.rollout.live import LiveOptIns, LiveOrganization
from strongroom.domain.rollout.steps import (
    Act,
    ActivateStackSets,
    CreateServiceLinkedRole,
    EnablePolicyType,
    EnableTrustedAccess,
    OptIn,
    RegisterAdministrator,
    Step,
    StepKind,
    SwitchGlobalSettings,
)

ALL_FEATURES: Final = "ALL"
# Copies to other accounts; and that AWS Backup follows who is a delegated administrator (API reference,
# DescribeGlobalSettings).
GLOBAL_SETTINGS: Final = ("isCrossAccountBackupEnabled", "isDelegatedAdministratorEnabled")

_TOLD: Final = 5


def missing_switches(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    """A step for each switch that is off, in the order in which they depend on each other."""
    yield from _of_the_organization(desired, live)
    yield from _roles(desired, live)
    yield from _administrators(desired, live)
    yield from _global_settings(desired, live)
    for region in opt_in_regions(desired.intent):
        yield from _opt_ins(desired, region, live.opt_ins[region])


def judge_surroundings(live: LiveOrganization) -> Iterator[Finding]:
    """What is wrong around us and is not ours to switch on."""
    if live.switches.feature_set != ALL_FEATURES:
        yield error(
            "features-missing",
            "organization.id",
            "the organization has consolidated billing only; enable all features in the management account first: "
            "organizations:EnableAllFeatures",
        )
    places = {place: types for place, types in live.unrecorded.items() if types}
    for types in dict.fromkeys(places.values()):
        silent = [place for place, missing in places.items() if missing == types]
        yield error(
            "config-recording-off",
            "audit.framework",
            f"AWS Config does not record {', '.join(sorted(types))} in {_counted(silent)}, and without that no Audit "
            "Manager framework comes about: record them (it costs money, so it is never switched on from here), or set "
            "audit.framework to false",
        )
    if closed := [place for place, types in live.unrecorded.items() if types is None]:
        yield warning(
            "config-unknown",
            "audit.framework",
            f"what AWS Config records in {_counted(closed)} is unknown: the role of --through cannot look there",
        )


def _counted(places: list[tuple[AccountId, Region]]) -> str:
    told = ", ".join(f"{account} {region}" for account, region in places[:_TOLD])
    return told + (f" and {len(places) - _TOLD} more places" if len(places) > _TOLD else "")


def _of_the_organization(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    account, region = desired.intent.organization.management_account, desired.intent.global_region
    # Organizations enables the policy type of a service, and its administrator, once the service is trusted only (API
    # reference, reason SERVICE_ACCESS_NOT_ENABLED).
    if BACKUP not in live.switches.trusted_services:
        what = "trusted access of AWS Backup, and with it cross-account monitoring"
        yield _switch("trusted-access-backup", account, region, what, EnableTrustedAccess(BACKUP))
    for type_ in POLICY_TYPES:
        if type_ not in live.switches.policy_types:
            what = f"the policy type {type_} on the root"
            yield _switch(f"policy-type-{type_}", account, region, what, EnablePolicyType(type_))
    if not live.stack_sets_are_active:
        what = "trusted access of CloudFormation StackSets"
        yield _switch("trusted-access-stacksets", account, region, what, ActivateStackSets())


def _roles(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    for account, service in service_linked_roles(desired.intent):
        if (account, service) not in live.service_linked_roles:
            yield Step(
                id=f"service-linked-role-{account}-{service.removesuffix('.amazonaws.com')}",
                kind=StepKind.CREATE_ROLE,
                account=account,
                region=desired.intent.global_region,
                what=f"the service-linked role of {service}",
                before="missing",
                after="there",
                act=CreateServiceLinkedRole(service),
            )


def _administrators(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    for account in administrators(desired.intent):
        if account not in live.switches.administrators:
            yield Step(
                id=f"delegated-administrator-{account}",
                kind=StepKind.REGISTER,
                account=desired.intent.organization.management_account,
                region=desired.intent.global_region,
                what=f"account {account} as delegated administrator of AWS Backup",
                before="an ordinary member",
                after="delegated administrator",
                act=RegisterAdministrator(account, BACKUP),
            )


def _global_settings(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    place = desired.intent.organization
    for name in GLOBAL_SETTINGS:
        if live.global_settings.get(name) != "true":
            what = f"AWS Backup's setting {name}"
            act = SwitchGlobalSettings((name,))
            yield _switch(f"global-setting-{name}", place.management_account, place.home_region, what, act)


def _opt_ins(desired: Desired, region: Region, live: LiveOptIns) -> Iterator[Step]:
    wanted = selected_types(desired.intent)
    # What AWS Backup does not name in a Region it does not serve there at all.
    served, managed = _off(live.served, wanted), _off(live.fully_managed, wanted)
    if served or managed:
        told = [*served, *(f"{name} (full management)" for name in managed)]
        what = f"the resource types {', '.join(told)}"
        account = desired.intent.organization.management_account
        yield _switch(f"opt-in-{region}", account, region, what, OptIn(served, managed))


def _off(switches: Mapping[str, bool], wanted: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name, is_on in switches.items() if name in wanted and not is_on))


def _switch(id_: str, account: AccountId, region: Region, what: str, act: Act) -> Step:
    return Step(
        id=id_, kind=StepKind.SWITCH_ON, account=account, region=region, what=what, before="off", after="on", act=act
    )
