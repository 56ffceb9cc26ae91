"""Changes of tags on the database of payments, as their events tell them, and the world that answers them."""

from copy import replace
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.calls import ApiCall, Heard, TagNotice
from strongroom.domain.tags.drift.changes import ToldChange
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.services.tags.answer_drift import answer_drift
from strongroom.services.tags.answering import EnforcementVerdict
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.tags.world import CREATED, NOW, ORDERS, World

DANA: Final = "arn:aws:sts::222222222222:assumed-role/Developer/dana@example.com"
DEVELOPER: Final = "arn:aws:iam::222222222222:role/Developer"
TERRAFORM: Final = "arn:aws:iam::222222222222:role/ci/terraform"
DAY: Final = timedelta(days=1)

UNTAGGED = replace(
    CREATED,
    event_id="d-1",
    name="RemoveTagsFromResource",
    caller=DANA,
    role=DEVELOPER,
    request={"resourceName": ORDERS, "tagKeys": ["Backup"]},
    response=None,
    at=NOW,
)


def untagged(number: int = 1, *, after: timedelta = timedelta(), **changed: Any) -> ApiCall:
    """Somebody takes our tag off the database."""
    return replace(UNTAGGED, event_id=f"d-{number}", at=NOW + after, **changed)


def tagged(value: str, number: int = 1, **changed: Any) -> ApiCall:
    """Somebody gives our tag another value."""
    request = {"resourceName": ORDERS, "tags": [{"key": "Backup", "value": value}]}
    return untagged(number, **({"name": "AddTagsToResource", "request": request} | changed))


def noticed(tags: dict[str, str], number: int = 1, *, after: timedelta = timedelta(), **changed: Any) -> TagNotice:
    """EventBridge tells that our tag has changed."""
    told: dict[str, Any] = {"resources": (ORDERS,), "keys": ("Backup",)} | changed
    return TagNotice(event_id=f"n-{number}", account=PAYMENTS, region=HOME, tags=tags, at=NOW + after, **told)


def protected(world: World) -> World:
    """The world in which the database was created and is in its tier, with what that took forgotten."""
    world.enforce()
    forget(world)
    return world


def forget(world: World) -> None:
    """What was written, looked at and said is as if it had not been."""
    for each in (world.tags.written, world.tags.visits, world.alerts.facts, world.organization.asked):
        each.clear()


def take_off(world: World, arn: str = ORDERS, key: str = "Backup") -> None:
    """The tag is not there any more."""
    world.tags.tags[arn].pop(key, None)


def answer(world: World, *told: ToldChange, is_again: bool = False) -> list[TagVerdict]:
    """The verdicts on the events of one batch."""
    answers = answer_drift([Heard(subject=each, is_again=is_again) for each in told], needs=world.needs, now=world.now)
    verdicts: list[TagVerdict] = []
    for each in answers:
        assert isinstance(each, EnforcementVerdict), each
        verdicts += each.verdicts
    return verdicts


def states_of(world: World, *told: ToldChange) -> list[TagState]:
    """The states of the verdicts."""
    return [each.state for each in answer(world, *told)]
