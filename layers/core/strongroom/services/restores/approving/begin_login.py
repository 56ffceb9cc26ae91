"""Begin a login that signs a statement: for those who have no passkey at hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.proofs.id_tokens import commitment_of
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.approving.logins import SECRET_BYTES, BrowserSecret, Login
from strongroom.domain.written import base64url
from strongroom.services.restores.approving.propose_statement import propose_statement

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.ports.ceremony import LoginIssuer, OpenLogins
    from strongroom.services.restores.approving.propose_statement import StatementProposalNeeds

LOGIN_LASTS: Final = timedelta(minutes=5)


class LoginBegun(Struct, frozen=True, kw_only=True):
    """Where the browser goes, and the statement that the login will sign, so that the page checks both before."""

    request_id: str
    address: str
    statement: str
    text: str


class LoginBeginning(Struct, frozen=True, kw_only=True):
    """The answer, and what only this browser may have."""

    begun: LoginBegun
    secret: BrowserSecret


class LoginBeginningNeeds(Struct, frozen=True, kw_only=True):
    """What beginning a login needs of the world."""

    proposing: StatementProposalNeeds
    logins: OpenLogins
    issuer: LoginIssuer
    random: Callable[[int], bytes]


def begin_login(
    request_id: str, decision: Decision, *, view: str, number: str = "", needs: LoginBeginningNeeds, now: datetime
) -> LoginBeginning:
    """A login for one decision; errors as `propose_statement` has them, and RestoreRefusedError for a request's own."""
    if decision is Decision.REQUEST:
        raise RestoreRefusedError("a request is sent by a passkey, or by `strongroom restore request`")
    proposed = propose_statement(request_id, decision, view=view, number=number, needs=needs.proposing, now=now)
    secret = BrowserSecret(base64url(needs.random(SECRET_BYTES)))
    address = needs.issuer.address(nonce=commitment_of(proposed.statement), secret=secret)
    login = Login(request_id=request_id, statement=proposed.statement, link=proposed.link)
    needs.logins.begin(login, secret=secret, until=now + LOGIN_LASTS)
    begun = LoginBegun(request_id=request_id, address=address, statement=proposed.statement, text=proposed.text)
    return LoginBeginning(begun=begun, secret=secret)
