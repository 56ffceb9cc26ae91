"""The ceremony as the intent wants it, whole: made once in the wiring, so that no step asks what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import CeremonyMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.intent.ceremony import IdentityProvider, Person, Restores, Slack, Tickets
    from strongroom.domain.intent.model import Intent

_NOT_WANTED: Final = (
    "there is no restore ceremony here, because the intent has no section `restores`: restore with AWS Backup itself, "
    "in the account that the backup belongs to"
)
_NOT_WHOLE: Final = "the ceremony takes `identity_provider`, `slack` and `tickets`, and the intent has not all three"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """All that the intent says of the ceremony."""

    restores: Restores
    people: Mapping[str, Person]
    slack: Slack
    tickets: Tickets
    identity_provider: IdentityProvider


def ceremony_of(intent: Intent) -> Ceremony:
    """The ceremony that the intent wants; CeremonyMissingError where it wants none, or has not all that it takes."""
    if intent.restores is None:
        raise CeremonyMissingError(_NOT_WANTED)
    if intent.slack is None or intent.tickets is None or intent.identity_provider is None:
        raise CeremonyMissingError(_NOT_WHOLE)
    return Ceremony(
        restores=intent.restores,
        people=intent.people,
        slack=intent.slack,
        tickets=intent.tickets,
        identity_provider=intent.identity_provider,
    )
