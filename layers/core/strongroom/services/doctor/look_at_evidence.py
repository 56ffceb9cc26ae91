"""Look at the log of the evidence in the audit account, without which nothing is restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.doctor.checks import EVIDENCE_LOG
from strongroom.domain.doctor.evidence_log import judge_log
from strongroom.domain.rulebook.trust import log_trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.doctor.diagnosis import Diagnosis
    from strongroom.services.doctor.visit import Visit


def evidence_log(visit: Visit) -> Iterator[Diagnosis]:
    """Whether the log answers, is signed as the intent says, and has taken everything in."""
    place, needs = visit.intent.organization, visit.needs
    if visit.intent.restores is None or place.audit_account is None:
        yield EVIDENCE_LOG.holds(place.id, "there is no ceremony, and so no evidence")
        return
    yield judge_log(
        needs.evidence.log(place.audit_account, place.home_region),
        trust=log_trust(visit.intent),
        signatures=needs.signatures,
        now=visit.now,
        where=f"{place.audit_account} {place.home_region}",
    )


LOOKS = ((EVIDENCE_LOG, evidence_log),)
