"""The compiled intent, as its own layer brings it: `strongroom_intent/intent.json`, pinned by its hash."""

import hashlib
import pkgutil
from functools import cache

import msgspec

from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.intent.model import Intent


@cache
def load_intent() -> tuple[Intent, str]:
    """The intent that this deploy carries, and the SHA-256 of its bytes."""
    content = pkgutil.get_data("strongroom_intent", "intent.json")  # importlib.resources would cost 8 ms of each start
    if content is None:
        raise ConfigurationMissingError("the layer that brings `strongroom_intent` cannot be read")
    return msgspec.json.decode(content, type=Intent), hashlib.sha256(content).hexdigest()
