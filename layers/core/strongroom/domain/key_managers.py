"""Who manages a KMS key: AWS, for one of its services, or whoever made the key.

AWS KMS Developer Guide, "AWS managed keys", "Aliases" (nobody else's begin with `alias/aws/`), "Multi-Region keys"
(those that AWS makes have one Region); AWS KMS API Reference, "KeyMetadata", `KeyManager`.
"""

import re
from enum import StrEnum
from typing import Final

from strongroom.domain.identifiers import AccountId

_ALIAS: Final = re.compile(
    r"(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:(?P<account>[0-9]{12}):)?alias/(?P<name>[\w/-]{1,250})", re.ASCII
)
_KEY: Final = re.compile(
    r"(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:(?P<account>[0-9]{12}):key/)?(?P<name>mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)


class KeyManager(StrEnum):
    """`KeyManager` of KMS: what AWS manages lies in the account of its user, and cannot be shared with another."""

    AWS = "AWS"
    CUSTOMER = "CUSTOMER"


def manager_told_by(key: str, *, account: AccountId) -> KeyManager | None:
    """Who manages the key that something in the account lies under, as its name tells; None where only KMS can."""
    if alias := _ALIAS.fullmatch(key):
        is_of_aws = alias["name"].startswith("aws/") and alias["account"] in {None, account}
        return KeyManager.AWS if is_of_aws else KeyManager.CUSTOMER
    known = _KEY.fullmatch(key)
    if known is None:
        return None
    is_shared = known["account"] not in {None, account}
    return KeyManager.CUSTOMER if is_shared or known["name"].startswith("mrk-") else None


def is_key(text: str) -> bool:
    """Whether the text names a key in one of the ways that KMS takes, so that it can be asked."""
    return bool(_KEY.fullmatch(text) or _ALIAS.fullmatch(text))
