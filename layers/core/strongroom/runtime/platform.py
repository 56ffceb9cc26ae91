"""What enters a function from outside: settings, intent and clock, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.runtime.compiled_intent import load_intent
from strongroom.runtime.settings import Setting, read_setting

if TYPE_CHECKING:
    from strongroom.domain.intent.model import Intent


class Surroundings(Struct, frozen=True, kw_only=True):
    """Settings and clock: all that a function has that carries no intent."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def setting(self, setting: Setting) -> str:
        """What the template says; ConfigurationMissingError, for whoever needs it, when it says nothing."""
        return read_setting(setting)


class Platform(Surroundings, frozen=True, kw_only=True):
    """The surroundings of one invocation of the control plane."""

    intent: Intent
    intent_digest: str


@cache
def current_platform() -> Platform:
    """The platform of this execution environment, made on first use."""
    intent, digest = load_intent()
    return Platform(intent=intent, intent_digest=digest)
