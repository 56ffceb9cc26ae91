"""Show restore requests and their evidence."""

from strongroom.adapters.clients import client
from strongroom.adapters.identity_provider import IdentityTokens, Web
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.approvals import known_person
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request
from strongroom.services.show_restores import list_restores, show_evidence, show_restore


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer the list, one request, or its evidence to anybody who is known."""
    subject = IdentityTokens(platform.intent.identity_provider, http=Web()).subject_of(request.bearer)
    known_person(subject, people=platform.intent.people)
    table = LedgerTable(client("dynamodb"), platform.settings.ledger)
    book, log = LedgerRestores(table), LedgerEvidence(table)
    request_id = request.parameters.get("id")
    if request_id is None:
        return HttpAnswer(content={"restores": list_restores(book=book)})
    if request.path.endswith("/evidence"):
        return HttpAnswer(content=show_evidence(request_id, book=book, log=log))
    return HttpAnswer(content=show_restore(request_id, book=book))
