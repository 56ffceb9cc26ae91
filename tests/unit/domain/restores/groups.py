"""Groups, rules and people of a small organisation in which restores are decided."""

from strongroom.domain.intent.ceremony import ApprovalRule, Person

GROUPS = {"owners": ("maria", "sana"), "security": ("sana",), "duty": ("omar", "maria")}


def the_rules(**needed: int) -> tuple[ApprovalRule, ...]:
    """The rules by which so many of each group are needed."""
    return tuple(ApprovalRule(unit="Production", group=group, needed=count) for group, count in needed.items())


def a_circle(**emails: str) -> dict[str, Person]:
    """Who has these addresses, and every account under their own name."""
    return {
        name: Person(subject=f"idp|{name}", name=name, email=email, slack_user=f"U{name}", ticket_account=name)
        for name, email in emails.items()
    }
