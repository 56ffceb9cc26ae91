"""Judge whether an account that moved, came, went or got its stack is protected as its unit demands."""

from strongroom.domain.accounts.membership import AccountVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.organizations import AccountChange
from strongroom.runtime.platform import Platform
from strongroom.services.accounts.assess_account import Unconcerned, assess_notice
from strongroom.wiring.accounts import account_assessment
from strongroom.wiring.events import each_event


@each_event(AccountChange)
def handler(event: Event[AccountChange], platform: Platform) -> AccountVerdict | Unconcerned:
    """Judge the account that the event hints at."""
    return assess_notice(event.detail.observed(event), needs=account_assessment(platform), now=platform.now())
