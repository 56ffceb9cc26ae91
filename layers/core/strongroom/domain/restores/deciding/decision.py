"""What the decision comes to, and the words in which it is told: each class a stable name, each with a sentence."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.restores.kinds.model import Barred
from strongroom.domain.restores.metadata import Metadata


class Verdict(StrEnum):
    """Whether it may be asked for."""

    OK = "ok"
    ELEVATED = "elevated"
    REFUSED = "refused"
    BY_HAND = "by-hand"


class Fault(StrEnum):
    """What can be wrong with a restore that is asked for."""

    DOUBLED_KEY = "doubled-key"
    BAD_VALUE = "bad-value"
    UNKNOWN_KEY = "unknown-key"
    FORBIDDEN_KEY = Barred.FORBIDDEN
    EXPORT = Barred.EXPORT
    CODE = Barred.CODE
    ROLE = Barred.ROLE
    FOREIGN_PLACE = "foreign-place"
    NOT_IN_PROFILE = "not-in-profile"
    NO_PROFILE = "no-profile"
    AWS_KEY = "aws-key"
    BY_HAND = "by-hand"
    BAD_NAME = "bad-name"
    NAME_TAKEN = "name-taken"
    INTO_EXISTING = "into-existing"
    BAD_TIME = "bad-time"
    BAD_STATE = "bad-state"
    WRONG_REGION = "wrong-region"
    CANNOT_COPY = "cannot-copy"
    COLD = "cold"
    RETENTION = "retention"
    INFECTED = "infected"
    UNKNOWN_TYPE = "unknown-type"
    NOT_BY_HAND = "not-by-hand"
    HAND_NOT_ALLOWED = "hand-not-allowed"


class Danger(StrEnum):
    """What can be risky about a restore, in the order in which people read it."""

    OVERWRITES = "overwrites"
    INFECTED = "infected"
    ADDS_INTO_LIVE = "adds-into-live"
    RUNS_AS_ROLE = "runs-as-role"
    SCAN_INCOMPLETE = "scan-incomplete"
    NEVER_SCANNED = "never-scanned"
    SCAN_UNREAD = "scan-unread"
    LOSES_DATA = "loses-data"
    ACLS = "acls"
    SOURCE_UNENCRYPTED = "source-unencrypted"
    RARELY_TRIED = "rarely-tried"
    AS_WRITTEN = "as-written"
    VAULT_KEY = "vault-key"
    AWS_KEY = "aws-key"
    OTHER_CLASS = "other-class"
    NO_MULTI_AZ = "no-multi-az"
    UNVERIFIED = "unverified"
    FROM_COLD = "from-cold"
    TEMPORARY_COPY = "temporary-copy"
    LEFT_OUT = "left-out"
    STEPS_AFTER = "steps-after"


# With one of these the stricter rule decides.
ELEVATED: Final = frozenset(
    {
        Danger.OVERWRITES,
        Danger.INFECTED,
        Danger.ADDS_INTO_LIVE,
        Danger.RUNS_AS_ROLE,
        Danger.SCAN_INCOMPLETE,
        Danger.ACLS,
        Danger.SOURCE_UNENCRYPTED,
        Danger.RARELY_TRIED,
        Danger.AS_WRITTEN,
    }
)


class Refusal(Struct, frozen=True, kw_only=True):
    """One fault; `key` is empty where no key of the metadata is to blame."""

    fault: Fault
    key: str
    sentence: str


class Risk(Struct, frozen=True, kw_only=True):
    """One risk, as approvers read it."""

    danger: Danger
    sentence: str


class LeftOut(Struct, frozen=True, kw_only=True):
    """A key of the backup that is not sent, and why."""

    key: str
    reason: str


class RestoreDecision(Struct, frozen=True, kw_only=True):
    """What would be sent, or why nothing is; all refusals at once, the risks in the order in which they are read."""

    verdict: Verdict
    metadata: Metadata = ()
    risks: tuple[Risk, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    steps: tuple[str, ...] = ()


def verdict_of(refusals: tuple[Refusal, ...], risks: tuple[Risk, ...]) -> Verdict:
    """Refused for any fault, and else as grave as the gravest risk."""
    if refusals:
        return Verdict.REFUSED
    return Verdict.ELEVATED if any(risk.danger in ELEVATED for risk in risks) else Verdict.OK
