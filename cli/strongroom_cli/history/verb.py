"""`strongroom check-history`: whether what happened on the bus is what was promised."""

import argparse
from pathlib import Path
from typing import Any

from strongroom.domain.copies.history.judging import judge_history, still_open
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.values import asdict
from strongroom_cli.errors import shown_json
from strongroom_cli.history.archive import read_archive


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    text = "judge an archive of the bus: are finished copies verified, failed ones told, and alerts told once; 1 if not"
    parser = subparsers.add_parser("check-history", help=text, description=text)
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="events of EventBridge as JSON, one on each line")
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with arguments.archive.open(encoding="utf-8", errors="replace") as lines:
        archive = read_archive(lines)
    if archive.until is None:
        raise MalformedRecordError(f"{arguments.archive} has no event")
    violations = judge_history(archive.copies, archive.alerts, until=archive.until)
    left = still_open(archive.copies)
    if arguments.json:
        found: dict[str, Any] = {
            "events": archive.events,
            "until": archive.until,
            "violations": [asdict(each) for each in violations],
            "still_open": [asdict(each) for each in left],
        }
        print(shown_json(found))
    else:
        for each in violations:
            print(f"{each.at:%Y-%m-%d %H:%M:%S} {each.property}: {each.subject}: {each.reason}")
        end = f"{len(left)} copies still missing or failed at the end"
        print(f"{archive.events} events, {len(violations)} violations, {end}")
    return 1 if violations else 0
