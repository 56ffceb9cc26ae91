"""The ceremony as the intent wants it, whole: made once in the wiring, so that no step asks what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import CeremonyMissingError
from strongroom.domain.restores.people import person_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.intent.ceremony import IdentityProvider, Person, Restores, Slack, Tickets
    from strongroom.domain.intent.model import Intent

_NOT_WANTED: Final = (
    "there is no restore ceremony here, because the intent has no section `restores`: restore with AWS Backup itself, "
    "in the account that the backup belongs to"
)
_NOT_WHOLE: Final = "the ceremony takes `identity_provider`, `slack` and `tickets`, and the intent has not all three"


class Ceremony(Struct, frozen=True, kw_only=True):
    """All that the intent says of the ceremony."""

    restores: Restores
    people: Mapping[str, Person]
    slack: Slack
    tickets: Tickets
    identity_provider: IdentityProvider

    def may_ask(self, subject: str) -> bool:
        """Whether that person may ask; of a group that the identity provider keeps, only what they sign can tell."""
        requesters = self.restores.requesters
        if not isinstance(requesters, str):
            return True
        return any(self.people[name].subject == subject for name in self.restores.members(requesters))

    def subject_of(self, name: str) -> str:
        """The subject of a person of the intent; empty for nobody."""
        return self.people[name].subject if name in self.people else ""

    def alias_of(self, subject: str) -> str:
        """The name by which the intent knows that person; empty for nobody, or for more than one."""
        return person_by(self.people, subject=subject)

    def name_of(self, subject: str) -> str:
        """What people call that person; the subject itself of somebody whom the intent does not name."""
        return next((person.name for person in self.people.values() if person.subject == subject), subject)

    def in_names(self, text: str) -> str:
        """The text with each subject whom the intent knows replaced by what people call that person."""
        names = {person.subject: person.name for person in self.people.values()}
        known = "|".join(re.escape(subject) for subject in sorted(names, key=len, reverse=True))
        return re.sub(rf"(?<![\w|@.-])(?:{known})(?![\w|@-])", lambda found: names[found[0]], text) if names else text


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
