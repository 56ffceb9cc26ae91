"""Every action of AWS Backup that changes something is either refused by a guardrail or harmless, with a reason."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest

from sandbox.clients import service_model
from strongroom.domain.guardrails.backup_actions import HARMLESS
from strongroom.domain.guardrails.rendering import PROTECT_BACKUPS, list_denials
from strongroom.domain.intent.model import Intent

READING = ("Describe", "Export", "Get", "List")
# Actions without an operation: the Service Authorization Reference calls them permission only, and none mere reading.
PERMISSION_ONLY = (
    "CopyFromBackupVault",
    "CopyIntoBackupVault",
    "DeleteBackupVaultSharingPolicy",
    "ListIndexedRecoveryPointsForSearch",
    "PutBackupVaultSharingPolicy",
    "SearchRecoveryPoint",
)


def changing_actions() -> Iterator[str]:
    model = service_model("backup")
    for name in (*model.operation_names, *PERMISSION_ONLY):
        if name in PERMISSION_ONLY or not name.startswith(READING):
            yield f"backup:{name}"


def refusing(intent: Intent, action: str) -> list[str]:
    return [
        denial.sid
        for denial in list_denials(intent)[PROTECT_BACKUPS]
        if any(fnmatchcase(action, pattern) for pattern in denial.actions)
    ]


@pytest.mark.parametrize("action", sorted(changing_actions()))
def test_a_changing_action_is_either_refused_or_declared_harmless(action: str, intent: Intent) -> None:
    assert bool(refusing(intent, action)) != (action in HARMLESS)


def test_only_real_actions_are_declared_harmless() -> None:
    assert HARMLESS.keys() <= set(changing_actions())


def test_only_real_actions_of_aws_backup_are_refused(intent: Intent) -> None:
    actions = set(changing_actions())
    patterns = {
        pattern
        for denials in list_denials(intent).values()
        for denial in denials
        for pattern in denial.actions
        if pattern.startswith("backup:")
    }
    assert [each for each in patterns if not any(fnmatchcase(action, each) for action in actions)] == []


def test_no_reading_action_is_refused(intent: Intent) -> None:
    model = service_model("backup")
    reading = [f"backup:{name}" for name in model.operation_names if name.startswith(READING)]
    assert [action for action in reading if refusing(intent, action)] == []
