"""Whom a policy may name: IAM, KMS and S3 look each one up when the policy is put, and refuse one that is not there.

Sources: IAM User Guide, "AWS JSON policy elements: Principal"; hashicorp/terraform-provider-aws #8905 (why); the words
as seen on AWS, opstrace/opstrace #88 (a role's trust), GoogleCloudPlatform/anthos-samples #357 (a key's policy), and
serverless/serverless #10361 (a bucket's). An account that is none of the organisation's cannot be looked into here, so
whoever is named there counts as there.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from sandbox.seams import host as seams

_ACCOUNT: Final = re.compile(r"\d{12}")
_PERSON: Final = re.compile(
    r"arn:aws[\w-]*:(?:iam|sts)::(\d{12}|cloudfront):(root|(?:user|role|assumed-role)/[^*?\s]+)"
)
_UNIQUE_ID: Final = re.compile(r"A(?:RO|ID)A[A-Z0-9]{12,}")
_LOOKED_UP: Final = ("user/", "role/")


def why_no_trust(document: Any) -> str | None:
    """Why IAM does not keep the trust policy."""
    missing = _first_missing(document)
    return None if missing is None else f'Invalid principal in policy: "AWS":"{missing}"'


def why_no_key_policy(document: Any) -> str | None:
    """Why KMS does not keep the key policy."""
    if _first_missing(document) is None:
        return None
    return "Policy contains a statement with one or more invalid principals."


def why_no_bucket_policy(document: Any) -> str | None:
    """Why S3 does not keep the bucket policy."""
    return None if _first_missing(document) is None else "Invalid principal in policy"


def _first_missing(document: Any) -> str | None:
    return next((each for each in _named(document) if not _is_there(each)), None)


def _named(document: Any) -> Iterator[str]:
    """Every principal of AWS in a policy, which is text or parsed; what is no policy is refused elsewhere."""
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return
    for statement in _listed(parsed.get("Statement") if isinstance(parsed, dict) else None):
        for element in ("Principal", "NotPrincipal"):
            named = statement.get(element) if isinstance(statement, dict) else None
            yield from (str(each) for each in _listed(named.get("AWS") if isinstance(named, dict) else None))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_there(principal: str) -> bool:
    if principal == "*" or _ACCOUNT.fullmatch(principal) or _UNIQUE_ID.fullmatch(principal):
        return True
    person = _PERSON.fullmatch(principal)
    if person is None:
        return False
    if not person[2].startswith(_LOOKED_UP) or seams.organization_of(person[1]) is None:
        return True
    return seams.role_exists(principal) or seams.user_exists(principal)
