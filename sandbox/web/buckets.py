"""A bucket of calls, which fills steadily up to its burst: how services of AWS hold a caller to a rate."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """What is left of an operation's rate; `filled_at` in seconds of any clock."""

    steady: float
    burst: float
    left: float
    filled_at: float

    def take(self, now: float) -> bool:
        """Whether one more call is let through at that moment."""
        self.left = min(self.burst, self.left + (now - self.filled_at) * self.steady)
        self.filled_at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
