"""The contracts of AWS Backup's events read what AWS publishes, quirks and all."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from strongroom.domain.errors import MalformedEventError
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.jobs.backups import BackupJobChange, CopyJobChange

type Sample = Callable[[str], dict[str, Any]]


def test_a_destination_that_is_not_there_yet_is_an_empty_object_and_means_none(sample: Sample) -> None:
    event = msgspec.convert(sample("aws.backup/copy_job__running"), Event[CopyJobChange])
    assert event.detail.destination_recovery_point_arn == {}
    assert event.detail.observed(event).job.destination_recovery_point is None


def test_a_created_copy_has_no_id_yet(sample: Sample) -> None:
    event = msgspec.convert(sample("aws.backup/copy_job__created"), Event[CopyJobChange])
    assert event.detail.observed(event).job.id is None


def test_a_copy_without_source_breaks_the_contract(sample: Sample) -> None:
    event = msgspec.convert(sample("aws.backup/copy_job__completed") | {"resources": []}, Event[CopyJobChange])
    with pytest.raises(MalformedEventError):
        event.detail.observed(event)


def test_a_completed_backup_says_when_it_completed(sample: Sample) -> None:
    event = msgspec.convert(sample("aws.backup/backup_job__completed"), Event[BackupJobChange])
    completed_at = event.detail.observed(event).completed_at
    assert completed_at is not None
    assert completed_at.tzinfo is not None
