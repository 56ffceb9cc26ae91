"""What is read where a copy did not come about, of its source, its destination and the organisation."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.found import RecoveryPointFound, VaultFound
from strongroom.domain.statements import Statements

# What may be unread and absent alike.
SOURCE: Final = "the backup"
VAULT: Final = "the vault"


class SourceKey(Struct, frozen=True, kw_only=True):
    """The key of a source: who manages it (`CUSTOMER`, `AWS`), its state, and its policy where that may be read."""

    arn: str
    manager: str
    state: str
    statements: Statements | None


class Circumstances(Struct, frozen=True, kw_only=True):
    """What was read; None of what is not there, and of what could not be read, whose names are in `unread`.

    `words` are what AWS said of the last try, `error` the name of what ended ours, if anything did. `opt_ins` are the
    Region's, by AWS Backup's names of types. `has_left` says that the account is governed no more, or gone.
    """

    words: str
    error: str | None
    source: RecoveryPointFound | None
    key: SourceKey | None
    vault: VaultFound | None
    vault_policy: Statements | None
    opt_ins: Mapping[str, bool] | None
    is_cross_account: bool | None
    has_left: bool
    unread: frozenset[str] = frozenset()


def of_words(words: str) -> Circumstances:
    """Where nothing was read yet, and AWS's words are all there is."""
    return Circumstances(
        words=words,
        error=None,
        source=None,
        key=None,
        vault=None,
        vault_policy=None,
        opt_ins=None,
        is_cross_account=None,
        has_left=False,
        unread=frozenset({SOURCE, VAULT}),
    )
