"""Read AWS's own lists of jobs, so that no backup and no copy stays unknown because its event was lost."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.copies.reconcile_jobs import Reconciled, reconcile_jobs
from strongroom.wiring.copies.reconciling import reconciliation
from strongroom.wiring.events import each_event


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> Reconciled:
    """Read as far as time allows; the next tick goes on at the page that is left."""
    regions = platform.intent.organization.regions
    return reconcile_jobs(needs=reconciliation(platform), regions=regions, now=platform.now(), clock=platform.now)
