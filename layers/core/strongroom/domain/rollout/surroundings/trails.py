"""The trails by which EventBridge is told of calls: what nobody sees without them.

Source: CloudTrail User Guide, "Logging management events".
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from strongroom.domain.findings import Finding, warning

_KMS: Final = "kms.amazonaws.com"
_PATH: Final = "organization.management_account"


class TrailFound(Struct, frozen=True, kw_only=True):
    """A trail and what it leaves out: `excluded` are event sources whose management events it does not log."""

    name: str
    is_of_organization: bool
    is_of_every_region: bool
    is_logging: bool
    logs_reads_and_writes: bool
    excluded: frozenset[str]


def nearest_trail(trails: Iterable[TrailFound]) -> tuple[str, list[str]] | None:
    """The name of the trail that sees the most, and what is wrong with it: nothing where it sees everything."""
    judged = [(trail.name, list(_wrong(trail))) for trail in trails]
    return min(judged, key=lambda each: len(each[1]), default=None)


def judge_trails(trails: Iterable[TrailFound] | None) -> Iterator[Finding]:
    """What of the calls nobody would see; None is what nobody could look at."""
    if trails is None:
        yield warning("trail-unknown", _PATH, "the trails of the management account may not be looked at")
        return
    nearest = nearest_trail(trails)
    wrong = ["there is no trail"] if nearest is None else [f"the trail {nearest[0]} {each}" for each in nearest[1]]
    if wrong:
        yield warning(
            "trail-blind",
            _PATH,
            f"{'; '.join(wrong)}: no tag is enforced and no attack is told in what no trail logs; have a trail of the "
            "organisation log all management events of every Region, KMS's too",
        )


def _wrong(trail: TrailFound) -> Iterator[str]:
    if not trail.is_of_organization:
        yield "is of one account only"
    if not trail.is_of_every_region:
        yield "is of one Region only"
    if not trail.is_logging:
        yield "does not log"
    if not trail.logs_reads_and_writes:
        yield "does not log all management events"
    if trail.excluded:
        blind = ", so that nobody sees a key's deletion" if _KMS in trail.excluded else ""
        yield f"leaves out the events of {', '.join(sorted(trail.excluded))}{blind}"
