"""The night: everything protected is backed up and copied; one copy never starts, two fail, one is late."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    CUSTOMER_API_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    PAYMENTS_ACCOUNT,
    REPLICA_REGION,
    REPLICA_VAULT,
    REPORTS_ACCOUNT,
)

NAME = "The night"
INTENTION = "02:00: backups, copies, and what goes wrong with them"
PROTECTED_ACCOUNTS = (PAYMENTS_ACCOUNT, LEDGER_ACCOUNT, CUSTOMER_API_ACCOUNT, REPORTS_ACCOUNT)
CENTRAL_VAULT_ARN = f"arn:aws:backup:{HOME_REGION}:{BACKUP_ACCOUNT}:backup-vault:{CENTRAL_VAULT}"
REPLICA_VAULT_ARN = f"arn:aws:backup:{REPLICA_REGION}:{BACKUP_ACCOUNT}:backup-vault:{REPLICA_VAULT}"
KEPT_FOR = {"daily-prod": 2555, "compliance-7y": 2555, "gfs": 35}
ON_THE_FIRST = "cron(0 4 1 * ? *)"
MONTHLY_HOUR = "cron(0 3 1 * ? *)"
SCRATCH_HOUR = "cron(0 3 ? * * *)"
INTERRUPTED = "The copy of the snapshot was interrupted"
CAUSE = "Access denied exception while trying to list tags"  # as AWS words it in its sample of a failed copy
LATE_SECONDS = 3
ALERTS_CHANNEL = "C0ALERTS"
SWEEP = "SweepOverdueCopiesQueue"


def play(world: World, scene: Scene) -> None:
    """Let 02:00 come and follow every copy to its end."""
    late = a_file_system(world, LEDGER_ACCOUNT)
    failing = a_volume(world, CUSTOMER_API_ACCOUNT)
    missing, old = estate.PAYMENTS_DATABASE, estate.OLD_DATABASE
    fault(world, "copy_never_starts", missing)
    fault(world, "fail", failing, message=CAUSE)
    fault(world, "fail", old, message=INTERRUPTED)
    fault(world, "stall", late, seconds=LATE_SECONDS)
    scene.check(
        "one database is older than Strongroom, which has never seen it",
        world.ledger(f"RESOURCE#{old}", "STATE") is None,
        f"{old}, tagged by hand",
    )
    scene.tell("it is 02:00: the plans of the effective policies run; the weather is bad for four copies")
    world.control("POST", "/backup/run", {"schedule": "cron(0 2 ? * * *)"})

    points = scene.until(
        "every tagged resource of the four production accounts has a recovery point",
        lambda: points_of_everything(world),
        detail=lambda found: f"{len(found)} recovery points",
    )
    expected = {(point["RecoveryPointArn"], vault) for point in points for vault in destinations(point)}
    critical = sum(vault == REPLICA_VAULT_ARN for _, vault in expected)
    scene.check("the critical tier is promised a second copy in eu-central-1", critical, f"{critical} replica copies")

    troubled = {
        (point["RecoveryPointArn"], CENTRAL_VAULT_ARN)
        for point in points
        if point["ResourceArn"] in (missing, failing, old)
    }
    scene.until(
        "all other copies become verified",
        lambda: all(state(world, promise) == "VERIFIED" for promise in expected - troubled),
        detail=lambda _: f"{len(expected - troubled)} promises",
    )
    heard = Counter(learnt(world, promise) for promise in expected - troubled)
    scene.check(
        "each is known by its own event, and no sweep and no list had to find it", [*heard] == ["event"], dict(heard)
    )
    proven = [_proof(world, promise) for promise in expected - troubled]
    scene.check(
        "each is really there: right vault and key, for the days of its tier, behind the lock",
        all(not fault for fault in proven),
        next((fault for fault in proven if fault), f"{len(proven)} recovery points read"),
    )
    scene.until(
        "the failed copy is told with its cause",
        lambda: alert(world, "copy-failed", failing),
        detail=lambda alert: alert["reason"],
    )
    scene.check("the cause is AWS's own", CAUSE in alert(world, "copy-failed", failing)["reason"])
    _follow_old_database(world, scene, points)
    _first_of_the_month(world, scene)
    _scratch(world, scene)
    opened = scene.until(
        "the copy that never started raises an alert after its deadline",
        world.impatient(lambda: alert(world, "copy-missing", missing), queue=SWEEP),
        detail=lambda alert: alert["reason"],
    )
    scene.until(
        "it is copied again, verified, and the alert resolved",
        world.impatient(lambda: world.alerts(fingerprint=opened["fingerprint"], status="resolved"), queue=SWEEP),
        detail=lambda resolved: resolved[0]["reason"],
    )
    promise = next(one for one in troubled if _resource(points, one[0]) == missing)
    scene.check("the second copy is really there", not _proof(world, promise), _proof(world, promise))
    scene.until(
        "the failed copy is tried again and its alert resolved too",
        world.impatient(lambda: world.alerts(kind="copy-failed", status="resolved"), queue=SWEEP),
        detail=lambda resolved: resolved[0]["reason"],
    )
    scene.until(
        "#backup-alerts in Slack has the alert, and its end in the same thread",
        lambda: _thread_about(world, missing),
        detail=lambda thread: f"{len(thread)} messages",
    )
    told = world.alerts(fingerprint=opened["fingerprint"], status="opened")
    scene.check("the missing copy was told exactly once", len(told) == 1, f"{len(told)} message")
    noise = [alert for alert in world.alerts() if late in alert["resource"]]
    scene.check("the late copy raised nothing", not noise, f"late by {LATE_SECONDS} s, inside its deadline")
    _read_the_lists(world, scene, expected - troubled)
    _say_that_all_is_well(world, scene)


def _first_of_the_month(world: World, scene: Scene) -> None:
    """One tag value, several rules: the monthly backup promises other copies than the daily one did."""
    scene.tell(
        "the first of the month: scratch and monthly-prod are backed up at 03:00, gfs at 04:00 by its monthly rule"
    )
    for schedule in (SCRATCH_HOUR, MONTHLY_HOUR, ON_THE_FIRST):
        world.control("POST", "/backup/run", {"schedule": schedule})
    backup = world.look(CUSTOMER_API_ACCOUNT, "backup")
    monthly = scene.until(
        "the customers' table has a monthly backup beside its daily one",
        lambda: _backed_up_by(backup, "monthly", estate.CUSTOMERS_TABLE),
        detail=lambda job: str(job["RecoveryPointArn"]),
    )
    promises = [(str(monthly["RecoveryPointArn"]), vault) for vault in (CENTRAL_VAULT_ARN, REPLICA_VAULT_ARN)]
    scene.until(
        "it promises a copy in each of its two vaults, one after the other, and both are verified",
        lambda: all(state(world, promise) == "VERIFIED" for promise in promises),
        detail=lambda _: ", ".join(vault.rpartition(":")[2] for _, vault in promises),
    )
    days = [int((world.ledger(f"COPY#{point}", f"TO#{vault}") or {})["retention_days"]) for point, vault in promises]
    scene.check("each is promised for the year that the rule says", days == [365, 365], f"{days[0]} days")


def _scratch(world: World, scene: Scene) -> None:
    """A tier that never leaves its account owes nobody a copy."""
    backup = world.look(estate.BOB, "backup")
    job = scene.until(
        "bob's volume is backed up in its own account",
        lambda: _backed_up_by(backup, "backup-and-copy", ":volume/"),
        detail=lambda job: str(job["BackupVaultName"]),
    )
    point = str(job["RecoveryPointArn"])
    scene.check(
        "no copy is promised, and nobody is told that one is missing",
        state(world, (point, CENTRAL_VAULT_ARN)) is None and not world.alerts(resource=point),
        "kept for 7 days",
    )


def _read_the_lists(world: World, scene: Scene, promises: set[tuple[str, str]]) -> None:
    """What AWS Backup lists of the organisation's jobs is what was heard."""
    before = [world.ledger(f"COPY#{point}", f"TO#{vault}") for point, vault in sorted(promises)]
    scene.tell("AWS's own lists of the organisation's jobs are read")
    world.strike("ReconcileJobsQueue")
    scene.until("they are read to their end", lambda: lists_are_read(world))
    after = [world.ledger(f"COPY#{point}", f"TO#{vault}") for point, vault in sorted(promises)]
    scene.check("of what was heard they change nothing", after == before, f"{len(after)} promises")


