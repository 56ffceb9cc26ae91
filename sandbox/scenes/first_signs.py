"""What shows that the pieces of an account work: its forwarders are heard, and an inventory goes through it.

Both come by clocks, a beat each quarter of an hour and an inventory within five minutes, which nobody waits for here.
"""

from typing import Any

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.settings import HOME_REGION, ORGANIZATIONS_REGION

# The rule of each Region that has the clock.
_FORWARDERS = {HOME_REGION: "strongroom-forwarder", ORGANIZATIONS_REGION: "strongroom-forwarder-global"}


def hear(world: World, scene: Scene, *accounts: str) -> None:
    """Let the clock of each forwarder of these accounts strike, and wait until every one of them is heard."""
    places = [(account, region, rule) for account in accounts for region, rule in _FORWARDERS.items()]
    scene.until(
        "they lie in every Region, and are listened to",
        lambda: all(_lies(world, *place) and _known(world, place[0]) for place in places),
        detail=lambda _: f"{len(places)} forwarders",
    )
    for account, region, rule in places:
        world.control("POST", "/schedules/strike", {"account": account, "region": region, "rule": rule})
    scene.until(
        "each is heard; from now on it would be told if it were not",
        lambda: all(_beat(world, account, region) for account, region, _ in places),
        detail=lambda _: _beat(world, *places[-1][:2]),
    )


def go_through(world: World, scene: Scene, *accounts: str) -> str:
    """Wait until the inventory that has just begun is through with these accounts; answer which one it is."""
    begun = scene.until(
        "an inventory begins, for what was there before anybody listened",
        lambda: world.fact("InventoryBegun", account=accounts[-1]),
        detail=lambda fact: fact["reason"],
    )
    run = str(begun["run"])
    scene.until(
        "and ends",
        lambda: all(_listed(world, run, account) is not None for account in accounts),
        detail=lambda _: f"{sum(_listed(world, run, account) or 0 for account in accounts)} things in {HOME_REGION}",
    )
    return run


def _lies(world: World, account: str, region: str, rule: str) -> bool:
    found = world.look(account, "events", region).list_rules(NamePrefix=rule)["Rules"]
    return any(each["Name"] == rule for each in found)


def _known(world: World, account: str) -> dict[str, Any] | None:
    return world.ledger(f"ACCOUNT#{account}", "STATE")


def _beat(world: World, account: str, region: str) -> str:
    beat = world.ledger(f"ACCOUNT#{account}", f"BEAT#{region}") or {}
    return f"heard {beat['heard_at']}, to be heard by {beat['due_at']}" if "heard_at" in beat else ""


def _listed(world: World, run: str, account: str) -> int | None:
    mark = world.ledger(f"SWEEP#{run}", f"{account}#{HOME_REGION}") or {}
    return int(mark["listed"]) if "ended_at" in mark else None
