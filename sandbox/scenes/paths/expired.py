"""Weeks later: what was near has expired or is lost, and each comes back by the next way that is left."""

from sandbox.example import estate
from sandbox.example.paths import FAR_REGION, FAR_VAULT
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import malware
from sandbox.scenes.paths.belongings import GRAPH, HISTORY, has_balances
from sandbox.scenes.paths.coming_back import TEMPORARY, Path, bring_back
from sandbox.scenes.restores.asking import Lost
from sandbox.scenes.restores.restore import LOCAL, points
from sandbox.settings import CENTRAL_VAULT, HOME_REGION, PAYMENTS_ACCOUNT, REPLICA_REGION, REPLICA_VAULT

NAME = "Weeks later"
INTENTION = "40 days on, local backups have expired: copied back, from another Region, and from one behind another"
AGE = 40  # days: local vaults keep 35


def play(world: World, scene: Scene) -> None:
    """Let the days pass, lose a copy, and have three back."""
    world.control("POST", "/backup/settle")
    world.control("POST", "/backup/days", {"days": AGE})
    left = points(world, *LOCAL)
    scene.need(f"{AGE} days later the local vault has let its backups expire", left == [], left)
    for copy in malware.copies(world, HISTORY):
        world.control("POST", "/backup/lose", {"recovery_point": copy["RecoveryPointArn"]})
    kept = malware.copies(world, HISTORY) + malware.copies(world, GRAPH)
    scene.need("of the history and the graph the central vault has nothing any more", kept == [], kept)
    bring_back(
        world,
        scene,
        Path(
            Lost("payments", PAYMENTS_ACCOUNT, estate.PAYMENTS_DATABASE, "payments-db-weeks"),
            "the database: its local backups expired after 35 days, so the central copy is copied back",
            "copy-back",
            ((HOME_REGION, CENTRAL_VAULT), (HOME_REGION, TEMPORARY)),
            has_balances,
            left=1,
        ),
        Path(
            Lost("payments", PAYMENTS_ACCOUNT, HISTORY, "payments-history-weeks"),
            "the history: local backups expired, the central copy is lost; its replica in another Region is left",
            "other-region",
            ((REPLICA_REGION, REPLICA_VAULT), (HOME_REGION, TEMPORARY)),
            has_balances,
            left=1,
        ),
        Path(
            Lost("payments", PAYMENTS_ACCOUNT, GRAPH, "payments-graph-weeks"),
            "the graph: local and central backups expired after 35 days; the copy in Milan is left, and from there "
            "Neptune comes into another account in two steps only",
            "other-region-in-two",
            ((FAR_REGION, FAR_VAULT), (HOME_REGION, CENTRAL_VAULT), (HOME_REGION, TEMPORARY)),
            has_balances,
            left=2,
        ),
    )
