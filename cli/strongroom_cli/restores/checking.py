"""`strongroom restore check`: what would be sent for a restore, or why nothing would be; offline, and asking nobody."""

import argparse
import json
import sys
from collections.abc import Iterator
from copy import replace
from pathlib import Path
from typing import Any, Final

from strongroom.domain.errors import CeremonyMissingError
from strongroom.domain.restores.deciding.case import RestoreCase
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import RestoreDecision, Verdict
from strongroom.domain.restores.deciding.profiles import allowance_of
from strongroom_cli.errors import one_line
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.restores.files.case_files import SHAPE, read_case

_STANDARD_INPUT: Final = "-"
_MAY_BE_ASKED: Final = (Verdict.OK, Verdict.ELEVATED)
_HEADS: Final = {
    Verdict.OK: "It may be asked for.",
    Verdict.ELEVATED: "It may be asked for, and the stricter rule decides on it.",
    Verdict.REFUSED: "It is refused.",
    Verdict.BY_HAND: "It is restored by hand.",
}


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add what the verb takes."""
    parser.description = (
        "Decide on the metadata of a restore, and on what is risky about it; nothing is asked of AWS or of anybody. "
        "Ends with 1 where it is refused or goes by hand."
    )
    parser.add_argument("file", metavar="FILE", help=f"a file with {SHAPE}; - is standard input")
    parser.add_argument(
        "--intent",
        type=Path,
        metavar="FILE",
        help="take the profile of account and Region, the classes and what is let through from this intent file",
    )
    parser.epilog = "Example: strongroom restore check case.json --json"


def check(arguments: argparse.Namespace) -> int:
    """Print the decision."""
    is_piped = arguments.file == _STANDARD_INPUT
    content = sys.stdin.buffer.read() if is_piped else Path(arguments.file).read_bytes()
    case = read_case(content, name="standard input" if is_piped else arguments.file)
    decision = decide_restore(case if arguments.intent is None else _by_intent(case, arguments.intent))
    if arguments.json:
        print(json.dumps(_content(decision), indent=2))
    else:
        print("\n".join(map(one_line, _lines(decision))))
    return 0 if decision.verdict in _MAY_BE_ASKED else 1


def _by_intent(case: RestoreCase, path: Path) -> RestoreCase:
    """The case as the intent decides it; what a tier or a lock allows stays as the case says."""
    intent, _ = load_intent_file(path)
    if intent.restores is None:
        raise CeremonyMissingError(f"{path} has no section `restores`, and so no profile and no limit")
    allowed = allowance_of(intent.restores, account=case.target.account, region=case.target.region)
    lock = {name: getattr(case.limits, name) for name in ("local_min_days", "local_max_days", "rpo_minutes")}
    return replace(case, profile=allowed.profile, limits=replace(allowed.limits, **lock))


def _content(decision: RestoreDecision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict,
        "metadata": dict(decision.metadata),
        "risks": [risk.danger for risk in decision.risks],
        "refusals": [refusal.fault for refusal in decision.refusals],
        "left_out": [each.key for each in decision.left_out],
        "steps": list(decision.steps),
        "said": {
            "risks": [risk.sentence for risk in decision.risks],
            "refusals": [refusal.sentence for refusal in decision.refusals],
            "left_out": [each.reason for each in decision.left_out],
        },
    }


def _lines(decision: RestoreDecision) -> Iterator[str]:
    yield _HEADS[decision.verdict]
    parts = {
        "Refused": [f"{each.fault}: {each.sentence}" for each in decision.refusals],
        "Sent": [f"{key} = {value}" for key, value in decision.metadata],
        "Risks": [f"{each.danger}: {each.sentence}" for each in decision.risks],
        "Left out": [f"{each.key}: {each.reason}" for each in decision.left_out],
        "Afterwards": list(decision.steps),
    }
    for title, lines in parts.items():
        if lines:
            yield f"{title}:"
            yield from (f"  {line}" for line in lines)
