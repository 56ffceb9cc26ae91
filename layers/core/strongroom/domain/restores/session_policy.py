"""The least that a session must be allowed which starts one act: a policy that narrows the role's own.

Where a copy goes no key of StartCopyJob says; that is asked of the role which is passed, as CopyFromBackupVault.
Source: STS API Reference, AssumeRole, "Policy"; Service Authorization Reference, "AWS Backup".
"""

from typing import Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.restores.requests import RestoreRequest

# In a policy they stand for more than themselves (IAM User Guide, "IAM JSON policy elements: Resource").
_WILD: Final = frozenset("*?$")


def restore_session_policy(request: RestoreRequest, *, recovery_point: str) -> str:
    """Start a restore of exactly this recovery point, and pass AWS Backup exactly the role of the request; JSON."""
    return _policy("backup:StartRestoreJob", recovery_point=recovery_point, role=request.role)


def copy_back_session_policy(request: RestoreRequest, *, role: str) -> str:
    """Start a copy of exactly the request's recovery point, and pass AWS Backup exactly this role; JSON."""
    return _policy("backup:StartCopyJob", recovery_point=request.recovery_point, role=role)


def _policy(action: str, *, recovery_point: str, role: str) -> str:
    for arn in (recovery_point, role):
        if _WILD & set(arn):
            raise ApprovalVoidError(f"{arn[:200]} would mean others as well where it says what may be restored")
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": recovery_point},
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role,
            "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
        },
    ]
    return canonical_text({"Version": "2012-10-17", "Statement": statements})
