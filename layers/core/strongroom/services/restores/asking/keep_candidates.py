"""Keep with a request what there was to choose from: the rows of `restore find`, the chosen one among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import MalformedRequestError, StrongroomError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.candidates.backups import backups_of
from strongroom.domain.restores.candidates.keeping import kept_row, row_of_chosen
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.candidates.ways import named_way
from strongroom.domain.restores.choosing.kept import KeptCandidates, Unread
from strongroom.domain.restores.deciding.decided import way_of_request
from strongroom.domain.restores.planning import target_region
from strongroom.services.restores.asking.find_candidates import list_known, question_of
from strongroom.services.restores.asking.listed_points import look_at, look_at_candidates, said_of, vaults_of

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.deciding.case import Way
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.services.restores.asking.find_candidates import CandidateFindingNeeds

_ANY: Final = "any vault"
_ARRIVED: Final = "COMPLETED"


def keep_candidates(
    request: RestoreRequest, *, before: datetime | None, needs: CandidateFindingNeeds, now: datetime
) -> KeptCandidates:
    """The rows not later than `before`, without it than the chosen backup, which is behind them if it is none of them.

    They are for people to read: whatever cannot be found out is said, and no request fails of it.
    """
    try:
        return _found(request, before=before, needs=needs, now=now)
    except StrongroomError as error:
        return KeptCandidates(
            before=before or request.recovery_point_created_at,
            rows=(),
            more=0,
            unread=(Unread(vault=_ANY, reason=said_of(error)),),
        )


def _found(
    request: RestoreRequest, *, before: datetime | None, needs: CandidateFindingNeeds, now: datetime
) -> KeptCandidates:
    resource, place = Arn.parse(request.resource), (request.recovery_point, request.vault)
    vaults = vaults_of(needs.intent, account=request.account, region=resource.region)
    listed, unread = list_known(resource, vaults, needs=needs)
    chosen = next((each for each in listed if _place(each) == place), None) or _unlisted(request)
    seen = look_at(chosen, lists=needs.lists, unread=unread, in_time=needs.in_time) or chosen
    points = [seen, *(each for each in listed if _place(each) != place)]
    backup = next(each for each in backups_of(points) if seen in each.points)
    moment = before or backup.instant or seen.created_at
    wished = _wished(request, chosen, intent=needs.intent)
    question = question_of(
        points,
        account=request.account,
        wished=wished,
        in_two=request.recovery_point if request.through_vault else "",
        before=moment,
        needs=needs,
        now=now,
    )
    found = look_at_candidates(points, question, lists=needs.lists, unread=unread, seen=(place,), in_time=needs.in_time)
    rows, more = [*map(kept_row, found.rows)], found.more
    if not any(row.way_of(*place) for row in rows):
        own = row_of_chosen(seen, backup, question, way=_way(request, intent=needs.intent))
        rows.append(own)
        more -= 0 if own.why_not else 1
    return KeptCandidates(before=moment, rows=tuple(rows), more=more, unread=tuple(unread))


def _wished(request: RestoreRequest, chosen: ListedPoint, *, intent: Intent) -> str:
    """The Region of the request where it is not the one that the chosen point would come back in anyway."""
    try:
        usual = target_region(chosen, wished="", intent=intent)
    except MalformedRequestError:
        return request.region
    return "" if usual == request.region else request.region


def _way(request: RestoreRequest, *, intent: Intent) -> Way:
    """The way that the chosen point comes back."""
    return named_way(way_of_request(request), vault=request.vault, intent=intent)


def _place(point: ListedPoint) -> tuple[str, str]:
    return point.arn, point.vault


def _unlisted(request: RestoreRequest) -> ListedPoint:
    """The point that no list has: because one could not be read, or because lists are a little behind."""
    return ListedPoint(
        arn=request.recovery_point,
        vault=request.vault,
        resource=request.resource,
        resource_type=request.resource_type,
        created_at=request.recovery_point_created_at,
        status=_ARRIVED,
        is_cold=False,
    )
