"""An organisation in memory that a rollout reads and changes; any act may be made to fail."""

import json
from collections.abc import Mapping, Sequence
from copy import replace
from dataclasses import dataclass, field

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.intent.destinations import made_vaults
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.desired import (
    AUDIT_STACK,
    MANAGEMENT_STACK,
    Desired,
    DesiredStack,
    StackPlace,
    vault_stack,
)
from strongroom.domain.rollout.live import (
    LiveAttachment,
    LiveOptIns,
    LiveOrganization,
    LivePolicy,
    LiveResourcePolicy,
    LiveShare,
    LiveStack,
    LiveSwitches,
    LiveVault,
    ProfileValue,
)
from strongroom.domain.rollout.members import LiveInstance
from strongroom.domain.rollout.steps import ShareVault
from strongroom.domain.rollout.surroundings.keys import KeyFound, SourceFound
from strongroom.domain.rollout.surroundings.trails import TrailFound
from strongroom.domain.rollout.vaults.shares import SHARING
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, AttachedPolicy
from strongroom.domain.stacks.stack_sets import StackSet
from strongroom.services.rollout.plan_rollout import RolloutNeeds
from tests.builders.rollout import a_live_policy, a_live_vault

type Places = Sequence[tuple[AccountId, Region]]


@dataclass
class SharedVaults:
    """AWS RAM of an organisation in memory."""

    organization: "FakeOrganization"

    def shares(self, vault: str) -> tuple[LiveShare, ...]:
        return self.organization.live.shares.get(vault, ())

    def enable(self) -> None:
        self.organization.trust(SHARING)

    def share(self, act: ShareVault) -> None:
        self.organization.act(f"share {act.vault} with {', '.join(act.added) or 'no more'}")
        live = self.organization.live
        others = tuple(each for each in self.shares(act.vault) if each.name != act.name)
        before = next((each.principals for each in self.shares(act.vault) if each.name == act.name), frozenset())
        arn = act.share or f"arn:aws:ram:eu-west-1:999999999999:resource-share/{act.name}"
        share = LiveShare(arn=arn, name=act.name, principals=(before | set(act.added)) - set(act.removed))
        self.organization.live = replace(live, shares={**live.shares, act.vault: (*others, share)})


