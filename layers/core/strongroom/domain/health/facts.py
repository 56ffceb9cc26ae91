"""What we publish of our own health."""

from dataclasses import dataclass

from strongroom.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepEnded(Fact):
    """Everything that was due has been looked at; the audit account complains when this is not heard."""

    oldest_due_seconds: int
