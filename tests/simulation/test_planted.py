"""Planted faults that nights by chance hardly meet: the story that shows each, and where it must be interrupted."""

import pytest

from tests.simulation.judging.oracle import violations
from tests.simulation.nights.history import play
from tests.simulation.trials.nights import the_intent
from tests.simulation.trials.planting import planted
from tests.simulation.trials.plants import PLANTS
from tests.simulation.trials.systematic import STORIES

NAMES = {fault.name: fault for fault in PLANTS}
BESIDE = "ends after half a day, and its event comes beside the sweep that calls it missing"


@pytest.mark.parametrize(
    ("fault", "story", "why"),
    [
        (
            "a copy that came first opens nothing",
            "failed, and neither its backup's event nor a list tells when lists are read next",
            "6 r1/0/1: copy-r1/0/1 failed night 0 03:05, and was not told",
        ),
        (
            "a job before the run that was missed mends it",
            "ends when the next one was missed",
            "7 r1: broken since night 1 08:06, and by night 1 08:12 told as resolved",
        ),
        (
            "issues of any backup are told, however old",
            "ends after the next one, which had issues, and only a list tells of it",
            "7 r1: at the end the newest backup has some files were skipped, and the alert is resolved",
        ),
        (
            "what a job promises is known though nobody opened it",
            "ends after the next one, which had issues, and only a list tells of it",
            "1 r1/0/1: nothing was promised",
        ),
        (
            "what fails to be written is dropped",
            BESIDE,
            "7 r1: well since night 0 14:06, and by night 0 14:15 told as opened",
        ),
    ],
)
def test_a_story_shows_it(fault: str, story: str, why: str) -> None:
    told_of = STORIES[story]
    with planted(NAMES[fault]):
        (line, *_) = violations(play(the_intent(), told_of.seed, told_of.script()))
    assert line.startswith(why)


@pytest.mark.parametrize(
    ("fault", "story", "effect", "way", "why"),
    [
        (
            "what nobody lived to tell of a backup stays untold",
            "never backed up",
            " UpdateItem RESOURCE#",
            "crash-after",
            "7 r1: at night 0 09:50 told as None",
        ),
        (
            "whatever answered meanwhile, it is missing",
            BESIDE,
            " PutEvents BackupMissing",
            "slow",
            "7 r1: at night 1 00:04 told as opened",
        ),
        (
            "an end that nobody had complained of is told",
            BESIDE,
            " sweep 51000000.15 GetItem ALERT#",
            "slow",
            "7 r1: at night 1 00:04 told as opened",
        ),
        (
            "an opening that broke off is dropped",
            BESIDE,
            " sweep 51000000.17 Publish ",
            "error",
            "8 arn:aws:dynamodb:eu-west-1:333333333333:table/r1 (daily-prod): resolved before it was opened",
        ),
    ],
)
def test_a_story_that_is_interrupted_there_shows_it(fault: str, story: str, effect: str, way: str, why: str) -> None:
    told_of = STORIES[story]
    log = play(the_intent(), told_of.seed, told_of.script()).functions.log or []
    number = next(number for number, line in enumerate(log, start=1) if effect in line)
    script = told_of.script({number: way})
    assert violations(play(the_intent(), told_of.seed, script)) == []
    with planted(NAMES[fault]):
        (line, *_) = violations(play(the_intent(), told_of.seed, script))
    assert line.startswith(why)
