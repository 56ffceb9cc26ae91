"""Whether the log of the evidence works: by whom its newest checkpoint is signed, and whether it leaves nothing out.

Sources: C2SP signed-note, tlog-checkpoint and tlog-cosignature.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.doctor.checks import EVIDENCE_LOG
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.witnessing import read_vouched_checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.domain.doctor.diagnosis import Diagnosis
    from strongroom.domain.doctor.found import LogFound
    from strongroom.domain.evidence.trust import LogTrust
    from strongroom.domain.proofs.signatures import SignatureCheck

# It looks every five minutes.
LATEST: Final = timedelta(minutes=15)
_ACTIVE: Final = "Active"


def judge_log(
    found: LogFound, *, trust: LogTrust | None, signatures: SignatureCheck, now: datetime, where: str
) -> Diagnosis:
    """Whether the log is the one that the intent names, and has taken in whatever is older than a quarter of an hour.

    Without `trust` the intent does not name its keys.
    """
    if trust is None:
        return EVIDENCE_LOG.unseen(
            where,
            "the intent does not name the keys of log and witness, so that nothing can be restored",
            remedy="put what strongroom evidence keys prints into the intent",
        )
    if found.state == _ACTIVE and found.checkpoint is None and found.newest is None:
        return EVIDENCE_LOG.unseen(where, "there is nothing to be logged yet")
    wrong = list(_wrong(found, trust=trust, signatures=signatures, now=now))
    return EVIDENCE_LOG.judged(where, "its newest checkpoint is signed by both, and nothing is left out", wrong=wrong)


def _wrong(found: LogFound, *, trust: LogTrust, signatures: SignatureCheck, now: datetime) -> Iterator[str]:
    if found.state != _ACTIVE:
        yield f"its function is {found.state or 'not there'}"
    seen_at = None
    if found.checkpoint is not None:
        try:
            seen_at = read_vouched_checkpoint(found.checkpoint, trust=trust, signatures=signatures)
        except MalformedRecordError as error:
            yield f"its newest checkpoint is not what the intent names: {error}"
            return
    if found.newest is not None and now - found.newest > LATEST and (seen_at is None or seen_at < found.newest):
        minutes = int((now - found.newest).total_seconds()) // 60
        yield f"the newest piece of evidence is {minutes} minutes old and not in it"
