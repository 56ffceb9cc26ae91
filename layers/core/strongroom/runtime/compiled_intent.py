"""The compiled intent, as its own layer brings it: `strongroom_intent/intent.json`, pinned by its hash."""

import hashlib
from functools import cache
from importlib import resources

import msgspec

from strongroom.domain.intent import Intent


@cache
def load_intent() -> tuple[Intent, str]:
    """The intent that this deploy carries, and the SHA-256 of its bytes."""
    content = resources.files("strongroom_intent").joinpath("intent.json").read_bytes()
    return msgspec.json.decode(content, type=Intent), hashlib.sha256(content).hexdigest()
