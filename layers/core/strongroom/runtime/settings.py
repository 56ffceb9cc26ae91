"""The environment, read in this one file."""

import os
from dataclasses import dataclass
from typing import Self

from strongroom.domain.errors import ConfigurationMissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells every function: names and ARNs of the stack's own parts."""

    ledger: str
    bus: str
    alerts_topic: str
    dead_letters: str
    secrets: str
    evidence_key: str
    restore_machine: str = ""

    @classmethod
    def from_environment(cls) -> Self:
        """Read `STRONGROOM_*`; ConfigurationMissingError names the first variable that is not there."""
        return cls(
            ledger=_required("STRONGROOM_LEDGER"),
            bus=_required("STRONGROOM_BUS"),
            alerts_topic=_required("STRONGROOM_ALERTS_TOPIC"),
            dead_letters=_required("STRONGROOM_DEAD_LETTERS"),
            secrets=_required("STRONGROOM_SECRETS"),
            evidence_key=_required("STRONGROOM_EVIDENCE_KEY"),
            restore_machine=os.environ.get("STRONGROOM_RESTORE_MACHINE", ""),
        )


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ConfigurationMissingError(f"the environment variable {name} is not set")
    return value
