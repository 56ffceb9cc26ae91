"""The two users who restore while the control plane is away: nobody lends himself their keys, and they do nothing else.

Sources: Service Authorization Reference, "AWS Identity and Access Management" and "AWS Security Token Service"; AWS STS
API reference, GetSessionToken.
"""

from collections.abc import Iterator

from strongroom.domain.guardrails.denials import Denial, Exempt
from strongroom.domain.intent.model import Intent


def outage_users(intent: Intent, deployers: Exempt) -> Iterator[Denial]:
    """The statements about them; none where the intent names no such users."""
    users = intent.outage_users
    if not users:
        return
    yield Denial(
        sid="KeepOutageUsers",
        stops="making a key, a password or a device for a user who restores in an outage, or taking what they need",
        actions=(
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:CreateUser",
            "iam:DeactivateMFADevice",
            "iam:DeleteAccessKey",
            "iam:DeleteLoginProfile",
            "iam:DeleteUser*",
            "iam:DetachUserPolicy",
            "iam:EnableMFADevice",
            "iam:PutUser*",
            "iam:ResyncMFADevice",
            "iam:UpdateAccessKey",
            "iam:UpdateLoginProfile",
            "iam:UpdateUser",
        ),
        resources=users,
        exempt=(deployers,),
    )
    yield Denial(
        sid="OutageUsersRestoreOnly",
        stops="anything by these users but opening a session with their token, and borrowing a restore role",
        not_actions=("sts:GetSessionToken",),
        not_resources=(f"arn:{{partition}}:iam::*:role/{intent.roles.restore}",),
        binds=users,
    )
