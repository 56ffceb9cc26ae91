"""The restore: an UPDATE without WHERE at 14:00, and the state of 02:00 back through ticket, four eyes and MFA."""

import json
import re
from pathlib import Path
from typing import Any

from sandbox import estate
from sandbox.drivers import new_browser
from sandbox.people import person_named
from sandbox.settings import BACKUP_ACCOUNT, CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS_ACCOUNT
from sandbox.timeline import Scene
from sandbox.world import World

NAME = "The restore"
INTENTION = "14:00: the payments database is corrupted"
RESTORES_CHANNEL = "C0RESTORE"
_BALANCES = "SELECT customer, cents FROM balances ORDER BY customer"
_LINK = re.compile(r"https?://[^\s|>\"]+/presence/[^\s|>\"]+")


def play(world: World, scene: Scene) -> None:
    """Corrupt, then restore twice: from the local vault, and from the central one by copying back."""
    good = _rows(world, estate.PAYMENTS_DATABASE)
    scene.tell("an UPDATE without WHERE runs in production")
    _sql(world, estate.PAYMENTS_DATABASE, "UPDATE balances SET cents = 0")
    scene.need("every balance in the live database is gone", _rows(world, estate.PAYMENTS_DATABASE) != good)
    local = _newest_point(world, PAYMENTS_ACCOUNT, LOCAL_VAULT)
    central = _newest_point(world, BACKUP_ACCOUNT, CENTRAL_VAULT)
    _restore(world, scene, point=local, target="payments-db-0200", good=good, way="from the local vault")
    _restore(
        world,
        scene,
        point=central,
        target="payments-db-copyback",
        good=good,
        way="from the central vault, by copying back",
    )


def _restore(world: World, scene: Scene, *, point: str, target: str, good: list[Any], way: str) -> None:
    scene.tell(f"Omar, on call, restores {way}")
    ticket = world.jira.create_issue(
        f"Restore {estate.PAYMENTS_DATABASE} to 02:00",
        reporter="omar",
        description=f"Balances were overwritten at 14:00 in {estate.PAYMENTS_DATABASE}.",
        labels=[PAYMENTS_ACCOUNT],
    )
    world.jira.transition(ticket, "Approve", person="chiara")
    asked = world.strongroom(
        *("restore", "request", "--account", PAYMENTS_ACCOUNT, "--recovery-point", point, "--target-name", target),
        *("--ticket", ticket, "--reason", "UPDATE without WHERE at 14:00", "--json"),
        person="omar",
    )
    scene.need(
        f"the request is taken, with ticket {ticket}", asked.returncode == 0, asked.stderr.strip() or "asked by Omar"
    )
    request = json.loads(asked.stdout)["request_id"]
    message = scene.until(
        "Slack shows the request to the approvers",
        lambda: next((each for each in world.slack.messages(RESTORES_CHANNEL) if request in json.dumps(each)), None),
        within=20,
    )
    _refuse_own_approval(world, scene, request, message["ts"])
    _approve_with_presence(world, scene, request, message["ts"])
    closed = scene.until(
        "the restore runs to its end",
        lambda: world.fact("RestoreClosed", request_id=request),
        within=60,
        detail=lambda fact: fact["reason"],
    )
    scene.need("its outcome is: restored", closed["outcome"] == "restored", closed["reason"])
    _judge_result(world, scene, target, good)
    _judge_telling(world, scene, request, ticket, message["ts"])
    _judge_evidence(world, scene, request)


def _refuse_own_approval(world: World, scene: Scene, request: str, ts: str) -> None:
    world.slack.click("omar", RESTORES_CHANNEL, ts, "approve")
    scene.until(
        "the requester's own approval is refused, and he is told why",
        lambda: next((text for text in _whispers(world, "omar") if request in text or "own" in text), None),
        within=10,
        detail=lambda text: text[:120],
    )
    scene.check("nothing was restored by it", _state(world, request) == "awaiting-approval", _state(world, request))


