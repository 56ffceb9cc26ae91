"""An organisation that is exactly as the intent wants it; tests take something away and look what the plan says."""

import json
from collections.abc import Mapping
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.canonical import digest_of
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.intent.destinations import destination_vaults, shared_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.desired import (
    AUDIT_STACK,
    BACKUP,
    CONTROL_PLANE_STACK,
    MANAGEMENT_STACK,
    POLICY_TYPES,
    Desired,
    administrators,
    governed_targets,
    opt_in_regions,
    service_linked_roles,
)
from strongroom.domain.rollout.live import (
    LiveAttachment,
    LiveOptIns,
    LiveOrganization,
    LivePolicy,
    LiveResourcePolicy,
    LiveStack,
    LiveSwitches,
    LiveVault,
)
from strongroom.domain.rollout.members import LiveMembers
from strongroom.domain.rollout.slots import attachment_targets
from strongroom.domain.rollout.switches import GLOBAL_SETTINGS
from strongroom.domain.rollout.vaults.shares import SHARING
from strongroom.domain.rulebook.in_force import record_text, texts_in_force
from strongroom.domain.stacks.attached_policies import AttachedPolicy, render_attached_policies
from strongroom.domain.stacks.delegation import delegation_statements
from strongroom.domain.stacks.management import ManagementTemplate
from strongroom.domain.stacks.rendered import Rendered
from strongroom_cli.compile import compiled_intent
from tests.builders.doctor import a_trail
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT

CENTRAL_STACK = "strongroom-central"
REPLICA_STACK = "strongroom-replica"
FULL_ACCESS = LiveAttachment(name="FullAWSAccess", type="SERVICE_CONTROL_POLICY")
DEPLOYERS = tuple(f"arn:aws:iam::{account}:role/deployer" for account in (BACKUP_ACCOUNT, AUDIT_ACCOUNT))
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LOCK_DATE = NOW + timedelta(days=20)


def a_desired_organization(intent: Intent) -> Desired:
    """The example with somebody to deploy it, the project's templates replaced by their names."""
    if not intent.guardrails.deployer_role_arns:
        intent = replace(intent, guardrails=replace(intent.guardrails, deployer_role_arns=DEPLOYERS))

    names = (
        *("vault", "air-gapped-vault", "vault-account", "vault-forwarder"),
        *("member-global", "audit", "members", "management"),
    )
    lock = {"MinRetentionDays": "30", "MaxRetentionDays": "2555", "ChangeableForDays": "30"}
    policies = render_attached_policies(intent)
    management = ManagementTemplate(frame="Resources:", delegation={}, policies=policies)
    rendered = Rendered(
        policies=policies,
        management=management,
        stack_sets=(),
        stacks={**{name: name for name in names}, "management": management.text()},
        parameters={
            **{name: {} for name in names},
            "central": lock,
            "replica": lock,
            "control-plane": {"OrganizationId": intent.organization.id},
            "audit-log": {"BackupAccount": intent.organization.backup_account},
        },
    )
    return Desired(intent=intent, rendered=rendered, compiled=compiled_intent(intent))


def a_settled_organization(wanted: Desired) -> LiveOrganization:
    """The organisation as it is when there is nothing to do."""
    intent = wanted.intent
    policies = tuple(a_live_policy(policy) for policy in wanted.policies)
    stacks = {
        stack.place.name: LiveStack(status="CREATE_COMPLETE", template=stack.template, parameters=stack.parameters)
        for stack in wanted.stacks
    }
    stacks[MANAGEMENT_STACK] = replace(
        stacks[MANAGEMENT_STACK], policy_ids=frozenset(each.id for each in policies), resource_policy_id="rp-ours"
    )
    stacks[CONTROL_PLANE_STACK] = LiveStack(
        status="UPDATE_COMPLETE", template="by SAM", parameters=wanted.control_plane_parameters
    )
    if wanted.evidence_log is not None:
        stacks[wanted.evidence_log.name] = LiveStack(
            status="CREATE_COMPLETE", template="by SAM", parameters=wanted.rendered.parameters["audit-log"]
        )
    return LiveOrganization(
        switches=LiveSwitches(
            feature_set="ALL",
            policy_types=frozenset(POLICY_TYPES),
            trusted_services=frozenset({BACKUP, SHARING} if shared_vaults(intent) else {BACKUP}),
            administrators=frozenset(administrators(intent)),
        ),
        stack_sets_are_active=True,
        global_settings=dict.fromkeys(GLOBAL_SETTINGS, "true"),
        opt_ins={region: a_region_with_opt_ins() for region in opt_in_regions(intent)},
        service_linked_roles=frozenset(service_linked_roles(intent)),
        policies=policies,
        attached={
            target: (
                FULL_ACCESS,
                *(LiveAttachment(name=each.name, type=each.type) for each in policies if target in each.targets),
            )
            for target in attachment_targets(wanted)
        },
        resource_policy=LiveResourcePolicy(statements=delegation_statements(intent)),
        paths={target: (intent.organization.root_id, target) for target in governed_targets(intent)},
        stacks=stacks,
        carried=(wanted.compiled,),
        watch_carried=() if wanted.evidence_log is None else (wanted.compiled,),
        has_report_bucket=AUDIT_STACK in stacks,
        kept_rules=an_archive_of(intent),
        members=LiveMembers(accounts=dict.fromkeys(governed_targets(intent), ())),
        vaults={vault.arn: a_live_vault(vault.lock) for vault in destination_vaults(intent)},
        trails=(a_trail(),),
    )


