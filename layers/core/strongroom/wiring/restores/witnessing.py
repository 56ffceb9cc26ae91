"""The audit account's word on the evidence."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.evidence.witness import Witness
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.evidence.witnessing import demand_witnessed, first_seen
from strongroom.domain.rulebook.trust import log_trust
from strongroom.wiring.members import witnessing
from strongroom.wiring.restores.recording import audit_account, evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from strongroom.domain.evidence.trust import LogTrust
    from strongroom.runtime.platform import Platform
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


def witness(platform: Platform) -> Witness:
    """The log, asked under the one role of the audit account that may ask it."""
    home = platform.intent.organization.home_region
    return Witness(witnessing(platform), account=audit_account(platform), region=home)


def log_check(platform: Platform) -> Callable[[str, str, Mapping[str, str]], datetime]:
    """What tells since when an object is in the log, by the keys that the intent names."""
    return partial(demand_witnessed, trust=_log_trust(platform), signatures=CryptographySignatures())


def witnessed_at(kept: KeptCeremony, platform: Platform) -> Mapping[str, datetime]:
    """When log and witness first saw each proof of a ceremony, by its digest, by the keys that the intent names."""
    request = kept.sealed.request.id
    return first_seen(
        kept.proofs,
        evidence(platform).witnessed(request),
        stream=request,
        trust=_log_trust(platform),
        signatures=CryptographySignatures(),
    )


def _log_trust(platform: Platform) -> LogTrust:
    trust = log_trust(platform.intent)
    if trust is None:
        raise ConfigurationMissingError("the intent does not name the log and the witness of its evidence")
    return trust
