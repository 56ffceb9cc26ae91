"""`strongroom restore finish`: ask by name for a step that deletes, or leave it off for good."""

import argparse
import json

from strongroom.domain.restores.kinds.finishing import StepOutcome
from strongroom.domain.restores.requests import parse_request_id
from strongroom_cli.api_client import ApiClient
from strongroom_cli.errors import one_line


def add_finish(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", help="the request's id")
    parser.add_argument("step", help="the step, as `restore show` names it: time-to-live")
    parser.add_argument("--leave-off", action="store_true", help="leave it off for good, and list it no longer")


def finish(arguments: argparse.Namespace) -> int:
    """Have it taken, and tell how that went; 1 where it is not as it was asked for."""
    request_id = parse_request_id(arguments.id)
    body = {"step": arguments.step, "leave_off": arguments.leave_off}
    taken = ApiClient(arguments.api).post("restores", request_id, "steps", body=body)
    if arguments.json:
        print(json.dumps(taken, indent=2, ensure_ascii=False))
    else:
        said = f"{taken['request_id']}: {taken['step']} {taken['outcome']}: {taken['reason']} (for {taken['asked_by']})"
        print(one_line(said))
    wanted = StepOutcome.DECLINED if arguments.leave_off else StepOutcome.DONE
    return 0 if taken["outcome"] == wanted else 1