@dataclass
class FakeOrganization:
    """All ports at once; `acts` are the calls that changed something, `fails` the ones that are refused.

    `busy` says how often an act is put off.
    """

    wanted: Desired
    live: LiveOrganization
    fails: set[str] = field(default_factory=set)
    still_fails: set[str] = field(default_factory=set)
    busy: dict[str, int] = field(default_factory=dict)
    acts: list[str] = field(default_factory=list)

    def bind(self, *stack_sets: StackSet) -> None:
        """Let the intent want these StackSets."""
        self.wanted = replace(self.wanted, rendered=replace(self.wanted.rendered, stack_sets=stack_sets))

    @property
    def needs(self) -> RolloutNeeds:
        """The organisation as the services want it."""
        return RolloutNeeds(
            organization=self,
            policies=self,
            quotas=self,
            backup=self,
            stacks=self,
            accounts=self,
            carriers=self,
            members=self,
            rules=self,
            places=self,
            trails=self,
            keys=self,
            shares=SharedVaults(self),
            pause=lambda: self.acts.append("pause"),
        )

    def act(self, name: str) -> None:
        if name in self.fails:
            raise CallRefusedError(f"{name} was refused")
        if self.busy.get(name, 0) > 0:
            self.busy[name] -= 1
            raise TemporarilyUnavailableError(f"{name} is being done by somebody else")
        self.acts.append(name)

    # the organisation

    def read(self) -> LiveSwitches:
        return self.live.switches

    def enable_type(self, policy_type: str) -> None:
        self.act(f"enable {policy_type}")
        switches = self.live.switches
        self._switch(replace(switches, policy_types=switches.policy_types | {policy_type}))

    def trust(self, principal: str) -> None:
        self.act(f"trust {principal}")
        switches = self.live.switches
        self._switch(replace(switches, trusted_services=switches.trusted_services | {principal}))

    def delegate(self, account: AccountId, principal: str) -> None:
        self.act(f"delegate {principal} to {account}")
        switches = self.live.switches
        self._switch(replace(switches, administrators=switches.administrators | {account}))

    def _switch(self, switches: LiveSwitches) -> None:
        self.live = replace(self.live, switches=switches)

    # what restores are put into

    def values(self, profile: AccountProfile) -> tuple[ProfileValue, ...] | None:
        return self.live.profiles.get((profile.account, profile.region))

    # policies

    def policies(self, ours: frozenset[str]) -> tuple[LivePolicy, ...]:
        return tuple(
            each if each.name in ours or each.type == BACKUP_POLICY else replace(each, document=None)
            for each in self.live.policies
        )

    def attached(self, target: str) -> tuple[LiveAttachment, ...]:
        return self.live.attached[target]

    def resource_policy(self) -> LiveResourcePolicy | None:
        return self.live.resource_policy

    def scps_per_target(self) -> int | None:
        return self.live.scps_per_target

    def path(self, target: str) -> tuple[str, ...] | None:
        return self.live.paths.get(target)

    def accounts_below(self, target: str) -> tuple[AccountId, ...]:
        return self.live.members.accounts.get(target, ())

    def accounts_with_invalid_policy(self) -> tuple[str, ...]:
        return self.live.accounts_with_invalid_policy

    def write(self, policy_id: str, policy: AttachedPolicy) -> None:
        self.act(f"write {policy.name}")
        self._change(policy_id, replace(a_live_policy(policy, id=policy_id), targets=self._of(policy_id).targets))

    def attach(self, policy_id: str, target: str) -> None:
        self.act(f"attach {policy_id} to {target}")
        policy = self._of(policy_id)
        self._change(policy_id, replace(policy, targets=(*policy.targets, target)))

    def detach(self, policy_id: str, target: str) -> None:
        self.act(f"detach {policy_id} from {target}")
        policy = self._of(policy_id)
        self._change(policy_id, replace(policy, targets=tuple(each for each in policy.targets if each != target)))

    def _of(self, policy_id: str) -> LivePolicy:
        return next(policy for policy in self.live.policies if policy.id == policy_id)

    def _change(self, policy_id: str, changed: LivePolicy) -> None:
        policies = tuple(changed if policy.id == policy_id else policy for policy in self.live.policies)
        self.live = replace(self.live, policies=policies)

    # AWS Backup

    def global_settings(self) -> Mapping[str, str]:
        return self.live.global_settings

    def opt_ins(self, region: Region) -> LiveOptIns:
        return self.live.opt_ins[region]

    def vault(self, arn: str) -> LiveVault | None:
        return self.live.vaults.get(arn)

    def switch_on(self, names: tuple[str, ...]) -> None:
        self.act(f"switch on {', '.join(names)}")
        settings = {**self.live.global_settings, **dict.fromkeys(names, "true")}
        self.live = replace(self.live, global_settings=settings)

    def opt_in(self, region: Region, *, served: tuple[str, ...], fully_managed: tuple[str, ...]) -> None:
        self.act(f"opt in {region}")
        before = self.live.opt_ins[region]
        after = LiveOptIns(
            served={**before.served, **dict.fromkeys(served, True)},
            fully_managed={**before.fully_managed, **dict.fromkeys(fully_managed, True)},
        )
        self.live = replace(self.live, opt_ins={**self.live.opt_ins, region: after})

    def lock(self, arn: str, lock: VaultLock) -> None:
        self.act(f"lock {arn}")
        self._keep(arn, lock)

    def _keep(self, arn: str, lock: VaultLock | None) -> None:
        self.live = replace(self.live, vaults={**self.live.vaults, arn: a_live_vault(lock)})

    # stacks

    def find(self, place: StackPlace) -> LiveStack | None:
        return self.live.stacks.get(place.name)

    def stack_sets_are_active(self) -> bool:
        return self.live.stack_sets_are_active

    def activate_stack_sets(self) -> None:
        self.act("activate StackSets")
        self.live = replace(self.live, stack_sets_are_active=True)

    def deploy(self, stack: DesiredStack) -> None:
        absent = self._absent(stack.template) if stack.place.name == MANAGEMENT_STACK else ()
        self.act(f"deploy {stack.place.name}" + (f" without {', '.join(absent)}" if absent else ""))
        if stack.place.name == MANAGEMENT_STACK:
            self._make_policies(stack.template)
        for vault in made_vaults(self.wanted.intent):
            if vault_stack(vault) == stack.place.name:
                self._keep(vault.arn, vault.lock)
        if stack.place.name == AUDIT_STACK:
            self.live = replace(self.live, has_report_bucket=True)
        self._deployed(stack)

    def _absent(self, template: str) -> list[str]:
        return [policy.name for policy in self.wanted.policies if f'"Name":"{policy.name}"' not in template]

    def _make_policies(self, template: str) -> None:
        there = {*(policy.name for policy in self.live.policies), *self._absent(template)}
        new = [a_live_policy(policy) for policy in self.wanted.policies if policy.name not in there]
        self.live = replace(self.live, policies=(*self.live.policies, *new))

    def _deployed(self, stack: DesiredStack) -> None:
        ids = frozenset(policy.id for policy in self.live.policies) if stack.place.name == MANAGEMENT_STACK else set()
        made = LiveStack(
            status="UPDATE_COMPLETE",
            template=stack.template,
            parameters=stack.parameters,
            policy_ids=frozenset(ids),
        )
        self.live = replace(self.live, stacks={**self.live.stacks, stack.place.name: made})

    # the functions

    def carried(self, place: StackPlace) -> tuple[CompiledIntent, ...]:
        return self.live.carried

    def carried_by_some(self, place: StackPlace) -> tuple[CompiledIntent, ...]:
        assert place == self.wanted.evidence_log
        return self.live.watch_carried

    # accounts

    def has_service_linked_role(self, account: AccountId, service: str) -> bool:
        return (account, service) in self.live.service_linked_roles

    def create_service_linked_role(self, account: AccountId, service: str) -> None:
        self.act(f"create the role of {service} in {account}")
        roles = self.live.service_linked_roles | {(account, service)}
        self.live = replace(self.live, service_linked_roles=roles)

    def unrecorded(self, places: Places) -> Mapping[tuple[AccountId, Region], frozenset[str] | None]:
        return {place: self.live.unrecorded.get(place) for place in places}

    def opt_statuses(self, places: Places) -> Mapping[tuple[AccountId, Region], str | None]:
        return {place: self.live.members.opt_statuses.get(place, "ENABLED") for place in places}

    def trails(self, account: AccountId, region: Region) -> tuple[TrailFound, ...]:
        assert account == self.wanted.intent.organization.management_account
        if self.live.trails is None:
            raise AccessRefusedError("no rights to look at trails")
        return self.live.trails

    def sources(self, account: AccountId, region: Region) -> tuple[SourceFound, ...]:
        found = self.live.sources.get((account, region), ())
        if found is None:
            raise AccessRefusedError("no rights to look at keys")
        return found

    def key(self, key: str, *, account: AccountId, region: Region) -> KeyFound:
        found = next((each for arn, each in self.live.gap_keys.items() if self.live.vaults[arn].key == key), None)
        if not isinstance(found, KeyFound):
            raise AccessRefusedError(found or "no rights to look at keys")
        return found

    def has_bucket(self, name: str, *, account: AccountId, region: Region) -> bool:
        assert name == f"strongroom-audit-{account}-{region}"
        return self.live.has_report_bucket

    # the rules

    def kept(self) -> Mapping[str, str]:
        return self.live.kept_rules

    def keep(self, text: str) -> None:
        self.act(f"keep {json.loads(text)['format']}")
        self.live = replace(self.live, kept_rules={**self.live.kept_rules, digest_of(text): text})

    # members

    def instances(self, stack_set: str) -> tuple[LiveInstance, ...] | None:
        return self.live.members.instances.get(stack_set)

    def bring(
        self, stack_set: str, *, accounts: tuple[AccountId, ...], regions: tuple[Region, ...], are_new: bool
    ) -> None:
        self.act(f"{'make' if are_new else 'retry'} {stack_set} in {', '.join((*accounts, *regions))}")
        if stack_set in self.still_fails:
            return
        places = {(account, region) for account in accounts for region in regions}
        others = [each for each in self.live.members.instances[stack_set] if each.place not in places]
        brought = [LiveInstance(account=account, region=region, status="CURRENT") for account, region in sorted(places)]
        instances = {**self.live.members.instances, stack_set: (*others, *brought)}
        self.live = replace(self.live, members=replace(self.live.members, instances=instances))
