"""What the page of a request is told beside the request's own text: names, sentences, and where it stands.

The page reads and hashes the text itself. Nothing here decides: it only says in words what the text and the proofs say.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from strongroom.domain.canonical import digest_of
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.risks import AFTER
from strongroom.domain.restores.checklists.standing import StepStanding
from strongroom.domain.restores.kinds.finishing import StepTaken
from strongroom.domain.restores.showing.gates import Happened, gates_of
from strongroom.domain.restores.showing.told import told_risks
from strongroom.domain.written import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.intent.ceremony import Person
    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.proofs.decisions import Verdict
    from strongroom.domain.restores.showing.gates import Entry, Gate

_ENDED = frozenset({DecisionState.DENIED, DecisionState.CANCELLED, DecisionState.EXPIRED})
_RUNNING, _DELAYED, _FAULTY = "running", "delayed", "faulty"


class PageState(StrEnum):
    """How far a request is, as its page sees it: nobody has signed it, it can be decided on, or it is over."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Judged(Struct, frozen=True, kw_only=True):
    """What the proofs of an open request come to, and what was done since: `outcome` is empty until it is over.

    `happened` is the last entry of each kind in its chain, `faults` what the job of a restore that stands did not do,
    `steps` what was done on what it made, and `checklist` the steps by hand, of a restore that stands.
    """

    verdict: Verdict
    is_started: bool = False
    outcome: str = ""
    outcome_reason: str = ""
    faults: tuple[str, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    checklist: tuple[StepStanding, ...] = ()
    happened: Mapping[str, Entry] = field(default_factory=dict)


class LogKeys(Struct, frozen=True, kw_only=True):
    """The log that shows people that it has what they signed: its name, and its key and its witness's as notes do."""

    origin: str
    log: str
    witness: str


class Around(Struct, frozen=True, kw_only=True):
    """What the page shows beside the text: names out of the intent, and sentences about what the text says.

    `issuer` is where people without a passkey sign by logging in, empty where they cannot.
    """

    people: Mapping[str, Person]
    rp_id: str
    account_name: str = ""
    ticket_url: str = ""
    consequences: tuple[str, ...] = ()
    issuer: str = ""
    log: LogKeys | None = None


class Difference(Struct, frozen=True, kw_only=True):
    """A setting of the restore that is another than the original's; a side that says nothing is empty."""

    key: str
    before: str
    after: str


class Keys(Struct, frozen=True, kw_only=True):
    """The passkeys of somebody who can sign something about the request, by their ids in base64url."""

    subject: str
    name: str
    ids: tuple[str, ...]


class Standing(Struct, frozen=True, kw_only=True):
    """Where it stands: a state of the decision, or an outcome; names of people, groups of missing seats.

    It may also be `delayed`, approved by enough people but not to be carried out yet, `running`, or `faulty`, restored
    with faults. `by` are those who ended it, or whose approvals carry it.
    """

    state: str
    reason: str = ""
    approvals: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


class ApprovalView(Struct, frozen=True, kw_only=True):
    """The answer to the page; `now` is the clock that counts, in UTC and whole seconds.

    `asks_number` says that an approval takes the number in chat, `created` what was restored, `steps` what was done on
    it then, `checklist` what people do by hand, and `evidence` the SHA-256 of the last entry of its chain, once it is
    over.
    """

    state: PageState
    text: str
    now: str
    names: dict[str, str]
    account_name: str
    tier: str
    ticket_url: str
    risks: tuple[str, ...]
    differences: tuple[Difference, ...]
    consequences: tuple[str, ...]
    standing: Standing
    credentials: tuple[Keys, ...]
    rp_id: str
    gates: tuple[Gate, ...]
    asks_number: bool
    issuer: str
    log: LogKeys | None
    created: str
    steps: tuple[str, ...]
    checklist: tuple[StepStanding, ...]
    evidence: str


def view_approval(
    asked: AskedRestore,
    text: str,
    *,
    judged: Judged | None,
    around: Around,
    now: datetime,
    asks_number: bool = False,
) -> ApprovalView:
    """What the page is told about the request of that text; `judged` is None while its requester has not signed it."""
    names = _names(asked, people=around.people)
    happened = judged.happened if judged else {}
    closed = happened.get(Happened.CLOSED)
    known = {person.subject: person.name for person in around.people.values()}
    return ApprovalView(
        state=_state(judged),
        text=text,
        now=moment_text(now),
        names=names,
        account_name=around.account_name,
        tier=asked.tier or "",
        ticket_url=around.ticket_url,
        risks=told_risks(asked),
        differences=differences(asked.content),
        consequences=around.consequences,
        standing=_standing(judged, names=names),
        credentials=tuple(_keys(asked, names=names)),
        rp_id=around.rp_id,
        gates=gates_of(
            asked,
            verdict=judged.verdict if judged else None,
            happened=happened,
            name_of=lambda subject: known.get(subject, subject),
        ),
        asks_number=asks_number,
        issuer=around.issuer if asked.policy.issuer and asked.policy.issuer.issuer == around.issuer else "",
        log=around.log,
        created=str(closed.facts.get("created", "")) if closed else "",
        steps=tuple(each.told for each in judged.steps) if judged else (),
        checklist=judged.checklist if judged else (),
        evidence=digest_of(closed.text) if closed else "",
    )


def differences(content: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Where the settings of a request differ from those of its `original`; none where it does not tell that.

    What follows a restore sets one thing, which is held against nothing.
    """
    original, metadata = content.get("original"), content["metadata"]
    if not isinstance(original, dict) or content.get("kind") == AFTER:
        return ()
    found = (
        Difference(key=key, before=str(original.get(key, "")), after=str(metadata.get(key, "")))
        for key in sorted({*original, *metadata})
    )
    return tuple(each for each in found if each.before != each.after)


def _state(judged: Judged | None) -> PageState:
    if judged is None:
        return PageState.DRAFT
    is_over = judged.outcome or (judged.verdict.state in _ENDED and not judged.is_started)
    return PageState.CLOSED if is_over else PageState.OPEN


def _standing(judged: Judged | None, *, names: Mapping[str, str]) -> Standing:
    """In names; what a person may not be shown as a subject is said by the state."""
    if judged is None:
        return Standing(state=DecisionState.PENDING)
    verdict = judged.verdict
    people = tuple(names.get(subject, subject) for subject in verdict.people)
    if judged.outcome:
        return Standing(state=_FAULTY if judged.faults else judged.outcome, reason=judged.outcome_reason, by=people)
    if judged.is_started:
        return Standing(state=_RUNNING, approvals=people, by=people)
    if verdict.state is DecisionState.PENDING and verdict.ready_at is not None:
        reason = f"It is carried out from {verdict.ready_at:%Y-%m-%d %H:%M:%S} UTC on."
        return Standing(state=_DELAYED, reason=reason, approvals=people, by=people)
    approvals = () if verdict.state in _ENDED else people
    by = () if verdict.state is DecisionState.PENDING else people
    reason = "" if people and not verdict.missing else verdict.reason
    return Standing(state=verdict.state, reason=reason, approvals=approvals, missing=verdict.missing, by=by)


def _names(asked: AskedRestore, *, people: Mapping[str, Person]) -> dict[str, str]:
    """The name of everybody whom the request or its rules name, so far as the intent still knows them."""
    known = {person.subject: person.name for person in people.values()}
    return {subject: known[subject] for subject in (asked.requester, *_deciders(asked)) if subject in known}


def _deciders(asked: AskedRestore) -> tuple[str, ...]:
    """Whoever is in a group of the rules that lists its people, each once."""
    groups = (asked.policy.groups.get(rule.group, ()) for rule in asked.policy.rules)
    return tuple(dict.fromkeys(subject for group in groups if isinstance(group, tuple) for subject in group))


def _keys(asked: AskedRestore, *, names: Mapping[str, str]) -> Iterator[Keys]:
    """The passkeys of the requester and of the deciders, as the rules in the text have them."""
    for subject in dict.fromkeys((asked.requester, *_deciders(asked))):
        if passkeys := asked.policy.people.get(subject, ()):
            ids = tuple(passkey.id for passkey in passkeys)
            yield Keys(subject=subject, name=names.get(subject, subject), ids=ids)
