"""Break-glass: no approver answers and nobody can open a ticket, and the restore cannot wait; then it is reviewed."""

import json
from pathlib import Path
from typing import Any

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.settings import LOCAL_VAULT, PAYMENTS_ACCOUNT

NAME = "Break-glass"
INTENTION = "03:00: approvers and tickets are away"
_INCIDENT = "INC-77"


def play(world: World, scene: Scene) -> None:
    """Restore with two of the incident group, be refused the next one, and let Sana review the first."""
    point = _point(world)
    scene.tell("Omar asks for an urgent restore, with an incident and without a ticket, and signs with his passkey")
    request, page = _ask(world, scene, point=point, target="payments-db-urgent")
    opened = world.page.decide(page, "omar", "request")
    scene.need("the urgent request is open", opened.get("state") == "open", opened.get("error", request))
    scene.until(
        "everybody who is passed by is told at once",
        lambda: next(iter(world.alerts(kind="break-glass-opened", resource=request)), None),
        detail=lambda alert: alert["reason"].partition("Without ")[2],
    )
    _refuse(world, scene, point=point, why="one urgent restore at a time", what="a second one, while it is open,")
    _decide(world, scene, request, page)
    _refuse(world, scene, point=point, why="nobody has reviewed it", what="the next one, before a review,")
    _state(world, scene, request)
    _review(world, scene, request)
    _judge_evidence(world, scene, request)
    _, again = _ask(world, scene, point=point, target="payments-db-again")
    opened = world.page.decide(again, "omar", "request")
    scene.check("after the review another one opens", opened.get("state") == "open", opened.get("error"))
    taken = world.page.decide(again, "omar", "cancel")
    scene.check("which Omar takes back", taken.get("state") == "counted", taken.get("reason"))


def _point(world: World) -> str:
    backup = world.look(PAYMENTS_ACCOUNT, "backup")
    found = backup.list_recovery_points_by_backup_vault(
        BackupVaultName=LOCAL_VAULT, ByResourceArn=estate.PAYMENTS_DATABASE
    )
    return str(found["RecoveryPoints"][0]["RecoveryPointArn"])


def _ask(world: World, scene: Scene, *, point: str, target: str) -> tuple[str, str]:
    """The request's id, and the page on which its requester signs it."""
    asked = world.strongroom_signing(
        *("restore", "request", "--urgent", "--incident", _INCIDENT, "--account", PAYMENTS_ACCOUNT),
        *("--recovery-point", point, "--target-name", target, "--reason", "balances are gone", "--json"),
        person="omar",
    )
    scene.need(f"an urgent restore to {target} is planned", asked.returncode == 0, asked.stderr.strip() or _INCIDENT)
    drafted: dict[str, Any] = json.loads(asked.stdout)
    return str(drafted["request_id"]), str(drafted["page"])


def _refuse(world: World, scene: Scene, *, point: str, why: str, what: str) -> None:
    _, page = _ask(world, scene, point=point, target="payments-db-refused")
    refused = world.page.decide(page, "omar", "request")
    scene.check(f"{what} is refused", why in refused.get("error", ""), refused.get("error"))


def _decide(world: World, scene: Scene, request: str, page: str) -> None:
    stranger = world.page.decide(page, "maria", "approve")
    scene.check("Maria, who usually approves, has no vote here", stranger.get("state") == "refused", stranger)
    for person in ("ada", "piet"):
        taken = world.page.decide(page, person, "approve")
        scene.check(f"{person}'s approval counts", taken.get("state") == "counted", taken.get("reason"))
    closed = scene.until(
        "the ceremony comes to its end",
        lambda: world.fact("RestoreClosed", request_id=request),
        detail=lambda fact: fact["reason"],
    )
    scene.need("its outcome is: restored", closed["outcome"] == "restored", closed["outcome"])


def _review(world: World, scene: Scene, request: str) -> None:
    scene.tell("Sana, of security, reviews it")
    intent = str(Path(str(world.settings.run_dir)) / "strongroom.yaml")
    told = world.strongroom("restore", "review", request, "--intent", intent, "--json", person="sana")
    scene.need("`strongroom restore review` tells what it was and where to sign", told.returncode == 0, told.stderr)
    link = str(json.loads(told.stdout)["page"])
    involved = world.page.decide(link, "ada", "in-order")
    scene.check("who took part in it does not review it", involved.get("state") == "refused", involved.get("reason"))
    taken = world.page.decide(link, "sana", "in-order")
    scene.need("with her passkey, on the page, Sana's review counts", taken.get("state") == "counted", taken)


def _state(world: World, scene: Scene, request: str) -> None:
    scene.tell("Ada points applications at what came back, and signs that")
    intent = str(Path(str(world.settings.run_dir)) / "strongroom.yaml")
    state = ("restore", "state", request, "1", "--done", "--intent", intent, "--json")
    told = world.strongroom(*state, person="ada")
    scene.need("`strongroom restore state` tells where a passkey signs", told.returncode == 0, told.stderr)
    page = json.loads(told.stdout)
    stranger = world.page.decide(page["page"], "maria", "done", step=page["step"])
    scene.check("Maria, who has no part in it, states nothing", stranger.get("state") == "refused", stranger)
    unlisted = world.page.decide(page["page"], "ada", "done", step="Open the firewall.")
    scene.check(
        "what is not on the list is stated by nobody", "has no such step" in unlisted.get("error", ""), unlisted
    )
    taken = world.page.decide(page["page"], "ada", "done", step=page["step"])
    scene.need("with her passkey, on the page, Ada states it", taken.get("state") == "counted", taken)
    again = world.strongroom(*state, person="piet")
    scene.check("and nobody states it again", "has stated already" in again.stderr, again.stderr)
    scene.until("the log has it", lambda: bool(_bundle(world, request).get("stated")))


def _bundle(world: World, request: str) -> dict[str, Any]:
    """The evidence as it is by now."""
    kept = Path(str(world.settings.run_dir)) / f"{request}.stated.json"
    world.strongroom("restore", "show", request, "--evidence", str(kept), person="omar")
    bundle: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return bundle


def _judge_evidence(world: World, scene: Scene, request: str) -> None:
    bundle = Path(str(world.settings.run_dir)) / f"{request}.evidence.json"
    shown = world.strongroom("restore", "show", request, "--evidence", str(bundle), person="omar")
    scene.need("the evidence can be fetched", shown.returncode == 0, shown.stderr.strip() or bundle.name)
    scene.check("it is shown as reviewed", "review: in-order, by Sana Iqbal" in shown.stdout, shown.stdout)
    trust, intent = bundle.with_suffix(".trust"), str(bundle.parent / "strongroom.yaml")
    world.strongroom("evidence", "trust", intent, "--output", str(trust))
    verified = world.strongroom("evidence", "verify", str(bundle), "--trust", str(trust))
    scene.check("the evidence is proven offline", verified.returncode == 0, verified.stdout + verified.stderr)
    scene.check("and says what Ada did by hand", "idp|ada stated that a step by hand is done" in verified.stdout)
    is_told = f"urgent, for {_INCIDENT}; reviewed" in verified.stdout and "idp|sana reviewed it" in verified.stdout
    scene.check("and says for which incident it was, and who reviewed it", is_told)
