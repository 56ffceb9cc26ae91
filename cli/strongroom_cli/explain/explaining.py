"""The answer to one event: where it is heard, by which rule, what its function makes of it, or what is nearest."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from strongroom.domain.accounts.events import read_notice
from strongroom.domain.errors import MalformedError
from strongroom.domain.hearing.patterns import Difference, differences
from strongroom.domain.hearing.reach import Reach, reach_of
from strongroom.domain.hearing.rules import Rule, rules_of_the_buses
from strongroom.domain.identifiers import parse_account_id, parse_region
from strongroom.domain.intent.model import Intent
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.heartbeats import BeatSent
from strongroom.runtime.contracts.jobs.backups import BackupJobChange, CopyJobChange
from strongroom.runtime.contracts.organizations import AccountChange
from strongroom.runtime.contracts.trail import TagsChanged, TrailRecord
from strongroom_cli.explain.answers import Answer, Known, NearMiss, Outcome, Reading, Told
from strongroom_cli.explain.changes import explain_change
from strongroom_cli.explain.creations import explain_creation
from strongroom_cli.explain.documents import Given
from strongroom_cli.explain.others import explain_account, explain_backup, explain_beat, explain_copy
from strongroom_cli.explain.tampering import call_facts, explain_call

_SHOWN: Final = ("id", "source", "detail-type", "account", "region", "time")
_READ_ONLY: Final = (
    "CloudTrail marks it as read only: EventBridge delivers such calls only to rules that ask for all management"
    " events, and none of ours does"
)
_BURIED: Final = "DEAD_LETTER"
_FAR: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What answers are given from: the intent, what was told, and the time."""

    intent: Intent
    told: Told
    now: datetime


type Read = tuple[tuple[Known, ...], tuple[Outcome, ...]]


def explain(given: Given, *, around: Surroundings) -> Answer:
    """What becomes of an event, and why; whatever it is, there is an answer."""
    event = given.event
    shown = {name: event[name] for name in _SHOWN if isinstance(event.get(name), str)} | _named(event)
    if given.form == "unknown":
        return Answer(summary="no event", event=shown, fault=given.fault)
    rules = rules_of_the_buses(around.intent.organization.backup_account)
    compared = [(rule, differences(rule.pattern, event)) for rule in rules]
    heard = [rule for rule, different in compared if not different]
    reach = _reach(event, around)
    readings = tuple(_reading(rule, event, around) for rule in heard)
    return Answer(
        summary=_summary(readings, reach),
        event=shown,
        fault=given.fault,
        reach=reach,
        notes=_notes(event),
        readings=readings,
        nearest=() if heard else _nearest(compared),
    )


def _named(event: Mapping[str, Any]) -> dict[str, str]:
    detail = event.get("detail")
    if not isinstance(detail, Mapping):
        return {}
    return {name: detail[name] for name in ("eventName", "errorCode", "state") if isinstance(detail.get(name), str)}


def _reach(event: Mapping[str, Any], around: Surroundings) -> Reach:
    try:
        account, region = parse_account_id(str(event.get("account"))), parse_region(str(event.get("region")))
    except MalformedError as error:
        return Reach(is_heard=False, reason=f"{error}: AWS delivers no such event")
    intent, units = around.intent, around.told.units
    reach = reach_of(str(event.get("source")), account=account, region=region, intent=intent)
    if reach.is_heard is not None or units is None:
        return reach
    target = intent.target_of(account, units)
    if target is None:
        return Reach(is_heard=False, reason="the account is not governed, so that no forwarder stands there")
    return Reach(is_heard=True, reason=f"the member stack forwards it from {region}, as {target.name} is governed")


def _notes(event: Mapping[str, Any]) -> tuple[str, ...]:
    detail = event.get("detail")
    is_read_only = isinstance(detail, Mapping) and detail.get("readOnly") is True
    return (_READ_ONLY,) if is_read_only and "API Call" in str(event.get("detail-type")) else ()


def _nearest(compared: list[tuple[Rule, tuple[Difference, ...]]]) -> tuple[NearMiss, ...]:
    least = min(_distance(different) for _, different in compared)
    return tuple(
        NearMiss(rule=rule.name, hears=rule.hears, differences=different)
        for rule, different in compared
        if _distance(different) == least
    )


