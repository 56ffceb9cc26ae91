"""Show restore requests and their evidence."""

from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request
from strongroom.services.restores.asking.show_restores import list_restores, show_evidence, show_restore
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.showing import restore_view


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer the list, one request, or its evidence to anybody who is known."""
    person_of(request.bearer, platform)
    needs, request_id = restore_view(platform), request.parameters.get("id")
    if request_id is None:
        return HttpAnswer(content={"restores": list_restores(needs=needs)})
    if request.path.endswith("/evidence"):
        return HttpAnswer(content=show_evidence(request_id, needs=needs))
    return HttpAnswer(content=show_restore(request_id, needs=needs))
