"""02:00: all backups of an organisation complete at once, and then their copies, through the handlers as deployed.

What lies outside of the functions is played: AWS Backup in the process itself, without the SDK, and the ledger in one
of its own, which counts. What the SDK costs for each call, the rows `warm.…` tell.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from io import StringIO
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from benchmarks.measurement import ROOT, Measurement, NotMeasuredError, at_most, below, compared
from benchmarks.night.alone import MEMORY, Clock, Taken, peak_megabytes, play_alone
from benchmarks.night.far_table import FarTable
from benchmarks.workloads.workload import Json, queued, sample
from strongroom.adapters.aws import clients
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.domain.copies.expected.backups import ExpectedBackup
from strongroom.domain.copies.expected.transitions import answered
from strongroom.domain.copies.found import CopyNotice, RecoveryPointFound
from strongroom.domain.copies.traces import traces_of
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.model import Intent
from strongroom.runtime.platform import Surroundings
from strongroom.wiring.alerts import telling
from strongroom.wiring.copies import promising, verifying
from strongroom_cli.intent.file import load_intent_file
from tests.builders.copies import COMPLETED_AT, CREATED_AT, a_vault
from tests.builders.places import HOME
from tests.conftest import FakeSts
from tests.fakes.many.organization_night import COPIED_AT, OrganizationNight

BACKUPS: Final = 20_000
# When all of it is heard.
HEARD_AT: Final = COPIED_AT + timedelta(minutes=5)
RATIO: Final = 2.2
# With those of the index, for a backup with two copies.
WRITES: Final = 13
_BATCH: Final = 10
# What EventBridge puts around the detail of an event: id, time, account and so on, in bytes.
_ENVELOPE: Final = 250
_SETTINGS: Final = {
    "AWS_DEFAULT_REGION": HOME,
    "STRONGROOM_LEDGER": "ledger",
    "STRONGROOM_BUS": "strongroom",
    "STRONGROOM_ALERTS_TOPIC": f"arn:aws:sns:{HOME}:999999999999:alerts",
    "STRONGROOM_DEAD_LETTERS": f"https://sqs.{HOME}.amazonaws.com/999999999999/dead-letters",
    "STRONGROOM_SECRETS": "strongroom",
}

type Handler = Callable[[Json, Any], Json]
type Afterwards = Callable[[OrganizationNight, FarTable], Taken]


def measure_burst(*, backups: int = BACKUPS) -> tuple[Measurement, ...]:
    """CPU seconds of half the night and of the whole one, its memory, and its writes for each backup."""
    half, whole = (play_alone("burst", number) for number in (backups // 2, backups))
    base = Measurement(name="night.burst.half", value=half.pop("seconds"), unit="s CPU", detail=half)
    row = compared("night.burst", whole.pop("seconds"), "s CPU", to=base, **whole)
    return (
        base,
        at_most(row, RATIO),
        below("night.burst.memory", whole["peak_mb"], "MB", limit=MEMORY),
        Measurement(
            name="night.burst.writes",
            value=whole["writes_per_backup"],
            unit="writes a backup",
            detail={
                "target": f"<= {WRITES} with those of the index",
                "holds": whole["writes_per_backup"] <= WRITES,
                "of_the_index": whole["index_writes_per_backup"],
            },
        ),
    )


def play_burst(backups: int, *, afterwards: Afterwards | None = None) -> Taken:
    """So many backups with two copies each, and what is done `afterwards` by those who look at them once more."""
    intent, _ = load_intent_file(ROOT / "strongroom.yaml")
    night = OrganizationNight(intent, backups=backups, trouble=False)
    with FarTable() as table, _deployed(intent, night, table) as outside:
        _night_before(night, table)
        clock = Clock()
        _hand_over("open_promises", (_backed_up(night, number) for number in range(backups)))
        of_backups = clock.seconds
        turns = ((number, turn) for turn in (0, 1) for number in range(backups))
        notices = (night.copy(number, turn) for number, turn in turns)
        _hand_over("verify_copy", (_copied(notice) for notice in notices if notice is not None))
        seconds, counts = clock.seconds, table.counts()
        if outside.facts != {"CopyVerified": 2 * backups}:
            raise NotMeasuredError(f"the night came to {outside.facts}")
        calls = night.asked.total()
        more = {} if afterwards is None else afterwards(night, table)
    requests = counts["requests"]
    writes = sum(counts["written"].values())
    return {
        "seconds": seconds,
        "of_backups": of_backups,
        "backups": backups,
        "copies": 2 * backups,
        "peak_mb": peak_megabytes(),
        "writes_per_backup": round((writes + counts["index_writes"]) / backups, 2),
        "write_units_per_backup": round(sum(counts["write_units"].values()) / backups, 2),
        "read_units_per_backup": round(counts["read_units"] / backups, 2),
        "index_writes_per_backup": round(counts["index_writes"] / backups, 2),
        "reads_per_backup": round(requests.get("GetItem", 0) / backups, 2),
        "aws_calls_per_backup": round(calls / backups, 2),
        "facts_per_backup": 2,
        "kb_told_per_backup": round((_heard(night) + outside.published) / backups / 1_000, 2),
        "kb_logged_per_backup": round(outside.log.taken / backups / 1_000, 2),
        **more,
    }


def _heard(night: OrganizationNight) -> int:
    """How many bytes the events of the night have that its members forward."""
    return night.backups * sum(len(msgspec.json.encode(each)) for each in (_BACKED_UP, _COPIED, _COPIED))


class Log(StringIO):
    """Counts the bytes that are logged, and keeps none."""

    taken = 0

    def write(self, text: str) -> int:
        """So many characters were taken."""
        self.taken += len(text.encode())
        return len(text)


@dataclass
class Outside:
    """Every client that a function asks for, at once; counts what was published."""

    night: OrganizationNight
    facts: dict[str, int]
    log: Log = field(default_factory=Log)
    published: int = 0

    def put_events(self, *, Entries: Sequence[Json]) -> Json:  # noqa: N803 boto3's own word
        for entry in Entries:
            self.facts[entry["DetailType"]] = self.facts.get(entry["DetailType"], 0) + 1
            self.published += _ENVELOPE + len(entry["Detail"].encode())
        return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}

    def describe_recovery_point(self, **asked: str) -> Json:
        arn, vault = asked["RecoveryPointArn"], asked["BackupVaultName"]
        place = Arn.parse(arn)
        found = self.night.find(arn, vault=f"arn:aws:backup:{place.region}:{place.account}:backup-vault:{vault}")
        if found is None:
            raise NotMeasuredError(f"{arn} is not there")
        return _described(found)

    def describe_backup_vault(self, **asked: str) -> Json:
        self.night.asked["DescribeBackupVault"] += 1
        return {
            "BackupVaultName": asked["BackupVaultName"],
            "BackupVaultArn": asked["BackupVaultName"],
            "EncryptionKeyArn": a_vault().encryption_key,
            "Locked": True,
            "MinRetentionDays": 30,
            "MaxRetentionDays": 2555,
        }

    def describe_copy_job(self, **asked: str) -> Json:
        self.night.asked["DescribeCopyJob"] += 1
        _, number, turn = asked["CopyJobId"].split("-")
        notice = self.night.copy(int(number), int(turn))
        if notice is None:
            raise NotMeasuredError(f"{asked} is not there")
        job = notice.job
        return {
            "CopyJob": {
                "CopyJobId": job.id,
                "State": job.state,
                "SourceRecoveryPointArn": job.recovery_point,
                "SourceBackupVaultArn": job.source_vault,
                "DestinationBackupVaultArn": job.destination,
                "DestinationRecoveryPointArn": job.destination_recovery_point,
                "CreationDate": job.created_at,
                "CompletionDate": job.completed_at,
                "CreatedBy": _created_by(self.night, int(number)),
            }
        }


def _described(point: RecoveryPointFound) -> Json:
    made_by = point.made_by
    return {
        "RecoveryPointArn": point.arn,
        "BackupVaultName": Arn.parse(point.vault).name,
        "BackupVaultArn": point.vault,
        "ResourceArn": point.resource,
        "Status": point.status,
        "CreationDate": point.created_at,
        "CompletionDate": point.completed_at,
        "EncryptionKeyArn": point.encryption_key,
        "Lifecycle": {"DeleteAfterDays": point.retention_days},
        "CreatedBy": {
            "BackupPlanArn": made_by.plan if made_by else None,
            "BackupPlanName": made_by.plan_name if made_by else None,
            "BackupRuleName": made_by.rule_name if made_by else None,
        },
    }


def _created_by(night: OrganizationNight, number: int) -> Json:
    made_by = night.backup(number).made_by
    return {"BackupPlanArn": made_by.plan if made_by else None}


@contextmanager
def _deployed(intent: Intent, night: OrganizationNight, table: FarTable) -> Iterator[Outside]:
    outside, sts = Outside(night, {}), FakeSts()
    with TemporaryDirectory(prefix="strongroom-burst-") as folder:
        package = Path(folder, "strongroom_intent")
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "intent.json").write_bytes(msgspec.json.encode(intent))
        sys.path.insert(0, folder)
        os.environ |= _SETTINGS
        sys.stdout, printed = outside.log, sys.stdout
        Surroundings.now = lambda _: HEARD_AT  # type: ignore[assignment, method-assign]
        clients.connect = lambda service, **_: sts if service == "sts" else outside
        for module in (promising, verifying, telling):
            vars(module)["ledger"] = lambda _platform: table
        try:
            yield outside
        finally:
            sys.stdout = printed


def _night_before(night: OrganizationNight, table: FarTable) -> None:
    """Each resource was backed up the night before, too, so that this one's backup has been expected since."""
    book = LedgerExpectedBackups(table)
    for number in range(night.backups):
        left = traces_of(night.backup(number), intent=night.intent)
        if left is None:
            raise NotMeasuredError(f"backup {number} is none of ours")
        key = left.backup
        fresh = ExpectedBackup(resource=key.resource, account=key.account, region=HOME, tier=key.tier, rule=key.rule)
        before = replace(left.answer, job=f"before-{number}", created_at=CREATED_AT - timedelta(days=1))
        expected = answered(fresh, before, runs=left.runs, now=before.created_at)
        if expected is None or not book.keep(expected, was=fresh):
            raise NotMeasuredError(f"backup {number} cannot be expected")
    table.counts()


