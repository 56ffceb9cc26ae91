"""`strongroom doctor`: which assumptions hold in the live organisation; nothing is changed."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from strongroom.adapters.aws.account_access import AccountClients
from strongroom.adapters.aws.doctor.backups import NightlyBackups
from strongroom.adapters.aws.doctor.delivery import Deliveries
from strongroom.adapters.aws.doctor.evidence_log import EvidenceLogs
from strongroom.adapters.aws.doctor.keys import Keys
from strongroom.adapters.aws.doctor.reading import ReadingAccess
from strongroom.adapters.aws.doctor.surroundings import Surroundings
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.doctor.checks import ORGANIZATION, every_call
from strongroom.domain.doctor.diagnosis import Diagnosis, Outcome, statement
from strongroom.domain.doctor.obstacles import why_nothing_begins
from strongroom.domain.doctor.recorded_events import parse_events
from strongroom.domain.errors import MalformedRequestError, StrongroomError
from strongroom.domain.intent.model import Intent
from strongroom.domain.values import asdict
from strongroom.services.doctor.examine_organization import ensure_organization, examine_organization
from strongroom.services.doctor.visit import DoctorNeeds
from strongroom.services.rollout.leave_out_accounts import leave_out_accounts
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.doctor.recording import Recording
from strongroom_cli.errors import one_line, show_findings, tell
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.looking import add_looking_arguments, print_policy
from strongroom_cli.rollout.organization import desired_of, enter, rollout_needs
from strongroom_cli.rollout.waiting import Waiting

SOUND: Final = 0
UNPROTECTED: Final = 1
REFUSED: Final = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="look which assumptions hold in the live organisation",
        description="Look at the live organisation, with the management account's credentials, and print a line for "
        "each assumption as it is found: it holds, it does not hold, or it cannot be seen. Only Describe, Get and List "
        "are called. Exit code 0: nothing that protects is off; 1: something is; 2: bad input, or nobody may look.",
    )
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    add_looking_arguments(parser, command="the doctor")
    parser.add_argument("--json", action="store_true", help="print a JSON object on each line")
    parser.add_argument("--record", type=Path, metavar="DIR", help="keep AWS's answers there, redacted")
    parser.add_argument(
        "--events",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="events of EventBridge as JSON, to be kept with --record",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print each diagnosis as it is found, and on standard error how many there are of each kind."""
    if arguments.policy:
        print_policy(statement(every_call()))
        return SOUND
    intent, warnings = load_intent_file(arguments.file)
    show_findings(warnings, source=arguments.file)
    desired = desired_of(intent, source=arguments.file)
    recording, events = _recording(intent, arguments)
    try:
        needs = doctor_needs(intent, enter(intent, through=arguments.through), recording=recording)
        first = ensure_organization(desired, needs=needs)
        desired = leave_out_accounts(desired, policies=needs.rollout.policies)
    except StrongroomError as error:
        tell(why_nothing_begins(error, ORGANIZATION))
        return REFUSED
    if recording is not None:
        recording.begin(events)
    return _told(first, examine_organization(desired, needs=needs, now=datetime.now(UTC)), as_json=arguments.json)


def doctor_needs(intent: Intent, access: AccountClients, *, recording: Recording | None) -> DoctorNeeds:
    """What the doctor needs, through clients that only read."""
    reading = ReadingAccess(access, hear=(lambda _: None) if recording is None else recording.hear)
    return DoctorNeeds(
        rollout=rollout_needs(intent, reading, template_bucket=None, waiting=Waiting()),
        surroundings=Surroundings(reading),
        keys=Keys(reading),
        deliveries=Deliveries(reading),
        backups=NightlyBackups(reading, management_account=intent.organization.management_account),
        evidence=EvidenceLogs(reading),
        signatures=CryptographySignatures(),
    )


def line_of(diagnosis: Diagnosis) -> str:
    """A diagnosis on one line."""
    told = f"{diagnosis.outcome:<14}  {diagnosis.check:<18}  {diagnosis.where}: {diagnosis.assumption}"
    remedy = f"; to do: {diagnosis.remedy}" if diagnosis.remedy else ""
    return one_line(f"{told}; seen: {diagnosis.evidence}{remedy}")


def _recording(intent: Intent, arguments: argparse.Namespace) -> tuple[Recording | None, list[Any]]:
    if arguments.record is None:
        if arguments.events:
            raise MalformedRequestError("--events needs --record DIR, where they are kept")
        return None, []
    events = [event for path in arguments.events for event in _events(path)]
    return Recording(arguments.record, place=intent.organization), events


def _events(path: Path) -> tuple[Any, ...]:
    try:
        return parse_events(path.read_text(encoding="utf-8"), source=str(path))
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"{path} is not UTF-8") from error


def _told(first: Diagnosis, rest: Iterator[Diagnosis], *, as_json: bool) -> int:
    counts: Counter[Outcome] = Counter()
    is_alarming = False
    for diagnosis in _one_by_one(first, rest):
        print(json.dumps(asdict(diagnosis)) if as_json else line_of(diagnosis), flush=True)
        counts[diagnosis.outcome] += 1
        is_alarming |= diagnosis.is_alarming
    tell(", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome))
    return UNPROTECTED if is_alarming else SOUND


def _one_by_one(first: Diagnosis, rest: Iterator[Diagnosis]) -> Iterator[Diagnosis]:
    yield first
    yield from rest
