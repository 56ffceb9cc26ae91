"""Whose signatures and which rules count for whoever watches the ceremonies, by the intent that is carried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.evidence.object_keys import POLICIES
from strongroom.domain.evidence.trust import EvidenceTrust
from strongroom.domain.proofs.trust import Period, Periods
from strongroom.domain.rulebook.trust import ceremony_trust, proof_trust
from strongroom.domain.written import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.evidence.trust import LogTrust
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.watching import EvidenceKeys

# Rules that were in force once, and are not: a request may still be under them, beside those of the day.
_REPLACED: Final = Period(until=datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrust:
    """The trust of the intent; `log` are the keys of the log itself, `issuer_keys` those that the provider publishes.

    Rules that are not the intent's were in force once if somebody who deploys has put them beside the evidence.
    """

    intent: Intent
    log: LogTrust
    issuer_keys: Mapping[str, Period]
    keys: EvidenceKeys

    def at(self, moment: datetime, *, with_earlier: bool) -> EvidenceTrust:
        """What was trusted then; `with_earlier`, rules that were replaced meanwhile count as if they were in force."""
        earlier = Periods((Period() if with_earlier else _REPLACED,))
        once = (key.removeprefix(POLICIES).removesuffix(".json") for key in self.keys.keys(POLICIES))
        return EvidenceTrust(
            proofs=replace(proof_trust(self.intent), issuer_keys=self.issuer_keys),
            log=self.log,
            policies=dict.fromkeys(once, earlier) | self._in_force(moment),
        )

    def _in_force(self, moment: datetime) -> dict[str, Periods]:
        found: dict[str, Periods] = {}
        for digest, *times in ceremony_trust(self.intent, at=moment)["policies"]:
            since, until = map(_read, times)
            found[digest] = Periods((*found.get(digest, Periods()).parts, Period(since=since, until=until)))
        return found


def _read(moment: Any) -> datetime | None:
    return None if moment is None else moment_of(moment, of="a time")
