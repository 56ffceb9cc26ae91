"""Malware in a bucket and in a machine: told once each, not offered any more, and the newest clean backup is named."""

from functools import partial
from typing import Final

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import malware, night
from sandbox.scenes.watching import NIGHTLY
from sandbox.settings import LEDGER_ACCOUNT, PAYMENTS_ACCOUNT

NAME = "Malware in two more"
INTENTION = "a bucket and a machine were clean on the first night, and are not on the second"
_PAPERS: Final = f"arn:aws:s3:::{estate.PAPERS}"


def play(world: World, scene: Scene) -> None:
    """Scan the first copies, back both up once more, and scan the second ones."""
    scanned = ((PAYMENTS_ACCOUNT, _PAPERS), (LEDGER_ACCOUNT, night.a_machine(world, LEDGER_ACCOUNT)))
    scene.tell("GuardDuty finds nothing in the copies of the first night; then it is 02:00 again")
    first = {resource: malware.copies(world, resource)[0] for _, resource in scanned}
    for copy in first.values():
        malware.scan(world, copy["RecoveryPointArn"], "NO_THREATS_FOUND")
    world.control("POST", "/backup/settle")
    world.control("POST", "/backup/days", {"days": 1})
    world.control("POST", "/backup/run", {"schedule": NIGHTLY})
    for _, resource in scanned:
        claim = f"there is a second copy of the {malware.kind_of(resource)}"
        scene.until(claim, partial(_is_copied_twice, world, resource))
    for owner, resource in scanned:
        reason, offered = malware.find_malware(world, scene, owner=owner, resource=resource)
        named = "The newest before it in which a scan found none is of "
        scene.check("the newest clean backup is named beside it", named in reason, reason.partition(named)[2])
        marked = [row for row in offered if "newest clean" in row["marks"]]
        scene.check(
            "and `restore find` marks that one",
            [row["scan"] for row in marked] == ["clean"] and marked[0]["recovery_point"] in reason,
            ", ".join(row["recovery_point"] for row in marked),
        )


def _is_copied_twice(world: World, resource: str) -> bool:
    return len(malware.copies(world, resource)) > 1
