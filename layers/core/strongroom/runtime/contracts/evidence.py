"""What the functions of the audit account are asked."""

import msgspec


class LogCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request by its id; without one, whatever is missing in the log."""

    request_id: str | None = None


class WatchCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing: whoever watches knows what."""
