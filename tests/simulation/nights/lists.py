"""AWS's lists of all jobs, by when they ended, page by page: they lag behind, or still say RUNNING."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.comparing.rounds import PointPage
from strongroom.domain.copies.found import CopyJob, CopyNotice
from strongroom.domain.copies.reconciling import JobKind, JobPage, Window
from strongroom.domain.identifiers import AccountId, Region
from tests.simulation.nights.aws import SimulatedBackup
from tests.simulation.nights.clock import since
from tests.simulation.nights.seen import Answers, account_of


@dataclass(frozen=True, slots=True)
class SeenLists:
    """The jobs of the organisation, as its delegated administrator lists them."""

    aws: SimulatedBackup
    answers: Answers
    page_size: int

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        return self.answers.functions.effect(
            f"List {kind}", account or region, lambda: self._page(kind, window, account)
        )

    def _page(self, kind: JobKind, window: Window, account: AccountId | None) -> JobPage:
        begins = int(window.token or "0")
        ends = begins + self.page_size
        if kind is JobKind.BACKUPS:
            backups = [job for job in self._backups(window) if account in {None, job.account}]
            return JobPage(backups=tuple(backups[begins:ends]), token=str(ends) if ends < len(backups) else None)
        copies = [notice for notice in self._copies(window) if account in {None, notice.account}]
        return JobPage(copies=tuple(copies[begins:ends]), token=str(ends) if ends < len(copies) else None)

    def _ended(self, window: Window) -> Iterator[str]:
        ended = self.aws.ended
        first, last = since(window.since) + 1, since(window.until)
        return (id_ for _, id_ in ended[bisect_left(ended, (first, "")) : bisect_left(ended, (last + 1, ""))])

    def _backups(self, window: Window) -> Iterator[BackupJob]:
        for id_ in self._ended(window):
            job = self.answers.old(self.aws.backups.get(id_), kind="lag-list-jobs", thing=id_)
            if job is not None and job.completed_at is not None:
                yield job

    def _copies(self, window: Window) -> Iterator[CopyNotice]:
        for id_ in self._ended(window):
            copying = self.aws.copies.get(id_)
            job = None if copying is None else self.answers.old(copying.job, kind="lag-list-jobs", thing=id_)
            if copying is not None and job is not None and job.completed_at is not None and self._is_shown(job):
                yield CopyNotice(account=copying.owed.resource.account, region=self.aws.region, job=job)

    def _is_shown(self, job: CopyJob) -> bool:
        return job.state != "COMPLETED" or not self.answers.chance.happens("copy-off-list", str(job.id))


@dataclass(frozen=True, slots=True)
class SeenContents:
    """What vaults hold, by when it was created."""

    aws: SimulatedBackup
    answers: Answers
    page_size: int

    def page(self, vault: str, window: Window) -> PointPage:
        return self.answers.ask("ListRecoveryPointsByBackupVault", account_of(vault), lambda: self._page(vault, window))

    def _page(self, vault: str, window: Window) -> PointPage:
        begins_at, until = window.since, window.until
        seen = self.answers.all_old(self.aws.copies_since(vault, since(begins_at)), kind="lag-list-points")
        found = [each for each in seen if each is not None and begins_at < each.created_at <= until]
        begins = int(window.token or "0")
        ends = begins + self.page_size
        return PointPage(points=tuple(found[begins:ends]), token=str(ends) if ends < len(found) else None)
