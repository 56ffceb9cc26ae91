"""The keys that sources lie under: both ends of a copy to another account must be let use them.

Sources: AWS Backup Developer Guide, "Encryption for backups in AWS Backup" and "Creating backup copies across AWS
accounts"; AWS Storage Blog, "How encryption works in AWS Backup".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from strongroom.domain.findings import Finding, warning
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.statements import Statements, is_narrowed, is_open, ungranted

_COPYING: Final = ("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
_CUSTOMER: Final = "CUSTOMER"
_ENABLED: Final = "Enabled"
_TOLD: Final = 5
_FOR_AWS: Final = "kms:grantisforawsresource"


class KeyFound(Struct, frozen=True, kw_only=True):
    """A key of KMS: who manages it (`CUSTOMER`, `AWS`), its state, and the statements of its policy."""

    arn: str
    manager: str
    state: str
    statements: Statements


class SourceFound(Struct, frozen=True, kw_only=True):
    """A resource that lies under a key: its ARN or id, its type, and the key."""

    name: str
    type: str
    key: KeyFound


# A key, or why nobody could read it.
type FoundKey = KeyFound | str
type Sources = Mapping[tuple[AccountId, Region], tuple[SourceFound, ...] | None]


def wrong_with_key(key: KeyFound, *, copier: AccountId, organization: str) -> Iterator[str]:
    """What keeps the account from copying what lies under the key."""
    if key.manager != _CUSTOMER:
        yield f"{key.arn} is managed by AWS, and no other account can use it"
        return
    if key.state != _ENABLED:
        yield f"{key.arn} is {key.state}"
    if any(is_open(each) for each in key.statements):
        yield f"{key.arn} is open to everybody"
    if missing := ungranted(key.statements, _COPYING, account=copier, organization=organization):
        yield f"{key.arn} does not grant {copier} {', '.join(missing)}"


def judge_source_keys(sources: Sources, *, copiers: Iterable[AccountId], organization: str) -> Iterator[Finding]:
    """Copies to these accounts that will fail for the key of their source; None is a place nobody could look into."""
    stopped = [
        f"{source.type} {source.name} in {account} {region}: {why}"
        for copier in copiers
        for (account, region), found in sources.items()
        for source in found or ()
        for why in wrong_with_key(source.key, copier=copier, organization=organization)
    ]
    if stopped:
        yield warning(
            "source-key-closed",
            "vaults",
            f"copies fail for the keys of their sources: {first_of(stopped, '; ')}; add the statements of "
            "key-policies/source-keys.json to the policy of each key, and encrypt anew what lies under one of AWS's",
        )
    if closed := [f"{account} {region}" for (account, region), found in sources.items() if found is None]:
        yield warning(
            "source-keys-unknown",
            "vaults",
            f"the keys of sources in {first_of(closed, ', ')} are unknown: the role of --through cannot look there",
        )


def left_unread(statements: Statements, *, organization: str) -> Iterator[str]:
    """What of a key's policy nobody judges here, by its Sid: what it denies, and whom it lets in on other terms.

    Terms are judged where they ask for this organisation, or for a grant to an AWS service, which is all that AWS
    Backup asks for. Whom of an account it names, the account's own policies do not widen.
    """
    for number, each in enumerate(statements, start=1):
        is_allowed = each.get("Effect") == "Allow"
        if not is_allowed or is_narrowed(each, organization=organization, but=(_FOR_AWS,)):
            yield f"its statement {each.get('Sid') or number}"


def first_of(texts: list[str], between: str) -> str:
    """The first of them, and how many more there are."""
    told = between.join(texts[:_TOLD])
    return told + (f" and {len(texts) - _TOLD} more" if len(texts) > _TOLD else "")
