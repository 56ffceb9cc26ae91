"""People: who somebody is, by what the identity provider signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.identity.oidc import IdentityTokens, Web
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.people import known_person

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def person_of(bearer: str, platform: Platform) -> str:
    """The person that the token stands for; NotAuthenticatedError or PermissionRefusedError when it is nobody's."""
    ceremony = ceremony_of(platform.intent)
    subject = IdentityTokens(ceremony.identity_provider, http=Web()).subject_of(bearer)
    return known_person(subject, people=ceremony.people)
