"""Bundles of requests that follow a restore: a call on what that made, without a ticket for seven days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.written import moment_text
from tests.builders.proving.ceremony import ACCOUNT, START, Play, a_job, a_request_content, an_approved_play
from tests.unit.domain.evidence.forged.cases import BROKEN, PROVEN, Case

TABLE: Final = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders-0200"
EXPIRES: Final = {"TimeToLiveSpecification": '{"AttributeName":"expires","Enabled":true}'}
_WEEK: Final = timedelta(days=7)
_LATE: Final = "no ticket entitled to it before"


def following(**changes: Any) -> dict[str, Any]:
    """Time to live of a table that was restored an hour before; None is left out."""
    usual: dict[str, Any] = {
        "kind": "after",
        "call": "dynamodb:UpdateTimeToLive",
        "of": "r-bcdefghj2345",
        "of_closed": "a" * 64,
        "of_restored_at": moment_text(START - timedelta(hours=1)),
        "requested_at": moment_text(START),
        "resource": TABLE,
        "metadata": EXPIRES,
        "risks": [],
        "ticket": None,
    }
    return a_request_content(**usual | changes)


def _carried_out(
    *,
    created: str = TABLE,
    waits: float = 0.0,
    asked: dict[str, Any] | None = None,
    entitled: dict[str, Any] | None = None,
    **job: Any,
) -> Callable[[], tuple[str, str]]:
    """The whole of it; `waits` are the hours between the intent and the call, `entitled` what a ticket's entry says."""

    def made() -> tuple[str, str]:
        play = an_approved_play(play=Play(request=following(**(asked or {}))))
        if entitled is not None:
            play.happen(EntryKind.TICKET_ENTITLES, **entitled)
        play.intend()
        play.wait(seconds=20, hours=waits)
        play.happen(EntryKind.RESTORE_STARTED, job=TABLE)
        play.wait(seconds=20)
        told = a_job(IamRoleArn=None, RecoveryPointArn=None, Metadata=EXPIRES, CreationDate=moment_text(START))
        told |= {"RestoreJobId": TABLE, "Request": play.request["id"], "Resource": TABLE} | job
        play.happen(EntryKind.RESTORED, job=told, created=created)
        play.close("restored")
        return play.bundle(), play.trust()

    return made


_SIGNED_LATE: Final = {
    "of_restored_at": moment_text(START - _WEEK - timedelta(seconds=1)),
    "requested_at": moment_text(START - timedelta(seconds=1)),
}
FOLLOWING: Final[dict[str, Case]] = {
    "what follows a restore, without a ticket": Case(_carried_out(), PROVEN),
    "what follows a restore, with a ticket": Case(_carried_out(asked={"ticket": "OPS-1"}), PROVEN),
    "what follows a restore of a week ago": Case(
        _carried_out(asked={"of_restored_at": moment_text(START - _WEEK)}), PROVEN
    ),
    "what follows a restore, signed after a week": Case(_carried_out(asked=_SIGNED_LATE), BROKEN, _LATE),
    "what follows a restore, signed after a week, and no ticket entitles to it": Case(
        _carried_out(asked=_SIGNED_LATE, entitled={}), BROKEN, "ticket"
    ),
    "what follows a restore, signed after a week, and a ticket without a name entitles to it": Case(
        _carried_out(asked=_SIGNED_LATE, entitled={"ticket": ""}), BROKEN, "ticket"
    ),
    "what follows a restore, and no ticket entitles to it": Case(_carried_out(entitled={}), BROKEN, "ticket"),
    "what follows a restore, and another's ticket entitles to it": Case(
        _carried_out(entitled={"ticket": "OPS-1"}), BROKEN, "another ticket"
    ),
    "what follows a restore, on another table": Case(_carried_out(created=f"{TABLE}-2"), BROKEN, "something else"),
    "what follows a restore, described on another table": Case(_carried_out(Resource=f"{TABLE}-2"), BROKEN, "Resource"),
    "what follows a restore, for another request": Case(_carried_out(Request="r-other23456"), BROKEN, "Request"),
    "what follows a restore, of another attribute": Case(_carried_out(Metadata={}), BROKEN, "Metadata"),
    "what follows a restore, in another account": Case(_carried_out(AccountId="333333333333"), BROKEN, "AccountId"),
    "what follows a restore, after its time": Case(_carried_out(waits=5.0), BROKEN, "not "),
}
