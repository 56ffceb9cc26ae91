"""Look which keys the identity provider publishes, and keep them where nobody changes them."""

from strongroom.runtime.contracts.evidence import WatchCall
from strongroom.runtime.platform import Surroundings
from strongroom.runtime.steps import each_call
from strongroom.services.evidence.watch_issuer_keys import IssuerKeysWatched, watch_issuer_keys
from strongroom.wiring.evidence import issuer_keys


@each_call(WatchCall)
def handler(_call: WatchCall, surroundings: Surroundings) -> IssuerKeysWatched:
    """Keep the keys of the one issuer that the template names, when they are others than were seen last."""
    return watch_issuer_keys(needs=issuer_keys(surroundings), now=surroundings.now())
