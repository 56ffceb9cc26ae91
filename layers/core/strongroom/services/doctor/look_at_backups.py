"""Look at what nights of backups left: copies and their keys, plans that points name, jobs, keys of sources, expiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.doctor.backups import (
    judge_copy_keys,
    judge_expiry,
    judge_jobs,
    judge_origins,
    judge_waiting_copies,
)
from strongroom.domain.doctor.checks import COPY_KEYS, EXPIRY, JOBS, ORIGINS, SOURCE_KEYS, WAITING_COPIES
from strongroom.domain.doctor.keys import judge_source_key
from strongroom.domain.intent.destinations import shortest_local_retention
from strongroom.domain.intent.places import vault_places
from strongroom.services.doctor.visit import Visit, at_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.doctor.diagnosis import Diagnosis
    from strongroom.domain.identifiers import AccountId, Arn, Region
    from strongroom.domain.intent.model import Intent


def copy_keys(visit: Visit) -> Iterator[Diagnosis]:
    """Under which keys copies lie."""
    yield from at_each(COPY_KEYS, visit.copy_vaults, lambda vault, _: judge_copy_keys(visit.content(vault)))


def origins(visit: Visit) -> Iterator[Diagnosis]:
    """Whether recovery points name the plan that made them."""
    yield from at_each(ORIGINS, visit.local_vaults, lambda vault, _: judge_origins(visit.content(vault)))


def jobs(visit: Visit) -> Iterator[Diagnosis]:
    """How the last jobs ended."""
    yield from judge_jobs(visit.jobs)


def waiting_copies(visit: Visit) -> Iterator[Diagnosis]:
    """Whether copies that wait their turn are listed."""
    yield judge_waiting_copies(visit.jobs)


def source_keys(visit: Visit) -> Iterator[Diagnosis]:
    """Whether the backup account may use the keys of sources."""
    place = visit.intent.organization

    def look(where: str, at: tuple[AccountId, Region]) -> Iterator[Diagnosis]:
        found = visit.needs.keys.sources(*at)
        if not found:
            yield SOURCE_KEYS.unseen(where, "no database and no volume lies under a key there")
        for source in found:
            yield judge_source_key(source, where=where, copier=place.backup_account, organization=place.id)

    yield from at_each(SOURCE_KEYS, visit.places, look)


def expiry(visit: Visit) -> Iterator[Diagnosis]:
    """Whether what was due is gone, and nothing else."""
    days, moved = shortest_local_retention(visit.intent), _moved_types(visit.intent)
    # What goes on into an air-gapped vault beside it is gone early, and rightly.
    jobs = [job for job in visit.jobs if job.type not in moved]

    def look(vault: str, _: Arn) -> Iterator[Diagnosis]:
        yield judge_expiry(visit.content(vault), jobs=jobs, retention_days=days, now=visit.now)

    yield from at_each(EXPIRY, {**visit.local_vaults, **visit.copy_vaults}, look)


def _moved_types(intent: Intent) -> tuple[str, ...]:
    has_gaps = any(place.is_primary_air_gap for place in vault_places(intent).values())
    return names_of(row for row in ROWS if row.enters_air_gap) if has_gaps else ()


LOOKS = (
    (COPY_KEYS, copy_keys),
    (ORIGINS, origins),
    (JOBS, jobs),
    (WAITING_COPIES, waiting_copies),
    (SOURCE_KEYS, source_keys),
    (EXPIRY, expiry),
)
