"""What we publish of accounts."""

from strongroom.domain.facts import Fact


class AccountAssessed(Fact, frozen=True, kw_only=True):
    """An account was judged; `missing` names every piece that it lacks."""

    state: str
    missing: tuple[str, ...]
