"""Say of what came into a tier whether a key that AWS manages keeps its backups from other accounts.

That is asked after the tag was written and read back: whatever KMS answers, no tag is late or lost by it;
and the port bounds how long KMS may take for all keys together, so that what was written is said, too.
"""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.errors import MalformedIdentifierError, StrongroomError
from strongroom.domain.key_managers import KeyManager, is_key, manager_told_by
from strongroom.domain.tags.verdicts import apply_limits, say_untold_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from strongroom.domain.catalogue.facets.tagging import Limit
    from strongroom.domain.tags.creations import Resource
    from strongroom.services.tags.tagging_needs import TaggingNeeds
    from strongroom.services.tags.visiting import Ended


def judge_keys(ended: Iterable[Ended], *, needs: TaggingNeeds) -> list[Ended]:
    """Each with the limit that its key sets; where nobody says who manages the key, that is said."""
    return [_judge(each, needs=needs) for each in ended]


def _judge(ended: Ended, *, needs: TaggingNeeds) -> Ended:
    made = ended.task.made
    limit = _limit_of(ended)
    if limit is None:
        return ended
    untold: dict[str, str] = {}
    for key in made.keys:
        try:
            manager = _manager(key, made.resource, needs=needs)
        except StrongroomError as error:
            untold[key] = str(error)
            continue
        if manager is KeyManager.AWS:
            limited = replace(ended.task, made=replace(made, limits=(*made.limits, limit)))
            return replace(ended, task=limited, verdict=apply_limits(ended.verdict, (limit,)))
    for key, why in untold.items():
        return replace(ended, verdict=say_untold_key(ended.verdict, limit, key=key, why=why), is_key_untold=True)
    return ended


def _limit_of(ended: Ended) -> Limit | None:
    """The limit that a key may set to what has ended in a tier, and that is not known of it already."""
    made = ended.task.made
    if ended.pause is not None or ended.verdict.tier is None:
        return None
    known = {each.fact for each in made.limits}
    return next((each for each in made.type.limits if each.of_key and each.fact not in known), None)


def _manager(key: str, resource: Resource, *, needs: TaggingNeeds) -> KeyManager:
    told = manager_told_by(key, account=resource.account)
    if told is not None:
        return told
    if not is_key(key):
        raise MalformedIdentifierError("it is no name of a key")
    return needs.keys.manager(key, account=resource.account, region=resource.region)
