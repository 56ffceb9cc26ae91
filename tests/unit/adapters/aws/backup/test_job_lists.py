"""Jobs are listed by when they ended: those of the whole organisation, or of one account."""

from typing import Any

import pytest

from strongroom.adapters.aws.backup.job_lists import OrganizationJobLists
from strongroom.domain.copies.reconciling import JobKind, Window
from strongroom.domain.identifiers import AccountId
from tests.builders.copies import COMPLETED_AT, IN_TIME
from tests.builders.places import HOME, PAYMENTS


class Lists:
    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def list_backup_jobs(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        return {"BackupJobs": [], "NextToken": "3"}

    def list_copy_jobs(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        return {"CopyJobs": []}


@pytest.mark.parametrize(("account", "listed"), [(None, "*"), (PAYMENTS, PAYMENTS)])
@pytest.mark.parametrize(("kind", "following"), [(JobKind.BACKUPS, "3"), (JobKind.COPIES, None)])
def test_a_page_is_of_all_accounts_or_of_the_one_that_is_asked_for(
    kind: JobKind, following: str | None, account: AccountId | None, listed: str
) -> None:
    lists = Lists()
    window = Window(since=COMPLETED_AT, until=IN_TIME, token="2")
    page = OrganizationJobLists(lambda _: lists).page(kind, window, region=HOME, account=account)
    assert (page.token, page.backups, page.copies) == (following, (), ())
    (asked,) = lists.asked
    assert asked == {
        "ByAccountId": listed,
        "ByCompleteAfter": COMPLETED_AT,
        "ByCompleteBefore": IN_TIME,
        "MaxResults": 1_000,
        "NextToken": "2",
    }
