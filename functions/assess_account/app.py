"""Follow an event of an account's life: judge whether it is protected as its unit demands, or tell what ends that."""

from strongroom.domain.accounts.membership import AccountVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.organizations import AccountChange
from strongroom.runtime.platform import Platform
from strongroom.services.accounts.follow_notice import Followed, follow_event
from strongroom.services.accounts.place_account import Begun
from strongroom.wiring.accounts import event_following
from strongroom.wiring.events import each_event


@each_event(AccountChange)
def handler(event: Event[AccountChange], platform: Platform) -> AccountVerdict | Begun | Followed:
    """Do what follows from the event."""
    return follow_event(
        event.detail.observed(event), needs=event_following(platform, since=event.time), now=platform.now()
    )
