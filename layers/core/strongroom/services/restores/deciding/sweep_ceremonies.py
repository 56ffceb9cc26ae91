"""Take up what was interrupted: begin what was never begun, wake who missed the bell, close what was left open.

What restores leave behind for a while is followed here, too, until it is gone.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedRecordError,
    NotFoundError,
    QuorumUndefinedError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.destinations import guarded_vaults
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.ends.standing import EndState
from strongroom.services.restores.deciding.remind_reviewers import remind_reviewers
from strongroom.services.restores.ends.begin_end import begin_end, begin_unread
from strongroom.services.restores.ends.look_at_accesses import look_at_accesses
from strongroom.services.restores.ends.look_at_end import look_at_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strongroom.domain.intent.model import Organization
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.ends.standing import OpenEnd
    from strongroom.ports.ceremony import Bells, OpenRequests
    from strongroom.ports.restores import Ceremonies, WaitingTasks
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.evidence.keep_ceremony import KeptCeremony
    from strongroom.services.restores.deciding.judge_approval import JudgingNeeds
    from strongroom.services.restores.ends.begin_end import EndNeeds

# Who could not be told of an end by then is not told any more: a channel may be gone for good.
_TOLD_WITHIN: Final = timedelta(days=15)
_MOST_NAMED: Final = 3
# A vote takes up to a day, and each round about ten of the 25,000 events that the history of an execution may have
# (Step Functions Developer Guide, "Service quotas"); a sweep a minute is never farther from the next than that.
_VOTE_SEEN: Final = timedelta(minutes=5)
_SWEPT_WITHIN: Final = timedelta(seconds=90)
_HOURS_FROM: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LISTED_EACH: Final = timedelta(hours=1)


class CeremonySweepNeeds(Struct, frozen=True, kw_only=True):
    """What taking up ceremonies needs of the world; where nothing is open, nobody asks what judging takes."""

    open_requests: OpenRequests
    judging: Callable[[], JudgingNeeds]
    ceremonies: Ceremonies
    bells: Bells
    tasks: WaitingTasks
    alerts: AlertNotifier
    ends: EndNeeds
    home: Organization


class CeremoniesSwept(Struct, frozen=True, kw_only=True):
    """How many open requests were looked at, how many judges were woken, and how many open ends were looked at.

    Of `unread` requests nobody can read whether they left anything behind.
    """

    open: int
    woken: int
    reason: str
    ends: int = 0
    unread: int = 0


def sweep_ceremonies(*, needs: CeremonySweepNeeds, now: datetime) -> CeremoniesSwept:
    """Look at every open request: it is begun, woken if it waits and is decided, and closed if its execution is over.

    Of urgent restores the last one is looked at after its end, too, until it is reviewed, and what copies back left is
    followed until it is gone. What somebody else has put among them is complained of, once. Each hour it is looked who
    has access to the vaults that teams open. What cannot be looked at keeps nobody from the others;
    TemporarilyUnavailableError when all were looked at.
    """
    _complain_of_foreign(needs.open_requests.foreign(now=now), "restore requests", needs=needs, now=now)
    _complain_of_foreign(needs.ends.ends.foreign_ends(), "open ends", needs=needs, now=now)
    lines = [
        line
        for line in needs.open_requests.unended(now=now)
        if not line.outcome or now - line.requested_at < _TOLD_WITHIN
    ]
    # There is none after it before it is reviewed.
    ended = needs.open_requests.ended_urgently(now=now)[:1]
    unseen = [line for line in needs.open_requests.ended_lately(now=now) if not _is_seen(line, needs=needs)]
    woken = 0
    missed: list[str] = []
    if lines or ended or unseen:
        judging = needs.judging()
        for line in lines:
            with _noted(line.id, missed):
                woken += _take_up(line, judging=judging, needs=needs, now=now)
        for line in unseen:
            with _noted(line.id, missed):
                _begin_end(line, _kept(line.id, judging=judging), needs=needs, now=now)
        for line in ended:
            with _noted(line.id, missed):
                remind_reviewers(line.id, judging=judging, alerts=needs.alerts, now=now)
    due = [*needs.ends.ends.due_ends(now)]
    for end in due:
        with _noted(end.request_id, missed):
            _follow(end, needs=needs, now=now)
    guarded = guarded_vaults(needs.ends.intent) if (now - _HOURS_FROM) % _LISTED_EACH < _SWEPT_WITHIN else ()
    for vault in guarded:
        with _noted(vault.arn, missed):
            look_at_accesses(vault, needs=needs.ends, now=now)
    if missed:
        most = len(lines) + len(unseen) + len(ended) + len(due) + len(guarded)
        raise TemporarilyUnavailableError(f"{len(missed)} of {most} could not be looked at, first {missed[0]}")
    reason = f"{woken} of {len(lines)} were decided and waited" if lines else "no request is open"
    unread = sum(end.state is EndState.UNREAD for end in needs.ends.ends.open_ends())
    return CeremoniesSwept(open=len(lines), woken=woken, ends=len(due), unread=unread, reason=reason)


def _is_seen(line: OpenRequest, *, needs: CeremonySweepNeeds) -> bool:
    """Whether it is known what the request left; where its row is torn, whoever begins its end says so."""
    try:
        return needs.ends.ends.end_of(line.id) is not None
    except MalformedRecordError:
        return False


@contextmanager
def _noted(request_id: str, missed: list[str]) -> Iterator[None]:
    """Note what could not be looked at, whatever is wrong with it, and go on with the others."""
    try:
        yield
    except StrongroomError as error:
        missed.append(f"{request_id}: {error}")


def _complain_of_foreign(foreign: tuple[str, ...], what: str, *, needs: CeremonySweepNeeds, now: datetime) -> None:
    """Tell, once, what lies among them and is none of `what`."""
    if not foreign:
        return
    named = ", ".join(f"{place!r:.60}" for place in foreign[:_MOST_NAMED])
    alert = Alert(
        kind=AlertKind.TAMPERING_ATTEMPTED,
        subject=f"the list of {what}",
        account=needs.home.backup_account,
        region=needs.home.home_region,
        reason=(
            f"{len(foreign)} of its lines were written by nobody who keeps {what}, first {named}; they are passed "
            "by. Find out which role wrote them: it may write into that table"
        ),
    )
    needs.alerts.complain(alert, now=now)


def _take_up(line: OpenRequest, *, judging: JudgingNeeds, needs: CeremonySweepNeeds, now: datetime) -> bool:
    """Whether somebody was woken."""
    is_running = needs.ceremonies.begin(line.id)
    if not is_running:
        needs.ceremonies.begin_closing(line.id, now=now)
    kept = _kept(line.id, judging=judging)
    is_woken = is_running and _is_decided(kept, judging=judging, now=now) and _wake(line.id, needs=needs)
    if kept is not None or not is_running:
        _begin_end(line, kept, needs=needs, now=now)
    return is_woken


def _wake(request_id: str, *, needs: CeremonySweepNeeds) -> bool:
    token = needs.bells.token(request_id)
    return token is not None and needs.tasks.succeed(token, {})


def _kept(request_id: str, *, judging: JudgingNeeds) -> KeptCeremony | None:
    """What the evidence holds; None where it cannot be read."""
    try:
        return judging.keeper.read(request_id)
    except (ApprovalVoidError, MalformedRecordError, NotFoundError):
        return None


def _begin_end(line: OpenRequest, kept: KeptCeremony | None, *, needs: CeremonySweepNeeds, now: datetime) -> None:
    if kept is None:
        begin_unread(line, needs=needs.ends, now=now)
    else:
        begin_end(kept, needs=needs.ends, now=now)


def _follow(end: OpenEnd, *, needs: CeremonySweepNeeds, now: datetime) -> None:
    """Look at the end; one whose evidence could not be read is begun anew where it can be."""
    if end.state is EndState.UNREAD and not end.is_access:
        kept = _kept(end.request_id, judging=needs.judging())
        begun = None if kept is None else begin_end(kept, needs=needs.ends, now=now)
        if begun is not None and begun.state is not EndState.UNREAD:
            return
    look_at_end(end, needs=needs.ends, now=now)


def _is_decided(kept: KeptCeremony | None, *, judging: JudgingNeeds, now: datetime) -> bool:
    """Whether the judge would say something else than to wait on."""
    if kept is None:
        return True  # to its end, which says why
    try:
        verdict = judging.judge.decide(kept, now=now)
    except (ApprovalVoidError, MalformedRecordError, NotFoundError, QuorumUndefinedError):
        return True
    if verdict.state is DecisionState.APPROVED and _is_left_to_team(kept, now=now):
        return False
    return verdict.state is not DecisionState.PENDING and not kept.has(EntryKind.RESTORE_STARTED)


def _is_left_to_team(kept: KeptCeremony, *, now: datetime) -> bool:
    """Whether it waits for the team of a vault, and is not to be looked at in this sweep."""
    last = kept.chain[-1] if kept.chain else None
    return last is not None and last.kind == EntryKind.ACCESS_ASKED and (now - last.at) % _VOTE_SEEN >= _SWEPT_WITHIN
