"""Whom an urgent restore passes by: those who would have decided on it, and on its ticket, and security."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.restores.urgency import break_glass_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.intent.ceremony import Group
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.requests import RestoreRequest


def who_is_skipped(request: RestoreRequest, *, ceremony: Ceremony) -> str:
    """Groups with the names of their people: approvers of the place, of tickets, and those who review afterwards."""
    groups = dict.fromkeys(_groups(request, ceremony=ceremony))
    return "; ".join(_told(group, ceremony=ceremony) for group in groups)


def _groups(request: RestoreRequest, *, ceremony: Ceremony) -> Iterator[Group]:
    restores = ceremony.restores
    yield from (rule.group for rule in restores.rules_for(request.account, request.unit))
    if ceremony.tickets.approver_group is not None:
        yield ceremony.tickets.approver_group
    yield break_glass_of(restores).reviewers


def _told(group: Group, *, ceremony: Ceremony) -> str:
    names = [ceremony.people[name].name for name in ceremony.restores.members(group)]
    return f"{group} ({', '.join(names)})" if names else str(group)
