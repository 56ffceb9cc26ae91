"""Which accounts are governed, as IAM can be told."""

from strongroom.domain.intent.model import Intent


def governed_paths(intent: Intent) -> tuple[str, ...]:
    """Where in the organisation the accounts of governed units lie, at any depth, as aws:PrincipalOrgPaths says."""
    place = intent.organization
    return tuple(f"{place.id}/*/{target.id(intent)}/*" for target in intent.targets if target.unit)
