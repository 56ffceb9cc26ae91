"""How large backups were."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from strongroom.adapters.aws.backup.job_sizes import BackupJobSizes
from strongroom.domain.identifiers import AccountId
from tests.builders.places import HOME
from tests.builders.preview import a_volume
from tests.fakes.account_clients import FakeAccountClients, Pages

MANAGEMENT = AccountId("111111111111")


@dataclass
class Jobs:
    """Finished jobs, of which each has a day of September, a resource and a size."""

    listed: list[tuple[int, str, int | None]]
    requests: list[dict[str, Any]] = field(default_factory=list)

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def list_backup_jobs(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        return {
            "BackupJobs": [
                {"ResourceArn": arn, "CreationDate": datetime(2026, 9, day, tzinfo=UTC)}
                | ({} if size is None else {"BackupSizeInBytes": size})
                for day, arn, size in self.listed
            ]
        }


def test_the_newest_backup_tells_the_size_and_one_without_size_tells_none() -> None:
    one, other, unknown = (a_volume(number).arn for number in (1, 2, 3))
    jobs = Jobs(
        [
            (2, one, 5_000_000_000),
            (3, one, 7_500_000_000),
            (1, one, 1),
            (4, one, None),
            (1, other, 10**9),
            (1, unknown, 0),
        ]
    )
    clients = FakeAccountClients(own={"backup": jobs})
    found = BackupJobSizes(clients, management_account=MANAGEMENT).last_sizes(HOME)
    assert found == {one: 7.5, other: 1.0}
    assert jobs.requests == [{"ByAccountId": "*", "ByState": "COMPLETED"}]
    assert clients.asked == [("backup", MANAGEMENT, HOME)]
