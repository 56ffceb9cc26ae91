"""Show restore requests and their evidence."""

from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.asking.show_restores import list_restores, show_evidence, show_restore
from strongroom.services.restores.ends.list_ends import list_ends
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.listing import end_list, restore_view


def show_latest(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer the list to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content={"restores": list_restores(needs=restore_view(platform), now=platform.now())})


def show_ends(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer what restores left behind for a while to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content={"ends": list_ends(needs=end_list(platform), now=platform.now())})


def show_one(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer one request to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_restore(request.parameters["id"], needs=restore_view(platform), now=platform.now()))


def show_its_evidence(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer one request's evidence to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_evidence(request.parameters["id"], needs=restore_view(platform)))


handler = Routes(
    {
        ("GET", "/restores"): show_latest,
        ("GET", "/restores/ends"): show_ends,
        ("GET", "/restores/{id}"): show_one,
        ("GET", "/restores/{id}/evidence"): show_its_evidence,
    }
)
