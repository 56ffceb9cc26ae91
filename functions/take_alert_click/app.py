"""Mark an alert as looked after by whoever clicked so in Slack."""

from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.slack import HandedClick
from strongroom.runtime.platform import Platform
from strongroom.services.alerts.take_alert_click import AlertClickVerdict, take_alert_click
from strongroom.wiring.alerts.clicks import alert_click, verified_click
from strongroom.wiring.events import each_event


@each_event(HandedClick)
def handler(event: Event[HandedClick], platform: Platform) -> AlertClickVerdict:
    """Verify Slack's signature again, then carry out the click."""
    click = verified_click(event.detail, platform)
    return take_alert_click(click, needs=alert_click(platform), now=platform.now())
