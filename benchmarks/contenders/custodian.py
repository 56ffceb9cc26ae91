"""Cloud Custodian, as `custodian run` deploys it: its own handler, with `config.json` in the working folder."""

import importlib
from collections.abc import Callable
from typing import Any


def start() -> Callable[[dict[str, Any]], None]:
    """Import the handler, and return what takes an event of EventBridge."""
    dispatch = importlib.import_module("c7n.handler").dispatch_event

    def take(event: dict[str, Any]) -> None:
        if dispatch(event, None) is not True:
            raise SystemExit("Custodian handled nothing")

    return take
