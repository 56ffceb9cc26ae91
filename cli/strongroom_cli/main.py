"""The `strongroom` command: bad input ends with exit code 2, one clear line for each problem, and nothing changed.

`strongroom plan` says 1 instead, because 2 means there that something is to be changed.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

from strongroom.domain.errors import StrongroomError
from strongroom.domain.nearest import nearest
from strongroom_cli.errors import IntentFileError, one_line, show_findings, tell

BAD_INPUT: Final = 2
# Where exit code 2 says something else.
BAD_INPUT_OF: Final = {"plan": 1}
PIPE_CLOSED: Final = 141  # as a shell reports the signal

# Each command's module has `add_parser(subparsers)`, whose parser sets `run`: arguments in, exit code out.
COMMANDS: Final = {
    "init": "strongroom_cli.init",
    "compile": "strongroom_cli.compile",
    "intent": "strongroom_cli.intent.verbs",
    "plan": "strongroom_cli.rollout.plan",
    "apply": "strongroom_cli.rollout.apply",
    "doctor": "strongroom_cli.doctor.verb",
    "explain": "strongroom_cli.explain.verb",
    "dead-letters": "strongroom_cli.health.dead_letters",
    "replay": "strongroom_cli.health.replay",
    "inventory": "strongroom_cli.inventory",
    "policy": "strongroom_cli.policy.verbs",
    "scp": "strongroom_cli.scp",
    "login": "strongroom_cli.login",
    "passkey": "strongroom_cli.passkey",
    "rules": "strongroom_cli.rules",
    "alerts": "strongroom_cli.alerts",
    "status": "strongroom_cli.status.verb",
    "report": "strongroom_cli.status.report",
    "check-history": "strongroom_cli.history.verb",
    "restore": "strongroom_cli.restores.commands",
    "evidence": "strongroom_cli.evidence.verbs",
}


class OneLineParser(argparse.ArgumentParser):
    """A parser whose refusals take one line and name what was nearly said."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit code 2."""
        self.exit(BAD_INPUT, f"{self.prog}: {one_line(message)} (see {self.prog} --help)\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, _unknown(str(value), [str(choice) for choice in action.choices]))


class _Version(argparse.Action):
    """Print the version of what is installed, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"strongroom {version('strongroom')}")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if argv is None else list(argv)
    bad_input = BAD_INPUT_OF.get(given[0] if given else "", BAD_INPUT)
    try:
        code = _run(given, bad_input=bad_input)
        sys.stdout.flush()
    except IntentFileError as error:
        show_findings(error.findings, source=error.path)
        return bad_input
    except StrongroomError as error:
        for problem in getattr(error, "problems", (error,)):
            tell(problem)
        return bad_input
    except BrokenPipeError:
        return PIPE_CLOSED  # whoever reads has seen enough (`| head`)
    except OSError as error:
        tell(f"{error.filename or 'the output'} cannot be used: {error.strerror or error}")
        return bad_input
    return code


def _run(given: Sequence[str], *, bad_input: int) -> int:
    parser = _parser(given)
    try:
        arguments = parser.parse_args(given)
    except SystemExit as stop:
        return bad_input if stop.code else 0
    if arguments.run is None:
        parser.print_help()
        tell("no command was given; they are listed in strongroom --help")
        return BAD_INPUT
    code: int = arguments.run(arguments)
    return code


def _parser(given: Sequence[str]) -> OneLineParser:
    parser = OneLineParser(prog="strongroom", description="Backups that nobody can forget, skip, lose or delete.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.set_defaults(run=None)
    subparsers = parser.add_subparsers(metavar="COMMAND")
    # Only the command that is asked for is loaded, all of them for the help text and for a name that is not known.
    named = given[0] if given else ""
    modules = [COMMANDS[named]] if named in COMMANDS else COMMANDS.values()
    for module in modules:
        import_module(module).add_parser(subparsers)
    return parser


def _unknown(name: str, known: Sequence[str]) -> str:
    meant = nearest(name, known)
    return f"there is no {name!r}; " + (f"did you mean {meant!r}?" if meant else f"there are {', '.join(known)}")
