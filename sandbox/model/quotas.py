"""What IAM takes of a role and of its policies at most, as an account has it from the first day.

Sources: IAM User Guide, "IAM and AWS STS quotas"; the words as seen on AWS, aws/eks-hybrid #741 (PoliciesPerRole),
ministryofjustice/analytical-platform #6873 (PolicySize), aws/copilot-cli #5917 and aws-amplify/amplify-backend #2615.
"""

import json
from collections.abc import Collection, Iterable
from typing import Any, Final

MOST_POLICIES: Final = 10
LARGEST_POLICY: Final = 6_144
LARGEST_TRUST: Final = 2_048
LARGEST_OF_A_ROLE: Final = 10_240


def why_no_managed_policy(document: Any) -> str | None:
    """Why IAM does not keep the managed policy."""
    return _above("PolicySize", LARGEST_POLICY) if _size(document) > LARGEST_POLICY else None


def why_no_trust(document: Any) -> str | None:
    """Why IAM does not keep the trust policy."""
    return _above("ACLSizePerRole", LARGEST_TRUST) if _size(document) > LARGEST_TRUST else None


def why_not_attached(policies: Collection[str]) -> str | None:
    """Why IAM does not give all these managed policies to one role."""
    return _above("PoliciesPerRole", MOST_POLICIES) if len(set(policies)) > MOST_POLICIES else None


def why_not_inline(role: str, documents: Iterable[Any]) -> str | None:
    """Why IAM does not keep all these policies in the role itself."""
    if sum(map(_size, documents)) <= LARGEST_OF_A_ROLE:
        return None
    return f"Maximum policy size of {LARGEST_OF_A_ROLE} bytes exceeded for role {role}"


def _above(quota: str, limit: int) -> str:
    return f"Cannot exceed quota for {quota}: {limit}"


def _size(document: Any) -> int:
    """Its characters; IAM counts no white space."""
    text = document if isinstance(document, str) else json.dumps(document)
    return len("".join(text.split()))
