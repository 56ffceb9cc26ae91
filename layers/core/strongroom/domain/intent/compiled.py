"""An intent as `strongroom compile` writes it and the functions carry it: bytes, pinned by their hash."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from strongroom.domain.intent.model import Intent


class CompiledIntent(Struct, frozen=True, kw_only=True):
    """The bytes, and the intent in them: None where they are of a release that has another form for it."""

    content: bytes
    intent: Intent | None

    @property
    def digest(self) -> str:
        """Its SHA-256, as in `intent.sha256`."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def document(self) -> Mapping[str, Any]:
        """Its JSON."""
        document: Mapping[str, Any] = json.loads(self.content)
        return document
