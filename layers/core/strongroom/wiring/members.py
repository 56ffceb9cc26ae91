"""The roles of the member stack, each borrowed for one purpose."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import (
    AttributedMemberClients,
    MemberClients,
    NarrowedMemberClients,
    PersonMemberClients,
)
from strongroom.domain.identifiers import (
    BUCKET_NAMES_ROLE,
    COPY_BACK_ROLE,
    REVOKE_ROLE,
    SCAN_ROLE,
    SETTINGS_ROLE,
    WATCHED_ROLE,
    WITNESS_ROLE,
)

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def inspection(platform: Platform) -> MemberClients:
    """What looks into member accounts and changes nothing."""
    return _borrowing(platform, platform.intent.roles.inspection)


def naming_buckets(platform: Platform) -> MemberClients:
    """What asks whether nobody has a bucket of a name, and nothing else."""
    return _borrowing(platform, BUCKET_NAMES_ROLE)


def tagging(platform: Platform) -> MemberClients:
    """What tags resources."""
    return _borrowing(platform, platform.intent.roles.tagging)


def asking_of_keys(platform: Platform) -> MemberClients:
    """What asks who manages the keys of resources that were tagged, and does without an answer that is late."""
    return _borrowing(platform, platform.intent.roles.tagging, hasty=True)


def after_restoring(platform: Platform) -> MemberClients:
    """What gives what was restored the tags that it had."""
    return _borrowing(platform, platform.intent.roles.restore_after)


def finishing(platform: Platform) -> AttributedMemberClients:
    """What takes the steps that follow a restore, each time for a named person and ticket."""
    return AttributedMemberClients(partial(platform.intent.member_role_arn, platform.intent.roles.restore_after))


def reading_settings(platform: Platform) -> MemberClients:
    """What reads the settings of resources, and nothing else."""
    return _borrowing(platform, SETTINGS_ROLE)


def copying(platform: Platform) -> MemberClients:
    """What starts copies, and nothing else."""
    return _borrowing(platform, platform.intent.roles.copying)


def witnessing(platform: Platform) -> MemberClients:
    """What asks the audit account for its word on the evidence."""
    return _borrowing(platform, WITNESS_ROLE)


def scanning(platform: Platform) -> PersonMemberClients:
    """What starts scans for malware in our own account, and nothing else, each time for a named person."""
    return PersonMemberClients(partial(platform.intent.member_role_arn, SCAN_ROLE))


def watched(platform: Platform) -> MemberClients:
    """What looks, from the audit account, for restores and copies that nobody approved."""
    return _borrowing(platform, WATCHED_ROLE)


def restoring(platform: Platform) -> AttributedMemberClients:
    """What starts restores, each time for a named person and ticket, and sends each call once.

    The last answer is then the only one: a refusal says that nothing was started.
    """
    return AttributedMemberClients(partial(platform.intent.member_role_arn, platform.intent.roles.restore), attempts=1)


def calling(platform: Platform) -> AttributedMemberClients:
    """What makes a service's own call that restores, once, each time for a named person and ticket."""
    role = platform.intent.roles.restore_native
    return AttributedMemberClients(partial(platform.intent.member_role_arn, role), attempts=1)


def setting_again(platform: Platform) -> AttributedMemberClients:
    """What sets again what deletes or calls out after a restore, each time for a named person and ticket."""
    return AttributedMemberClients(partial(platform.intent.member_role_arn, platform.intent.roles.restore_asked))


def copying_back(platform: Platform) -> AttributedMemberClients:
    """What starts copies back, each time for a named person and ticket."""
    return AttributedMemberClients(partial(platform.intent.member_role_arn, COPY_BACK_ROLE))


def revoking(platform: Platform) -> NarrowedMemberClients:
    """What asks for the end of an access to an air-gapped vault, where that vault is."""
    return NarrowedMemberClients(partial(platform.intent.member_role_arn, REVOKE_ROLE))


def _borrowing(platform: Platform, role: str, *, hasty: bool = False) -> MemberClients:
    return MemberClients(partial(platform.intent.member_role_arn, role), now=platform.now, hasty=hasty)
