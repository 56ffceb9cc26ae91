"""Copies that are not as promised: in a vault with other numbers, kept too short, stopped by a key, and one lost.

No event tells it, or none says why: whoever reads the vault knows.
"""

from typing import Any

from sandbox.clients import client, every
from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import night
from sandbox.scenes.watching import run_night, until_over, until_told, until_verified
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    LEDGER_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    PAYMENTS_ACCOUNT,
)

NAME = "Copies that are not as promised"
INTENTION = "a vault with other numbers, a copy kept too short, a key that stops copies, and a copy that is lost"
VAULT = night.CENTRAL_VAULT_ARN
SHORT_DAYS, KEPT_DAYS = 90, 2555
STOPPED = "payments-db"
# One verified copy in twenty is read a second time, and each night makes a dozen.
MOST_NIGHTS = 20

type Promises = tuple[tuple[str, str], ...]


def play(world: World, scene: Scene) -> None:
    """A night of wrong copies and a good one, then a verified copy that is not there any more."""
    short = night.a_file_system(world, LEDGER_ACCOUNT)
    shared = estate.key_policy(PAYMENTS_ACCOUNT)
    scene.tell(
        "somebody takes the guardrail of the vaults off, loosens the lock of the central one, and unshares a key"
    )
    _lock(world, least_days=7)
    estate.set_key_policy(PAYMENTS_ACCOUNT, {**shared, "Statement": shared["Statement"][:1]})
    night.fault(world, "keep_shorter", short, days=SHORT_DAYS)
    promises = run_night(world, scene)
    told = (
        ("the lock's numbers are told", "vault-differs", VAULT, "7 to 2555 days instead of 30 to 2555"),
        ("the copy that is kept too short is told", "copy-failed", short, f"{SHORT_DAYS} days instead of {KEPT_DAYS}"),
        ("the key is told, and which copies it stops", "copies-stopped-by-key", STOPPED, "1 resource has no copy"),
    )
    for claim, kind, resource, words in told:
        until_told(world, scene, claim, kind, resource, words=words)
    wrong = tuple(each for each in promises if _resource(world, each) in {short, estate.PAYMENTS_DATABASE})
    until_verified(world, scene, [each for each in promises if each not in wrong])
    about = world.alerts(kind="vault-differs", status="opened")
    scene.check("the vault is one alert, however many copies came", len(about) == 1, f"{len(promises)} copies")
    made = [len(_copies_of(world, promise)) for promise in wrong]
    scene.check("neither copy was made a second time: no other try mends them", made == [1, 1], made)
    scene.tell("the lock is set as it was, the key is shared again, and the next night is a good one")
    _lock(world, least_days=30)
    estate.set_key_policy(PAYMENTS_ACCOUNT, shared)
    before, promises = promises, run_night(world, scene)
    until_verified(world, scene, promises)
    until_over(world, scene, "vault-differs", VAULT)
    for kind, resource in (("copy-failed", short), ("copies-stopped-by-key", STOPPED)):
        _look_after(world, scene, kind, resource)
    verified = tuple(each for each in before if each not in wrong)
    _lose(world, scene, _with_a_sample(world, scene, (*verified, *promises)))


def _look_after(world: World, scene: Scene, kind: str, resource: str) -> None:
    """What stays as it is, such as a night without a copy, is over for people once somebody looks after it."""
    fingerprint = night.alert(world, kind, resource)["fingerprint"]
    marked = world.strongroom("alerts", "acknowledge", fingerprint, person="sana")
    scene.check(f"sana looks after {kind}", marked.returncode == 0, marked.stderr)


def _with_a_sample(world: World, scene: Scene, promises: Promises) -> tuple[str, str]:
    """A promise whose verified copy is to be read a second time, in these nights or in one that follows."""
    for _ in range(MOST_NIGHTS):
        sampled = next((each for each in promises if "due_at" in _item(world, each)), None)
        if sampled is not None:
            return sampled
        promises = run_night(world, scene)
        until_verified(world, scene, promises)
    raise LookupError("no copy is read a second time")


def _lose(world: World, scene: Scene, promise: tuple[str, str]) -> None:
    before, resource = _copies_of(world, promise), _resource(world, promise)
    copy = next(str(job["DestinationRecoveryPointArn"]) for job in before if job["State"] == "COMPLETED")
    scene.tell(f"a day passes, and {copy} is not in its vault any more")
    world.control("POST", "/backup/lose", {"recovery_point": copy})
    world.let_be_due(f"COPY#{promise[0]}", f"TO#{promise[1]}", days=1)
    until_told(world, scene, "that a verified copy is gone is told", "copy-vanished", resource, words=copy)
    (alert,) = world.alerts(kind="copy-vanished", status="opened")
    scene.check("as loud as can be", alert["severity"] == "critical", alert["severity"])
    scene.check("and it is not made again, as if nothing had been", len(_copies_of(world, promise)) == len(before))
    _look_after(world, scene, "copy-vanished", resource)
    listed = world.strongroom("alerts", "list", person="sana").stdout
    scene.check("and `strongroom alerts list` says so", "sana looks after it" in listed)


def _lock(world: World, *, least_days: int) -> None:
    """Give the central vault this lock, for which its guardrails must be off."""
    organizations = world.person("piet", MANAGEMENT_ACCOUNT, "organizations", ORGANIZATIONS_REGION)
    attached = [
        {"PolicyId": policy["Id"], "TargetId": target["TargetId"]}
        for policy in every(organizations, "list_policies", Filter="SERVICE_CONTROL_POLICY")
        if '"KeepVaults"' in organizations.describe_policy(PolicyId=policy["Id"])["Policy"]["Content"]
        for target in every(organizations, "list_targets_for_policy", PolicyId=policy["Id"])
    ]
    for each in attached:
        organizations.detach_policy(**each)
    client("backup", BACKUP_ACCOUNT).put_backup_vault_lock_configuration(
        BackupVaultName=CENTRAL_VAULT, MinRetentionDays=least_days, MaxRetentionDays=KEPT_DAYS, ChangeableForDays=30
    )
    for each in attached:
        organizations.attach_policy(**each)


def _item(world: World, promise: tuple[str, str]) -> dict[str, Any]:
    return world.ledger(f"COPY#{promise[0]}", f"TO#{promise[1]}") or {}


def _resource(world: World, promise: tuple[str, str]) -> str:
    return str(_item(world, promise).get("resource", ""))


def _copies_of(world: World, promise: tuple[str, str]) -> list[dict[str, Any]]:
    """The jobs that copy its backup into its vault, as the account of the backup lists them."""
    # A bucket's ARN names no account.
    backup = world.look(_item(world, promise)["account"], "backup")
    jobs = backup.list_copy_jobs(ByDestinationVaultArn=promise[1])["CopyJobs"]
    return [job for job in jobs if job["SourceRecoveryPointArn"] == promise[0]]
