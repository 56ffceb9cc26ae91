"""Have a step by hand stated: hand out what somebody may sign about it, and keep what they signed.

It lies in a place of its own, where no verdict looks: it opens and approves nothing, and ends no restore. A step that
was dismissed is not set any more by a request that follows the restore.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRecordError, MalformedRequestError, RestoreRefusedError, StrongroomError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.restores.checklists.stated import (
    make_step_statement,
    read_stated,
    read_step_statement,
    why_not_stated,
)
from strongroom.domain.restores.checklists.steps import is_before, steps_by_hand
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.domain.written import base64url
from strongroom.services.restores.approving.take_proof import ProofState, tell_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish
    from strongroom.ports.ceremony import Drafts, Limits, OpenStatements
    from strongroom.ports.evidence import EvidenceHint
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_NONCE_BYTES: Final = 16
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 60
_MOST_OF_ONE_PERSON: Final = 40


class StepProposed(Struct, frozen=True, kw_only=True):
    """What to sign, with the request that it is about: whoever signs hashes the text themselves.

    `view` is the token of its page's link.
    """

    request_id: str
    statement: str
    text: str
    view: str


class StepStated(Struct, frozen=True, kw_only=True):
    """Whether the statement counts, and the steps that are left then."""

    request_id: str
    step: str
    outcome: StatedOutcome
    subject: str
    state: ProofState
    reason: str
    left: tuple[str, ...]


class StepStatingNeeds(Struct, frozen=True, kw_only=True):
    """What stating a step needs of the world."""

    judge: CeremonyJudge
    keeper: EvidenceKeeper
    drafts: Drafts
    statements: OpenStatements
    limits: Limits
    random: Callable[[int], bytes]
    log: EvidenceHint


def propose_step(
    request_id: str, wish: StepWish, *, view: str | None, needs: StepStatingNeeds, now: datetime
) -> StepProposed:
    """A statement to be signed; RestoreRefusedError for a step that is not on the list, not due, or stated already.

    `view` is the token of the link, None for somebody who is logged in. MalformedRequestError for a reason that nobody
    can sign.
    """
    draft = needs.drafts.read(parse_request_id(request_id))
    if view is not None:
        draft.demand_link(view)
    kept = needs.keeper.read(request_id)
    if refusal := _why_not_due(kept, wish.step) or _why_stated(kept, wish.step, needs=needs):
        raise RestoreRefusedError(refusal)
    if not needs.limits.count(f"steps {request_id}", most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise RestoreRefusedError("too many statements were asked for on this request; try again within the hour")
    asked, nonce = kept.sealed.asked, base64url(needs.random(_NONCE_BYTES))
    try:
        statement = make_step_statement(asked, wish.step, wish.outcome, reason=wish.reason, nonce=nonce, issued_at=now)
    except MalformedRecordError as error:
        raise MalformedRequestError(f"nobody can sign that: {error}") from error
    needs.statements.hand_out(statement, until=now + asked.policy.presence_max_age)
    return StepProposed(request_id=request_id, statement=statement.text, text=kept.sealed.text, view=draft.view)


def take_step(
    request_id: str, *, statement: str, signed: Assertion | KeptToken, needs: StepStatingNeeds, now: datetime
) -> StepStated:
    """Keep the statement apart from what decides; what is refused leaves no trace there.

    MalformedRecordError for what is no such statement.
    """
    said = read_step_statement(statement)
    kept = needs.keeper.read(parse_request_id(request_id))
    stated = read_stated(proof_text(statement, signed=signed))
    also = (needs.judge.rules_of(kept.sealed.request),)
    subject, refusal = why_not_stated(kept.sealed.asked, stated, evidence=needs.judge.evidence, at=now, also=also)
    refusal = refusal or _why_not_due(kept, said.step) or _why_stated(kept, said.step, needs=needs)
    if not refusal and not needs.statements.is_open(said):
        refusal = "this statement was not handed out here, or was used, or too long ago; ask for a new one"
    if not refusal and not _is_counted(subject, needs=needs, now=now):
        refusal = f"you stated {_MOST_OF_ONE_PERSON} steps within an hour; wait, or let somebody else state it"
    if not refusal:
        try:
            needs.keeper.add_stated(request_id, statement=statement, signed=signed)
        except StrongroomError:
            needs.limits.give_back(_counted_as(subject), within=_AN_HOUR, now=now)
            raise
        needs.statements.use(said)
        tell_log(request_id, log=needs.log)
    return StepStated(
        request_id=request_id,
        step=said.step,
        outcome=said.outcome,
        subject=subject,
        state=ProofState.REFUSED if refusal else ProofState.COUNTED,
        reason=refusal or f"it is stated that the step is {said.outcome}",
        left=_left(kept, needs=needs),
    )


def _why_not_due(kept: KeptCeremony, step: str) -> str:
    """Why nobody can state the step now; empty where somebody can."""
    request_id, ended = kept.sealed.request.id, (kept.last(EntryKind.CLOSED) or {}).get("outcome", "")
    if step not in steps_by_hand(kept.sealed.request.steps):
        return f"{request_id} has no such step by hand; see strongroom restore show {request_id}"
    if ended not in ("", RestoreOutcome.RESTORED):
        return f"{request_id} ended as {ended}: there is nothing left to do for it"
    if not is_before(step) and not kept.has(EntryKind.RESTORED):
        return f"{request_id} is not restored yet, and this step comes after that"
    return ""


def _why_stated(kept: KeptCeremony, step: str, *, needs: StepStatingNeeds) -> str:
    stated = needs.keeper.stated(kept, evidence=needs.judge.evidence).get(step)
    return f"{stated.subject} has stated already that it is {stated.outcome}" if stated else ""


def _left(kept: KeptCeremony, *, needs: StepStatingNeeds) -> tuple[str, ...]:
    stated = needs.keeper.stated(kept, evidence=needs.judge.evidence)
    return tuple(step for step in steps_by_hand(kept.sealed.request.steps) if step not in stated)


def _is_counted(subject: str, *, needs: StepStatingNeeds, now: datetime) -> bool:
    return needs.limits.count(_counted_as(subject), most=_MOST_OF_ONE_PERSON, within=_AN_HOUR, now=now)


def _counted_as(subject: str) -> str:
    return f"steps of {subject}"
