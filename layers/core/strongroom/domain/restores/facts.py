"""What we publish of restores."""

from strongroom.domain.facts import Fact


class RestoreRequested(Fact, frozen=True, kw_only=True):
    """Somebody asks for a restore; `resource` is what shall be brought back, `incident` stands where it is urgent."""

    request_id: str
    requester: str
    ticket: str
    incident: str = ""


class RestoreApproved(Fact, frozen=True, kw_only=True):
    """Enough people approved, each with a fresh proof of presence."""

    request_id: str
    approvers: tuple[str, ...]


class RestoreClosed(Fact, frozen=True, kw_only=True):
    """A restore ceremony has ended; `outcome` says how, `created` names what it made where it made something."""

    request_id: str
    outcome: str
    created: str
