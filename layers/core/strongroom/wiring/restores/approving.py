"""Approvals, opened after the ticket was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.slack.approvals import SlackApprovals
from strongroom.services.restores.approving.open_approval import ApprovalOpeningNeeds
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshotNeeds
from strongroom.wiring.restores.deciding import approvals, decider
from strongroom.wiring.restores.ticketing import tickets
from strongroom.wiring.slack import slack

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def ticket_snapshot(platform: Platform) -> TicketSnapshotNeeds:
    """What reading the ticket needs."""
    return TicketSnapshotNeeds(approvals=approvals(platform), tickets=tickets(platform))


def approval_opening(platform: Platform) -> ApprovalOpeningNeeds:
    """What showing a request to its approvers needs."""
    deciding = decider(platform)
    workspace = deciding.approvals.ceremony.slack
    return ApprovalOpeningNeeds(
        decider=deciding,
        board=SlackApprovals(slack(platform, api_url=workspace.api_url), channel=workspace.restores_channel),
        tickets=tickets(platform),
    )
