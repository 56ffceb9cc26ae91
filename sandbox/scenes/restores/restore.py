"""The restore: an UPDATE without WHERE at 14:00, and the state of 02:00 back through ticket, four eyes and MFA."""

import json
import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.restores.asking import RESTORES_CHANNEL, Message, await_message, await_outcome, shown
from sandbox.settings import BACKUP_ACCOUNT, CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS_ACCOUNT

NAME = "The restore"
INTENTION = "14:00: the payments database is corrupted"
LOCAL = (PAYMENTS_ACCOUNT, LOCAL_VAULT)
TEMPORARY = (PAYMENTS_ACCOUNT, "strongroom-restores")
CENTRAL = (BACKUP_ACCOUNT, CENTRAL_VAULT)
AGE = 40  # days: the local vault keeps 35
# What the command and the card say of a row: its place, its moment, what it loses, when it is back, and its marks.
_ROW = re.compile(
    r"^ *(\d)\. (.+?): loses (.+?), (back in .+?)(?:, (?:\u2013|\$[\d.,]+))?(?:  \[(.+)\])?$", re.MULTILINE
)
_BALANCES = "SELECT customer, cents FROM balances ORDER BY customer"


class Point(NamedTuple):
    """A recovery point: when it was made, when it expires, and its ARN."""

    created: datetime
    expires: datetime
    arn: str


class Found(NamedTuple):
    """What `restore find` printed for a moment: its rows, each with its marks."""

    before: str
    rows: list[tuple[str, ...]]


type Approving = Callable[[World, Scene, str, Message], None]


def play(world: World, scene: Scene) -> None:
    """Corrupt, then restore twice: from the local vault, and when that is empty from the central one."""
    good = _rows(world, estate.PAYMENTS_DATABASE)
    scene.tell("an UPDATE without WHERE runs in production")
    _sql(world, estate.PAYMENTS_DATABASE, "UPDATE balances SET cents = 0")
    scene.need("every balance in the live database is gone", _rows(world, estate.PAYMENTS_DATABASE) != good)
    local, central = max(points(world, *LOCAL)).arn, max(points(world, *CENTRAL)).arn
    found = _find(world, scene, "payments", "payments-db", wanted={"local": local, "copy-back": central})
    way = "from the local vault"
    target = "payments-db-0200"
    _restore(world, scene, found, point=local, target=target, good=good, way=way, approve=_approve_on_the_page)
    _let_days_pass(world, scene)
    found = _find(world, scene, estate.PAYMENTS_DATABASE, wanted={"copy-back": central})
    way = f"what is {AGE} days old from the central vault, by copying back"
    target = "payments-db-copyback"
    _restore(world, scene, found, point=central, target=target, good=good, way=way, approve=_approve_by_login)
    _judge_copy(world, scene)
    _refuse_tickets(world, scene, point=central)
    _withdraw(world, scene, point=central, target="payments-db-withdrawn")
    _cancel(world, scene, point=central, target="payments-db-cancelled")


def _find(world: World, scene: Scene, *what: str, wanted: dict[str, str]) -> Found:
    """The newest backup is the first that is offered, by these ways and no other."""
    before = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    asked = ("restore", "find", *what, "--before", before, "--zone", "UTC")

    def look() -> dict[str, Any] | None:
        found = world.strongroom(*asked, "--json", person="omar")
        rows = json.loads(found.stdout)["candidates"] if found.returncode == 0 else []
        return dict(rows[0]) if rows else None

    first = scene.until(f"`strongroom restore find {' '.join(what)}` finds what it can be restored from", look)
    ways = {each["plan"]: each["recovery_point"] for each in first["ways"]}
    told = f"{first['minutes_lost']} minutes lost, {first['minutes']} until it is back, {', '.join(first['marks'])}"
    scene.check(f"first the newest backup, by {' or '.join(wanted)}", ways == wanted, told)
    return Found(before, _ROW.findall(world.strongroom(*asked, person="omar").stdout))


def _let_days_pass(world: World, scene: Scene) -> None:
    world.control("POST", "/backup/days", {"days": AGE})
    left = points(world, *LOCAL)
    scene.need(f"{AGE} days later the local vault has let its backups expire", left == [], left)
    scene.need("the central vault still has them", points(world, *CENTRAL) != [])


def _judge_copy(world: World, scene: Scene) -> None:
    """The copy that was taken back is as old as the backup, and lives a little longer."""
    copies = points(world, *TEMPORARY)
    scene.need("one copy was taken back", len(copies) == 1, len(copies))
    left = (copies[0].expires - datetime.now(UTC)).days
    scene.check("it is as old as its backup, and expires in two weeks", left in (13, 14), f"in {left} days")
    key, [own] = estate.database_key(PAYMENTS_ACCOUNT, "payments-db-copyback"), estate.restore_profiles()[0]["keys"]
    scene.check("what came of it lies under a key of its own account, out of the restore profile", key == own, key)


