"""Plan a restore request, and open it once its requester has signed it."""

from strongroom.runtime.contracts.http import AfterBody, ProofBody, RestoreBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.asking.ask_after import ask_after, ask_on_page, try_after
from strongroom.services.restores.asking.open_restore import open_restore
from strongroom.services.restores.asking.request_restore import request_restore, try_restore
from strongroom.wiring.people import signed, subject_of
from strongroom.wiring.restores.asking import after_request, restore_opening, restore_request


def ask(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Check and plan the wish, then answer 201 with what its requester has to sign, or 200 where it was only tried."""
    requester, body = subject_of(request.bearer, platform), request.read(RestoreBody)
    act, status = (try_restore, 200) if body.dry_run else (request_restore, 201)
    drafted = act(body.wish, requester=requester, needs=restore_request(platform), now=platform.now())
    return HttpAnswer(status=status, content=drafted)


def ask_afterwards(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """The same of what deletes or calls out; with the link of its page, for whoever is named to sign it."""
    restore, body, needs = request.parameters["id"], request.read(AfterBody), after_request(platform)
    if body.view is not None:
        said = {"view": body.view, "requester": body.requester}
        return HttpAnswer(status=201, content=ask_on_page(restore, body.wish, **said, needs=needs, now=platform.now()))
    act, status = (try_after, 200) if body.dry_run else (ask_after, 201)
    requester, now = subject_of(request.bearer, platform), platform.now()
    return HttpAnswer(status=status, content=act(restore, body.wish, requester=requester, needs=needs, now=now))


def open_signed(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Take the requester's proof; it is all the authentication that there is."""
    body, restore, now = request.read(ProofBody), request.parameters["id"], platform.now()
    proof, needs = signed(body, platform), restore_opening(platform)
    return HttpAnswer(content=open_restore(restore, statement=body.statement, signed=proof, needs=needs, now=now))


handler = Routes(
    {
        ("POST", "/restores"): ask,
        ("POST", "/restores/{id}/after"): ask_afterwards,
        ("POST", "/restores/{id}/opening"): open_signed,
    }
)