def lists_are_read(world: World, *, since: str = "") -> bool:
    """Whether AWS's list of copies was read to its end since its mark said so."""
    mark = world.ledger(f"RECONCILIATION#{HOME_REGION}", "copies")
    return mark is not None and "token" not in mark and mark["reached"] > since


def learnt(world: World, promise: tuple[str, str]) -> str | None:
    """How it is known that the copy arrived: by its event, by a sweep, or by AWS's lists."""
    return (world.ledger(f"COPY#{promise[0]}", f"TO#{promise[1]}") or {}).get("learnt")


def _say_that_all_is_well(world: World, scene: Scene) -> None:
    """What the morning asks: are we safe?"""
    scene.until(
        "`strongroom status` says that everything is protected",
        lambda: _status(world),
        detail=lambda said: said.splitlines()[0],
        instead=lambda: world.strongroom("status", person="sana").stdout,
    )


def _status(world: World) -> str:
    """What the command says where all is well; nothing where it is not, or not known yet."""
    asked = world.strongroom("status", person="sana")
    everything = re.match(r"(\d+) of \1 resources are protected; ", asked.stdout)
    return asked.stdout if asked.returncode == 0 and everything else ""


def _backed_up_by(backup: Any, rule: str, resource: str) -> dict[str, Any] | None:
    """The completed job of the rule for a resource, by its ARN or an end of it."""
    jobs = backup.list_backup_jobs(ByState="COMPLETED")["BackupJobs"]
    return next(
        (job for job in jobs if resource in job["ResourceArn"] and job["CreatedBy"].get("BackupRuleName") == rule),
        None,
    )


