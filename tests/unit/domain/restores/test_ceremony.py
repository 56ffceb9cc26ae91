"""The ceremony is had whole or not at all."""

from copy import replace

import pytest

from strongroom.domain.errors import CeremonyMissingError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.intents import an_intent_without_ceremony


def test_all_that_the_intent_says_of_the_ceremony_is_in_it(intent: Intent) -> None:
    found = ceremony_of(intent)
    assert (found.restores, found.people, found.slack) == (intent.restores, intent.people, intent.slack)
    assert (found.tickets, found.identity_provider) == (intent.tickets, intent.identity_provider)


def test_an_intent_without_one_says_what_to_do_instead(intent: Intent) -> None:
    with pytest.raises(CeremonyMissingError, match=r"no section `restores`: restore with AWS Backup itself"):
        ceremony_of(an_intent_without_ceremony(intent))


@pytest.mark.parametrize("section", ["slack", "tickets", "identity_provider"])
def test_half_a_ceremony_is_none(intent: Intent, section: str) -> None:
    with pytest.raises(CeremonyMissingError, match="has not all three"):
        ceremony_of(replace(intent, **{section: None}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("denied by idp|maria, idp|sana: idp|omar asked", "denied by Maria Lindqvist, Sana Iqbal: Omar Haddad asked"),
        ("idp|mariana, xidp|maria and idp|maria@x are others", "idp|mariana, xidp|maria and idp|maria@x are others"),
        ("nobody", "nobody"),
    ],
)
def test_people_are_told_by_their_names(intent: Intent, text: str, said: str) -> None:
    assert ceremony_of(intent).in_names(text) == said
