"""A candidate as it is kept with a request: of all that is known of it what those who decide read."""

from copy import replace

from strongroom.domain.restores.candidates.backups import Backup
from strongroom.domain.restores.candidates.model import Candidate, ListedPoint, WayBack
from strongroom.domain.restores.candidates.ranking import Question, rank_candidates
from strongroom.domain.restores.choosing.kept import KeptRow, KeptWay
from strongroom.domain.restores.deciding.case import Way


def kept_row(candidate: Candidate) -> KeptRow:
    """What is offered."""
    return KeptRow(
        instant=candidate.instant,
        minutes_lost=candidate.minutes_lost,
        ways=tuple(map(_way, candidate.ways)),
        verified=candidate.verified,
        scan=candidate.scan,
        scanned_at=candidate.scanned_at,
        marks=candidate.marks,
    )


def row_of_chosen(point: ListedPoint, backup: Backup, question: Question, *, way: Way) -> KeptRow:
    """The chosen point's own backup, which is none of the rows; where it is not offered, with the reason.

    `way` is the way that was chosen for it.
    """
    alone = rank_candidates(backup.points, question)
    for candidate in alone.rows:
        row = kept_row(replace(candidate, marks=()))
        if row.way_of(point.arn, point.vault):
            return row
    here = (point.arn, point.vault)
    chosen = WayBack(point=point, way=way)
    return KeptRow(
        instant=backup.instant,
        minutes_lost=None,
        ways=(_way(chosen),),
        verified=backup.verified,
        scan=backup.scan,
        scanned_at=backup.scanned_at,
        why_not=next(each.reason for each in alone.not_offered if (each.recovery_point, each.vault) == here),
    )


def _way(back: WayBack) -> KeptWay:
    return KeptWay(
        recovery_point=back.point.arn,
        vault=back.point.vault,
        plan=back.way,
        minutes=back.minutes,
        measured=back.measured,
        storage=back.storage,
    )
