"""What we publish of accounts."""

from dataclasses import dataclass

from strongroom.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAssessed(Fact):
    """An account was judged; `missing` names every piece that it lacks."""

    state: str
    missing: tuple[str, ...]
