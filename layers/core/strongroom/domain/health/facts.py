"""What we publish of our own health."""

from strongroom.domain.facts import Fact


class SweepEnded(Fact, frozen=True, kw_only=True):
    """Everything that was due has been looked at; the audit account complains when this is not heard."""

    oldest_due_seconds: int
