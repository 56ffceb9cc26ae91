"""Sign a statement from a terminal: by a fresh login, whose token commits to it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from strongroom.domain.errors import ApprovalVoidError, MalformedRequestError
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.intent.ceremony import IdentityProvider
from strongroom.domain.proofs.id_tokens import commitment_of
from strongroom.domain.proofs.statements import Decision, misses_request, read_statement
from strongroom.domain.restores.requests import SealedRequest, open_seal
from strongroom.domain.rulebook.trust import log_trust
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.login import Purpose, fetch_token, show_address


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the API wants to be signed, looked at here: the request that it is about, and the statement's text."""

    sealed: SealedRequest
    statement: str


def read_proposal(answer: dict[str, Any], decision: Decision, *, request_id: str) -> Proposal:
    """The proposal, if it is about this request and decision; ApprovalVoidError for anything else.

    What is signed is what was hashed here, whatever the API says about it.
    """
    sealed, statement = open_seal(str(answer.get("text"))), read_statement(str(answer.get("statement")))
    refusal = misses_request(statement, sealed.asked)
    if refusal or sealed.request.id != request_id or statement.decision is not decision:
        raise ApprovalVoidError(f"the API asks to sign something else: {refusal or 'another request or decision'}")
    return Proposal(sealed=sealed, statement=statement.text)


def sign(proposal: Proposal, *, provider: IdentityProvider) -> dict[str, Any]:
    """The proof, by a login that is made for this statement."""
    purpose = Purpose(nonce=commitment_of(proposal.statement), is_fresh=True)
    token = fetch_token(provider, show=show_address, purpose=purpose)
    return {"statement": proposal.statement, "id_token": {"token": token}}


def provider_of(intent: Path) -> IdentityProvider:
    """The identity provider that the intent names; MalformedRequestError without one."""
    read, _ = load_intent_file(intent)
    if read.identity_provider is None:
        raise MalformedRequestError(f"{intent} has no section identity_provider, so nobody can sign by a login")
    return read.identity_provider


def log_of(intent: Path) -> LogTrust | None:
    """The log and the witness that the intent names, by whose keys receipts are looked at; None where it does not."""
    return log_trust(load_intent_file(intent)[0])


def names_of(intent: Path) -> dict[str, str]:
    """What the intent calls each subject; nothing where there is no such file, for a dry run needs none."""
    if not intent.is_file():
        return {}
    read, _ = load_intent_file(intent)
    return {person.subject: person.name for person in read.people.values()}


def passkey_page(intent: Path, place: str, *, api: str, view: str) -> str:
    """Where a passkey signs: below the page's own origin, because it signs nowhere else.

    `api` is the API's URL, `view` the token of the link; MalformedRequestError where the intent names no page.
    """
    restores = load_intent_file(intent)[0].restores
    if restores is None or restores.page is None:
        raise MalformedRequestError(f"{intent} has no restores.page, so that nobody can sign with a passkey")
    return f"{restores.page.origins[0]}{urlsplit(api).path}/{place}?{urlencode({'view': view})}"