def _hand_over(function: str, events: Iterator[Json]) -> None:
    handler = _handler(function)
    for batch in batched(events, _BATCH, strict=False):
        answer = handler(queued(batch, region=HOME), None)
        if answer["batchItemFailures"]:
            raise NotMeasuredError(f"{function} failed: {answer}")


def _handler(function: str) -> Handler:
    spec = spec_from_file_location(f"benchmarked_{function}", ROOT / "functions" / function / "app.py")
    if spec is None or spec.loader is None:
        raise NotMeasuredError(f"there is no function {function}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Handler = module.handler
    return handler


_BACKED_UP: Final = sample("aws.backup/backup_job__completed")
_COPIED: Final = sample("aws.backup/copy_job_cross_account__completed")


def _backed_up(night: OrganizationNight, number: int) -> Json:
    job = night.backup(number)
    detail = {
        "backupJobId": job.id,
        "backupVaultArn": job.vault,
        "backupVaultName": Arn.parse(job.vault or "").name,
        "resourceArn": job.resource,
        "resourceType": "EFS",
        "creationDate": CREATED_AT.isoformat(),
        "completionDate": COMPLETED_AT.isoformat(),
        "createdBy": {"backupPlanArn": job.made_by.plan if job.made_by else None},
    }
    place = {"account": job.account, "region": HOME, "resources": [job.recovery_point]}
    return _BACKED_UP | place | {"detail": _BACKED_UP["detail"] | detail}


def _copied(notice: CopyNotice) -> Json:
    job = notice.job
    detail = {
        "copyJobId": job.id,
        "resourceType": "EFS",
        "sourceBackupVaultArn": job.source_vault,
        "destinationBackupVaultArn": job.destination,
        "destinationRecoveryPointArn": job.destination_recovery_point,
        "creationDate": COMPLETED_AT.isoformat(),
        "completionDate": COPIED_AT.isoformat(),
        "createdBy": {"backupPlanArn": job.made_by.plan if job.made_by else None},
    }
    place = {"account": notice.account, "region": HOME, "resources": [job.recovery_point]}
    return _COPIED | place | {"detail": _COPIED["detail"] | detail}
