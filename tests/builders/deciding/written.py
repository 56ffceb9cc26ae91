"""A virtual machine that is restored by hand: its recovery point, what a person writes, and an intent that lets it."""

from copy import replace
from typing import Any, Final

from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.requests import RestoreWish
from tests.builders.intents import with_restores
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import PROFILE, a_proving_intent, a_recovery_point, a_ticket, a_wish

MACHINE: Final = f"arn:aws:backup-gateway:{HOME}:{PAYMENTS}:vm/vm-0AA1"
RESTORED_MACHINE: Final = f"arn:aws:backup-gateway:{HOME}:{PAYMENTS}:vm/vm-0BB2"
MACHINE_POINT: Final = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:0aa1"
RAW_ROLE: Final = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-raw"
# AWS Backup Developer Guide, "Restoring a virtual machine": what a restore to VMware takes. A blank, capitals and the
# order inside of JSON stay as they are.
WRITTEN: Final = {
    "RestoreTo": "VMware",
    "HypervisorArn": f"arn:aws:backup-gateway:{HOME}:{PAYMENTS}:hypervisor/hype-0CC3",
    "VMName": "orders-vm-0200",
    "VMPath": "/Datacenter/vm/Restored machines",
    "ComputeResourceName": "cluster-1",
    "VMDatastore": "datastore-1",
    "DisksToRestore": '[ {"Label": "b", "DiskId":"disk-1"} ]',
}


def an_intent_with_raw(intent: Intent, *types: str) -> Intent:
    """Machines may be restored by hand in the account of the payments, and two approvers decide on what is grave."""
    proving = a_proving_intent(intent)
    rules = ceremony_of(proving).restores.rules
    grave = ApprovalRule(unit="Production", group="approvers", needed=1, risks=("elevated",))
    profile: AccountProfile = replace(PROFILE, raw=types or ("VirtualMachine",))
    return with_restores(proving, profiles=(profile,), rules=(*rules, grave))


def a_machine_point(**changes: Any) -> RecoveryPoint:
    """The machine's recovery point in the local vault."""
    made = {
        "arn": MACHINE_POINT,
        "resource": MACHINE,
        "resource_type": "VirtualMachine",
        "restore_metadata": {"VMName": "orders-vm"},
    }
    return a_recovery_point(**made | changes)


def a_written_wish(**changes: Any) -> RestoreWish:
    """Omar wishes for the machine, and writes all of its metadata."""
    made = {"recovery_point": MACHINE_POINT, "target_name": "orders-vm-0200", "metadata": WRITTEN, "is_raw": True}
    return a_wish(**made | changes)


def a_machine_ticket(**changes: Any) -> Any:
    """The ticket about it."""
    return a_ticket(**{"resources": (MACHINE,)} | changes)
