"""Restore jobs of AWS Backup, of which an event is only a hint: its samples name little more than the job, if that.

Apart from the other jobs, whose functions need nothing of what restores are made of.
"""

from typing import Any

import msgspec

from strongroom.domain.evidence.explaining import RestoreHint
from strongroom.domain.identifiers import parse_account_id, parse_region
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.readings import as_text


class RestoreJobChange(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "Restore Job State Change"; a tick tells of no job."""

    restore_job_id: Any = None

    def hint(self, event: Event["RestoreJobChange"]) -> RestoreHint | None:
        """The job to look at; None where none is named, and all are meant."""
        job = as_text(self.restore_job_id)
        if job is None:
            return None
        return RestoreHint(job=job, account=parse_account_id(event.account), region=parse_region(event.region))
