"""A Region that cannot be restored in: what lies in the other one comes back there."""

from sandbox.example.paths import CONTRACTS
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.paths.belongings import has_contracts
from sandbox.scenes.paths.coming_back import TEMPORARY, Path, bring_back
from sandbox.scenes.restores.asking import Lost
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT, REPLICA_REGION, REPLICA_VAULT

NAME = "A Region is impaired"
INTENTION = f"S3 in {HOME_REGION} answers with errors, and the contracts are needed today"


def play(world: World, scene: Scene) -> None:
    """Have the contracts back where their replica lies."""
    lost = Lost("payments", PAYMENTS_ACCOUNT, f"arn:aws:s3:::{CONTRACTS}", f"{CONTRACTS}-there", REPLICA_REGION)
    why = f"the contracts: a bucket comes back in the Region of its copy only, and {HOME_REGION} cannot make one"
    hops = ((REPLICA_REGION, REPLICA_VAULT), (REPLICA_REGION, TEMPORARY))
    bring_back(world, scene, Path(lost, why, "replica", hops, has_contracts, left=1))
