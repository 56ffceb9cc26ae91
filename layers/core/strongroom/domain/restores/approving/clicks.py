"""Clicks in Slack, as they concern us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackClick:
    """One click: who, in which workspace and app, on which button, and where that person can be answered."""

    user: str
    user_team: str
    team: str
    app: str
    action: str
    value: str
    response_url: str
