"""What is wrong with urgent restores and the outage path: who may take part in them, and whether they ever open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.ceremony import ClaimedGroup
from strongroom.domain.rulebook.policy_texts import URGENT_NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.intent.proving.break_glass import BreakGlass

_LONGEST: Final = timedelta(minutes=30)
_USERS: Final = 2
_PATH: Final = "restores.break_glass"


def find_break_glass_contradictions(intent: Intent, restores: Restores) -> Iterator[Finding]:
    """Every contradiction; none where the intent wants no urgent restores."""
    glass = restores.break_glass
    if glass is None:
        return
    if restores.page is None:
        yield error("break-glass", _PATH, "takes restores.page: urgent restores are signed by passkeys only")
    if isinstance(restores.requesters, ClaimedGroup):
        why = "only who is in the file has passkeys, and whoever asks is known by a claim; name a group as requesters"
        yield error("break-glass", _PATH, why)
    if not timedelta() < glass.act_within <= _LONGEST:
        yield error("clock", f"{_PATH}.act_within", "must be longer than nothing, and PT30M at most")
    unknown = [name for name in ("group", "reviewers") if getattr(glass, name) not in restores.groups]
    for name in unknown:
        why = f"{getattr(glass, name)!r} is no group; there are {', '.join(restores.groups) or 'none'}"
        yield error("unknown-group", f"{_PATH}.{name}", why)
    if not unknown:
        yield from _too_few(intent, restores, glass)
    yield from _users(intent, glass)


def _too_few(intent: Intent, restores: Restores, glass: BreakGlass) -> Iterator[Finding]:
    """Whether it opens, whoever of those who may ask does, and can be reviewed, whoever approves it."""
    able = {
        name: {person for person in restores.members(group) if _has_passkey(intent, person)}
        for name, group in (("group", glass.group), ("reviewers", glass.reviewers))
    }
    for asker in restores.members(restores.requesters) or ("",):
        called, reviewers = able["group"] - {asker}, able["reviewers"] - {asker}
        if len(called) < URGENT_NEEDED:
            why = (
                f"{URGENT_NEEDED} people approve an urgent restore, and {glass.group} has {len(called)} with a "
                f"passkey{f' besides {asker}, who asks' if asker else ''}"
            )
            yield error("needed", f"{_PATH}.group", why)
            return
        if len(reviewers) <= min(URGENT_NEEDED, len(reviewers & called)):
            why = (
                f"nobody of {glass.reviewers} with a passkey would be left to review what the others of it took part in"
            )
            yield error("needed", f"{_PATH}.reviewers", why)
            return


def _has_passkey(intent: Intent, name: str) -> bool:
    return name in intent.people and bool(intent.people[name].passkeys)


def _users(intent: Intent, glass: BreakGlass) -> Iterator[Finding]:
    """Two users, so that one can be away; in the audit account, where nobody who restores deploys."""
    path = f"{_PATH}.users"
    if not glass.users:
        return
    if len(set(glass.users)) != _USERS or len(glass.users) != _USERS:
        yield error("break-glass-users", path, f"must be {_USERS} different users, so that one of them can be lost")
    for user in glass.users:
        if Arn.parse(user).account != intent.organization.audit_account:
            yield error("break-glass-users", path, f"{user} is not in the audit account")
