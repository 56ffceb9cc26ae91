from dataclasses import dataclass, field

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.services.copies.take_step import take_step


@dataclass
class Shelf:
    """A number that others may raise whenever it is about to be written; so often, `others`."""

    held: int | None = 1
    others: int = 0
    said: list[str] = field(default_factory=list)

    def keep(self, known: int, /, *, was: int) -> bool:
        if self.others and self.held is not None:
            self.others -= 1
            self.held += 10
        if self.held != was:
            return False
        self.held = known
        return True

    def double(self, *, below: int = 1000) -> int | None:
        return take_step(
            1,
            lambda number: number * 2 if number < below else None,
            announce=lambda moved, was: self.said.append(f"{was} to {moved}"),
            keep=self.keep,
            read=lambda: self.held,
            of="the number",
        )


def test_what_a_step_makes_is_written_once_it_is_announced() -> None:
    shelf = Shelf()
    assert (shelf.double(), shelf.held, shelf.said) == (2, 2, ["1 to 2"])


def test_a_step_that_makes_nothing_of_it_writes_and_says_nothing() -> None:
    shelf = Shelf()
    assert (shelf.double(below=0), shelf.held, shelf.said) == (None, 1, [])


def test_what_somebody_else_wrote_meanwhile_is_stepped_from() -> None:
    shelf = Shelf(others=1)
    assert (shelf.double(), shelf.held, shelf.said) == (22, 22, ["1 to 2", "11 to 22"])


def test_a_step_that_makes_nothing_of_what_somebody_else_wrote_leaves_it() -> None:
    shelf = Shelf(others=1)
    assert (shelf.double(below=5), shelf.held) == (None, 11)


def test_nothing_is_made_of_what_is_gone() -> None:
    shelf = Shelf(held=None)
    assert (shelf.double(), shelf.held) == (None, None)


def test_what_others_write_all_the_time_is_left_for_another_time() -> None:
    shelf = Shelf(others=100)
    with pytest.raises(TemporarilyUnavailableError, match="others change the number all the time"):
        shelf.double()
    assert shelf.others == 96
