"""Every event of an account's life: who may tell it, which account it is about, and what follows from it.

Sources: Organizations User Guide, "Logging and monitoring in AWS Organizations"; Control Tower User Guide, "Lifecycle
events"; AWS Backup Developer Guide, "Logging AWS Backup API calls with CloudTrail"; the errors of DeletePolicy. The two
membership events have no published sample: their account is the one id that is not the management account's.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct, field

from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import AccountId, Arn, Region, is_account_id, parse_account_id
from strongroom.domain.intent.model import Intent

STACK_NAME_MARK: Final = "strongroom"
FINISHED_STACKS: Final = (
    "CREATE_COMPLETE",
    "DELETE_COMPLETE",
    "DELETE_FAILED",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
)

_SUCCEEDED: Final = "SUCCEEDED"
# Where the account stands in an event: the envelope's own, the only one that does not manage, or none at all.
ENVELOPE: Final = "envelope"
THE_OTHER: Final = "the id that is not the management account's"
NOBODY: Final = ""


class Follow(StrEnum):
    """What follows from an event."""

    NOTE = "NOTED"
    JUDGE = "JUDGE"
    JUDGE_BELOW = "JUDGE_BELOW"
    TELL = "TELL"
    SETTLE = "SETTLE"
    REFUSE = "REFUSED"


class ToldBy(StrEnum):
    """Whose account an event comes from."""

    MANAGEMENT = "the management account"
    ADMINISTRATOR = "the management account or the delegated administrator"
    MEMBER = "the member itself"


class AccountEvent(Struct, frozen=True, kw_only=True):
    """A row: an event by service and name, `account` and `state` as paths inside the detail, and what follows.

    Where the event has a state, `by_state` says what follows from each; `asks` says what an answer is worth.
    """

    service: str
    name: str
    told_by: ToldBy
    account: str
    follow: Follow
    means: str
    state: str = ""
    by_state: Mapping[str, Follow] = field(default_factory=dict)


class AccountHeard(Struct, frozen=True, kw_only=True):
    """An event as it came: the envelope's account and Region, and what CloudTrail or CloudFormation says."""

    service: str
    name: str
    account: str
    region: Region
    detail: Mapping[str, Any]
    event_id: str = ""
    error: str | None = None
    actor: str = ""
    stack: str | None = None
    stack_status: str = ""


class AccountNotice(Struct, frozen=True, kw_only=True):
    """What follows from an event, for which account, and why; `actor` is who did it, as far as the event says.

    `subject` is what an alert is about where it is not the whole account, `target` whose accounts are judged again, and
    `policy` the policy that changed.
    """

    account: AccountId | None
    reason: str
    follow: Follow = Follow.NOTE
    name: str = ""
    actor: str = ""
    event_id: str = ""
    region: Region | None = None
    subject: str = ""
    target: str = ""
    policy: str = ""


def _result(service: str, name: str, status: str, *, account: str, failed: Follow, means: str) -> AccountEvent:
    return AccountEvent(
        service=service,
        name=name,
        told_by=ToldBy.MANAGEMENT,
        account=f"serviceEventDetails.{status}.{account}",
        follow=Follow.JUDGE,
        means=means,
        state=f"serviceEventDetails.{status}.state",
        by_state={_SUCCEEDED: Follow.JUDGE, "FAILED": failed},
    )


def _call(
    name: str, account: str, follow: Follow, means: str, *, told_by: ToldBy = ToldBy.MANAGEMENT, state: str = ""
) -> AccountEvent:
    return AccountEvent(
        service="organizations",
        name=name,
        told_by=told_by,
        account=account,
        follow=follow,
        means=means,
        state=state,
    )


def _of_backup(name: str, means: str, follow: Follow = Follow.TELL) -> AccountEvent:
    return AccountEvent(
        service="backup", name=name, told_by=ToldBy.MEMBER, account=ENVELOPE, follow=follow, means=means
    )


