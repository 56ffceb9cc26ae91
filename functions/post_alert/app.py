"""Tell alerts in Slack, with a message when one opens and a reply when it is resolved."""

from strongroom.adapters.clients import client
from strongroom.adapters.dead_letters import bury
from strongroom.adapters.ledger.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.secrets import Secrets
from strongroom.adapters.slack import Slack
from strongroom.runtime.batches import each_event
from strongroom.runtime.contracts.alerts import AlertChange
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.platform import Platform
from strongroom.services.post_alert import PostVerdict, post_alert


@each_event(AlertChange, bury=bury)
def handler(event: Event[AlertChange], platform: Platform) -> PostVerdict:
    """Post the alert, or answer in its thread."""
    intent, settings = platform.intent, platform.settings
    return post_alert(
        event.detail.observed(detail_type=event.detail_type, event=event.id, at=event.time),
        chat=Slack(token=Secrets(settings.secrets).value("slack_bot_token"), api_url=intent.slack.api_url),
        threads=LedgerAlertThreads(LedgerTable(client("dynamodb"), settings.ledger)),
        channel=intent.slack.alerts_channel,
        now=platform.now(),
    )
