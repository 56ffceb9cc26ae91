"""That a vault cannot be compared is told once, with what keeps it from that, until it was."""

from datetime import timedelta

from strongroom.domain.alerts.complaints import AlertKind, Severity
from strongroom.services.copies.comparing.tell_comparison import tell_read, tell_unread
from tests.builders.copies import IN_TIME
from tests.builders.places import CENTRAL_VAULT
from tests.fakes.accounts_and_tags import FakeAlerts


def test_it_is_told_once_and_resolved_once() -> None:
    people = FakeAlerts()
    tell_read(CENTRAL_VAULT, alerts=people.notifier, now=IN_TIME)
    for hours in range(2):
        tell_unread(CENTRAL_VAULT, cause="nobody may", alerts=people.notifier, now=IN_TIME + timedelta(hours=hours))
    (alert,) = people.told
    assert (alert.kind, alert.subject, alert.severity) == (
        AlertKind.VAULTS_NOT_COMPARED,
        CENTRAL_VAULT,
        Severity.WARNING,
    )
    assert alert.reason == "what it holds cannot be compared with what is known: nobody may"
    for hours in range(2, 4):
        tell_read(CENTRAL_VAULT, alerts=people.notifier, now=IN_TIME + timedelta(hours=hours))
    assert people.settled == [alert]
