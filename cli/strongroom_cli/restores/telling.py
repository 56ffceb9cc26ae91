"""Restores in words for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from strongroom.domain.restores.deciding.by_hand.own_calls import said_job
from strongroom.domain.restores.kinds.finishing import SETTINGS
from strongroom.domain.restores.requests import RestoreRequest, SealedRequest
from strongroom.domain.restores.showing.candidates import named_backup, told_candidates
from strongroom.domain.restores.showing.card import changed_settings
from strongroom.domain.restores.showing.told import told_aim, told_to_people
from strongroom.domain.restores.steps import RestoreOutcome, said_outcome
from strongroom_cli.restores.next_steps import next_step
from strongroom_cli.restores.receipts import Receipt

_CALLED: Final = {"chat": "chat", "ticket": "the ticket system", "identity-provider": "the identity provider"}
_RESTORE: Final = "restore"  # what the API calls it among the jobs
_MARKS: Final = {"passed": "done", "waits": "waits", "later": "later", "stopped": "ended"}


def proposed(sealed: SealedRequest, *, names: Mapping[str, str], is_tried: bool = False) -> list[str]:
    """What whoever signs is about to sign, out of the signed text alone; `names` are what subjects are called.

    What is only tried has no mark yet: each request that is asked gets an id of its own, and a mark by that.
    """
    request, changed = sealed.request, changed_settings(sealed)
    requester = names.get(request.requester, request.requester)
    entitled = entitled_by(request.ticket, request.incident, request.of)
    mark = "it gets its mark when it is asked" if is_tried else f"mark {_grouped(sealed.mark)}"
    return [
        *_aim(request),
        f"  asked by {requester}, {entitled}: {request.reason}",
        *(["  settings that differ from the backup's:", *(f"    {each}" for each in changed)] if changed else []),
        *(f"  {sentence}" for sentence in told_to_people(sealed)),
        *_candidates(told_candidates(request)),
        f"  to be approved before {request.approve_before:%Y-%m-%d %H:%M:%S} UTC; {mark}",
    ]


def _aim(request: RestoreRequest) -> list[str]:
    """What becomes of what, or what is set on what a restore made."""
    if request.is_after:
        return [
            f"  {told_aim(request)}: {request.call} on {request.resource}",
            *(f"  {name}: {value}" for name, value in request.metadata),
        ]
    return [
        f"  {request.resource}, {named_backup(request.recovery_point_created_at)}",
        f"  becomes {request.target_name} in account {request.account}, {request.region} ({request.course})",
    ]


def described(shown: Mapping[str, Any]) -> list[str]:
    """One ceremony in full."""
    request = shown["request"]
    account = f"{shown['account_name']} ({request['account']})" if shown["account_name"] else request["account"]
    entitled = entitled_by(request["ticket"], request.get("incident", ""), request.get("of", ""))
    return [
        waiting(shown),
        *_described_aim(request, account=account),
        *(f"  {sentence}" for sentence in shown["consequences"]),
        *_candidates(shown.get("candidates", ())),
        f"  asked by {shown['requester']}, {entitled}: {request['reason']}",
        f"  mark {_grouped(shown['mark'])}",
        *(f"  signed by {name}" for name in shown["approvals"]),
        *(_gate(gate) for gate in shown["gates"]),
        *(f"  {'away':<8} {_away(each)}" for each in shown["unreached"]),
        *([f"  created {shown['created']}"] if shown["created"] else []),
        *(line for each in shown.get("steps", ()) for line in _afterwards(each)),
        *(_by_hand(each) for each in shown.get("checklist", ())),
        *_left_behind(shown["left_behind"]),
        *_left_behind(shown.get("left_between")),
        *([f"  review: {shown['review']}"] if shown.get("review") else []),
        *_next(shown),
        *next_step(shown),
    ]


def _described_aim(request: Mapping[str, Any], *, account: str) -> list[str]:
    if request.get("of"):
        on = f"  {request['call']} on {request['resource']} in account {account}, after {request['of']}"
        return [on, *(f"  {name}: {value}" for name, value in request["metadata"])]
    backup = named_backup(datetime.fromisoformat(request["recovery_point_created_at"]))
    becomes = f"  becomes {request['target_name']} in account {account} ({request['plan']})"
    return [f"  {request['resource']}, {backup}", becomes]


def _candidates(lines: Sequence[str]) -> Iterator[str]:
    """What there was to choose from, below its first line."""
    yield from (f"  {line}" for line in lines[:1])
    yield from (f"    {line}" for line in lines[1:])


def _afterwards(step: Mapping[str, Any]) -> Iterator[str]:
    """What was done on what was restored, and below it what its reason is made of."""
    yield f"  afterwards, {step['step']} {step['outcome']}: {step['reason']}"
    yield from (f"    {part}" for part in step.get("parts", ()))


def _by_hand(step: Mapping[str, Any]) -> str:
    """A step of the list, and who has stated what of it; it is left to do until then."""
    asked = f" [{step['asked']}: {step['request']}]" if step.get("request") else ""
    if not step["outcome"]:
        return f"  {'to do':<9} {step['number']}. {step['step']}{asked}"
    if step.get("request") and not step["reason"]:
        return f"  {step['outcome']:<9} {step['number']}. {step['step']} ({step['by']}, {step['at']}){asked}"
    why = f", because: {step['reason']}" if step["reason"] else ""
    return f"  {step['outcome']:<9} {step['number']}. {step['step']} ({step['by']}, {step['at']}{why})"


def open_end(copy: Mapping[str, Any]) -> list[str]:
    """A copy that is not gone yet: of which request, since and until when, for whom, and what."""
    until = f"OVERDUE, was to be gone by {copy['gone_by']}" if copy["is_overdue"] else f"gone by {copy['gone_by']}"
    return [
        f"{copy['request_id']}  {copy['state']:<8} {copy['owner']}  since {copy['since']}  {until}",
        f"  {_what(copy)} in {copy['vault']}" if copy["vault"] else "  whether it left a copy behind is not known",
        f"  {copy['resource']}{f': {copy["reason"]}' if copy['reason'] else ''}",
    ]


def _left_behind(copy: Mapping[str, Any] | None) -> list[str]:
    if copy is None:
        return []
    if copy["state"] == "gone":
        return [f"  left behind: nothing any more; {_what(copy)} is gone from {copy['vault']}"]
    late = f"; OVERDUE: {copy['reason']}" if copy["is_overdue"] else ""
    if copy.get("is_access"):
        return [f"  left behind: {_what(copy)}, for {copy['owner']}; it is to be revoked by {copy['gone_by']}{late}"]
    end = f"expires by itself at {copy['expires_at']}, and is gone by {copy['gone_by']}"
    return [f"  left behind: {_what(copy)}, for {copy['owner']}; it {end}{late}"]


def _what(copy: Mapping[str, Any]) -> str:
    if copy.get("is_access"):
        return f"access to the air-gapped vault of {copy['source']}"
    return f"the copy {copy['recovery_point']}" if copy["recovery_point"] else f"a copy of {copy['source']}, on its way"


def entitled_by(ticket: str, incident: str, of: str = "") -> str:
    """The ticket, or the incident in place of it, or the restore `of` which it is."""
    if of and not ticket:
        return f"after {of}, without a ticket"
    return f"urgent, incident {incident}" if incident else f"ticket {ticket}"


def waiting(shown: Mapping[str, Any]) -> str:
    """How far a ceremony is, and what it waits for."""
    reason = shown["reason"]
    gates = [f"; {gate['name']}: waits for {gate['text']}" for gate in shown["gates"] if gate["state"] == "waits"]
    away = "".join(f"; {_away(each)}" for each in shown["unreached"])
    call, steps = shown.get("request", {}).get("call", ""), shown.get("steps", ())
    settings = next((each["outcome"] for each in steps if each["step"] == SETTINGS), "")
    state = said_outcome(shown["state"], faults=shown.get("faults", ()), call=call, settings=settings)
    stopped = "" if shown["state"] != RestoreOutcome.FAILED else _stopped_at(shown)
    says_it = reason.startswith(f"{state} ") and not stopped
    told = reason if says_it else f"{state}{stopped}{f': {reason}' if reason else ''}"
    return f"{shown['request_id']}: {told}{''.join(gates[:1])}{away}"


def what_is_waited_for(shown: Mapping[str, Any]) -> str:
    """How far an open request is: the gate that it waits at, who can decide, and for how long."""
    gates = [f"{gate['name']}: waits for {gate['text']}" for gate in shown["gates"] if gate["state"] == "waits"]
    told = [*(gates[:1] or [shown["state"]]), *_deciding(shown)]
    return "; ".join((*told, *(_away(each) for each in shown["unreached"])))


def _stopped_at(shown: Mapping[str, Any]) -> str:
    """The gate at which it ended, and what was begun for it: jobs of AWS Backup, or what a service's own call made."""
    gates = [f" at '{gate['name']}'" for gate in shown["gates"] if gate["state"] == "stopped"]
    call = shown["request"].get("call", "")
    jobs = [_said_job(name, job, call=call) for name, job in shown.get("jobs", {}).items()]
    return f"{''.join(gates[:1])}{f' ({", ".join(jobs)})' if jobs else ''}"


