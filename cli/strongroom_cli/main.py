"""The `strongroom` command: bad input ends with exit code 2, one clear line for each problem, and nothing changed."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from strongroom.domain.errors import StrongroomError
from strongroom_cli.intent_file import IntentFileError

BAD_INPUT: Final = 2
PIPE_CLOSED: Final = 141  # as a shell reports the signal

# Each command's module has `add_parser(subparsers)`, whose parser sets `run`: arguments in, exit code out.
COMMANDS: Final = {
    "compile": "strongroom_cli.compile",
    "plan": "strongroom_cli.plan",
    "apply": "strongroom_cli.apply",
    "policy": "strongroom_cli.policy",
    "scp": "strongroom_cli.scp",
    "login": "strongroom_cli.login",
    "restore": "strongroom_cli.restore",
    "evidence": "strongroom_cli.evidence",
}


class OneLineParser(argparse.ArgumentParser):
    """A parser whose refusals take one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit code 2."""
        self.exit(BAD_INPUT, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if argv is None else list(argv)
    try:
        arguments = _parser(given).parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except IntentFileError as error:
        _tell(error)
        return BAD_INPUT
    except StrongroomError as error:
        print(f"strongroom: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Whoever reads has seen enough (`| head`); what is still buffered must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return code


def _parser(given: Sequence[str]) -> OneLineParser:
    parser = OneLineParser(prog="strongroom", description="Backups that nobody can forget, skip, lose or delete.")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    # Only the command that is asked for is loaded, all of them for the help text and for a name that is not known.
    named = given[0] if given else ""
    modules = [COMMANDS[named]] if named in COMMANDS else COMMANDS.values()
    for module in modules:
        import_module(module).add_parser(subparsers)
    return parser


def _tell(error: IntentFileError) -> None:
    for finding in error.findings:
        place = "" if finding.path == "." else f"{finding.path}: "
        print(f"{error.path}: {finding.level}: {place}{finding.message}", file=sys.stderr)
