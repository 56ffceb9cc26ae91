"""Whose signatures and which rules count for whoever watches: by the intent, and by what is kept of rules."""

from __future__ import annotations

from copy import replace
from functools import cached_property
from typing import TYPE_CHECKING

from strongroom.domain.evidence.object_keys import POLICIES
from strongroom.domain.evidence.trust import EvidenceTrust
from strongroom.domain.proofs.trust import Period, Periods
from strongroom.domain.rulebook.in_force import periods_of, records_among
from strongroom.domain.rulebook.trust import proof_trust, rules_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from strongroom.domain.evidence.trust import LogTrust
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.rulebook.trust import InForce
    from strongroom.ports.evidence import EvidenceTexts


class KeptTrust:
    """Whom the intent trusts.

    Which rules were in force when says the record that whoever deploys keeps beside them; where there is none yet, the
    intent.
    """

    def __init__(
        self, *, intent: Intent, log: LogTrust, issuer_keys: Mapping[str, Period | Periods], shelf: EvidenceTexts
    ) -> None:
        """`log` are the keys of the log itself, `issuer_keys` those of the identity provider."""
        self._intent = intent
        self._log = log
        self._issuer_keys = issuer_keys
        self._shelf = shelf

    def at(self, moment: datetime) -> EvidenceTrust:
        """What was trusted then."""
        return EvidenceTrust(
            proofs=replace(proof_trust(self._intent), issuer_keys=self._issuer_keys),
            log=self._log,
            policies=_by_digest(self._recorded or rules_in_force(self._intent, at=moment)),
        )

    @cached_property
    def _recorded(self) -> tuple[InForce, ...]:
        return periods_of(records_among(self._shelf.sound_texts(POLICIES).values()))


def _by_digest(rules: Iterable[InForce]) -> dict[str, Periods]:
    found: dict[str, Periods] = {}
    for each in rules:
        parts = found.get(each.digest, Periods()).parts
        found[each.digest] = Periods((*parts, Period(since=each.since, until=each.until)))
    return found
