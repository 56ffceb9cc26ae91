"""Where the `strongroom` command begins: whatever takes time, imports too, ends with one line on Ctrl-C."""

import os
import sys
from io import TextIOWrapper
from typing import Final

INTERRUPTED: Final = 130  # as a shell reports the signal


def run() -> int:
    """The command's exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may hold what the terminal cannot show
    try:
        from strongroom_cli.main import main

        code = main()
        _let_go_of_output()
    except KeyboardInterrupt:
        print("strongroom: interrupted", file=sys.stderr, flush=True)
        # Threads that still wait for an answer would hold the terminal until they have it.
        os._exit(INTERRUPTED)
    return code


def _let_go_of_output() -> None:
    try:
        sys.stdout.flush()
    except OSError:  # told already; what is still buffered must not be tried again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run())
