"""What we publish of restores."""

from dataclasses import dataclass

from strongroom.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequested(Fact):
    """Somebody asks for a restore; `resource` is what shall be brought back, `incident` stands where it is urgent."""

    request_id: str
    requester: str
    ticket: str
    incident: str = ""


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