def _distance(different: tuple[Difference, ...]) -> int:
    """How far an event is from a rule: one of another service, or of another kind, is far."""
    return sum(_FAR if each.field in ("source", "detail-type") else 1 for each in different)


def _summary(readings: tuple[Reading, ...], reach: Reach) -> str:
    if not readings:
        return "no rule of ours hears it: nothing is done"
    if reach.is_heard is False:
        return "a rule would hear it, but it never comes to our bus: nothing is done"
    said = dict.fromkeys(f"{each.hears}: {each.outcomes[0].state}" for each in readings if each.outcomes)
    return "; ".join(said)


def _reading(rule: Rule, event: Mapping[str, Any], around: Surroundings) -> Reading:
    try:
        facts, outcomes = _READERS.get(rule.function, _told_only)(event, around)
    except (msgspec.MsgspecError, MalformedError, RecursionError) as error:
        reason = f"it cannot be read, and goes to the dead letters with the reason: {error}"
        facts, outcomes = (), (Outcome(state=_BURIED, reason=reason),)
    return Reading(rule=rule.name, hears=rule.hears, function=rule.function, facts=facts, outcomes=outcomes)


def _parsed[Detail](event: Mapping[str, Any], contract: type[Detail]) -> Event[Detail]:
    """The event as the function behind a rule reads it: by the contract, from JSON."""
    decoder = msgspec.json.Decoder(Event[contract])  # type: ignore[valid-type]
    parsed: Event[Detail] = decoder.decode(json.dumps(event))
    return parsed


def _creation(event: Mapping[str, Any], around: Surroundings) -> Read:
    parsed = _parsed(event, TrailRecord)
    explained = explain_creation(parsed.detail.observed(parsed), told=around.told, intent=around.intent, now=around.now)
    return explained.facts, explained.outcomes


def _change(event: Mapping[str, Any], around: Surroundings) -> Read:
    parsed = _parsed(event, TagsChanged)
    explained = explain_change(parsed.detail.observed(parsed), told=around.told, intent=around.intent, now=around.now)
    return explained.facts, explained.outcomes


def _call(event: Mapping[str, Any], around: Surroundings) -> Read:
    parsed = _parsed(event, TrailRecord)
    call = parsed.detail.observed(parsed)
    facts = (Known(name="caller", value=call.caller, origin="the event"), *call_facts(call, intent=around.intent))
    return facts, tuple(explain_call(call, intent=around.intent, now=around.now))


def _account(event: Mapping[str, Any], around: Surroundings) -> Read:
    parsed = _parsed(event, AccountChange)
    notice = read_notice(parsed.detail.observed(parsed), intent=around.intent)
    return (), tuple(explain_account(notice, told=around.told, intent=around.intent))


def _backup(event: Mapping[str, Any], around: Surroundings) -> Read:
    parsed = _parsed(event, BackupJobChange)
    job = parsed.detail.observed(parsed)
    facts = (
        Known(name="vault", value=job.vault or "not named", origin="the event"),
        Known(name="recovery point", value=job.recovery_point or "not named", origin="the event"),
        Known(name="plan", value=job.made_by.plan if job.made_by else "none: by hand", origin="the event"),
    )
    return facts, tuple(explain_backup(job, intent=around.intent))


def _copy(event: Mapping[str, Any], around: Surroundings) -> Read:
    parsed = _parsed(event, CopyJobChange)
    notice = parsed.detail.observed(parsed)
    facts = (
        Known(name="from", value=notice.job.source_vault, origin="the event"),
        Known(name="into", value=notice.job.destination, origin="the event"),
    )
    return facts, tuple(explain_copy(notice, intent=around.intent))


def _beat(event: Mapping[str, Any], around: Surroundings) -> Read:
    parsed = _parsed(event, BeatSent)
    return (), tuple(explain_beat(parsed.detail.observed(parsed), intent=around.intent))


def _told_only(event: Mapping[str, Any], around: Surroundings) -> Read:
    """An event that is read for what it says, and judged by nothing that the intent file knows."""
    del event, around
    return (), (Outcome(state="TAKEN", reason="the function takes it for what it says; nothing is judged offline"),)


_READERS: Final[dict[str, Callable[[Mapping[str, Any], Surroundings], Read]]] = {
    "enforce_tags": _creation,
    "answer_drift": _change,
    "report_tampering": _call,
    "assess_account": _account,
    "open_promises": _backup,
    "verify_copy": _copy,
    "hear_heartbeat": _beat,
}
