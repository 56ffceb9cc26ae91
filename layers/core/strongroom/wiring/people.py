"""People: who somebody is, and what somebody signed, by the identity provider's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.identity.oidc import IdentityTokens, Web
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.people import known_person

if TYPE_CHECKING:
    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.runtime.contracts.http import ProofBody
    from strongroom.runtime.platform import Platform


def person_of(bearer: str, platform: Platform) -> str:
    """The name of whom the token stands for; NotAuthenticatedError or PermissionRefusedError when it is nobody's."""
    ceremony = ceremony_of(platform.intent)
    subject = identity_tokens(platform).subject_of(bearer)
    return known_person(subject, people=ceremony.people)


def subject_of(bearer: str, platform: Platform) -> str:
    """The subject that the token stands for, of somebody whom the intent knows; errors as of `person_of`."""
    return platform.intent.people[person_of(bearer, platform)].subject


def identity_tokens(platform: Platform) -> IdentityTokens:
    """The identity provider's tokens."""
    return IdentityTokens(ceremony_of(platform.intent).identity_provider, http=Web())


def signed(body: ProofBody, platform: Platform) -> Assertion | KeptToken:
    """What was signed, with the identity provider's key where that is a token."""
    return body.signed(identity_tokens(platform).key_of)


def issuer(platform: Platform) -> str:
    """The identity provider's URL."""
    return ceremony_of(platform.intent).identity_provider.issuer
