"""What was found so far while one restore is looked at."""

from typing import Final

from strongroom.domain.restores.deciding.case import Choice, RestoreCase
from strongroom.domain.restores.deciding.decision import Danger, Fault, LeftOut, Refusal, Risk

_SHOWN: Final = 80


class Sheet:
    """Refusals, what is left out, and the risks and steps that follow from single keys; sorted when they are read."""

    def __init__(self, case: RestoreCase) -> None:
        """Nothing is known yet."""
        self.case = case
        self._refusals: list[Refusal] = []
        self._left_out: list[LeftOut] = []
        self.risks: list[Risk] = []
        self.steps: list[str] = []

    def refuse(self, fault: Fault, sentence: str, *, key: str = "") -> None:
        """Note one fault."""
        self._refusals.append(Refusal(fault=fault, key=key[:_SHOWN], sentence=sentence))

    def leave_out(self, key: str, reason: str) -> None:
        """Note a key of the backup that is not sent."""
        self._left_out.append(LeftOut(key=key[:_SHOWN], reason=reason))

    def warn(self, danger: Danger, sentence: str) -> None:
        """Note a risk."""
        self.risks.append(Risk(danger=danger, sentence=sentence))

    def choices(self, path: str) -> tuple[Choice, ...]:
        """What the profile has for the key at that path; a list of nothing is none."""
        return tuple(each for each in self.case.profile.places.get(path, ()) if each)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """All faults, in an order that does not depend on who said what first."""
        return tuple(sorted(self._refusals, key=lambda each: (each.fault, each.key, each.sentence)))

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """All that is left out, by key."""
        return tuple(sorted(self._left_out, key=lambda each: (each.key, each.reason)))
