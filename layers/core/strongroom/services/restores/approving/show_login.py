"""Show somebody who comes back from a login what it is about to sign: nothing is signed or used up by that."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import NotAuthenticatedError, RestoreRefusedError
from strongroom.domain.proofs.statements import read_statement
from strongroom.domain.restores.approving.logins import NO_LOGIN
from strongroom.domain.restores.showing.told import told_aim

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.proofs.statements import Decision
    from strongroom.domain.restores.approving.logins import BrowserSecret, Login
    from strongroom.ports.ceremony import Drafts, OpenLogins


class LoginShown(Struct, frozen=True, kw_only=True):
    """What the login is for, in names that people know."""

    request_id: str
    decision: Decision
    requester: str
    what: str
    account: str
    reason: str
    ticket: str
    mark: str


class LoginShowingNeeds(Struct, frozen=True, kw_only=True):
    """What showing a login needs of the world."""

    drafts: Drafts
    logins: OpenLogins
    name_of: Callable[[str], str]


def show_login(secret: BrowserSecret, *, state: str, needs: LoginShowingNeeds, now: datetime) -> LoginShown:
    """What the login is for; NotAuthenticatedError where none began in this browser, or another came back.

    RestoreRefusedError where nothing can be decided any more.
    """
    login = login_of(secret, state=state, logins=needs.logins)
    draft = needs.drafts.read(login.request_id)
    request = draft.sealed.request
    if now >= request.act_before:
        raise RestoreRefusedError(f"{request.id} is over; nothing can be decided about it any more")
    return LoginShown(
        request_id=login.request_id,
        decision=read_statement(login.statement).decision,
        requester=needs.name_of(request.requester),
        what=told_aim(request),
        account=request.account,
        reason=request.reason,
        ticket=request.ticket or "none",
        mark=draft.sealed.mark,
    )


def login_of(secret: BrowserSecret, *, state: str, logins: OpenLogins) -> Login:
    """The login that began in this browser, if it is the one that came back; NotAuthenticatedError otherwise."""
    login = logins.find(secret)
    if login is None or not hmac.compare_digest(secret.state.encode(), state.encode(errors="surrogatepass")):
        raise NotAuthenticatedError(NO_LOGIN)
    return login
