"""What rules must let through so that every event of an account's life is heard, rendered from the table of them."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from strongroom.domain.accounts.events import ACCOUNT_EVENTS, FINISHED_STACKS, AccountEvent, ToldBy

type Pattern = dict[str, Any]

# What a member forwards as a call that could weaken its backups, and need not forward twice.
_FORWARDED_AS_TAMPERING: Final = ("LeaveOrganization",)


def life_pattern() -> Pattern:
    """Every event of the table; no detail-type, because API calls and service events both tell it."""
    return _branches(_named(lambda row: row.service != "backup"), _plans())


def member_life_pattern() -> Pattern:
    """What a member itself tells in its governed Regions, and in the global Region where that is one."""
    return _branches(_named(_is_told_by_member_alone), _plans())


def global_life_pattern() -> Pattern:
    """What a member itself tells in the global Region."""
    return _branches(_named(_is_told_by_member_alone))


def stack_pattern() -> Pattern:
    """The end of whatever CloudFormation did with a stack."""
    return {
        "source": ["aws.cloudformation"],
        "detail-type": ["CloudFormation Stack Status Change"],
        "detail": {"status-details": {"status": list(FINISHED_STACKS)}},
    }


def _is_told_by_member_alone(row: AccountEvent) -> bool:
    is_member = row.told_by is ToldBy.MEMBER and row.service == "organizations"
    return is_member and row.name not in _FORWARDED_AS_TAMPERING


def _plans() -> Pattern:
    return {**_named(lambda row: row.service == "backup"), "detail-type": ["AWS Service Event via CloudTrail"]}


def _named(wanted: Callable[[AccountEvent], bool]) -> Pattern:
    rows = [row for row in ACCOUNT_EVENTS if wanted(row)]
    return {
        "source": _sorted(f"aws.{row.service}" for row in rows),
        "detail": {"eventName": _sorted(row.name for row in rows)},
    }


def _branches(*branches: Pattern) -> Pattern:
    done = [{"exists": False}]
    if len(branches) == 1:
        [branch] = branches
        return {**branch, "detail": {**branch["detail"], "errorCode": done}}
    return {"detail": {"errorCode": done}, "$or": list(branches)}


def _sorted(texts: Iterable[str]) -> list[str]:
    return sorted(set(texts))
