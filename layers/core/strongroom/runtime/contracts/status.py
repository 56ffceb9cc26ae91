"""Our own facts about resources, as they come back from the bus, and the ticks between them."""

import msgspec

from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.status.hints import Hint


class ResourceNews(msgspec.Struct, frozen=True):
    """The detail of a fact: which resource there is news of; of a tick it is empty. What it is, the ledger says."""

    account: str = ""
    resource: str = ""
    recovery_point: str = ""

    def observed(self) -> Hint | None:
        """Where to look; None at a tick. MalformedIdentifierError for a resource that is no ARN."""
        if not self.resource:
            return None
        resource = str(Arn.parse(self.resource))
        return Hint(account=AccountId(self.account), resource=resource, recovery_point=self.recovery_point)
