"""`strongroom replay`: the archived events of a lost day once more, into the queues of the functions."""

from __future__ import annotations

import argparse
import json
import time
from datetime import UTC, datetime
from typing import Final

from strongroom.adapters.aws.health.bus_archive import BusArchive
from strongroom.adapters.aws.health.stack_parts import StackParts
from strongroom.domain.health.replays import Progress, ReplayState, plan_replay
from strongroom.domain.rollout.desired import CONTROL_PLANE_STACK
from strongroom.domain.values import asdict
from strongroom.domain.written import moment_text
from strongroom.services.health.replay_events import ReplayNeeds, replay_events
from strongroom_cli.errors import one_line, tell
from strongroom_cli.health.reach import Clients, add_reach_arguments, control_plane_clients
from strongroom_cli.intent.file import load_intent_file

DONE: Final = 0
FAILED: Final = 1
_LOOK_AGAIN: Final = 2.0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "replay",
        help="hand archived events in again",
        description="Hand what the bus has archived since a moment to the functions again: ends of backups and copies, "
        "moves of accounts, finished stacks, creations. What an event leads to is read from AWS each time, so that "
        "what was handled before changes nothing. Exit code 1: the replay that was waited for failed.",
    )
    parser.add_argument(
        "--since", required=True, metavar="TIME", help="as in 2026-11-23T00:00:00Z, 90 days ago at most"
    )
    parser.add_argument("--until", metavar="TIME", help="until then; without it until now")
    parser.add_argument(
        "--calls",
        action="store_true",
        help="calls that would weaken the backups, too; an alert about one that was closed by hand opens again",
    )
    parser.add_argument("--wait", action="store_true", help="follow the replay to its end")
    add_reach_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Begin the replay and say how far it is."""
    replay = plan_replay(
        since=arguments.since, until=arguments.until, with_calls=arguments.calls, now=datetime.now(UTC)
    )
    intent, _ = load_intent_file(arguments.intent)
    needs = replay_needs(control_plane_clients(intent, through=arguments.through))
    tell(f"events from {moment_text(replay.since)} until {moment_text(replay.until)} to {', '.join(replay.rules)}")
    state = ReplayState.STARTING
    for progress in replay_events(replay, needs=needs, waits=arguments.wait):
        print(json.dumps(asdict(progress)) if arguments.json else _line(progress), flush=True)
        state = progress.state
    return FAILED if state.has_ended and state is not ReplayState.COMPLETED else DONE


def replay_needs(clients: Clients) -> ReplayNeeds:
    """What a replay needs, through these clients."""
    parts = StackParts(clients("cloudformation"), CONTROL_PLANE_STACK)
    archive = BusArchive(clients("events"), archive=parts.physical_id("BusArchive"), bus=parts.physical_id("Bus"))
    return ReplayNeeds(archive=archive, pause=lambda: time.sleep(_LOOK_AGAIN))


def _line(progress: Progress) -> str:
    return one_line(f"{progress.name}: {progress.state}" + (f", {progress.reason}" if progress.reason else ""))
