"""Landing zones that work in governed accounts under roles of their own, and what they keep there.

Sources: AWS Control Tower User Guide, "How AWS Control Tower works with roles" and "AWS Backup and AWS Control Tower";
awslabs/landing-zone-accelerator-on-aws, whose CDK stacks make the vaults of its configuration.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.guardrails.denials import OWN_ACCOUNT, Denial, Exempt, in_own_account
from strongroom.domain.intent.model import Intent
from strongroom.domain.partitions import in_partition

CONTROL_TOWER: Final = "control-tower"
ACCELERATOR: Final = "landing-zone-accelerator"
CONTROL_TOWER_VAULTS: Final = "aws-controltower-*"
# Control Tower hangs its guardrails on each of its units: two documents of the five.
_DOCUMENTS: Final = {CONTROL_TOWER: 2}


def all_roles(intent: Intent) -> Exempt:
    """Every role by which a landing zone works, each in the account of whoever calls."""
    arns = (*guardians_of_trails(intent).arns, *keepers_of_their_vaults(intent).arns)
    return _zone(*dict.fromkeys(arns))


def guardians_of_trails(intent: Intent) -> Exempt:
    """Those that keep the trails and the recorder."""
    return _zone(*dict.fromkeys((*intent.guardrails.landing_zone_role_arns, *_control_tower(intent))))


def keepers_of_their_vaults(intent: Intent) -> Exempt:
    """Those that keep vaults which are called as they please, among vaults that are not ours."""
    return _zone(*dict.fromkeys((*intent.guardrails.landing_zone_role_arns, *_accelerator(intent))))


def keepers_of_control_towers_vaults(intent: Intent) -> Exempt:
    """Those that keep the vaults which Control Tower made."""
    return _zone(*dict.fromkeys((*_control_tower(intent), *keepers_of_their_vaults(intent).arns)))


def landing_zone_roles(intent: Intent, keeper: Exempt, changes: tuple[str, ...]) -> Iterator[Denial]:
    """Who is exempt by name must not be had by whoever can make a role of that name."""
    zone = all_roles(intent)
    if zone.arns:
        yield Denial(
            sid="KeepLandingZoneRoles",
            stops="making, changing or re-trusting a role of the landing zone",
            actions=changes,
            resources=tuple(arn.replace(OWN_ACCOUNT, "*") for arn in zone.arns),
            exempt=(keeper, zone),
        )


def slots_of_landing_zones(intent: Intent) -> int:
    """How many service control policies of its own a landing zone hangs on a unit."""
    return sum(_DOCUMENTS.get(zone, 0) for zone in intent.guardrails.landing_zone)


def _control_tower(intent: Intent) -> tuple[str, ...]:
    return _roles(intent, "AWSControlTowerExecution") if CONTROL_TOWER in intent.guardrails.landing_zone else ()


def _accelerator(intent: Intent) -> tuple[str, ...]:
    if ACCELERATOR not in intent.guardrails.landing_zone:
        return ()
    regions = intent.organization.regions
    return _roles(intent, *(f"cdk-accel-cfn-exec-role-{OWN_ACCOUNT}-{region}" for region in regions))


def _roles(intent: Intent, *names: str) -> tuple[str, ...]:
    return tuple(in_partition(arn, intent.partition.name) for arn in in_own_account(*names))


def _zone(*arns: str) -> Exempt:
    return Exempt(
        who="the landing zone's roles",
        arns=arns,
        why="they keep the landing zone's own trails, recorder and vaults; only they and our stacks make such roles",
    )
