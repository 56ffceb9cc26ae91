"""Take a step that deletes on what was restored, because somebody asks for it by name."""

from strongroom.runtime.contracts.http import FinishBody
from strongroom.runtime.logs import log_decision
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.acting.finish_asked import finish_asked
from strongroom.wiring.people import subject_of
from strongroom.wiring.restores.finishing import asked_finishing


def finish(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Take the step, or leave it off, for anybody who may ask for restores."""
    asker, body, restore = subject_of(request.bearer, platform), request.read(FinishBody), request.parameters["id"]
    needs, now = asked_finishing(platform), platform.now()
    taken = finish_asked(restore, body.step, is_left_off=body.leave_off, asker=asker, needs=needs, now=now)
    log_decision(taken, correlation=restore)
    return HttpAnswer(content=taken)


handler = Routes({("POST", "/restores/{id}/steps"): finish})
