"""From what is lost to what is back, as people on call go: found by resource and time, asked for, approved, awaited."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sandbox.example.timeline import Scene
from sandbox.example.world import World

RESTORES_CHANNEL = "C0RESTORE"


class Lost(NamedTuple):
    """What is to come back: how people call its account, the account, its ARN, and its new name if it has one.

    It comes back where it was, or in the `region` that is said.
    """

    called: str
    account: str
    resource: str
    target: str
    region: str = ""

    @property
    def name(self) -> str:
        """What people call it, or its id."""
        return self.resource.rpartition("/")[2].rpartition(":")[2]

    @property
    def there(self) -> tuple[str, ...]:
        """What the command is told of the Region."""
        return ("--region", self.region) if self.region else ()


class Found(NamedTuple):
    """What `restore find` offers first: a recovery point by the way that it names, out of a vault."""

    way: str
    recovery_point: str
    vault: str


class Message(NamedTuple):
    """A request in Slack: its time stamp, which is its identity, the page that it leads to, and the number beside."""

    ts: str
    page: str
    number: str


def find(world: World, lost: Lost, *, before: str) -> dict[str, Any]:
    """What `restore find` tells of it, by its name and a time; LookupError where the command refuses."""
    words = ("restore", "find", lost.called, lost.name, "--before", before, *lost.there, "--json")
    answer = world.strongroom(*words, person="omar")
    if not answer.stdout:
        raise LookupError(answer.stderr.strip())
    return dict(json.loads(answer.stdout))


def find_and_ask(world: World, before: str, reason: str, lost: Lost) -> tuple[Found, str]:
    """What is offered first, and the request for it."""
    told = find(world, lost, before=before)
    if not told["candidates"]:
        raise LookupError(f"nothing to restore {lost.name} from: {told['not_offered']}, unread {told['unread']}")
    row = told["candidates"][0]
    found = Found(row["plan"], row["recovery_point"], row["vault"])
    return found, _ask(world, before, reason, lost, found)


def _ask(world: World, before: str, reason: str, lost: Lost, found: Found) -> str:
    """The id of the request, which has a ticket of its own; or why there is none."""
    ticket = world.jira.create_issue(f"Restore {lost.resource} to 02:00", resource=lost.resource)
    world.jira.transition(ticket, "Approve")
    asked = world.strongroom_signing(
        *("restore", "request", "--account", lost.account, "--recovery-point", found.recovery_point),
        *("--vault", found.vault, "--before", before, "--ticket", ticket, "--reason", reason, "--json", *lost.there),
        *(("--target-name", lost.target) if lost.target else ()),
        person="omar",
    )
    return str(json.loads(asked.stdout)["request_id"]) if asked.returncode == 0 else asked.stderr.strip()


def await_message(world: World, scene: Scene, request: str) -> Message:
    """Wait for the request's message in Slack."""
    message = scene.until(
        "Slack shows the request to the approvers",
        lambda: next((each for each in world.slack.messages(RESTORES_CHANNEL) if request in json.dumps(each)), None),
    )
    is_said = "It will live under arn:aws:kms:" in json.dumps(message)
    scene.check("it says which key the restored data will live under", is_said)
    [button] = [element for block in message["blocks"] for element in block.get("elements", ()) if "url" in element]
    [number] = re.findall(r"approves for this number: ([0-9]{2})", json.dumps(message))
    return Message(ts=str(message["ts"]), page=str(button["url"]), number=number)


def approve(world: World, scene: Scene, request: str) -> None:
    """Wait for the request's message, and let Maria approve on the page."""
    message = await_message(world, scene, request)
    taken = world.page.decide(message.page, "maria", "approve", number=message.number)
    scene.check("Maria's approval counts", taken.get("state") == "counted", taken.get("reason"))


def await_outcome(world: World, scene: Scene, request: str, outcome: str) -> None:
    """Wait until the request is closed, and see that its outcome is this."""
    closed = scene.until(
        "the ceremony comes to its end",
        lambda: world.fact("RestoreClosed", request_id=request),
        detail=lambda fact: fact["reason"],
    )
    scene.need(f"its outcome is: {outcome}", closed["outcome"] == outcome, closed["outcome"])


def shown(world: World, request: str) -> Mapping[str, Any]:
    """What `restore show` tells of the request; LookupError where the command refuses."""
    answer = world.strongroom("restore", "show", request, "--json", person="omar")
    if answer.returncode != 0:
        raise LookupError(answer.stderr.strip())
    told: dict[str, Any] = json.loads(answer.stdout)
    return told
