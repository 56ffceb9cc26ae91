"""The people who act in the sandbox, with the identity that each system knows them by."""

from dataclasses import dataclass


class UnknownPersonError(LookupError):
    """No one of this name is seeded in the sandbox."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person as the identity provider, Slack and Jira each know them."""

    name: str
    display_name: str
    title: str

    @property
    def email(self) -> str:
        """The mail address that all systems share."""
        return f"{self.name}@strongroom.example"

    @property
    def subject(self) -> str:
        """The identity provider's stable `sub`."""
        return f"idp|{self.name}"

    @property
    def slack_id(self) -> str:
        """The Slack user id."""
        return f"U0{self.name.upper()}"

    @property
    def jira_account(self) -> str:
        """The Jira account id."""
        return self.name


PEOPLE = (
    Person("omar", "Omar Haddad", "On-call engineer"),
    Person("maria", "Maria Lindqvist", "Service owner of payments"),
    Person("sana", "Sana Iqbal", "Security"),
    Person("ada", "Ada Keller", "Auditor"),
    Person("piet", "Piet Jansen", "Platform"),
    Person("chiara", "Chiara Russo", "Change manager"),
)


def person_named(name: str) -> Person:
    """Return the person of this short name, such as `maria`."""
    return _found(name, [person for person in PEOPLE if person.name == name])


def person_with_slack_id(slack_id: str) -> Person:
    """Return the person behind a Slack user id."""
    return _found(slack_id, [person for person in PEOPLE if person.slack_id == slack_id])


def person_with_email(email: str) -> Person:
    """Return the person behind a mail address, in any letter case."""
    return _found(email, [person for person in PEOPLE if person.email == email.strip().lower()])


def _found(wanted: str, found: list[Person]) -> Person:
    if not found:
        raise UnknownPersonError(f"nobody called {wanted!r}; there are {', '.join(person.name for person in PEOPLE)}")
    return found[0]
