"""Logins on the page, which sign what its people decide."""

from __future__ import annotations

import secrets as randomness
from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.identity.logins import PageLogins
from strongroom.adapters.identity.oidc import Web
from strongroom.adapters.ledger.nonces import LedgerLogins
from strongroom.adapters.ledger.restores import CeremonyDrafts
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.approving.begin_login import LoginBeginningNeeds
from strongroom.services.restores.approving.confirm_login import LoginConfirmationNeeds
from strongroom.services.restores.approving.show_login import LoginShowingNeeds
from strongroom.wiring.people import identity_tokens
from strongroom.wiring.restores.approving.signing import proof_taking, statement_proposal
from strongroom.wiring.stack import ceremony_table, ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def login_beginning(platform: Platform) -> LoginBeginningNeeds:
    """What beginning a login needs."""
    return LoginBeginningNeeds(
        proposing=statement_proposal(platform),
        logins=_logins(platform),
        issuer=_issuer(platform),
        random=randomness.token_bytes,
    )


def login_showing(platform: Platform) -> LoginShowingNeeds:
    """What showing a login needs."""
    return LoginShowingNeeds(
        drafts=CeremonyDrafts(ceremony_table(platform)),
        logins=_logins(platform),
        name_of=ceremony_of(platform.intent).name_of,
    )


def login_confirmation(platform: Platform) -> LoginConfirmationNeeds:
    """What letting a login sign needs."""
    return LoginConfirmationNeeds(
        drafts=CeremonyDrafts(ceremony_table(platform)),
        logins=_logins(platform),
        issuer=_issuer(platform),
        key_of=identity_tokens(platform).key_of,
        proving=proof_taking(platform),
        public_url=secrets(platform).value("public_url"),
    )


def page_origins(platform: Platform) -> tuple[str, ...]:
    """Where the page lies; nowhere in an intent without one."""
    page = ceremony_of(platform.intent).restores.page
    return page.origins if page else ()


def _logins(platform: Platform) -> LedgerLogins:
    return LedgerLogins(ledger(platform), now=platform.now)


def _issuer(platform: Platform) -> PageLogins:
    kept = secrets(platform)
    return PageLogins(
        ceremony_of(platform.intent).identity_provider,
        tokens=identity_tokens(platform),
        http=Web(),
        client_secret=partial(kept.value, "oidc_client_secret"),
        redirect_uri=f"{kept.value('public_url')}/logins/callback",
    )
