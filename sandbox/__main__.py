"""`python -m sandbox`: the example organisation with Strongroom in it, up until Ctrl-C."""

import argparse
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sandbox import lifecycle
from sandbox.example import world
from sandbox.example.deployment import DeploymentError
from sandbox.example.terminals import PAGES, write_terminal
from sandbox.settings import DEFAULT_PORT, Settings
from sandbox.stopping import StoppedError, stop_on_signals


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until a signal asks to stop; exit code 2 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the single port of everything")
    parser.add_argument("--bare", action="store_true", help="AWS and the stand-ins only, without Strongroom")
    chosen = parser.parse_args(arguments)
    settings = Settings(port=chosen.port)
    try:
        with stop_on_signals(), _bare(settings) if chosen.bare else _whole(settings):
            print("Ctrl-C stops all of it.", flush=True)
            threading.Event().wait()
    except StoppedError:
        return 0
    except (lifecycle.PortInUseError, lifecycle.StartError, DeploymentError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    return 0


@contextmanager
def _bare(settings: Settings) -> Iterator[None]:
    with lifecycle.running(settings) as sandbox:
        _print_pages(sandbox.settings.told_endpoint)
        yield


@contextmanager
def _whole(settings: Settings) -> Iterator[None]:
    with world.running(settings, tell=print) as running:
        url, folder = running.settings.told_endpoint, running.sandbox.run_dir
        script = write_terminal(folder, url=url, api_url=running.public_url)
        print()
        _print_pages(url)
        print(f"{'API':<10} {running.public_url}\n{'Intent':<10} {folder}/strongroom.yaml")
        print(
            "\nIn other terminals, of bash or zsh, one for each person that you play:\n"
            f"  source {script} omar    # on call; maria and sana approve restores, chiara tickets\n"
            "  strongroom login && strongroom status\n"
            "It is 02:00, and a day later 02:00 again, so that there are backups of yesterday:\n"
            '  curl -X POST "$SANDBOX/_sandbox/backup/run"\n'
            """  curl -X POST "$SANDBOX/_sandbox/backup/days" -d '{"days": 1}'\n"""
            '  curl -X POST "$SANDBOX/_sandbox/backup/run"\n'
            'How to bring something back: docs/runbook.md, "In the sandbox".\n'
        )
        yield


def _print_pages(url: str) -> None:
    for name, path in ({"AWS": ""} | PAGES).items():
        print(f"{name:<10} {url}{path and '/'}{path}")


if __name__ == "__main__":
    sys.exit(main())
