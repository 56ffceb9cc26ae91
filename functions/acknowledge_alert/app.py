"""Show open alerts, and take who looks after one."""

from strongroom.domain.alerts.acknowledging import parse_fingerprint
from strongroom.runtime.contracts.http import AcknowledgementBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.alerts.acknowledge_alert import acknowledge_alert, list_alerts
from strongroom.wiring.alerts import acknowledgement
from strongroom.wiring.people import person_of


def show_open(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer what is open to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content={"alerts": list_alerts(book=acknowledgement(platform).book)})


def acknowledge(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Mark the alert as looked after by whoever is logged in."""
    person = person_of(request.bearer, platform)
    fingerprint = parse_fingerprint(request.parameters["fingerprint"])
    seen = request.read(AcknowledgementBody).version
    needs = acknowledgement(platform)
    return HttpAnswer(content=acknowledge_alert(fingerprint, seen=seen, by=person, needs=needs, now=platform.now()))


handler = Routes(
    {
        ("GET", "/alerts"): show_open,
        ("POST", "/alerts/{fingerprint}/acknowledgement"): acknowledge,
    }
)
