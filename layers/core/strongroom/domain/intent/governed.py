"""Which accounts are governed, as IAM can be told."""

from strongroom.domain.intent.model import Intent


def paths_of_readers(intent: Intent) -> tuple[str, ...]:
    """Where the accounts lie that copies go back to; the whole organisation where one is named without its place."""
    if any(target.account for target in intent.targets):
        return (f"{intent.organization.id}/*",)
    return governed_paths(intent)


def governed_paths(intent: Intent) -> tuple[str, ...]:
    """Where in the organisation the accounts of governed units lie, at any depth, as aws:PrincipalOrgPaths says."""
    place = intent.organization
    return tuple(f"{place.id}/*/{target.id(intent)}/*" for target in intent.targets if target.unit)
