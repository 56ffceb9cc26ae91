"""What scenes of bad nights wait for: backups and their promises, alerts and their ends."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import night

NIGHTLY = "cron(0 2 ? * * *)"


def run_night(
    world: World,
    scene: Scene,
    *,
    accounts: Sequence[str] = night.PROTECTED_ACCOUNTS,
    destinations: Callable[[dict[str, Any]], Iterable[str]] = night.destinations,
) -> tuple[tuple[str, str], ...]:
    """Let the backups of a night run, and return the promises that follow from them.

    They are of these accounts; `destinations` tells the vaults that a backup owes a copy.
    """
    since = datetime.now(UTC)
    world.control("POST", "/backup/run", {"schedule": NIGHTLY})
    points = scene.until(
        "the backups of the night complete",
        lambda: night.points_of_everything(world, since=since, accounts=accounts),
        detail=lambda found: f"{len(found)} recovery points",
    )
    return tuple((str(point["RecoveryPointArn"]), vault) for point in points for vault in destinations(point))


def until_verified(world: World, scene: Scene, promises: Sequence[tuple[str, str]]) -> None:
    """Wait until the ledger says of each that its copy is verified."""
    scene.until(
        "every copy of it is verified",
        lambda: all(night.state(world, promise) == "VERIFIED" for promise in promises),
        detail=lambda _: f"{len(promises)} promises",
    )


def until_told(world: World, scene: Scene, claim: str, kind: str, resource: str, *, words: str) -> None:
    """Wait until people are told about the resource, and see that the reason has the words."""
    alert = scene.until(
        claim,
        world.impatient(lambda: night.alert(world, kind, resource), queue=night.SWEEP),
        detail=lambda told: told["reason"],
    )
    scene.check("in words that say why", words in alert["reason"], words)


def until_over(world: World, scene: Scene, kind: str, resource: str) -> None:
    """Wait until people are told that what they were told of this kind is over."""
    opened = night.alert(world, kind, resource)
    scene.until(
        f"the end of {kind} is told",
        world.impatient(lambda: world.alerts(fingerprint=opened["fingerprint"], status="resolved"), queue=night.SWEEP),
        detail=lambda resolved: resolved[0]["reason"],
    )