ACCOUNT_EVENTS: Final = (
    _call("MoveAccount", "requestParameters.accountId", Follow.JUDGE, "its place is read, which may be another by now"),
    _result(
        "organizations",
        "CreateAccountResult",
        "createAccountStatus",
        account="accountId",
        failed=Follow.NOTE,
        means="a new account begins in the root, and is governed once it is moved",
    ),
    _call("AccountJoinedOrganization", THE_OTHER, Follow.JUDGE, "an account is here, made or invited"),
    _call("InviteAccountToOrganization", NOBODY, Follow.NOTE, "an invitation is no account yet"),
    _call("AcceptHandshake", ENVELOPE, Follow.JUDGE, "an account that joins again", told_by=ToldBy.MEMBER),
    _call("LeaveOrganization", ENVELOPE, Follow.JUDGE, "an account takes itself out", told_by=ToldBy.MEMBER),
    _call("RemoveAccountFromOrganization", "requestParameters.accountId", Follow.JUDGE, "an account is put out"),
    _call("AccountDepartedOrganization", THE_OTHER, Follow.JUDGE, "an account is gone"),
    _call("CloseAccount", "requestParameters.accountId", Follow.JUDGE, "an account is being closed"),
    _result(
        "organizations",
        "CloseAccountResult",
        "closeAccountStatus",
        account="accountId",
        failed=Follow.NOTE,
        means="an account is closed, and deleted in 90 days",
    ),
    _result(
        "controltower",
        "CreateManagedAccount",
        "createManagedAccountStatus",
        account="account.accountId",
        failed=Follow.TELL,
        means="Control Tower has made an account; after a failure it tells its next try as an update",
    ),
    _result(
        "controltower",
        "UpdateManagedAccount",
        "updateManagedAccountStatus",
        account="account.accountId",
        failed=Follow.TELL,
        means="Control Tower has changed an account",
    ),
    *(
        _call(
            name,
            NOBODY,
            Follow.JUDGE_BELOW,
            "a policy is attached or not: the accounts below the target are judged again",
            told_by=ToldBy.ADMINISTRATOR,
        )
        for name in ("AttachPolicy", "DetachPolicy")
    ),
    _call(
        "UpdatePolicy",
        NOBODY,
        Follow.JUDGE_BELOW,
        "a policy has another text: the accounts below its targets are judged again",
        told_by=ToldBy.ADMINISTRATOR,
    ),
    _call(
        "DeletePolicy",
        NOBODY,
        Follow.NOTE,
        "only a policy that is attached nowhere can be deleted, and each detachment was told",
        told_by=ToldBy.ADMINISTRATOR,
    ),
    _call("DisablePolicyType", NOBODY, Follow.TELL, "no policy of the type holds any more, anywhere"),
    AccountEvent(
        service="organizations",
        name="EffectivePolicyValidation",
        told_by=ToldBy.MANAGEMENT,
        account="serviceEventDetails.accountId",
        follow=Follow.NOTE,
        means="AWS keeps to the last policy that was valid, until this one is",
        state="serviceEventDetails.state",
        by_state={"INVALID": Follow.TELL, "VALID": Follow.SETTLE},
    ),
    _of_backup("InvalidOrganizationBackupPlan", "AWS Backup does not take the organisation's plan in this account"),
    _of_backup("BackupSelectionDeletedDueToSLRDeletion", "the plan selects nothing there any more"),
    _of_backup(
        "CreateOrganizationalBackupPlan", "a plan of the organisation has reached the account", Follow.JUDGE_BELOW
    ),
    _of_backup("DeleteOrganizationalBackupPlan", "a plan of the organisation is gone there", Follow.JUDGE_BELOW),
)

_ROWS: Final = {(row.service, row.name): row for row in ACCOUNT_EVENTS}
# What protects accounts, of the types of policy that there are.
_PROTECTING: Final = ("BACKUP_POLICY", "SERVICE_CONTROL_POLICY")


def read_notice(heard: AccountHeard, *, intent: Intent) -> AccountNotice:
    """What follows from an event; MalformedError where it does not name its account as AWS does."""
    if heard.stack is not None:
        return _of_stack(heard, heard.stack)
    row = _ROWS.get((heard.service, heard.name))
    if row is None:
        return _noted(heard, f"{heard.name} of {heard.service} says nothing about the life of an account")
    if heard.error is not None:
        return _noted(heard, f"{heard.name} failed with {heard.error}")
    if not _may_tell(row.told_by, heard.account, intent):
        reason = f"{heard.name} is told by {row.told_by}, and this one comes from {heard.account}"
        return AccountNotice(
            account=None, reason=reason, follow=Follow.REFUSE, name=heard.name, subject=heard.account, actor=heard.actor
        )
    state = _text(heard.detail, row.state) if row.state else None
    follow = row.follow if state is None else row.by_state.get(state, Follow.NOTE)
    if follow is Follow.NOTE:
        return _noted(heard, f"{heard.name} {f'ended as {state}' if state else 'is noted'}: {row.means}")
    return _followed(heard, row, follow)


