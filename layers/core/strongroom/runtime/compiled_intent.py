"""The compiled intent, as its own layer brings it: `strongroom_intent/intent.json`, pinned by its hash."""

import hashlib
from functools import cache

import msgspec

from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.intent.model import Intent
from strongroom.runtime.package_data import read_data


@cache
def load_intent() -> tuple[Intent, str]:
    """The intent that this deploy carries, and the SHA-256 of its bytes."""
    try:
        content = read_data("strongroom_intent", "intent.json")
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise ConfigurationMissingError("the layer that brings `strongroom_intent` cannot be read") from error
    return msgspec.json.decode(content, type=Intent), hashlib.sha256(content).hexdigest()
