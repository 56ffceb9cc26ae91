"""One of our functions, called as Lambda calls it."""

import importlib
from collections.abc import Callable
from typing import Any


class Context:
    """What Lambda hands along with an event."""

    function_name = "strongroom"
    aws_request_id = "00000000-0000-4000-8000-000000000000"


def start() -> Callable[[dict[str, Any]], None]:
    """Import the function, and return what takes a batch of its queue."""
    handler = importlib.import_module("app").handler
    context = Context()

    def take(batch: dict[str, Any]) -> None:
        answer = handler(batch, context)
        if answer != {"batchItemFailures": []}:
            raise SystemExit(f"the handler answered {answer}")

    return take
