"""A night in which everything goes wrong once, and three in which those who should hear of it are deaf.

What is found is told, with its cause, and its end is told, too. What the events do not tell, the sweep and AWS's own
lists do; the plain night of the demo holds that the events alone would have sufficed, and would fail here.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import night
from sandbox.scenes.watching import NIGHTLY, run_night, until_over, until_told, until_verified
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CUSTOMER_API_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    PAYMENTS_ACCOUNT,
    REPORTS_ACCOUNT,
)

NAME = "The night of faults"
INTENTION = "each kind of trouble once, and its end; then without events, and without who hears them"
REPORTS_DATABASE = f"arn:aws:rds:{HOME_REGION}:{REPORTS_ACCOUNT}:db:reports-db"
REPORTS_BUCKET = "arn:aws:s3:::reports-exports"
# No part of either is copied or looked at by another trouble of that night.
CLUSTER = f"arn:aws:rds:{HOME_REGION}:{LEDGER_ACCOUNT}:cluster:ledger-cluster"
PAPERS = f"arn:aws:s3:::{estate.PAPERS}"
SESSIONS = f"arn:aws:dynamodb:{HOME_REGION}:{PAYMENTS_ACCOUNT}:table/payments-sessions"
BROKEN = "The backup was interrupted"
WITH_ISSUES = "Some objects could not be read"
IN_PART = "One of its parts could not be backed up"
# Longer than it takes to tell that it is slow; then it goes on.
SLOW_SECONDS = 300
# More than there are events of one night.
ALL_EVENTS = 80
KINDS = (
    *("copy-missing", "copy-slow", "copy-failed"),
    *("backup-failed", "backup-partial", "backup-expired", "backup-aborted", "backup-missing", "backup-with-issues"),
)


def play(world: World, scene: Scene) -> None:
    """One bad night, one after it that mends, and three that are not heard of as they should be."""
    _bad_night(world, scene)
    _backups_that_never_began(world, scene)
    _mended(world, scene)
    _without_events(world, scene)
    _without_verify_copy(world, scene)
    _all_is_over(world, scene)


def _bad_night(world: World, scene: Scene) -> None:
    missing, failing = estate.PAYMENTS_DATABASE, night.a_volume(world, CUSTOMER_API_ACCOUNT)
    slow = night.a_file_system(world, LEDGER_ACCOUNT)
    night.fault(world, "copy_never_starts", missing)
    night.fault(world, "fail", failing, message=night.CAUSE)
    night.fault(world, "stall", slow, seconds=SLOW_SECONDS)
    backups = (
        ("fail", REPORTS_DATABASE, BROKEN),
        ("expire", SESSIONS, ""),
        ("abort", PAPERS, ""),
        ("leave_part_out", CLUSTER, IN_PART),
        ("complete_with_issues", REPORTS_BUCKET, WITH_ISSUES),
    )
    for kind, resource, message in backups:
        match = {"kind": "backup", "resource_arn": resource}
        world.control("POST", "/backup/faults", {"fault": kind, "match": match, "message": message})
    scene.tell("it is 02:00, and of five backups none is as it should be; of the copies one fails, and one is slow")
    world.control("POST", "/backup/run", {"schedule": NIGHTLY})
    told = (
        ("the backup that failed is told with its cause", "backup-failed", REPORTS_DATABASE, BROKEN),
        ("the backup that could not begin in its time is told as that", "backup-expired", SESSIONS, "EXPIRED"),
        ("the backup that was stopped is told as that", "backup-aborted", PAPERS, "stopped by user"),
        ("the backup that lacks a part is told as that", "backup-partial", CLUSTER, IN_PART),
        (
            "the backup with issues is told as that, though it completed",
            "backup-with-issues",
            REPORTS_BUCKET,
            WITH_ISSUES,
        ),
        ("the copy that failed is told with its cause", "copy-failed", failing, night.CAUSE),
        ("the copy that never began is told at its deadline", "copy-missing", missing, "nothing arrived"),
        ("the copy that runs on and on is told as slow", "copy-slow", slow, "RUNNING"),
    )
    for claim, kind, resource, words in told:
        until_told(world, scene, claim, kind, resource, words=words)
    world.control("DELETE", "/backup/faults")
    shown = world.strongroom("status", REPORTS_DATABASE, person="sana").stdout
    scene.check(
        "`strongroom status ARN` has what is open about it, with its cause",
        "critical: backup-failed in " in shown and BROKEN in shown,
        shown.splitlines()[0],
    )
    for kind, resource in (("copy-failed", failing), ("copy-missing", missing), ("copy-slow", slow)):
        until_over(world, scene, kind, resource)


def _backups_that_never_began(world: World, scene: Scene) -> None:
    """Two tables that are tagged as they should be: one is backed up by nobody, and one is deleted before its night."""
    dynamodb = world.person("piet", PAYMENTS_ACCOUNT, "dynamodb")
    forgotten, deleted = (_create_table(dynamodb, name) for name in ("payments-refunds-due", "payments-short-lived"))
    places = [(f"RESOURCE#{table}", "BACKUP#daily-prod#backup-and-copy") for table in (forgotten, deleted)]
    scene.until(
        "their first backups are expected from their creation on",
        lambda: all(world.ledger(*place) for place in places),
    )
    dynamodb.delete_table(TableName="payments-short-lived")
    scene.tell("two nights pass, in which AWS Backup begins neither")
    for place in places:
        world.let_be_due(*place, days=3)
    until_told(world, scene, "that nobody began it is told", "backup-missing", forgotten, words="had begun none")
    scene.until(
        "of the table that is gone no backup is expected any more",
        lambda: (world.ledger(*places[1]) or {}).get("state") == "ENDED",
    )
    scene.check("and nobody is told of that", not night.alert(world, "backup-missing", deleted))


def _mended(world: World, scene: Scene) -> None:
    scene.tell("the next night is a good one")
    promises = run_night(world, scene)
    until_verified(world, scene, promises)
    ends = (
        ("backup-failed", REPORTS_DATABASE),
        ("backup-expired", SESSIONS),
        ("backup-aborted", PAPERS),
        ("backup-partial", CLUSTER),
        ("backup-with-issues", REPORTS_BUCKET),
        ("backup-missing", "payments-refunds-due"),
    )
    for kind, resource in ends:
        until_over(world, scene, kind, resource)


def _without_events(world: World, scene: Scene) -> None:
    scene.tell("the forwarders are cut: of a whole night no event arrives")
    for _ in range(ALL_EVENTS):
        world.control("POST", "/backup/faults", {"fault": "drop_event", "match": {"state": "COMPLETED"}})
    promises = run_night(world, scene)
    scene.until("its copies complete, too", lambda: _are_copied(world, promises))
    scene.check("nothing is known of it", not any(night.state(world, each) for each in promises), len(promises))
    world.control("DELETE", "/backup/faults")
    world.strike("ReconcileJobsQueue")
    until_verified(world, scene, promises)
    _check_unheard(world, scene, promises)


def _without_verify_copy(world: World, scene: Scene) -> None:
    scene.tell("whoever hears of copies is dead: verify_copy is switched off")
    world.switch_off("VerifyCopyFunction")
    promises = run_night(world, scene)
    scene.until(
        "its copies are promised, and complete",
        lambda: all(night.state(world, each) for each in promises) and _are_copied(world, promises),
    )
    scene.tell("a day passes")
    for point, vault in promises:
        world.let_be_due(f"COPY#{point}", f"TO#{vault}", days=1)
    until_verified(world, scene, promises)
    _check_unheard(world, scene, promises)
    world.switch_on("VerifyCopyFunction")


def _check_unheard(world: World, scene: Scene, promises: Sequence[tuple[str, str]]) -> None:
    heard = Counter(night.learnt(world, promise) for promise in promises)
    scene.check("no copy is known by its event, so that the demo's plain night would fail", "event" not in heard, heard)


def _all_is_over(world: World, scene: Scene) -> None:
    told = Counter((alert["fingerprint"], alert["status"]) for alert in world.alerts() if alert["kind"] in KINDS)
    fingerprints = {fingerprint for fingerprint, _ in told}
    each_once = {(fingerprint, status): 1 for fingerprint in fingerprints for status in ("opened", "resolved")}
    kinds = {alert["kind"] for alert in world.alerts(status="resolved")} & set(KINDS)
    scene.check("every kind of trouble was found, and is over", kinds == set(KINDS), ", ".join(sorted(kinds)))
    scene.check("each was told once, and its end once", told == each_once, f"{len(fingerprints)} alerts")


def _are_copied(world: World, promises: Sequence[tuple[str, str]]) -> bool:
    """Whether AWS Backup lists a completed copy for each of them."""
    pages = world.look(BACKUP_ACCOUNT, "backup").get_paginator("list_copy_jobs").paginate(ByAccountId="*")
    jobs = [job for page in pages for job in page["CopyJobs"] if job["State"] == "COMPLETED"]
    return {*promises} <= {(job["SourceRecoveryPointArn"], job["DestinationBackupVaultArn"]) for job in jobs}


def _create_table(dynamodb: Any, name: str) -> str:
    table = dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "Backup", "Value": "daily-prod"}],
    )
    return str(table["TableDescription"]["TableArn"])
