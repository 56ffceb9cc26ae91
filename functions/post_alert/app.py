"""Tell alerts in Slack, with a message when one opens and a reply when it is resolved."""

from strongroom.runtime.contracts.alerts import AlertChange
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.platform import Platform
from strongroom.services.alerts.post_alert import PostVerdict, post_alert
from strongroom.wiring.alerts.channel import alert_post
from strongroom.wiring.events import each_event


@each_event(AlertChange)
def handler(event: Event[AlertChange], platform: Platform) -> PostVerdict:
    """Post the alert, or answer in its thread."""
    return post_alert(event.detail.observed(event), needs=alert_post(platform), now=platform.now())
