"""Who is the same person as whom: two accounts of one person are one person."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.restores.people import person_by, same_person
from tests.unit.domain.restores.groups import a_circle


@pytest.mark.parametrize(
    "alias", ["omar@x.example", "OMAR@X.Example", "omar+2@x.example", " omar@x.example ", "\uff4fmar@x.example"]
)
def test_a_second_account_of_the_requester_is_the_requester(alias: str) -> None:
    people = a_circle(omar="omar@x.example", maria=alias)
    assert same_person("omar", "maria", people=people)


@pytest.mark.parametrize("mark", ["subject", "slack_user", "ticket_account"])
def test_two_entries_that_share_an_account_are_one_person(mark: str) -> None:
    people = a_circle(omar="omar@x.example", maria="maria@x.example", sana="sana@x.example")
    shared: dict[str, Any] = {mark: f" {getattr(people['omar'], mark).upper()}"}
    people["maria"] = replace(people["maria"], **shared)
    assert same_person("omar", "maria", people=people)
    assert not same_person("omar", "sana", people=people)


def test_an_account_that_two_people_share_is_nobodys() -> None:
    people = {name: replace(person, slack_user="U1") for name, person in a_circle(a="a@x", b="b@x").items()}
    assert person_by(people, slack_user="U1") == ""


def test_who_is_not_known_any_more_cannot_be_told_apart_from_anybody() -> None:
    assert same_person("omar", "maria", people=a_circle(maria="maria@x.example"))
