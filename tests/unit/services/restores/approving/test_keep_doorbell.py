"""The bell hangs where whoever takes a proof finds it."""

from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.services.restores.approving.keep_doorbell import keep_doorbell
from tests.fakes.restores.world import CeremonyWorld


def test_the_newest_bell_is_the_one_that_rings(world: CeremonyWorld) -> None:
    request = world.open()
    for token in ("t-1", "t-2"):
        keep_doorbell(request, token=token, needs=world.doorbell)
    assert CeremonyBells(world.table).token(request) == "t-2"
    world.sign(request, "maria")
    assert world.tasks.answered == {"t-2": {}}
