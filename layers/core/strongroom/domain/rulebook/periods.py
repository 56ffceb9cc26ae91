"""Which rules hold from when on: they change by themselves where a passkey begins or ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.canonical import digest_of
from strongroom.domain.rulebook.places import rule_places
from strongroom.domain.rulebook.policy_texts import place_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.rulebook.places import RulePlace


class HeldRules(Struct, frozen=True, kw_only=True):
    """The rules of a place, `strongroom-policy/1`, from `since` on; None where they hold already."""

    place: RulePlace
    text: str
    since: datetime | None

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, by which the rules are named."""
        return digest_of(self.text)


def turns(intent: Intent, *, after: datetime) -> tuple[datetime, ...]:
    """The moments to come at which a passkey begins or ends, the first one first."""
    keys = (passkey for person in intent.people.values() for passkey in person.passkeys)
    moments = {moment for key in keys for moment in (key.since, key.until) if moment is not None}
    return tuple(sorted(moment for moment in moments if moment > after))


def rules_from(intent: Intent, *, at: datetime) -> tuple[HeldRules, ...]:
    """The rules of every place at that moment, each followed by those that will come after them."""
    return tuple(rules for place in rule_places(intent) for rules in _of_place(intent, place, at=at))


def _of_place(intent: Intent, place: RulePlace, *, at: datetime) -> Iterator[HeldRules]:
    last = ""
    for moment in (at, *turns(intent, after=at)):
        text = place_text(intent, place, at=moment)
        if text != last:
            yield HeldRules(place=place, text=text, since=None if moment == at else moment)
        last = text
