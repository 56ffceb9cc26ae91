"""An answer as text for people."""

from collections.abc import Iterator

from strongroom.domain.hearing.patterns import Difference
from strongroom_cli.errors import one_line
from strongroom_cli.explain.answers import Answer, Outcome, Reading

_MOST_NAMED = 6


def lines_of(answer: Answer) -> Iterator[str]:
    """The answer, line by line; what came out of the event moves no cursor."""
    for depth, text in _lines(answer):
        yield "  " * depth + one_line(text)


def _lines(answer: Answer) -> Iterator[tuple[int, str]]:
    yield 0, f"{_title(answer)}: {answer.summary}"
    if answer.fault is not None:
        yield 1, answer.fault
    for note in answer.notes:
        yield 1, note
    if answer.reach is not None:
        yield 1, f"{_HEARD[answer.reach.is_heard]}: {answer.reach.reason}"
    for reading in answer.readings:
        yield from _reading(reading)
    for miss in answer.nearest:
        yield 1, f"nearest rule {miss.rule} ({miss.hears})"
        yield from ((2, _difference(each)) for each in miss.differences)


_HEARD = {True: "comes to us", False: "does not come to us", None: "comes to us, perhaps"}


def _title(answer: Answer) -> str:
    event = answer.event
    name = event.get("eventName") or event.get("detail-type") or "what was given"
    said = " of ".join(each for each in (name, event.get("source")) if each)
    place = " in ".join(each for each in (event.get("account"), event.get("region")) if each)
    return f"{said}, {place}" if place else said


def _reading(reading: Reading) -> Iterator[tuple[int, str]]:
    yield 1, f"{reading.rule} ({reading.hears}) brings it to {reading.function}"
    for fact in reading.facts:
        yield 2, f"{fact.name}: {fact.value} [{fact.origin}]"
    for outcome in reading.outcomes:
        yield from _outcome(outcome)


def _outcome(outcome: Outcome) -> Iterator[tuple[int, str]]:
    when = f"if {outcome.when}: " if outcome.when else ""
    yield 2, f"{when}{outcome.state}: {outcome.reason}"
    for act in outcome.would:
        yield 3, f"would {act}"


def _difference(difference: Difference) -> str:
    has = " and ".join(repr(each) for each in difference.found) or "nothing"
    wanted = difference.wanted
    more = f", or {len(wanted) - _MOST_NAMED} others" if len(wanted) > _MOST_NAMED else ""
    return f"{difference.field} is {has}; the rule takes {', '.join(wanted[:_MOST_NAMED])}{more}"
