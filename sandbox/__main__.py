"""`python -m sandbox`: the example organisation with Strongroom in it, up until Ctrl-C."""

import argparse
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sandbox import lifecycle
from sandbox.example import world
from sandbox.example.deployment import DeploymentError
from sandbox.settings import DEFAULT_PORT, PAYMENTS_ACCOUNT, ROOT_SECRET, Settings
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
        _print_pages(sandbox.url)
        yield


@contextmanager
def _whole(settings: Settings) -> Iterator[None]:
    with world.running(settings, tell=print) as running:
        url = running.sandbox.url
        print()
        _print_pages(url)
        print(f"{'API':<10} {running.api_url}")
        print(
            "\nTry first:\n"
            f"  curl -X POST {url}/_sandbox/backup/run\n"
            "      it is 02:00: every plan runs, and its copies are verified (watch #backup-alerts in Slack)\n"
            f"  .venv/bin/strongroom login --intent {running.sandbox.run_dir}/strongroom.yaml\n"
            f"      log in as omar, on call; his password and code are at {url}/_idp/authenticator/omar\n"
            f"  STRONGROOM_API={running.api_url} .venv/bin/strongroom status\n"
            "      are we safe? Some seconds after the night is over, all that is tagged is protected\n"
            f"  STRONGROOM_API={running.api_url} .venv/bin/strongroom restore list\n"
            "      what was asked for so far; `restore request --help` says how to ask\n"
            "\nAny AWS client can act in any account, here as the root of payments:\n"
            f"  export AWS_ENDPOINT_URL={url} AWS_DEFAULT_REGION=eu-west-1 \\\n"
            f"         AWS_ACCESS_KEY_ID={PAYMENTS_ACCOUNT} AWS_SECRET_ACCESS_KEY={ROOT_SECRET}\n"
        )
        yield


def _print_pages(url: str) -> None:
    pages = {"AWS": "", "Slack": "_slack/", "Jira": "_jira/", "ServiceNow": "_servicenow/", "Identity": "_idp/"}
    for name, path in pages.items():
        print(f"{name:<10} {url}{path and '/'}{path}")


if __name__ == "__main__":
    sys.exit(main())
