"""The rules of our buses: what each hears, and which function reads it. A test holds them against the templates."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from strongroom.domain.accounts.patterns import life_pattern, stack_pattern
from strongroom.domain.calls import DENIED
from strongroom.domain.catalogue.model import Scope
from strongroom.domain.hearing.patterns import Pattern
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import RoleNames
from strongroom.domain.tags.drift.patterns import change_pattern
from strongroom.domain.tags.patterns import creation_pattern
from strongroom.domain.tampering.threats import THREATS

_CALLS: Final = "AWS API Call via CloudTrail"
_FACTS: Final = "BackupFailed BackupMissing CopyFailed CopyMissing CopyVanished CopyVerified TagEnforced"
# What the rule for most calls leaves to others: its pattern would be too long (EventBridge User Guide, quotas).
_HEARD_APART: Final = (Scope.SHARE, Scope.UNTAGGED_CREATION, Scope.UNTAGGED_OR_NATIVE)
_NATIVE_ROLE: Final = RoleNames().restore_native.rpartition("/")[2]  # the intent admits no other
_GUARDED: Final = """
    account backup backup-gateway cloudformation cloudtrail config dsql dynamodb ec2 eks elasticfilesystem events fsx
    iam kms lambda logs monitoring organizations ram rds redshift redshift-serverless s3 secretsmanager sns sqs ssm-sap
    states storagegateway tagging timestream
"""


class Rule(Struct, frozen=True):
    """A rule by its logical id, what it `hears` in a few words, and the function behind it, by its folder's name."""

    name: str
    hears: str
    function: str
    pattern: Pattern


def rules_of_the_buses(backup_account: AccountId) -> tuple[Rule, ...]:
    """Every rule of the control plane's bus, and that of the audit account for what comes out of members."""
    beats = {"source": ["aws.events"], "detail-type": ["Scheduled Event"]}
    restores = {"source": ["aws.backup"], "detail-type": ["Restore Job State Change"]}
    backups, copies = (
        _jobs("Backup", "COMPLETED FAILED ABORTED EXPIRED PARTIAL"),
        _jobs("Copy", "COMPLETED FAILED PARTIAL"),
    )
    scans = _jobs("Scan", "COMPLETED COMPLETED_WITH_ISSUES FAILED CANCELED")
    alerts = _facts("AlertOpened AlertAcknowledged AlertResolved TicketOpened", backup_account)
    untagged = {**_facts("AlertOpened", backup_account), "detail": {"kind": ["resource-not-tagged"]}}
    return (
        Rule("ResourceCreationRule", "creations", "enforce_tags", creation_pattern()),
        Rule("TagChangesRule", "changes of tags", "answer_drift", change_pattern()),
        Rule("TamperingRule", "tampering", "report_tampering", tampering_pattern()),
        Rule("NativeCallsRule", "calls under the role for those of services", "report_tampering", native_pattern()),
        Rule("SharesRule", "shares of vaults", "report_tampering", shares_pattern()),
        Rule("RefusalsRule", "refusals", "report_tampering", _refusals()),
        Rule("BackupJobsRule", "ends of backups", "open_promises", backups),
        Rule("CopyJobsRule", "ends of copies", "verify_copy", copies),
        Rule("ScanJobsRule", "ends of scans", "report_malware", scans),
        Rule("AccountMovesRule", "the lives of accounts", "assess_account", life_pattern()),
        Rule("MemberStackRule", "finished stacks", "assess_account", stack_pattern()),
        Rule("HeartbeatsRule", "heartbeats of forwarders", "hear_heartbeat", beats),
        Rule("RestoreJobsRule", "restores, in the audit account", "watch_restores", restores),
        Rule("AlertsRule", "our own alerts", "post_alert", alerts),
        Rule("TicketsRule", "our own alerts about resources in no tier", "open_ticket", untagged),
        Rule("RollUpStatusRule", "our own news of resources", "roll_up_status", _facts(_FACTS, backup_account)),
        Rule("NoteSettingsRule", "our own news of copies", "note_settings", _facts("CopyVerified", backup_account)),
        Rule("InventoriesRule", "our own inventories", "take_inventory", _facts("InventoryBegun", backup_account)),
    )


def tampering_pattern() -> Pattern:
    """Every call that could weaken backups, done or come to nothing; who had no right to it is a refusal.

    The cross product of all services and names; the function sorts it out. Who sent it is enough: nobody but AWS
    sends as `aws.…`.
    """
    return _unrefused([call for call, threat in THREATS.items() if threat.scope not in _HEARD_APART])


def shares_pattern() -> Pattern:
    """Every call that changes with whom an air-gapped vault is shared, but what was refused."""
    return _unrefused([call for call, threat in THREATS.items() if threat.scope is Scope.SHARE])


def native_pattern() -> Pattern:
    """Calls that anybody makes daily, where they are made under the role for calls of services."""
    calls = [call.split(":") for call, threat in THREATS.items() if threat.scope is Scope.UNTAGGED_OR_NATIVE]
    return {
        "source": sorted({f"aws.{service}" for service, _ in calls}),
        "detail-type": [_CALLS],
        "detail": {
            "eventName": sorted({name for _, name in calls}),
            "errorCode": [{"exists": False}],
            "userIdentity": {"sessionContext": {"sessionIssuer": {"userName": [_NATIVE_ROLE]}}},
        },
    }


def _unrefused(calls: Iterable[str]) -> Pattern:
    pairs = [call.split(":") for call in calls]
    return {
        "source": sorted({f"aws.{service}" for service, _ in pairs}),
        "detail-type": [_CALLS],
        "detail": {
            "eventName": sorted({name for _, name in pairs}),
            "errorCode": [{"exists": False}, {"anything-but": list(DENIED)}],
        },
    }


def _refusals() -> Pattern:
    return {
        "source": [f"aws.{service}" for service in _GUARDED.split()],
        "detail-type": [_CALLS],
        "detail": {"errorCode": list(DENIED)},
    }


def _jobs(kind: str, states: str) -> Pattern:
    detail = {"state": states.split()}
    return {"source": ["aws.backup"], "detail-type": [f"{kind} Job State Change"], "detail": detail}


def _facts(names: str, account: AccountId) -> Pattern:
    return {"account": [account], "source": ["strongroom"], "detail-type": names.split()}