def _restore(
    world: World, scene: Scene, found: Found, *, point: str, target: str, good: list[Any], way: str, approve: Approving
) -> None:
    scene.tell(f"Omar, on call, restores {way}")
    request, ticket = ask_with_a_ticket(world, scene, point=point, target=target, before=found.before)
    message = await_message(world, scene, request)
    _judge_rows(world, scene, found, message)
    _refuse_own_approval(world, scene, request, message)
    approve(world, scene, request, message)
    await_outcome(world, scene, request, "restored")
    _judge_result(world, scene, target, good)
    _judge_telling(world, scene, request, ticket, message.ts)
    _judge_evidence(world, scene, request)


def _judge_rows(world: World, scene: Scene, found: Found, message: Message) -> None:
    """The card has the rows that the command printed for that moment, and only says besides which one was chosen."""
    blocks = next(each["blocks"] for each in world.slack.messages(RESTORES_CHANNEL) if str(each["ts"]) == message.ts)
    texts = [str(block["text"]["text"]) for block in blocks if "text" in block]
    rows = [row for text in texts for row in _ROW.findall(text)]
    chosen = [row for row in rows if row[-1].startswith("chosen")]
    shown = [(*row[:-1], ", ".join(mark for mark in row[-1].split(", ") if mark != "chosen")) for row in rows]
    told = f"{len(rows)} rows, of which number {', '.join(row[0] for row in chosen)} was chosen"
    is_same = bool(found.rows) and shown == found.rows and len(chosen) == 1
    scene.check("approvers see the rows that `strongroom restore find` printed", is_same, told)


def _refuse_tickets(world: World, scene: Scene, *, point: str) -> None:
    scene.tell("two tickets that are approved, and entitle to nothing")
    other = _ticket(world, "Rotate the certificates of payments", resource=PAYMENTS_ACCOUNT)
    world.jira.transition(other, "Approve", person="chiara")
    rewritten = _ticket(world, "Order laptops for payments-db")
    world.jira.transition(rewritten, "Approve", person="chiara")
    world.jira.edit(rewritten, person="omar", summary=f"Restore {estate.PAYMENTS_DATABASE}")
    ask = partial(_ask, world, point=point, target="payments-db-refused")
    with ThreadPoolExecutor(2) as people:
        answers = [*people.map(ask, (other, rewritten))]
    for asked, why, what in zip(
        answers,
        ("names neither", "edited at"),
        ("one that names the account only", "one that was rewritten after its approval"),
        strict=True,
    ):
        scene.check(f"{what} is refused in words", asked.returncode == 2 and why in asked.stderr, asked.stderr.strip())


def _withdraw(world: World, scene: Scene, *, point: str, target: str) -> None:
    scene.tell("a third request; its ticket is withdrawn while Maria looks at it, and she approves all the same")
    request, ticket = ask_with_a_ticket(world, scene, point=point, target=target)
    message = await_message(world, scene, request)
    world.jira.withdraw(ticket)
    _approve_on_the_page(world, scene, request, message)
    await_outcome(world, scene, request, "withdrawn")
    scene.check("the ticket was read again before the act: nothing was restored", not exists(world, target))


def _cancel(world: World, scene: Scene, *, point: str, target: str) -> None:
    scene.tell("a fourth request, which Omar takes back")
    request, ticket = ask_with_a_ticket(world, scene, point=point, target=target)
    await_message(world, scene, request)
    cancelled = world.strongroom_signing("restore", "cancel", request, "--reason", "the wrong point", person="omar")
    scene.check("`strongroom restore cancel` takes it back", cancelled.returncode == 0, cancelled.stderr.strip())
    await_outcome(world, scene, request, "cancelled")
    scene.check("nothing was restored", not exists(world, target))
    scene.until(
        "so its ticket may carry another request",
        lambda: next((each["text"] for each in world.jira.comments(ticket) if "another request" in each["text"]), None),
    )
    again = _ask(world, ticket, point=point, target=target)
    scene.need("and it does", again.returncode == 0, again.stderr.strip() or ticket)
    world.strongroom_signing("restore", "cancel", str(json.loads(again.stdout)["request_id"]), person="omar")


def ask_with_a_ticket(world: World, scene: Scene, *, point: str, target: str, before: str = "") -> tuple[str, str]:
    """Open and approve a ticket, then ask; return the request's id and the ticket's key."""
    ticket = _ticket(world, "Restore the payments database to 02:00")
    world.jira.transition(ticket, "Approve", person="chiara")
    asked = _ask(world, ticket, point=point, target=target, before=before)
    problem = asked.stderr.strip()
    scene.need(f"the request is taken, with ticket {ticket}", asked.returncode == 0, problem or "asked by Omar")
    return str(json.loads(asked.stdout)["request_id"]), ticket


def _ticket(world: World, summary: str, *, resource: str = estate.PAYMENTS_DATABASE) -> str:
    return world.jira.create_issue(
        summary, reporter="omar", description="Balances were overwritten at 14:00.", resource=resource
    )


