"""`python -m sandbox`: start the sandbox, say where it is, and stay until Ctrl-C."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from sandbox import lifecycle
from sandbox.settings import DEFAULT_PORT, Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until a signal asks to stop; exit code 2 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the single port of everything")
    chosen = parser.parse_args(arguments)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with lifecycle.running(Settings(port=chosen.port)) as sandbox:
            print(f"AWS         {sandbox.url}")
            for name in ("slack", "jira", "idp", "sandbox"):
                print(f"{name:<11} {sandbox.url}/_{name}/")
            print("Ctrl-C stops it.", flush=True)
            stopping.wait()
    except (lifecycle.PortInUseError, lifecycle.StartError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
