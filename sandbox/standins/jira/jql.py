"""JQL, as much of it as an integration asks: conditions with `=`, joined by AND."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from sandbox.standins.jira.issues import PROJECT, Issue, User

type Condition = Callable[[Issue], bool]

_CONDITION: Final = re.compile(r'(labels|project|creator) *= *(?:"([^"]+)"|([A-Za-z0-9_-]+)|(currentUser\(\)))')


class NotUnderstoodError(ValueError):
    """The query is none that is read here; Jira refuses what it does not understand, too."""


def conditions_of(jql: str, *, caller: User) -> Iterator[Condition]:
    """What must hold for an issue; a query without a condition is refused, as Jira refuses unbounded ones."""
    for term in jql.split(" AND "):
        found = _CONDITION.fullmatch(term.strip())
        if found is None:
            raise NotUnderstoodError(term)
        field, quoted, plain, is_caller = found.groups()
        yield _condition(field, caller.account_id if is_caller else quoted or plain)


def _condition(field: str, wanted: str) -> Condition:
    if field == "labels":
        return lambda issue: wanted in issue.labels
    if field == "project":
        return lambda _: wanted == PROJECT
    return lambda issue: issue.reporter.account_id == wanted