def _said_job(name: str, job: str, *, call: str) -> str:
    return said_job(job, call=call) if name == _RESTORE else f"{name.replace('_', ' ')} job {job}"


def receipt(taken: Mapping[str, Any], known: Receipt) -> list[str]:
    """What came of a signature: whether it is among those that count, and whether the log has it."""
    proof, request_id = str(taken["proof"]), taken["request_id"]
    return [f"{request_id}: {_counting(request_id, known)}", f"  proof {proof}{_logging(proof, known)}"]


def _counting(request_id: str, known: Receipt) -> str:
    if known.counts:
        return f"your word counts. {waiting(known.shown)}"
    if known.counts is None:
        look = f"strongroom restore show {request_id}"
        return f"what you signed was taken, and whether it counts cannot be told at the moment: {look}"
    return "what you signed was taken, and is not among what counts: call the security team."


def _logging(proof: str, known: Receipt) -> str:
    logged = known.logged
    if logged is None:
        is_seen = proof in known.shown.get("recorded", ())
        by_word = "the log has it, by the API's word" if is_seen else "nobody looked for it in the log"
        return f": {by_word}, for the intent does not name the log and its witness"
    if logged.is_there is None:
        return f": whether the log has it cannot be told at the moment ({logged.why_not})"
    if not logged.is_there:
        return f": not recorded ({logged.why_not}): call the security team, and tell the others who decide"
    return f": the log has it, seen by its witness on {logged.seen_at:%Y-%m-%d %H:%M:%S} UTC"