def _followed(heard: AccountHeard, row: AccountEvent, follow: Follow) -> AccountNotice:
    asked = heard.detail.get("requestParameters")
    match heard.name:
        case "AttachPolicy" | "DetachPolicy" | "UpdatePolicy":
            policy, target = _text(asked, "policyId") or "", _text(asked, "targetId") or ""
            if not (target or (policy and heard.name == "UpdatePolicy")):
                raise MalformedEventError(f"{heard.name} names neither a policy nor a target")
            reason = f"{heard.name} of {policy} at {target}" if target else f"{heard.name} of {policy}"
            return _notice(heard, follow, reason=reason, target=target, policy=policy)
        case "DisablePolicyType":
            kind = _text(asked, "policyType") or ""
            if kind not in _PROTECTING:
                return _noted(heard, f"{heard.name} of {kind}: no policy of ours is of this type")
            return _notice(heard, follow, reason=f"{kind} is switched off for the whole organisation", subject=kind)
        case "EffectivePolicyValidation" if _text(heard.detail, "serviceEventDetails.policyType") != "BACKUP_POLICY":
            return _noted(heard, "the effective policy is none of backups")
    account = _account(heard, row)
    if follow is Follow.JUDGE:
        return _notice(heard, follow, account=account, reason=f"{heard.name} of {account}")
    if follow is Follow.JUDGE_BELOW:
        return _notice(heard, follow, account=account, target=account, reason=f"{heard.name} in {account}: {row.means}")
    reason = f"{heard.name} of {account}: {_errors(heard.detail) or row.means}"
    subject = f"{account} {heard.region}" if row.told_by is ToldBy.MEMBER else account
    return _notice(heard, follow, account=account, reason=reason, subject=subject)


def _of_stack(heard: AccountHeard, stack: str) -> AccountNotice:
    """A stack lives in the envelope's account."""
    name = Arn.parse(stack).name
    if heard.stack_status not in FINISHED_STACKS or STACK_NAME_MARK not in name:
        return _noted(heard, f"stack {name} at {heard.stack_status} changes nothing for Strongroom")
    account = parse_account_id(heard.account)
    return _notice(heard, Follow.JUDGE, account=account, reason=f"stack {name} is {heard.stack_status}")


def _notice(
    heard: AccountHeard,
    follow: Follow,
    *,
    reason: str,
    account: AccountId | None = None,
    subject: str = "",
    target: str = "",
    policy: str = "",
) -> AccountNotice:
    return AccountNotice(
        account=account,
        reason=reason,
        follow=follow,
        name=heard.name,
        actor=heard.actor,
        event_id=heard.event_id,
        region=heard.region,
        subject=subject,
        target=target,
        policy=policy,
    )


def _noted(heard: AccountHeard, reason: str) -> AccountNotice:
    return AccountNotice(account=None, reason=reason, name=heard.name)


def _may_tell(told_by: ToldBy, account: str, intent: Intent) -> bool:
    place = intent.organization
    match told_by:
        case ToldBy.MANAGEMENT:
            return account == place.management_account
        case ToldBy.ADMINISTRATOR:
            return account in (place.management_account, place.backup_account)
        case ToldBy.MEMBER:
            return account != place.management_account


def _account(heard: AccountHeard, row: AccountEvent) -> AccountId:
    """The account by the row's path; of the membership events the one id that is not the management account's."""
    if row.account == ENVELOPE:
        return parse_account_id(heard.account)
    if row.account != THE_OTHER:
        found = _text(heard.detail, row.account)
        if found is None:
            raise MalformedEventError(f"{heard.name} names no account")
        return parse_account_id(found)
    details = [heard.detail.get(part) for part in ("requestParameters", "serviceEventDetails")]
    others = {text for part in details for text in _texts(part) if is_account_id(text)} - {heard.account}
    if len(others) != 1:
        raise MalformedEventError(f"{heard.name} names {'several accounts' if others else 'no account'}")
    return parse_account_id(others.pop())


def _errors(detail: Mapping[str, Any]) -> str:
    """What AWS finds wrong with an effective policy."""
    details = detail.get("serviceEventDetails")
    errors = details.get("validationErrors") if isinstance(details, Mapping) else None
    if not isinstance(errors, list | tuple):
        return ""
    return "; ".join(filter(None, (_text(error, "errorMessage") or _text(error, "errorCode") for error in errors)))


def _text(node: Any, path: str) -> str | None:
    """The text at a path of keys; None where there is none."""
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, str) and node else None


def _texts(node: Any) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            for value in node.values():
                yield from _texts(value)
        case list() | tuple():
            for item in node:
                yield from _texts(item)
