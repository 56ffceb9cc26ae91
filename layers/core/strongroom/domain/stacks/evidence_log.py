"""The evidence log in the audit account: what its application is called, and by which names log and witness sign."""

from typing import Final

from msgspec import Struct

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.evidence import EvidenceLog

LOG_STACK: Final = "strongroom-audit-log"
LOG_KEY_ALIAS: Final = "alias/strongroom-log"
WITNESS_KEY_ALIAS: Final = "alias/strongroom-witness"


class LogNames(Struct, frozen=True, kw_only=True):
    """As `c2sp.org/signed-note` has names: no blank and no plus."""

    origin: str
    witness: str


def log_names(intent: Intent) -> LogNames:
    """The names, which stay for ever: those that the intent gives, or else the account's and the Region's own."""
    place, given = intent.organization, intent.evidence or EvidenceLog()
    named = f"strongroom-{place.audit_account}-{place.home_region}"
    return LogNames(
        origin=given.origin or f"{named}/log",
        witness=_name_of(given.witness) or f"{named}/witness",
    )


def _name_of(key: str | None) -> str:
    """The name with which a key of the note format, `name+hash+key`, begins."""
    return (key or "").partition("+")[0]
