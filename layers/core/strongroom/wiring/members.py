"""The roles of the member stack, each borrowed for one purpose."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import AttributedMemberClients, MemberClients

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def inspection(platform: Platform) -> MemberClients:
    """What looks into member accounts and changes nothing."""
    return _borrowing(platform, platform.intent.roles.inspection)


def tagging(platform: Platform) -> MemberClients:
    """What tags resources."""
    return _borrowing(platform, platform.intent.roles.tagging)


def copying(platform: Platform) -> MemberClients:
    """What starts copies, and nothing else."""
    return _borrowing(platform, platform.intent.roles.copying)


def restoring(platform: Platform) -> AttributedMemberClients:
    """What starts restores, each time for a named person and ticket."""
    return AttributedMemberClients(partial(platform.intent.member_role_arn, platform.intent.roles.restore))


def _borrowing(platform: Platform, role: str) -> MemberClients:
    return MemberClients(partial(platform.intent.member_role_arn, role), now=platform.now)
