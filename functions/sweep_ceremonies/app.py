"""Take up restore ceremonies that were interrupted."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.restores.deciding.sweep_ceremonies import CeremoniesSwept, sweep_ceremonies
from strongroom.wiring.events import each_event
from strongroom.wiring.restores.sweeping import ceremony_sweep


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> CeremoniesSwept:
    """Begin what was signed and never begun, and wake judges who missed the bell."""
    return sweep_ceremonies(needs=ceremony_sweep(platform), now=platform.now())
