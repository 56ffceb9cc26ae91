"""The evidence log in the audit account: what its application is called, and by which names log and witness sign."""

from dataclasses import dataclass
from typing import Final

from strongroom.domain.intent.model import Intent

LOG_STACK: Final = "strongroom-audit-log"
LOG_KEY_ALIAS: Final = "alias/strongroom-log"
WITNESS_KEY_ALIAS: Final = "alias/strongroom-witness"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNames:
    """As `c2sp.org/signed-note` has names: no blank and no plus."""

    origin: str
    witness: str


def log_names(intent: Intent) -> LogNames:
    """The names, which stay for ever: the account's and the Region's own, which stay, too."""
    place = intent.organization
    named = f"strongroom-{place.audit_account}-{place.home_region}"
    return LogNames(origin=f"{named}/log", witness=f"{named}/witness")
