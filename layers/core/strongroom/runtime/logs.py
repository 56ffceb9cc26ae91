"""The one logger of a function: constant messages with keys as one JSON line each, and never a whole event."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any, Final

import msgspec

from strongroom.domain.values import asdict, is_value
from strongroom.runtime.settings import log_level

_SERVICE: Final = "strongroom"


class _JsonLines(logging.Formatter):
    """One JSON object a line; what was given as `keys` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; a value that JSON does not know is told as text, and no key hides what is ours."""
        own = {
            "level": record.levelname,
            "location": f"{record.funcName}:{record.lineno}",
            "message": record.getMessage(),
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "service": _SERVICE,
        }
        line = own | getattr(record, "keys", {}) | own
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # Unlike msgspec's, the standard library's JSON takes half a surrogate pair, which any request may bring along.
        return json.dumps(msgspec.to_builtins(line, enc_hook=str), separators=(",", ":"))


class _Lines(logging.StreamHandler[Any]):
    """Writes to standard output, whichever that is at the moment: Lambda sends it to the function's log group."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record as one line."""
        self.stream = sys.stdout
        super().emit(record)


class Log:
    """Says a constant message with its keys."""

    def __init__(self, logger: logging.Logger) -> None:
        """`logger` is the standard library's."""
        self._logger = logger

    def info(self, message: str, **keys: Any) -> None:
        """Say what was decided or done."""
        self._logger.info(message, extra={"keys": keys}, stacklevel=2)

    def error(self, message: str, *, exc_info: BaseException | None = None, **keys: Any) -> None:
        """Say what failed; `exc_info` brings its traceback along."""
        self._logger.error(message, exc_info=exc_info, extra={"keys": keys}, stacklevel=2)


def _standard_logger() -> logging.Logger:
    made = logging.getLogger(_SERVICE)
    if not made.handlers:
        handler = _Lines()
        handler.setFormatter(_JsonLines())
        made.addHandler(handler)
        made.setLevel(log_level())
        made.propagate = False  # Lambda's own handler of the root logger would say everything twice
    return made


logger = Log(_standard_logger())


def log_decision(verdict: Any, *, correlation: str) -> None:
    """One line per decision: the verdict itself, with the id of the event that asked for it."""
    facts = asdict(verdict) if is_value(verdict) and not isinstance(verdict, type) else {"value": verdict}
    logger.info("decided", decision=type(verdict).__name__, verdict=facts, correlation_id=correlation)