def _follow_old_database(world: World, scene: Scene, points: list[dict[str, Any]]) -> None:
    """What existed before Strongroom came is watched from its first night, though AWS tells no tags of its backup."""
    old = estate.OLD_DATABASE
    point = next(str(each["RecoveryPointArn"]) for each in points if each["ResourceArn"] == old)
    promise = scene.until(
        "the old database's backup promises a copy",
        lambda: world.ledger(f"COPY#{point}", f"TO#{CENTRAL_VAULT_ARN}"),
        detail=lambda promise: f"{point}, by {promise['deadline']}",
    )
    scene.check("its tier is that of the plan that made it", promise["tier"] == "daily-prod", promise["tier"])
    told = scene.until(
        "its failed copy is told in its first night",
        lambda: alert(world, "copy-failed", old),
        detail=lambda alert: alert["reason"],
    )
    scene.until(
        "its copy is started again, verified, and the alert resolved",
        world.impatient(lambda: world.alerts(fingerprint=told["fingerprint"], status="resolved"), queue=SWEEP),
        detail=lambda resolved: resolved[0]["reason"],
    )
    untagged = [alert for alert in world.alerts(kind="resource-not-tagged") if old in _words(alert)]
    scene.check("nobody is told that it carries no tag", not untagged, f"{len(untagged)} messages")


def fault(world: World, fault: str, resource: str, **more: Any) -> None:
    """Order bad weather for the next copy of the resource into the central vault."""
    match = {"kind": "copy", "resource_arn": resource, "destination_vault": CENTRAL_VAULT_ARN}
    world.control("POST", "/backup/faults", {"fault": fault, "match": match, **more})


def points_of_everything(
    world: World, *, since: datetime | None = None, accounts: Sequence[str] = PROTECTED_ACCOUNTS
) -> list[dict[str, Any]] | None:
    """The jobs of the production accounts with their tiers, once all of them have completed; else None."""
    points: list[dict[str, Any]] = []
    for account in accounts:
        backup = world.look(account, "backup")
        jobs = backup.list_backup_jobs(**({"ByCreatedAfter": since} if since else {}))["BackupJobs"]
        if not jobs or any(job["State"] != "COMPLETED" for job in jobs):
            return None
        points += [{**job, "Tier": job["CreatedBy"]["BackupPlanName"].removeprefix("strongroom-")} for job in jobs]
    return points


