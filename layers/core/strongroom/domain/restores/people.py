"""Who somebody is: the intent's people, known by what their accounts elsewhere are called."""

import unicodedata
from collections.abc import Mapping

from strongroom.domain.errors import PermissionRefusedError
from strongroom.domain.intent.ceremony import Person


def person_by(
    people: Mapping[str, Person], *, subject: str = "", slack_user: str = "", ticket_account: str = ""
) -> str:
    """The one person with that identity; empty when there is none or more than one."""
    found = [
        name
        for name, person in people.items()
        if (subject and person.subject == subject)
        or (slack_user and person.slack_user == slack_user)
        or (ticket_account and person.ticket_account == ticket_account)
    ]
    return found[0] if len(found) == 1 else ""


def known_person(subject: str, *, people: Mapping[str, Person]) -> str:
    """The person behind an identity provider's subject, or PermissionRefusedError."""
    person = person_by(people, subject=subject)
    if not person:
        raise PermissionRefusedError("you are logged in, but nobody here is known by this identity")
    return person


def same_person(one: str, other: str, *, people: Mapping[str, Person]) -> bool:
    """Whether two names stand for one person: the same name, subject, account, or address but for case and `+alias`.

    Whoever is not known (any more) cannot be told apart from anybody, so the answer is yes.
    """
    if one == other:
        return True
    first, second = people.get(one), people.get(other)
    if first is None or second is None:
        return True
    return any(mine and mine == theirs for mine, theirs in zip(_marks(first), _marks(second), strict=True))


def _marks(person: Person) -> tuple[str, ...]:
    """All that tells a person apart, in one spelling."""
    local, _, host = _folded(person.email).rpartition("@")
    accounts = (person.subject, person.slack_user, person.ticket_account)
    return (f"{local.partition('+')[0]}@{host}" if host else "", *(_folded(each) for each in accounts))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
