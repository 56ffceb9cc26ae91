"""The daily digest, and what owners get with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.accounts.owners import LedgerOwners
from strongroom.adapters.ledger.telling.alerts import LedgerDigests, LedgerOpenAlerts
from strongroom.adapters.ledger.written_tags import LedgerWrittenTags
from strongroom.services.alerts.tell_digest import DigestTellingNeeds
from strongroom.wiring.alerts.channel import alerts_channel
from strongroom.wiring.alerts.telling import alerts_topic
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def digest_telling(platform: Platform) -> DigestTellingNeeds:
    """What telling the digest needs: the topic, and the channel where there is one."""
    table, channel, topic = ledger(platform), alerts_channel(platform), alerts_topic(platform)
    return DigestTellingNeeds(
        digest_at=platform.intent.alerts.digest_at,
        alerts=LedgerOpenAlerts(table),
        book=LedgerDigests(table),
        tellers={"topic": topic} | ({} if channel is None else {"channel": channel}),
        tags=LedgerWrittenTags(table),
        owners=LedgerOwners(table, intent=platform.intent),
        mail=topic,
    )
