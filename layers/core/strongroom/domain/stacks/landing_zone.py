"""Where Control Tower tells what it does with accounts: in its home Region, and nowhere else.

Source: Control Tower User Guide, "Lifecycle events in AWS Control Tower".
"""

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent


def landing_zone_forwarder(intent: Intent) -> Region | None:
    """Where a forwarder of its own hears Control Tower.

    None where there is no Control Tower, and where the forwarder of the management account hears it.
    """
    place = intent.organization
    if place.landing_zone_region is None and "control-tower" not in intent.guardrails.landing_zone:
        return None
    region = place.landing_zone_region or place.home_region
    return None if region == intent.global_region else region
