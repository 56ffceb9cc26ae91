"""Run the `strongroom` command and write down every call that any of its clients sends: `heard_calls.py LOG ARGS…`."""

import sys
from pathlib import Path
from typing import Any

from strongroom.adapters.aws import account_access, clients
from strongroom_cli.main import main

LOG = Path(sys.argv[1])


def connect(service: str, **how: Any) -> Any:
    """A client as the command makes it, with an ear on what it sends."""
    made = clients.connect(service, **how)
    made.meta.events.register("before-send", _write_down)
    return made


def _write_down(*, event_name: str, **_: Any) -> None:
    service, operation = event_name.split(".")[1:]
    with LOG.open("a") as log:
        log.write(f"{service}:{operation}\n")


setattr(account_access, "connect", connect)  # noqa: B010 - it is not exported
sys.exit(main(sys.argv[2:]))