def destinations(point: dict[str, Any]) -> tuple[str, ...]:
    """The vaults that a backup owes a copy."""
    return (CENTRAL_VAULT_ARN, REPLICA_VAULT_ARN) if point["Tier"] == "compliance-7y" else (CENTRAL_VAULT_ARN,)


def state(world: World, promise: tuple[str, str]) -> str | None:
    """Where the promise stands; None where there is none."""
    item = world.ledger(f"COPY#{promise[0]}", f"TO#{promise[1]}")
    return str(item["state"]) if item else None


def _proof(world: World, promise: tuple[str, str]) -> str:
    """Read the destination vault ourselves; return what is wrong with the copy, or nothing."""
    source, vault_arn = promise
    region, name = vault_arn.split(":")[3], vault_arn.rsplit(":", 1)[1]
    backup = world.look(BACKUP_ACCOUNT, "backup", region)
    vault = backup.describe_backup_vault(BackupVaultName=name)
    if not vault["Locked"]:
        return f"{name} is not locked"
    item = world.ledger(f"COPY#{source}", f"TO#{vault_arn}") or {}
    stored = backup.list_recovery_points_by_backup_vault(BackupVaultName=name)["RecoveryPoints"]
    copies = [point for point in stored if point["ResourceArn"] == item.get("resource")]
    if not copies:
        return f"no copy of {item.get('resource')} in {name}"
    copy = copies[-1]
    # An image names no key (Developer Guide, "Encryption for backups in AWS Backup").
    if copy["ResourceType"] != "EC2" and copy["EncryptionKeyArn"] != vault["EncryptionKeyArn"]:
        return f"{copy['RecoveryPointArn']} is encrypted with another key than the vault's"
    if copy["Lifecycle"]["DeleteAfterDays"] < KEPT_FOR[item["tier"]]:
        return f"{copy['RecoveryPointArn']} lives {copy['Lifecycle']['DeleteAfterDays']} days only"
    return ""


def alert(world: World, kind: str, resource: str) -> dict[str, Any]:
    """The first alert of this kind that opened about the resource, or nothing."""
    found = [alert for alert in world.alerts(kind=kind, status="opened") if resource in _words(alert)]
    return found[0] if found else {}


def _thread_about(world: World, resource: str) -> list[dict[str, Any]] | None:
    for message in world.slack.messages(ALERTS_CHANNEL):
        if resource in message["text"] and message["text"].startswith("Copy missing"):
            thread = world.slack.thread(ALERTS_CHANNEL, message.get("thread_ts", message["ts"]))
            return thread if len(thread) > 1 else None
    return None


def _words(alert: dict[str, Any]) -> str:
    """The alert's words, in which its resource is named."""
    return f"{alert['resource']} {alert['reason']}"


def _resource(points: list[dict[str, Any]], recovery_point: str) -> str:
    return next(str(point["ResourceArn"]) for point in points if point["RecoveryPointArn"] == recovery_point)


def a_file_system(world: World, account: str) -> str:
    """The ARN of the file system of the account."""
    return str(world.look(account, "efs").describe_file_systems()["FileSystems"][0]["FileSystemArn"])


def a_volume(world: World, account: str) -> str:
    """The ARN of the volume of the account."""
    volume = world.look(account, "ec2").describe_volumes()["Volumes"][0]["VolumeId"]
    return f"arn:aws:ec2:{HOME_REGION}:{account}:volume/{volume}"


def a_machine(world: World, account: str) -> str:
    """The ARN of the instance of the account."""
    machine = world.look(account, "ec2").describe_instances()["Reservations"][0]["Instances"][0]["InstanceId"]
    return f"arn:aws:ec2:{HOME_REGION}:{account}:instance/{machine}"
