"""The one logger of a function: constant messages with keys, and never a whole event."""

from dataclasses import asdict, is_dataclass
from typing import Any

from aws_lambda_powertools import Logger

logger = Logger(service="strongroom", log_uncaught_exceptions=True)


def log_decision(verdict: Any, *, correlation: str) -> None:
    """One line per decision: the verdict itself, with the id of the event that asked for it."""
    facts = asdict(verdict) if is_dataclass(verdict) and not isinstance(verdict, type) else {"value": verdict}
    logger.info("decided", decision=type(verdict).__name__, verdict=facts, correlation_id=correlation)