def _approve_with_presence(world: World, scene: Scene, request: str, ts: str) -> None:
    world.slack.click("maria", RESTORES_CHANNEL, ts, "approve")
    link = scene.until(
        "Maria's click alone does not count: she is asked for a fresh MFA proof",
        lambda: next(
            (found[0] for text in reversed(_whispers(world, "maria")) if (found := _LINK.findall(text))), None
        ),
        within=10,
        detail=lambda _: "a link for her only",
    )
    scene.check("still waiting for approval", _state(world, request) == "awaiting-approval", _state(world, request))
    browser = new_browser()
    sent_to = browser.get(link, timeout=30, allow_redirects=False)
    answer = world.identity.log_in(sent_to.headers["location"], "maria", browser=browser)
    scene.check("with password and one-time code her approval counts", answer.status_code == 200, answer.status_code)


def _judge_result(world: World, scene: Scene, target: str, good: list[Any]) -> None:
    rds = world.look(PAYMENTS_ACCOUNT, "rds")
    [instance] = rds.describe_db_instances(DBInstanceIdentifier=target)["DBInstances"]
    restored = instance["DBInstanceArn"]
    scene.check("a new instance stands in payments", instance["DBInstanceStatus"] == "available", restored)
    rows = _rows(world, restored)
    scene.check("it has the 02:00 state", rows == good, rows)
    scene.check("the corrupted database was not touched", _rows(world, estate.PAYMENTS_DATABASE) != good)
    tags = {tag["Key"]: tag["Value"] for tag in rds.list_tags_for_resource(ResourceName=restored)["TagList"]}
    wanted = {"Backup": "daily-prod", "team": "payments", "cost-centre": "4711"}
    scene.check("it carries its tags", wanted.items() <= tags.items(), tags)


def _judge_telling(world: World, scene: Scene, request: str, ticket: str, ts: str) -> None:
    comments = " ".join(comment["text"] for comment in world.jira.comments(ticket))
    scene.check("the ticket is told", request in comments, comments[-160:])
    thread = json.dumps(world.slack.thread(RESTORES_CHANNEL, ts)[1:])
    scene.check("the Slack thread is told", "restored" in thread.lower(), f"{len(thread)} characters in the thread")


def _judge_evidence(world: World, scene: Scene, request: str) -> None:
    bundle = Path(str(world.settings.run_dir)) / f"{request}.evidence.json"
    shown = world.strongroom("restore", "show", request, "--evidence", str(bundle), person="omar")
    scene.need("the evidence can be fetched", shown.returncode == 0, shown.stderr.strip() or bundle.name)
    verified = world.strongroom("evidence", "verify", str(bundle))
    scene.check(
        "the evidence verifies offline", verified.returncode == 0, (verified.stdout + verified.stderr).strip()[:200]
    )
    forged = bundle.with_suffix(".forged")
    forged.write_text(bundle.read_text(encoding="utf-8").replace("idp|maria", "idp|omar"), encoding="utf-8")
    refused = world.strongroom("evidence", "verify", str(forged))
    scene.check("a forged bundle does not", refused.returncode == 1, refused.stderr.strip()[:200])


def _state(world: World, request: str) -> str:
    shown = world.strongroom("restore", "show", request, "--json", person="omar")
    return str(json.loads(shown.stdout)["state"]) if shown.returncode == 0 else shown.stderr


def _whispers(world: World, name: str) -> list[str]:
    return [json.dumps(message, ensure_ascii=False) for message in world.slack.ephemerals(person_named(name).name)]


def _newest_point(world: World, account: str, vault: str) -> str:
    backup = world.look(account, "backup")
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault, ByResourceArn=estate.PAYMENTS_DATABASE)
    return str(max(points["RecoveryPoints"], key=lambda point: point["CreationDate"])["RecoveryPointArn"])


def _sql(world: World, arn: str, sql: str) -> list[Any]:
    return list(world.control("POST", "/databases/sql", {"arn": arn, "sql": sql}).get("rows", []))


def _rows(world: World, arn: str) -> list[Any]:
    return _sql(world, arn, _BALANCES)