def an_archive_of(*intents: Intent, at: datetime = NOW) -> dict[str, str]:
    """What is kept of their rules once they were applied at that time."""
    record = record_text(intents, at=at)
    return {**texts_in_force(intents, at=at), digest_of(record): record}


def a_live_vault(lock: VaultLock | None) -> LiveVault:
    """A vault with this lock, which can still be changed."""
    if lock is None:
        return LiveVault(is_locked=False)
    return LiveVault(
        is_locked=True,
        min_retention_days=lock.min_retention_days,
        max_retention_days=lock.max_retention_days,
        lock_date=LOCK_DATE if lock.is_final else None,
    )


def a_region_with_opt_ins(**changed: bool) -> LiveOptIns:
    """Every type is served and managed fully, but for those that are named."""
    return LiveOptIns(
        served=dict.fromkeys(names_of(ROWS), True) | changed, fully_managed={"DynamoDB": True, "EFS": True}
    )


def a_live_policy(policy: AttachedPolicy, **changed: Any) -> LivePolicy:
    """The policy as Organizations keeps it."""
    kept: dict[str, Any] = {
        "id": f"p-{policy.name}",
        "name": policy.name,
        "type": policy.type,
        "description": policy.description,
        "document": json.loads(json.dumps(policy.document)),
        "targets": policy.targets,
    }
    return LivePolicy(**kept | changed)


def an_empty_organization(wanted: Desired) -> LiveOrganization:
    """An organisation in which nobody has begun: everything off, nothing there."""
    off = LiveOptIns(served=dict.fromkeys(names_of(ROWS), False), fully_managed={"DynamoDB": False, "EFS": True})
    return replace(
        a_settled_organization(wanted),
        switches=LiveSwitches(
            feature_set="ALL",
            policy_types=frozenset(),
            trusted_services=frozenset(),
            administrators=frozenset(),
        ),
        stack_sets_are_active=False,
        global_settings=dict.fromkeys(GLOBAL_SETTINGS, "false"),
        opt_ins=dict.fromkeys(opt_in_regions(wanted.intent), off),
        service_linked_roles=frozenset(),
        policies=(),
        attached=dict.fromkeys(attachment_targets(wanted), (FULL_ACCESS,)),
        resource_policy=None,
        stacks={},
        vaults={},
        has_report_bucket=False,
        kept_rules={},
    )


def with_vault(live: LiveOrganization, arn: str, **changed: Any) -> LiveOrganization:
    """One vault's lock is otherwise."""
    return replace(live, vaults={**live.vaults, arn: replace(live.vaults[arn], **changed)})


def with_stack(live: LiveOrganization, name: str, **changed: Any) -> LiveOrganization:
    """One stack is otherwise."""
    return replace(live, stacks={**live.stacks, name: replace(live.stacks[name], **changed)})


def with_policy(live: LiveOrganization, name: str, **changed: Any) -> LiveOrganization:
    """One policy is otherwise."""
    return replace(
        live, policies=tuple(replace(each, **changed) if each.name == name else each for each in live.policies)
    )


def without(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The mapping without one key."""
    return {key: value for key, value in mapping.items() if key != name}
