"""Chat, the identity provider and the ticket system are away in turn, and a request waits for them and goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.example.drivers import DriverError
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.restores import asking, restore

NAME = "Everybody is away"
INTENTION = "a restore is needed while Slack, Jira and the identity provider are down"
_TARGET = "payments-db-patient"


def play(world: World, scene: Scene) -> None:
    """Ask while chat is away, approve while nobody can log in, and wait for the ticket system before the act."""
    point = max(restore.points(world, *restore.LOCAL)).arn
    with _away(world, "slack"):
        scene.tell("Slack is away, and Omar asks for a restore")
        request, _ = restore.ask_with_a_ticket(world, scene, point=point, target=_TARGET)
        _await_unreached(world, scene, request, "chat")
        state = asking.shown(world, request)["state"]
        scene.check("it waits for approval all the same", state == "pending", state)
    scene.tell("Slack is back")
    world.strike("RefreshCardsQueue")
    message = asking.await_message(world, scene, request)
    _await_nobody_unreached(world, scene, request)
    with _away(world, "jira"):
        with _away(world, "identity"):
            scene.tell("Jira and the identity provider are away, and Maria approves")
            why = _logged_in_in_vain(world, message)
            scene.check("nobody can log in", "503" in why, why)
            taken = world.page.decide(message.page, "maria", "approve", number=message.number)
            scene.need("her passkey needs neither: it counts", taken.get("state") == "counted", taken)
        world.strike("RefreshCardsQueue")
        _await_unreached(world, scene, request, "ticket")
        state = asking.shown(world, request)["state"]
        scene.check("it is approved, and its ticket is waited for", state == "approved", state)
        scene.check("nothing is restored meanwhile", not restore.exists(world, _TARGET))
    scene.tell("Jira is back")
    asking.await_outcome(world, scene, request, "restored")
    scene.check("the database is there", restore.exists(world, _TARGET))
    left = asking.shown(world, request)["unreached"]
    scene.check("nobody is waited for any more", left == [], left)


@contextmanager
def _away(world: World, name: str) -> Iterator[None]:
    world.control("POST", f"/{name}/faults", {"fault": "down"})
    try:
        yield
    finally:
        world.control("DELETE", f"/{name}/faults")


def _await_unreached(world: World, scene: Scene, request: str, whom: str) -> None:
    scene.until(
        f"the request says that nobody could reach the {whom}, since when and why",
        lambda: next((each for each in asking.shown(world, request)["unreached"] if each["whom"] == whom), None),
        detail=lambda each: f"since {each['since']}: {each['why']}",
    )
    told = world.strongroom("restore", "show", request, person="omar").stdout
    line = next((each.strip() for each in told.splitlines() if each.strip().startswith("away")), told)
    scene.check("and `strongroom restore show` says it in words", "it is tried again" in line, line)


def _await_nobody_unreached(world: World, scene: Scene, request: str) -> None:
    scene.until("and the request waits for nobody any more", lambda: not asking.shown(world, request)["unreached"])


def _logged_in_in_vain(world: World, message: asking.Message) -> str:
    """What Maria is answered who has no passkey at hand."""
    try:
        login = world.page.sign_in(message.page, "maria", "approve", number=message.number, identity=world.identity)
    except DriverError as error:
        return str(error).partition("<")[0].strip()
    return f"status {login.status}"
