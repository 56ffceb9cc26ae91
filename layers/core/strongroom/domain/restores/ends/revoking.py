"""When the access to an air-gapped vault is over, so that its team is asked to let it be revoked, and when it is not.

AWS Backup Developer Guide, "Requester tasks" of multi-party approval: who owns the vault asks, the team has 24 hours.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.arriving.access import VOTED_WITHIN, AccessVault
from strongroom.domain.restores.ends.standing import SETTLED_AFTER
from strongroom.domain.restores.requests import RestoreRequest


class AskedToRevoke(Struct, frozen=True, kw_only=True):
    """What a team was asked last: since when, AWS Backup's word for how it stands, and what it says of that.

    It may vote `until` then; where AWS Backup does not say, as long as any session lasts.
    """

    state: str
    since: datetime
    until: datetime | None = None
    message: str = ""

    @property
    def votes_until(self) -> datetime:
        """Until when the team may vote."""
        return self.until or self.since + VOTED_WITHIN


class RevokingState(StrEnum):
    """What is done about an access whose time is over: it is kept, its team has been asked, or is to be asked."""

    KEPT = "kept"
    ASKED = "asked"
    REFUSED = "refused"
    DUE = "due"


class RevokingVerdict(Struct, frozen=True, kw_only=True):
    """What is done, and why, for people to read."""

    state: RevokingState
    reason: str


_PENDING = "PENDING"


def why_needed(request: RestoreRequest, *, found: AccessVault, is_closed: bool, now: datetime) -> str:
    """Why nobody asks for the end of the access that was found; empty where its time is over.

    `request` and `is_closed`, whether it has come to its end, are what the evidence says.
    """
    if (found.arn, found.source) != (request.access_vault, request.vault):
        return f"{request.access_vault} shows another vault than {request.id} asked for: it is not revoked from here"
    if now < request.act_before:
        return f"a restore may be started out of it until {request.act_before:%Y-%m-%d %H:%M} UTC"
    return "" if is_closed else f"{request.id} has not come to its end"


def judge_revoking(asked: AskedToRevoke | None, *, uses: tuple[str, ...], now: datetime) -> RevokingVerdict:
    """What is done about an access whose time is over; `uses` are the jobs that may read through it, for people.

    While one may it is kept. A team that has not let it go is asked again a day after it was asked last. What AWS
    Backup calls pending is so as long as the team may vote, and no longer: it may never say that a vote is over.
    """
    if asked is not None and asked.state == _PENDING and now < asked.votes_until + SETTLED_AFTER:
        return RevokingVerdict(
            state=RevokingState.ASKED,
            reason=f"its team has until {asked.votes_until:%Y-%m-%d %H:%M} UTC to let it be revoked",
        )
    if uses:
        return RevokingVerdict(state=RevokingState.KEPT, reason=f"{', '.join(uses)} may read through it")
    if asked is not None and now < asked.since + VOTED_WITHIN:
        return RevokingVerdict(
            state=RevokingState.REFUSED,
            reason=f"its team was asked at {asked.since:%Y-%m-%d %H:%M} UTC to let it be revoked, and has not"
            f"{f' ({asked.message})' if asked.message else ''}; it is asked again a day later",
        )
    return RevokingVerdict(state=RevokingState.DUE, reason="its team is asked to let it be revoked")


def revoking_by_hand(request: RestoreRequest) -> str:
    """What a deployer types to ask the team for the end of the request's access, and where.

    `request` is the evidence's: what a row says, or an answer, is put into no command.
    """
    place = Arn.parse(request.vault)
    return (
        f"by hand, in account {place.account}: aws backup revoke-restore-access-backup-vault --region {place.region} "
        f"--backup-vault-name {place.name} --restore-access-backup-vault-arn {request.access_vault}"
    )
