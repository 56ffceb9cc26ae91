"""A link leads to its alert, as it is told now."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alerts import LedgerLinkKey
from strongroom.domain.alerts.links import read_link
from strongroom.services.alerts.alert_links import AlertLinks

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_a_link_is_read_with_the_key_that_it_was_made_with(ledger_table: MemoryTable) -> None:
    key = LedgerLinkKey(ledger_table, draw=lambda: b"k" * 32)
    address = AlertLinks(key=key, api_url="https://api.example.com/v1").to("0" * 32, version=3, now=NOW)
    assert address.startswith(f"https://api.example.com/v1/alerts/{'0' * 32}")
    link = read_link("0" * 32, dict(parse_qsl(urlsplit(address).query)), key=key.find(), now=NOW)
    assert (link.fingerprint, link.version) == ("0" * 32, 3)
