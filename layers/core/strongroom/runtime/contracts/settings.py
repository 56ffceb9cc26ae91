"""Our own fact that a copy is in its vault, as it comes back from the bus."""

import msgspec

from strongroom.domain.identifiers import Arn


class VerifiedCopy(msgspec.Struct, frozen=True):
    """The detail of the fact: of which resource, and where that is."""

    account: str
    region: str
    resource: str

    def of(self) -> str:
        """The resource; MalformedIdentifierError for one that is no ARN."""
        return str(Arn.parse(self.resource))
