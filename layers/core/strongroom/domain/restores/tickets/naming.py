"""Whether a ticket names what shall be restored: that one resource or recovery point, and nothing that is like it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.tickets.ticket import Ticket

_BETWEEN: Final = re.compile(r"[\s,;|]+")
# What people and editors put around a name. None of it begins or ends an ARN.
_AROUND: Final = ".:!?'\"`\u201c\u201d\u2018\u2019()[]{}<>*"


def is_named(ticket: Ticket, *, request: RestoreRequest) -> bool:
    """Whether the ticket names the resource or the recovery point: by its ARN, or by type, name and account.

    Where the intent names a field, that field alone is read. A name without its type is many things, and an account
    number names all that is in the account: neither is enough.
    """
    texts = (ticket.summary, ticket.description, *ticket.labels) if ticket.resources is None else ticket.resources
    found = frozenset(_words(texts))
    if found & {request.resource, request.recovery_point}:
        return True
    resource = Arn.parse(request.resource)
    return resource.account in found and bool(found & _short_names(resource))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for word in _BETWEEN.split(unicodedata.normalize("NFC", text)):
            yield word.strip(_AROUND)


def _short_names(resource: Arn) -> frozenset[str]:
    """`db:payments-db` and `db/payments-db`; none for a resource without a type, such as a bucket."""
    kind = re.split(r"[:/]", resource.resource, maxsplit=1)[0]
    if kind == resource.resource:
        return frozenset()
    return frozenset({f"{kind}:{resource.name}", f"{kind}/{resource.name}"})
