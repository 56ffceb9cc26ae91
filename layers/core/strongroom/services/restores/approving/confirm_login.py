"""Let a login sign: its code is exchanged for the token, which is taken as any other proof is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.proofs.proof import KeptToken
from strongroom.domain.restores.drafts import page_of
from strongroom.services.restores.approving.show_login import login_of
from strongroom.services.restores.approving.take_proof import take_proof

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from strongroom.domain.restores.approving.logins import BrowserSecret
    from strongroom.ports.ceremony import Drafts, LoginIssuer, OpenLogins
    from strongroom.services.restores.approving.take_proof import ProofTaken, ProofTakingNeeds


class LoginConfirmed(Struct, frozen=True, kw_only=True):
    """What became of the proof, and the page of its request; no proof where the same login signed before."""

    page: str
    taken: ProofTaken | None = None


class LoginConfirmationNeeds(Struct, frozen=True, kw_only=True):
    """What letting a login sign needs of the world; `key_of` gives the key that a token says it is signed with."""

    drafts: Drafts
    logins: OpenLogins
    issuer: LoginIssuer
    key_of: Callable[[str], Mapping[str, str]]
    proving: ProofTakingNeeds
    public_url: str


def confirm_login(
    secret: BrowserSecret, *, state: str, code: str, needs: LoginConfirmationNeeds, now: datetime
) -> LoginConfirmed:
    """Take the proof, once for each login; errors as `show_login` and `take_proof` have them.

    The login is used up before its code is: whoever presses twice, or dies on the way, signs in again, and never twice.
    """
    login = login_of(secret, state=state, logins=needs.logins)
    page = page_of(needs.public_url, needs.drafts.read(login.request_id), link=login.link)
    if not needs.logins.use(secret):
        return LoginConfirmed(page=page)
    token = needs.issuer.token(code, secret=secret)
    signed = KeptToken(token=token, jwk=needs.key_of(token))
    taken = take_proof(login.request_id, statement=login.statement, signed=signed, needs=needs.proving, now=now)
    return LoginConfirmed(page=page, taken=taken)
