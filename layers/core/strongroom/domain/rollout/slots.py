"""Whether a target has room for our policies beside those that others attached there.

Sources: AWS Organizations User Guide, "Quotas for AWS Organizations" (ten service control policies for a target since
May 2026, five before; ten backup policies).
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.backup_policy.quotas import POLICIES_PER_TARGET
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY

# The greater of the two limits that AWS documents; the intent says which one it counts on.
MOST_SCPS_PER_TARGET: Final = 10

_NOUN: Final = {BACKUP_POLICY: "backup policies", SERVICE_CONTROL_POLICY: "service control policies"}


def attachment_targets(desired: Desired) -> tuple[str, ...]:
    """The ids of the units and accounts that get policies of ours."""
    return tuple(dict.fromkeys(target for policy in desired.policies for target in policy.targets))


def judge_slots(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each target that cannot take what is still to be attached, a warning where nobody can say so."""
    known, meant = live.scps_per_target, desired.intent.guardrails.scp_slots
    for kind, sure, doubtful in (
        (BACKUP_POLICY, POLICIES_PER_TARGET, POLICIES_PER_TARGET),
        (SERVICE_CONTROL_POLICY, known or MOST_SCPS_PER_TARGET, known or meant),
    ):
        for target, attached in live.attached.items():
            wanted = {policy.name for policy in desired.policies if policy.type == kind and target in policy.targets}
            there = {each.name for each in attached if each.type == kind}
            # CloudFormation deletes what is not wanted any more after it has made what is new.
            needed = len(there | wanted) if wanted - there else 0
            told = f"{target} would have {needed} {_NOUN[kind]}, of which are there: {_listed(there)}; "
            if needed > sure:
                yield error("no-slot", target, f"{told}AWS takes {sure}: detach or merge some of them first")
            elif needed > doubtful:
                yield warning(
                    "slots-unknown",
                    target,
                    f"{told}AWS takes {MOST_SCPS_PER_TARGET} since May 2026 and took {doubtful} before, and Service "
                    "Quotas does not say which holds here",
                )


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
