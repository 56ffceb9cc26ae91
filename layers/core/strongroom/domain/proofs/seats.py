"""Whether the seats that rules keep can be taken by different people."""

from collections.abc import Collection, Sequence


def seat(seats: Sequence[Collection[str]], people: Sequence[str]) -> dict[int, str]:
    """As many seats as possible, each with a different person: augmenting paths, so that no order matters.

    A seat is told by those who may take it.
    """
    taken: dict[int, str] = {}

    def take(person: str, tried: set[int]) -> bool:
        for place, members in enumerate(seats):
            if place in tried or person not in members:
                continue
            tried.add(place)
            if place not in taken or take(taken[place], tried):
                taken[place] = person
                return True
        return False

    for person in people:
        take(person, set())
    return taken
