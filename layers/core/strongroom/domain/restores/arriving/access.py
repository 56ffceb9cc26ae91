"""Access to an air-gapped vault of another account, which its approval team opens: asked for, awaited, or over.

AWS Backup Developer Guide, "Requester tasks" and "Administrator tasks" of multi-party approval: a session ends 24 hours
after it was asked for, and the vault through which the points are seen is there once enough of the team have approved.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError, TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn

VOTED_WITHIN: Final = timedelta(hours=24)
# Longer than a list is behind what happened.
_SHOWN_WITHIN: Final = timedelta(minutes=10)
_DETAIL: Final = timedelta(minutes=1)


class VaultState(StrEnum):
    """What AWS Backup calls the states of such a vault."""

    CREATING = "CREATING"
    AVAILABLE = "AVAILABLE"
    FAILED = "FAILED"


class AccessVault(Struct, frozen=True, kw_only=True):
    """A vault through which an account sees the recovery points of another, `source`, as AWS Backup describes it.

    Of a vault that is none such there is no `source`. `session` is where its team votes.
    """

    arn: str
    source: str
    state: str
    session: str = ""


def demand_open(found: AccessVault | None, *, source: str, team: str, asked_at: datetime, now: datetime) -> None:
    """Pass once the team has opened the vault `source`; it was asked at that moment.

    TemporarilyUnavailableError while it may still be opened, RestoreFailedError where it is not going to be.
    """
    name, until = Arn.parse(source).name, asked_at + VOTED_WITHIN
    is_late = now >= until + _SHOWN_WITHIN
    if found is not None:
        _demand_of(found, source=source)
    if found is not None and found.state == VaultState.AVAILABLE:
        return
    if found is not None and found.state == VaultState.FAILED:
        how = "has not said so within 24 hours" if now >= until - _DETAIL else "has refused to"
        raise RestoreFailedError(f"{team} {how}: it was asked to open {name}, in {found.session or 'a session'}")
    if is_late:
        raise RestoreFailedError(
            f"{team} was asked to open {name} at {asked_at:%Y-%m-%d %H:%M} UTC, and it is not open"
        )
    raise TemporarilyUnavailableError(
        f"it waits for its vault: {team} has until {until:%Y-%m-%d %H:%M} UTC to open {name}"
    )


def demand_team(found: str, *, source: str, team: str) -> None:
    """Pass where AWS Backup says that the vault `source` has the team that people approved; ApprovalVoidError else."""
    if found != team:
        by = Arn.parse(found).name if found else "no approval team"
        raise ApprovalVoidError(
            f"{Arn.parse(source).name} is opened by {by}, and not by {Arn.parse(team).name}, which was approved"
        )


def demand_still_open(found: AccessVault | None, *, source: str) -> None:
    """Pass where what the team has opened is open still; RestoreFailedError at once where it is not."""
    if found is not None:
        _demand_of(found, source=source)
    if found is None or found.state != VaultState.AVAILABLE:
        raise RestoreFailedError(
            f"{Arn.parse(source).name} was opened, and has been revoked since: nobody asks its team twice for one "
            "request, so ask for the restore anew"
        )


def demand_unplanted(found: AccessVault | None, *, source: str, is_intended: bool) -> None:
    """Pass where nobody has anything of the name, or the request itself has asked for it; RestoreFailedError else."""
    if found is None:
        return
    _demand_of(found, source=source)
    if not is_intended:
        raise RestoreFailedError(f"{found.arn} was there before anybody was asked: who made it opens nothing for this")


def _demand_of(found: AccessVault, *, source: str) -> None:
    if found.source != source:
        raise RestoreFailedError(f"{found.arn} shows {found.source or 'what it keeps itself'}, and not {source}")
