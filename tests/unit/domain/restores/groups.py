"""People of a small organisation in which restores are decided."""

from strongroom.domain.intent.ceremony import Person


def a_circle(**emails: str) -> dict[str, Person]:
    """Who has these addresses, and every account under their own name."""
    return {
        name: Person(subject=f"idp|{name}", name=name, email=email, slack_user=f"U{name}", ticket_account=name)
        for name, email in emails.items()
    }