def _ask(world: World, ticket: str, *, point: str, target: str, before: str = "") -> subprocess.CompletedProcess[str]:
    when = ("--before", before) if before else ()
    return world.strongroom_signing(
        *("restore", "request", "--account", PAYMENTS_ACCOUNT, "--recovery-point", point, "--target-name", target),
        *("--ticket", ticket, "--reason", "UPDATE without WHERE at 14:00", "--json"),
        *when,
        person="omar",
    )


def _refuse_own_approval(world: World, scene: Scene, request: str, message: Message) -> None:
    refused = world.page.decide(message.page, "omar", "approve", number=message.number)
    is_told = refused.get("state") == "refused" and "your own request" in refused["reason"]
    scene.check("the requester's own approval is refused, and he is told why", is_told, refused.get("reason"))
    scene.check("nothing was restored by it", _state(world, request) == "pending", _state(world, request))


def _approve_on_the_page(world: World, scene: Scene, request: str, message: Message) -> None:
    stranger = message.page.partition("?")[0] + "?view=" + "A" * 22
    refused = world.page.decide(stranger, "maria", "approve")
    scene.check("a link with another token shows nothing", refused["status"] == 403, refused.get("error"))
    scene.check("still waiting for approval", _state(world, request) == "pending", _state(world, request))
    clicked = world.page.decide(message.page, "maria", "approve")
    scene.check("a click in chat alone is given nothing to sign", clicked["status"] == 403, clicked.get("error"))
    taken = world.page.decide(message.page, "maria", "approve", number=message.number)
    counts = taken.get("state") == "counted"
    scene.check("with her passkey, on the page, Maria's approval counts", counts, taken.get("reason"))


def _approve_by_login(world: World, scene: Scene, request: str, message: Message) -> None:
    login = world.page.sign_in(message.page, "maria", "approve", number=message.number, identity=world.identity)
    scene.check("the way back of a login is nothing to another browser", login.to_a_stranger == 401, request)
    scene.check("Maria, without her passkey, is asked once more what she signs", "You approve: " in login.asked)
    counts = login.status == 303 and "#signed=" in login.location
    scene.check("by her fresh login, on the page, her approval counts", counts, f"status {login.status}")


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
    scene.until(
        "the ticket is told",
        lambda: next(
            (each["text"] for each in world.jira.comments(ticket) if f"Restore {request}: restored" in each["text"]),
            None,
        ),
        detail=lambda text: text.splitlines()[0],
    )
    scene.until(
        "the Slack thread is told",
        lambda: next(
            (each for each in world.slack.thread(RESTORES_CHANNEL, ts)[1:] if "restored" in each["text"]), None
        ),
        detail=lambda message: message["text"].splitlines()[0],
    )


def _judge_evidence(world: World, scene: Scene, request: str) -> None:
    bundle = Path(str(world.settings.run_dir)) / f"{request}.evidence.json"
    shown = world.strongroom("restore", "show", request, "--evidence", str(bundle), person="omar")
    scene.need("the evidence can be fetched", shown.returncode == 0, shown.stderr.strip() or bundle.name)
    trust = bundle.with_suffix(".trust")
    intent = str(bundle.parent / "strongroom.yaml")
    trusted = world.strongroom("evidence", "trust", intent, "--output", str(trust))
    scene.need("the intent says whose signatures to believe", trusted.returncode == 0, trusted.stderr.strip())
    forged = bundle.with_suffix(".forged")
    forged.write_text(bundle.read_text(encoding="utf-8").replace("payments-db", "payments-xx"), encoding="utf-8")
    with ThreadPoolExecutor(2) as verifiers:
        verified, refused = verifiers.map(
            lambda each: world.strongroom("evidence", "verify", str(each), "--trust", str(trust)), (bundle, forged)
        )
    scene.check("the evidence is proven offline", verified.returncode == 0, _first_line(verified))
    scene.check("a forged bundle is not", refused.returncode == 1, _first_line(refused))


def _first_line(said: subprocess.CompletedProcess[str]) -> str:
    """What the command said first, without the path of the bundle in front."""
    return (said.stdout + said.stderr).strip().splitlines()[0].rpartition("/")[2]


def exists(world: World, instance: str) -> bool:
    described = world.look(PAYMENTS_ACCOUNT, "rds").describe_db_instances()["DBInstances"]
    return any(each["DBInstanceIdentifier"] == instance for each in described)


def _state(world: World, request: str) -> str:
    return str(shown(world, request)["state"])


def points(world: World, account: str, vault: str, *, resource: str = estate.PAYMENTS_DATABASE) -> list[Point]:
    """The recovery points of a resource, the database if none is named, in a vault."""
    backup = world.look(account, "backup")
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault, ByResourceArn=resource)
    return [
        Point(point["CreationDate"], point["CalculatedLifecycle"]["DeleteAt"], str(point["RecoveryPointArn"]))
        for point in points["RecoveryPoints"]
    ]


def _sql(world: World, arn: str, sql: str) -> list[Any]:
    return list(world.control("POST", "/databases/sql", {"arn": arn, "sql": sql}).get("rows", []))


def _rows(world: World, arn: str) -> list[Any]:
    return _sql(world, arn, _BALANCES)
