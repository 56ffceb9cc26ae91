"""Find the restore that may have been started for a request, where nobody lived to write that down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.restores.metadata import differing_keys, told_settings

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import RestoreJobs


def find_started(
    request: RestoreRequest, *, recovery_point: str, since: datetime, jobs: RestoreJobs
) -> tuple[str, ...]:
    """The jobs since then that do what was approved: out of that point, under its role, with all of its metadata.

    AWS Backup tells neither idempotency token nor caller (API reference, DescribeRestoreJob), and another request may
    restore the same point: what tells the two apart is what the restore is to become.
    """
    found = jobs.started(request, recovery_point=recovery_point, since=since)
    approved = told_settings(request.metadata, kind=request.kind)
    return tuple(
        job for job in found if not differing_keys(approved, used=jobs.describe(job, request=request).metadata)
    )
