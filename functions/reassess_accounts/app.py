"""Judge again the accounts that were not ready, and complain about those that stay so."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.accounts.reassess_accounts import ReassessVerdict, reassess_accounts
from strongroom.wiring.accounts import account_assessment
from strongroom.wiring.events import each_event


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> ReassessVerdict:
    """Look at every account that is remembered as not ready."""
    return reassess_accounts(needs=account_assessment(platform), now=platform.now())
