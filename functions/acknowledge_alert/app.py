"""Show open alerts, and take who looks after one, by a login or by the signed link of its message."""

from strongroom.domain.alerts.acknowledging import parse_fingerprint
from strongroom.runtime.alert_pages import alert_page, marked_page, refusal
from strongroom.runtime.contracts.http import AcknowledgementBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.alerts.acknowledge_alert import acknowledge_alert, list_alerts
from strongroom.services.alerts.take_alert_link import show_alert_link, take_alert_link
from strongroom.wiring.alerts.marking import acknowledgement, alert_link, open_alerts
from strongroom.wiring.people import person_of


def show_open(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer what is open to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content={"alerts": list_alerts(alerts=open_alerts(platform))})


def acknowledge(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Mark the alert as looked after by whoever is logged in."""
    person = person_of(request.bearer, platform)
    fingerprint = parse_fingerprint(request.parameters["fingerprint"])
    seen = request.read(AcknowledgementBody).version
    needs = acknowledgement(platform)
    return HttpAnswer(content=acknowledge_alert(fingerprint, seen=seen, by=person, needs=needs, now=platform.now()))


def show_linked(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Show the alert to whoever holds its link; looking marks nothing, for scanners of mail follow links."""
    fingerprint, query, needs = request.parameters["fingerprint"], request.plain_query, alert_link(platform)
    return alert_page(show_alert_link(fingerprint, query, needs=needs, now=platform.now()))


def take_linked(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Mark the alert as looked after by whoever holds its link."""
    fingerprint, query, needs = request.parameters["fingerprint"], request.plain_query, alert_link(platform)
    return marked_page(take_alert_link(fingerprint, query, needs=needs, now=platform.now()))


handler = Routes(
    {
        ("GET", "/alerts"): show_open,
        ("POST", "/alerts/{fingerprint}/acknowledgement"): acknowledge,
        ("GET", "/alerts/{fingerprint}/link"): show_linked,
        ("POST", "/alerts/{fingerprint}/link"): take_linked,
    },
    refusal=refusal,
)
