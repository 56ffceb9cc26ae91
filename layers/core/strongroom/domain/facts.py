"""The events that Strongroom publishes: past-tense facts, each with account, Region, resource and reason.

The class name is the event's detail-type; its fields are the detail. Source on the bus: `strongroom`.
"""

from dataclasses import dataclass

from strongroom.domain.identifiers import AccountId, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact says: where it happened, to what, and why in words that a person can read."""

    account: AccountId
    region: Region
    resource: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOpened(Fact):
    """Something that should have happened did not, or something happened that never should."""

    fingerprint: str
    kind: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertResolved(Fact):
    """What an alert complained about is mended."""

    fingerprint: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequested(Fact):
    """Somebody asks for a restore; `resource` is what shall be brought back."""

    request_id: str
    requester: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreApproved(Fact):
    """Enough people approved, each with a fresh proof of presence."""

    request_id: str
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreClosed(Fact):
    """A restore ceremony has ended; `outcome` says how, `created` names what it made where it made something."""

    request_id: str
    outcome: str
    created: str


# Accounts and tags


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAssessed(Fact):
    """An account was judged; `missing` names every piece that it lacks."""

    state: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagEnforced(Fact):
    """The tag of a new resource was judged, and added or corrected where that was needed."""

    state: str
    tier: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFact(Fact):
    """What every fact about a copy says: from which recovery point, to which vault."""

    recovery_point: str
    destination: str
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyVerified(CopyFact):
    """A copy is in its vault, as promised; `copy` is its own recovery point."""

    copy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFailed(CopyFact):
    """A copy job failed, or what it left is not what was promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMissing(CopyFact):
    """A copy was due and nothing has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRestarted(CopyFact):
    """Strongroom started a copy again; `copy_job` is the new job."""

    copy_job: str
