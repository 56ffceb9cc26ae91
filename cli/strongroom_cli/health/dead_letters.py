"""`strongroom dead-letters`: what could not be handled, with its reason, and the way back to where it came from."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any, Final

from strongroom.adapters.aws.health.failure_log import FunctionLogs
from strongroom.adapters.aws.health.letter_box import DeadLetterBox
from strongroom.adapters.aws.health.stack_parts import StackParts
from strongroom.domain.health.letters import Letter
from strongroom.domain.identifiers import Arn, queue_arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import CONTROL_PLANE_STACK
from strongroom.domain.values import asdict
from strongroom.domain.written import moment_text
from strongroom.services.health.redrive_letters import LetterNeeds, read_letters, redrive_letters
from strongroom_cli.errors import one_line, tell
from strongroom_cli.health.reach import Clients, add_reach_arguments, control_plane_clients
from strongroom_cli.intent.file import load_intent_file

DONE: Final = 0
LEFT: Final = 1
_DEAD: Final = "DeadLettersQueue"
_QUEUE: Final = "Queue"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command and its verb."""
    parser = subparsers.add_parser(
        "dead-letters",
        help="show what could not be handled, and send it back",
        description="Show every event that the control plane could not handle, each with its reason and the queue that "
        "it goes back to; nothing is removed. The credentials are the backup account's, or the management account's.",
    )
    add_reach_arguments(parser)
    parser.set_defaults(run=_show)
    verbs = parser.add_subparsers(metavar="VERB")
    redrive = verbs.add_parser(
        "redrive",
        help="send letters back to the queues that they came from",
        description="Send dead letters back to the queues that they came from: those that are named, or all of them. "
        "An event that comes twice changes nothing. Exit code 1: some are left, because nobody knows where to.",
    )
    redrive.add_argument("id", nargs="*", help="a letter's id, as the command shows it; without any, every letter")
    add_reach_arguments(redrive)
    redrive.set_defaults(run=_redrive)


def _show(arguments: argparse.Namespace) -> int:
    letters = read_letters(needs=_needs(arguments))
    if arguments.json:
        print(json.dumps([_as_told(letter) for letter in letters], indent=2))
    else:
        _print(letters)
        tell(f"{len(letters)} dead letters" if letters else "there are no dead letters")
    return DONE


def _redrive(arguments: argparse.Namespace) -> int:
    done = redrive_letters(arguments.id, needs=_needs(arguments))
    if arguments.json:
        told = {"sent": [_as_told(each) for each in done.sent], "left": [_as_told(each) for each in done.left]}
        print(json.dumps(told, indent=2))
    else:
        _print(done.left)
        tell(f"{len(done.sent)} sent back, {len(done.left)} left")
    return LEFT if done.left else DONE


def _needs(arguments: argparse.Namespace) -> LetterNeeds:
    intent, _ = load_intent_file(arguments.intent)
    return letter_needs(intent, control_plane_clients(intent, through=arguments.through))


def letter_needs(intent: Intent, clients: Clients) -> LetterNeeds:
    """What looking after the dead letters of the control plane needs, through these clients."""
    parts = StackParts(clients("cloudformation"), CONTROL_PLANE_STACK)
    urls = {name.removesuffix(_QUEUE): url for name, url in parts.named_like(_QUEUE).items() if name != _DEAD}
    functions = parts.named_like("Function")
    arns = {name: _arn(url, intent) for name, url in urls.items()}
    return LetterNeeds(
        box=DeadLetterBox(
            clients("sqs"), parts.physical_id(_DEAD), queues={arns[name]: url for name, url in urls.items()}
        ),
        log=FunctionLogs(
            clients("logs"),
            functions={
                arn: functions[f"{name}Function"] for name, arn in arns.items() if f"{name}Function" in functions
            },
        ),
    )


def _arn(url: str, intent: Intent) -> str:
    place = intent.organization
    return queue_arn(url.rpartition("/")[2], account=place.backup_account, region=place.home_region)


def _print(letters: Sequence[Letter]) -> None:
    for letter in letters:
        sent_at = "" if letter.sent_at is None else f"{moment_text(letter.sent_at)}  "
        print(one_line(f"{letter.id}  {sent_at}{letter.about}"))
        print(one_line(f"    why: {letter.reason}"))
        print(one_line(f"    goes back to: {_queue_of(letter)}"))


def _queue_of(letter: Letter) -> str:
    return "nobody knows" if letter.goes_to is None else Arn.parse(letter.goes_to).name


def _as_told(letter: Letter) -> dict[str, Any]:
    sent_at = None if letter.sent_at is None else moment_text(letter.sent_at)
    return asdict(letter) | {"sent_at": sent_at}
