"""What people and the state machine do in a ceremony, so that a step's test can begin where the step does."""

from typing import Any

from strongroom.adapters.ledger.table import Table
from strongroom.domain.evidence.chain import REQUESTED, stream_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.requests import SealedRequest, seal_request
from strongroom.domain.restores.votes import Decision
from strongroom.services.restores.approving.cast_vote import cast_vote
from strongroom.services.restores.approving.confirm_presence import PresenceAnswer, confirm_presence
from strongroom.services.restores.approving.open_approval import open_approval
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshot, snapshot_ticket
from tests.builders.restores import a_request
from tests.fakes.restores import World

ID = a_request().id
STREAM = stream_of(ID)
EXECUTION = f"arn:execution:{ID}"


def ask(table: Table, intent: Intent, **changes: Any) -> World:
    """A world in which the request was just made."""
    world = World(table, intent)
    sealed = seal_request(a_request(**changes))
    world.book.add(sealed)
    world.evidence.note(ID, REQUESTED, at=world.now, request=sealed.text, digest=sealed.digest)
    return world


def read_ticket(world: World, execution: str = EXECUTION) -> TicketSnapshot:
    """The state machine reads the ticket."""
    return snapshot_ticket(ID, execution=execution, needs=world.reading, now=world.now)


def show(world: World, *, token: str = "token-1") -> SealedRequest:  # noqa: S107 no secret
    """The state machine shows the request and waits."""
    open_approval(ID, token=token, needs=world.opening, now=world.now)
    return world.book.read(ID)


def click(world: World, person: str = "maria", decision: Decision = Decision.APPROVE) -> str:
    """Somebody clicks; the address at which they prove that it is they."""
    sealed = world.book.read(ID)
    return cast_vote(sealed, decision, person=person, needs=world.voting, now=world.now).presence_url


def question_of(url: str) -> str:
    """The question's id in the address at which it is answered."""
    return url.rpartition("/")[2]


def confirm(world: World, url: str, code: str) -> PresenceAnswer:
    """Somebody comes back from the login with this code."""
    return confirm_presence(question_of(url), code=code, needs=world.proving, now=world.now)


def approve(world: World, person: str = "maria", decision: Decision = Decision.APPROVE) -> PresenceAnswer:
    """Somebody clicks and proves that it is they."""
    url = click(world, person, decision)
    return confirm(world, url, world.prove(url, subject=f"idp|{person}"))


def come_to_approval(world: World) -> None:
    """From the request to the approval that counts."""
    read_ticket(world)
    show(world)
    assert approve(world).counted
