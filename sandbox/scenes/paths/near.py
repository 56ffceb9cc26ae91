"""The nearest way: a table was deleted, and its backup is still in the account's own vault."""

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.paths.belongings import SESSIONS, is_filled
from sandbox.scenes.paths.coming_back import Path, bring_back
from sandbox.scenes.restores.asking import Lost
from sandbox.settings import HOME_REGION, LOCAL_VAULT, PAYMENTS_ACCOUNT

NAME = "Out of its own vault"
INTENTION = "a script deletes a table of payments"


def play(world: World, scene: Scene) -> None:
    """Delete the table, and have it back."""
    world.person("omar", PAYMENTS_ACCOUNT, "dynamodb").delete_table(TableName=SESSIONS.rpartition("/")[2])
    lost = Lost("payments", PAYMENTS_ACCOUNT, SESSIONS, "payments-sessions-0200")
    why = "the table of sessions is gone; its backup of the night is in payments' own vault, and nothing is nearer"
    bring_back(world, scene, Path(lost, why, "local", ((HOME_REGION, LOCAL_VAULT),), is_filled))
