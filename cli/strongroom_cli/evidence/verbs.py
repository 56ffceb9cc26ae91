"""`strongroom evidence verify` and `show`: a bundle is judged offline, without trusting whoever handed it over."""

import argparse
import json
from enum import StrEnum
from pathlib import Path
from typing import Final

from strongroom.domain.evidence.findings import Finding, FindingState
from strongroom_cli.errors import one_line, tell
from strongroom_cli.evidence.files import Format, format_of, read_text
from strongroom_cli.evidence.keys import add_keys
from strongroom_cli.evidence.outages import add_explain
from strongroom_cli.evidence.proven import judge_proven
from strongroom_cli.evidence.sealed import judge_sealed
from strongroom_cli.evidence.trusting import add_trust
from strongroom_cli.evidence_page import add_page

CODES: Final = {FindingState.PROVEN: 0, FindingState.BROKEN: 1, FindingState.UNVOUCHED: 3}
_CODES_TOLD: Final = (
    "Exit code 0: proven. 1: broken, and the first broken link is named. 2: unreadable, one of the given files among "
    "it. 3: whole, but not signed by a log and a witness that are known; so too without --trust."
)


class _Form(StrEnum):
    """How it is told."""

    TEXT = "text"
    JSON = "json"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("evidence", help="check the evidence of a restore")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    verify = verbs.add_parser(
        "verify", help="judge all of it anew; exit 1 names the first broken link", description=_CODES_TOLD
    )
    _add_bundle(verify)
    verify.add_argument("--trust", type=Path, metavar="FILE", help="the trust file: keys and rules, when they counted")
    verify.add_argument(
        "--public-key",
        type=Path,
        metavar="KEY",
        help="the witness's key that must have signed it, as name+hash+key; of an older bundle its key as PEM",
    )
    verify.set_defaults(run=_verify)
    show = verbs.add_parser(
        "show", help="tell in words what a bundle says of itself; with verify's exit codes, 3 at best"
    )
    _add_bundle(show)
    show.set_defaults(run=_verify, trust=None, public_key=None)
    add_keys(verbs)
    add_trust(verbs)
    add_page(verbs)
    add_explain(verbs)


def _add_bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, help="a file saved by `strongroom restore show ID --evidence FILE`")
    parser.add_argument(
        "--format", choices=[form.value for form in _Form], default=_Form.TEXT.value, help="how it is told"
    )


def _verify(arguments: argparse.Namespace) -> int:
    text = read_text(arguments.bundle)
    judge = judge_sealed if format_of(text, path=arguments.bundle) is Format.SEALED else judge_proven
    finding, remark = judge(text, path=arguments.bundle, trust=arguments.trust, public_key=arguments.public_key)
    if arguments.format == _Form.JSON:
        _print_json(finding, remark=remark)
    else:
        _print_text(finding, remark=remark, bundle=arguments.bundle)
    return CODES[finding.state]


def _print_json(finding: Finding, *, remark: str) -> None:
    told = {
        "broken": finding.broken,
        "code": CODES[finding.state],
        "outcome": finding.outcome,
        "faults": finding.faults,
        "proven": finding.proven,
        "remark": remark,
        "request": finding.request,
        "set_aside": finding.set_aside,
        "state": finding.state,
        "stated": finding.stated,
        "timed": finding.timed,
    }
    print(json.dumps(told, indent=2))


def _print_text(finding: Finding, *, remark: str, bundle: Path) -> None:
    if finding.state is FindingState.BROKEN:
        tell(f"broken at {finding.broken}", by=bundle)
        return
    print(one_line(f"{bundle}: {remark}"))
    for title, sentences in (
        ("Proven, signed by a person or the identity provider:", finding.proven),
        ("Timed, seen by the witness:", finding.timed),
        ("Stated, by the control plane's word alone:", finding.stated),
        ("Set aside:", finding.set_aside),
    ):
        if sentences:
            print(title)
        for sentence in sentences:
            print(one_line(f"  {sentence}"))
