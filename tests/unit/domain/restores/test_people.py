"""Who is the same person as whom: two accounts of one person are one vote."""

from dataclasses import replace

import pytest

from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.restores.people import person_by, same_person
from strongroom.domain.restores.quorum import QuorumState, decide_quorum
from strongroom.domain.restores.votes import VoteState, judge_click
from tests.builders.restores import a_vote
from tests.unit.domain.restores.groups import a_circle, the_rules


@pytest.mark.parametrize("alias", ["omar@x.example", "OMAR@X.Example", "omar+2@x.example", " omar@x.example "])
def test_a_second_account_of_the_requester_is_the_requester(alias: str, restores: Restores) -> None:
    people = a_circle(omar="omar@x.example", maria=alias)
    assert same_person("omar", "maria", people=people)
    verdict = decide_quorum(the_rules(owners=1), [a_vote("maria")], requester="omar", restores=restores, people=people)
    assert verdict.state is QuorumState.PENDING
    click = judge_click("maria", requester="omar", rules=the_rules(owners=1), restores=restores, people=people)
    assert click.state is VoteState.REFUSED


@pytest.mark.parametrize("mark", ["subject", "slack_user", "ticket_account"])
def test_two_entries_that_share_an_account_are_one_person(mark: str) -> None:
    people = a_circle(omar="omar@x.example", maria="maria@x.example", sana="sana@x.example")
    people["maria"] = replace(people["maria"], **{mark: f" {getattr(people['omar'], mark).upper()}"})
    assert same_person("omar", "maria", people=people)
    assert not same_person("omar", "sana", people=people)


def test_an_account_that_two_people_share_is_nobodys() -> None:
    people = {name: replace(person, slack_user="U1") for name, person in a_circle(a="a@x", b="b@x").items()}
    assert person_by(people, slack_user="U1") == ""


def test_a_requester_who_is_not_known_any_more_cannot_be_told_apart_from_an_approver(restores: Restores) -> None:
    people = a_circle(maria="maria@x.example", sana="sana@x.example")
    votes = [a_vote("maria"), a_vote("sana")]
    verdict = decide_quorum(the_rules(owners=1), votes, requester="omar", restores=restores, people=people)
    assert verdict.state is QuorumState.PENDING
    click = judge_click("maria", requester="omar", rules=the_rules(owners=1), restores=restores, people=people)
    assert click.state is VoteState.REFUSED
