"""Recovery points as their vaults list them, with the malware that was found in them however long ago.

AWS Backup tells of each point what its last scan came to, and lists scans for thirty days: a later one that finds
nothing, as scanners and their signatures change, would hide what an earlier one found.
"""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.restores.kinds.table import kind_of
from strongroom.domain.restores.scans.verdicts import Scan

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.candidates.model import ListedPoint
    from strongroom.ports.restores import MalwareFindings, PointLists


class RememberedScans:
    """Lists that know what was found before; of a long list only what is looked at, for each costs a read."""

    def __init__(self, lists: PointLists, findings: MalwareFindings) -> None:
        """`findings` says what was told of."""
        self._lists = lists
        self._findings = findings

    def of_resource(self, resource: str, *, vault: str, created_at: datetime | None = None) -> list[ListedPoint]:
        """The same; those of about one moment with what was found in them."""
        listed = self._lists.of_resource(resource, vault=vault, created_at=created_at)
        return listed if created_at is None else [self._remembered(each) for each in listed]

    def looked_at(self, point: ListedPoint) -> ListedPoint | None:
        """The same, with what was found in it."""
        told = self._lists.looked_at(point)
        return None if told is None else self._remembered(told)

    def _remembered(self, point: ListedPoint) -> ListedPoint:
        kind = kind_of(point.resource_type, resource=point.resource, backup={})
        if point.scan is Scan.THREATS or kind is None or not kind.row.is_scanned:
            return point
        found_at = self._findings.found_at(point.resource, made_at=point.created_at)
        return point if found_at is None else replace(point, scan=Scan.THREATS, scanned_at=found_at)
