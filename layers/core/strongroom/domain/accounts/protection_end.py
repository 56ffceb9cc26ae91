"""What it means that an account is protected no more: what is left of its backups, until when, and what undoes it.

Sources: AWS Organizations User Guide, "Closing a member account in your organization" (90 days); AWS Backup Developer
Guide, "AWS Backup Vault Lock".
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount
from strongroom.domain.intent.model import Intent

_GOVERNED: Final = (AccountState.READY, AccountState.NOT_READY)
_CLOSED_FOR: Final = timedelta(days=90)


class LastCopy(Struct, frozen=True, kw_only=True):
    """The last verified copy of a resource in a vault: of when it is, and until when it is kept; None without one."""

    resource: str
    vault: str
    of: datetime | None
    kept_until: date | None
    is_locked: bool


def ends_protection(verdict: AccountVerdict, known: KnownAccount | None) -> bool:
    """Whether an account that was governed is not any more."""
    return known is not None and known.state in _GOVERNED and verdict.state not in _GOVERNED


def words_of_end(
    verdict: AccountVerdict,
    *,
    known: KnownAccount,
    actor: str,
    copies: Sequence[LastCopy],
    has_more: bool,
    intent: Intent,
    now: datetime,
) -> str:
    """Everything that people must know of it, in one text."""
    name = f" ({known.name})" if known.name else ""
    told = [f"account {verdict.account}{name} is protected no more: {verdict.reason}"]
    told.append(f"done by {actor}" if actor else "nobody told who did it")
    told += [_of_local_points(verdict, now=now), _of_undoing(verdict, known=known, intent=intent)]
    told += [_of_copy(copy) for copy in copies] or ["no resource of it is known"]
    if has_more:
        told.append("and more, which `strongroom status` lists")
    return "; ".join(told)


def _of_local_points(verdict: AccountVerdict, *, now: datetime) -> str:
    if verdict.state is AccountState.NOT_GOVERNED:
        return "its own recovery points stay until their retention ends, and no new ones are made"
    if verdict.is_closed:
        return f"its own recovery points are deleted with it on {now + _CLOSED_FOR:%Y-%m-%d}"
    return "its own recovery points are its own affair from now on: our roles there end with the stack"


def _of_undoing(verdict: AccountVerdict, *, known: KnownAccount, intent: Intent) -> str:
    target = intent.target_of(verdict.account, known.units)
    back = f"move it back into {target.name}" if target is not None else "move it into a governed unit"
    if verdict.state is AccountState.NOT_GOVERNED:
        return f"to undo it, {back}"
    if verdict.is_closed:
        return "to undo it, have AWS Support reopen it before that day"
    return f"to undo it, invite it again, and {back}"


def _of_copy(copy: LastCopy) -> str:
    if copy.of is None:
        return f"{copy.resource}: no verified copy in {copy.vault}"
    until = f"kept until {copy.kept_until:%Y-%m-%d}{' under lock' if copy.is_locked else ''}" if copy.kept_until else ""
    return f"{copy.resource}: last verified copy of {copy.of:%Y-%m-%d %H:%M} UTC in {copy.vault}, {until}"
