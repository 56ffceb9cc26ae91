"""Dead letters are shown and left where they are, or sent back where they came from."""

from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from strongroom.domain.errors import NotFoundError
from strongroom.domain.health.letters import Letter, LetterKind
from strongroom.services.health.redrive_letters import LetterNeeds, read_letters, redrive_letters
from tests.unit.services.health.letters import FakeFailureLog, FakeLetterBox

QUEUE = "arn:aws:sqs:eu-west-1:999999999999:strongroom-VerifyCopyQueue-1"
FIRST = Letter(
    id="m-1",
    kind=LetterKind.BURIED,
    reason="it breaks its contract: no account",
    about="Copy Job State Change",
    body="{}",
    sent_at=datetime(2026, 9, 1, 6, tzinfo=UTC),
    goes_to=QUEUE,
)
SECOND = replace(
    FIRST, id="m-2", kind=LetterKind.FAILED, reason="it failed", sent_at=datetime(2026, 9, 1, 7, tzinfo=UTC)
)
LOST = replace(FIRST, id="m-3", goes_to=None)
STRANGE = replace(FIRST, id="m-4", goes_to="arn:aws:sqs:eu-west-1:999999999999:orders")


@dataclass
class Post:
    box: FakeLetterBox = field(default_factory=lambda: FakeLetterBox([SECOND, FIRST], queues={QUEUE}))
    log: FakeFailureLog = field(default_factory=FakeFailureLog)

    @property
    def needs(self) -> LetterNeeds:
        return LetterNeeds(box=self.box, log=self.log)


@pytest.fixture
def post() -> Post:
    return Post()


def test_letters_are_shown_in_order_and_left_for_others(post: Post) -> None:
    assert read_letters(needs=post.needs) == (FIRST, SECOND)
    assert (post.box.held, post.box.hidden) == ([SECOND, FIRST], set())


def test_why_a_letter_failed_is_read_in_the_log_of_its_function(post: Post) -> None:
    post.log.said = {FIRST.id: "never asked", SECOND.id: "the account is busy"}
    assert [letter.reason for letter in read_letters(needs=post.needs)] == [
        FIRST.reason,
        "it failed, the last time because the account is busy",
    ]


def test_every_letter_goes_back_to_where_it_came_from(post: Post) -> None:
    done = redrive_letters((), needs=post.needs)
    assert (done.sent, done.left) == ((FIRST, SECOND), ())
    assert post.box.sent == [(FIRST, QUEUE), (SECOND, QUEUE)]
    assert post.box.held == []


def test_a_letter_that_is_named_goes_back_alone(post: Post) -> None:
    assert redrive_letters((SECOND.id,), needs=post.needs).sent == (SECOND,)
    assert (post.box.held, post.box.hidden) == ([FIRST], set())


@pytest.mark.parametrize("letter", [LOST, STRANGE], ids=["of no known queue", "of a queue that is not ours"])
def test_a_letter_without_a_way_back_is_left(letter: Letter, post: Post) -> None:
    post.box.held.append(letter)
    done = redrive_letters((), needs=post.needs)
    assert (done.sent, done.left) == ((FIRST, SECOND), (letter,))
    assert (post.box.held, post.box.hidden) == ([letter], set())


def test_nothing_is_sent_where_one_of_the_ids_is_none(post: Post) -> None:
    with pytest.raises(NotFoundError, match="m-9"):
        redrive_letters((FIRST.id, "m-9"), needs=post.needs)
    assert (post.box.sent, post.box.hidden) == ([], set())
