"""Encoded queries as ServiceNow reads them, with its habit to ignore what it does not understand.

`glide.invalid_query.returns_no_rows` is false unless an administrator sets it: a condition on a field that there is
not, or without an operator, is left out, and the rest of the query decides, or nothing does.
"""

from collections.abc import Callable, Collection, Iterable
from operator import itemgetter
from typing import Final

from sandbox.standins.servicenow.instance import Record

type Condition = Callable[[Record], bool]

# The longer ones first: `!=` holds a `=`.
_OPERATORS: Final[dict[str, Callable[[str, str], bool]]] = {
    "STARTSWITH": lambda value, wanted: value.lower().startswith(wanted.lower()),
    "ISNOTEMPTY": lambda value, _: bool(value),
    "ISEMPTY": lambda value, _: not value,
    "LIKE": lambda value, wanted: wanted.lower() in value.lower(),
    "IN": lambda value, wanted: value in wanted.split(","),
    "!=": lambda value, wanted: value.lower() != wanted.lower(),
    "=": lambda value, wanted: value.lower() == wanted.lower(),
}


def select(rows: Iterable[Record], query: str, *, fields: Collection[str]) -> list[Record]:
    """The rows that one of the queries between `^NQ` selects, in the order that is asked for."""
    alternatives = [_conditions(each, fields) for each in query.split("^NQ")]
    chosen = [row for row in rows if any(all(holds(row) for holds in each) for each in alternatives)]
    for term in reversed(query.replace("^NQ", "^").split("^")):
        for word in ("ORDERBYDESC", "ORDERBY"):
            name = term.removeprefix(word)
            if name != term and name in fields:
                chosen.sort(key=itemgetter(name), reverse=word == "ORDERBYDESC")
                break
    return chosen


def _conditions(query: str, fields: Collection[str]) -> list[Condition]:
    """What must hold for a row; terms that begin with `OR` belong to the one before."""
    groups: list[list[Condition]] = []
    for term in query.split("^"):
        is_or = term.startswith("OR") and not term.startswith("ORDERBY")
        condition = _condition(term.removeprefix("OR") if is_or else term, fields)
        if condition is None:
            continue
        if is_or and groups:
            groups[-1].append(condition)
        else:
            groups.append([condition])
    return [_any_of(group) for group in groups]


def _any_of(group: list[Condition]) -> Condition:
    return lambda row: any(holds(row) for holds in group)


def _condition(term: str, fields: Collection[str]) -> Condition | None:
    for name in sorted(fields, key=len, reverse=True):
        for operator, compare in _OPERATORS.items():
            if term.startswith(name + operator):
                return _compared(name, compare, term.removeprefix(name + operator))
    return None


def _compared(name: str, compare: Callable[[str, str], bool], wanted: str) -> Condition:
    return lambda row: compare(row[name], wanted)
