"""Resources as they are known when their tags are judged."""

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.standing import Known, judge_resource
from strongroom.domain.tags.verdicts import TagVerdict

TODAY: Final = date(2026, 9, 1)


def row_of(arn: str) -> ResourceType:
    """The row of the catalogue that has such ARNs, the first of several."""
    return next(row for row in ROWS if fnmatchcase(arn, row.pattern_in("*")))


def judged(
    resource: Resource,
    *,
    tags: Mapping[str, str],
    intent: Intent,
    target: Target | None,
    today: date = TODAY,
    **known: Any,
) -> TagVerdict:
    """The verdict on a resource with these tags, by whatever else is known of it."""
    told = {"type": row_of(resource.arn)} | known
    return judge_resource(Known(resource=resource, target=target, tags=tags, **told), intent=intent, today=today)
