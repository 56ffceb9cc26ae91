"""Where the name of a tier is found: in the name of the plan that AWS Backup makes of it, and in the backup tag."""

from collections.abc import Mapping

from strongroom.domain.intent.model import Intent


def plan_name(tier: str) -> str:
    """The name of the backup plan that AWS Backup makes of a tier's policy."""
    return f"strongroom-{tier}"


def tier_of_plan(name: str | None, *, intent: Intent) -> str | None:
    """The tier whose plan has this name; None where no name is known, or it is that of another plan."""
    return next((tier for tier in intent.tiers if plan_name(tier) == name), None)


def tier_of_tags(tags: Mapping[str, str], *, intent: Intent) -> str | None:
    """The tier that the backup tag names; None where it is not there, or names none."""
    return tier_so_called(tags.get(intent.tag_key), intent=intent)


def tier_so_called(name: str | None, *, intent: Intent) -> str | None:
    """The name, if a tier of today's intent has it."""
    return name if name in intent.tiers else None
