"""What is read of a live organisation for the doctor, and for nobody else."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from strongroom.domain.statements import Statements


class ConcurrencyFound(Struct, frozen=True, kw_only=True):
    """How many functions an account runs at once, and for how many its event source mappings ask."""

    limit: int
    asked: int


class LogFound(Struct, frozen=True, kw_only=True):
    """The evidence log: its function's state (`Active`, empty where there is none), its newest checkpoint as a signed
    note, and when the newest piece of evidence was put; None where there is none.
    """

    state: str
    checkpoint: str | None
    newest: datetime | None


class RuleFound(Struct, frozen=True, kw_only=True):
    """A rule, the ARNs of what it sends to, and the queues that take what it could not deliver, with their counts."""

    name: str
    is_enabled: bool
    targets: tuple[str, ...]
    dead_letters: Mapping[str, int]


class BusFound(Struct, frozen=True, kw_only=True):
    """The bus: the statements of its policy, its rules, and those of each queue's policy, by the queue's ARN."""

    statements: Statements
    rules: tuple[RuleFound, ...]
    queues: Mapping[str, Statements]


class VaultedPoint(Struct, frozen=True, kw_only=True):
    """A recovery point as a list shows it; `tags` is None where AWS Backup does not list them."""

    arn: str
    type: str
    status: str
    key: str | None
    plan_name: str | None
    is_by_plan: bool
    created_at: datetime
    delete_at: datetime | None
    tags: Mapping[str, str] | None = None


class VaultContent(Struct, frozen=True, kw_only=True):
    """A vault's key, and the recovery points that lie in it."""

    arn: str
    key: str | None
    points: tuple[VaultedPoint, ...]


class JobFound(Struct, frozen=True, kw_only=True):
    """A backup or copy job, what it said at its end, the vault and recovery point of a backup, and a copy's source."""

    kind: str
    type: str
    state: str
    account: str
    created_at: datetime
    ended_at: datetime | None = None
    is_by_plan: bool = False
    message: str | None = None
    vault: str | None = None
    point: str | None = None
    source: str | None = None
