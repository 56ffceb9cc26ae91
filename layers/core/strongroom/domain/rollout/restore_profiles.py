"""Whether the restore profiles of the intent are true: each value is there, fits, and all lie in one VPC."""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.rollout.live import LiveOrganization, ProfileValue


def profiles_of(intent: Intent) -> tuple[AccountProfile, ...]:
    """The profiles that are to be proved."""
    return () if intent.restores is None else intent.restores.profiles


def judge_profiles(intent: Intent, live: LiveOrganization) -> Iterator[Finding]:
    """Every value that is gone or does not fit, every profile that spans networks, and those that nobody could read."""
    for number, profile in enumerate(profiles_of(intent)):
        path = f"restores.profiles[{number}]"
        found = live.profiles.get((profile.account, profile.region))
        if found is None:
            why = f"whether {profile.place} has what it names is unknown: the role of --through cannot look there"
            yield warning("profile-unknown", path, why)
            continue
        for value in found:
            if not value.is_there:
                yield error("profile-missing", f"{path}.{value.field}", f"{profile.place} has no {value.name}")
            elif value.unfit:
                yield error("profile-unfit", f"{path}.{value.field}", f"{value.name} {value.unfit}")
        yield from _apart(found, path=path)


def _apart(found: tuple[ProfileValue, ...], *, path: str) -> Iterator[Finding]:
    """What is restored into one place lies in one network, whatever of the lists is chosen."""
    networks = {value.network: value for value in found if value.network}
    if len(networks) > 1:
        told = " and ".join(f"{value.name} in {network}" for network, value in sorted(networks.items()))
        yield error("profile-networks", path, f"what it names lies in more than one VPC: {told}")