def _gate(gate: Mapping[str, str]) -> str:
    return f"  {_MARKS[gate['state']]:<8} {gate['name']}{f': {gate["text"]}' if gate['text'] else ''}"


def _away(unreached: Mapping[str, Any]) -> str:
    """Who could not be reached; nothing waits for whom it need not, and each is tried again."""
    since = f" since {unreached['since']}" if unreached["since"] else ""
    why = f" ({unreached['why']})" if unreached["why"] else ""
    return f"nobody could reach {_CALLED.get(unreached['whom'], unreached['whom'])}{since}{why}; it is tried again"


def _next(shown: Mapping[str, Any]) -> list[str]:
    """Who can decide, until when, and what whoever asked can do now."""
    if shown["state"] != "pending":
        return []
    approve = f"strongroom restore approve {shown['request_id']}"
    return [
        *(f"  {each}" for each in _deciding(shown)),
        f"  next: somebody who can decide opens the page in Slack, or types `{approve}`",
    ]


def _deciding(shown: Mapping[str, Any]) -> list[str]:
    """Who can decide, and for how long; nothing where nobody is waited for."""
    if not shown["time_left"]:
        return []
    return [f"can decide: {', '.join(shown['deciders']) or 'nobody'}; {shown['time_left']}"]


def _grouped(mark: str) -> str:
    return " ".join(mark[place : place + 4] for place in range(0, len(mark), 4))
