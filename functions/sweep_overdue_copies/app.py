"""Look at every copy that is overdue, and find it, wait for it, or complain once and have somebody see to it."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.copies.end_sweep import end_sweep
from strongroom.services.copies.sweep_overdue_copies import SweepVerdict, sweep_overdue_copies
from strongroom.wiring.copies.sweeping import overdue_sweep, sweep_end
from strongroom.wiring.events import each_event


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> SweepVerdict:
    """Sweep once; what is left over is still due at the next tick."""
    verdict = sweep_overdue_copies(needs=overdue_sweep(platform), now=platform.now())
    return end_sweep(verdict, needs=sweep_end(platform), now=platform.now())
