"""Judge again the accounts that were not ready, and once a day hold the list of all accounts against the ledger."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.accounts.compare_accounts import compare_accounts
from strongroom.services.accounts.reassess_accounts import ReassessVerdict, reassess_accounts
from strongroom.wiring.accounts import account_assessment, account_comparison
from strongroom.wiring.events import each_event


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> ReassessVerdict:
    """Compare when the day is over, and look at every account whose turn it is."""
    compared = compare_accounts(needs=account_comparison(platform), now=platform.now())
    return reassess_accounts(compared=compared, needs=account_assessment(platform), now=platform.now())
