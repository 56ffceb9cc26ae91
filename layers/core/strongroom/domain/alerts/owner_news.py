"""What owners are told each day of what was done to what is theirs: the tags that were written for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct

from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.identifiers import AccountId, Region

_NAMED = 30
_HOW_ELSE = (
    "Another tier: set the tag yourself to one that your account is offered, and it stays. Why: "
    "`strongroom explain --resource ARN`."
)


class TagWritten(Struct, frozen=True, kw_only=True):
    """The tag of the resource was added or corrected at that moment, so that it is in the tier now."""

    resource: str
    account: AccountId
    region: Region
    label: str
    tier: str
    reason: str
    at: datetime


class OwnerNews(Struct, frozen=True, kw_only=True):
    """One day's news to an owner; where nobody is named as that of the accounts, `owner` is empty."""

    owner: str
    day: date
    written: tuple[TagWritten, ...]
    names: Mapping[AccountId, str]

    @property
    def title(self) -> str:
        """What was done, in a line."""
        number = len(self.written)
        things = "1 resource was" if number == 1 else f"{number} resources were"
        return f"{self.day}: {things} tagged for backup"

    @property
    def text(self) -> str:
        """The title, whose they are, a line for each, and how it is had otherwise."""
        listed = [self._line(each) for each in self.written[:_NAMED]]
        more = len(self.written) - len(listed)
        return "\n".join(
            [
                self.title,
                f"Owner: {self.owner or 'nobody is named'}",
                *listed,
                *([f"- and {more} more"] if more else []),
                _HOW_ELSE,
            ]
        )

    def _line(self, each: TagWritten) -> str:
        name = self.names.get(each.account, "")
        account = f"{name} ({each.account})" if name else each.account
        place = f"{each.at:%Y-%m-%d %H:%M} UTC, {account}, {each.region}"
        return f"- {place}: {each.label or 'resource'} {each.resource} is in {each.tier}: {each.reason}"


def news_for_owners(
    written: Iterable[TagWritten], whose: Mapping[AccountId, Whose], *, day: date
) -> tuple[OwnerNews, ...]:
    """News to each owner, of all their accounts, and one about those that nobody is named for."""
    by_owner: defaultdict[str, list[TagWritten]] = defaultdict(list)
    for each in written:
        by_owner[whose.get(each.account, Whose()).owner].append(each)
    names = {account: known.account_name for account, known in whose.items()}
    return tuple(
        OwnerNews(
            owner=owner, day=day, written=tuple(sorted(mine, key=lambda each: (each.at, each.resource))), names=names
        )
        for owner, mine in sorted(by_owner.items())
    )
