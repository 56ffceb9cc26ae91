"""The organisation as it stands: who is where, and which policies reach an account in which order."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.organization import effective_policy
from sandbox.seams import organizations as seams
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATION_ID, ROOT_ID

BACKUP_POLICY: Final = "BACKUP_POLICY"
SERVICE_CONTROL_POLICY: Final = "SERVICE_CONTROL_POLICY"


class UnknownAccountError(Exception):
    """The question failed because the account is not in the organisation."""


@dataclass(frozen=True, slots=True)
class Move:
    """An account moved from one parent to another."""

    account: str
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy document, attachment or policy type changed, or an account came under other policies."""

    operation: str
    policy_id: str | None = None
    target_id: str | None = None


@dataclass(frozen=True, slots=True)
class Validation:
    """How AWS judged an account's merged backup policy the last time something changed."""

    errors: tuple[effective_policy.PolicyError, ...]
    at: float


@dataclass(slots=True)
class _Memory:
    attached_at: dict[tuple[str, str], int] = field(default_factory=dict)
    last_valid: dict[str, dict[str, Any]] = field(default_factory=dict)
    validations: dict[str, Validation] = field(default_factory=dict)
    scp_levels: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    on_move: list[Callable[[Move], None]] = field(default_factory=list)
    on_policy_change: list[Callable[[PolicyChange], None]] = field(default_factory=list)


_memory = _Memory()


def reset() -> None:
    """Forget attachment order, validations and hooks."""
    global _memory  # noqa: PLW0603 one organisation per process
    _memory = _Memory()


def on_move(callback: Callable[[Move], None]) -> None:
    """Call back, on the serving thread, after each account move; the callback must not wait."""
    _memory.on_move.append(callback)


def on_policy_change(callback: Callable[[PolicyChange], None]) -> None:
    """Call back, on the serving thread, after each change that may alter policies; the callback must not wait."""
    _memory.on_policy_change.append(callback)


def announce_move(move: Move) -> None:
    """Tell the other parts that an account moved."""
    for callback in list(_memory.on_move):
        callback(move)


def announce_policy_change(change: PolicyChange) -> None:
    """Recompute what the policies mean for each account, then tell the other parts."""
    refresh()
    for callback in list(_memory.on_policy_change):
        callback(change)


def is_member(account: str) -> bool:
    """Whether the account belongs to the organisation (management does)."""
    return account in seams.organization_store("accounts")


def shown(record: dict[str, Any]) -> dict[str, Any]:
    """A stored account or OU as the API shows it."""
    return {key: value for key, value in record.items() if not key.startswith("_")}


def shown_accounts() -> list[dict[str, Any]]:
    """Every account as the API shows it."""
    return [shown(record) for record in seams.organization_store("accounts").values()]


def ou_of(account: str) -> str:
    """The id of the OU, or of the root, that holds the account."""
    record = seams.organization_store("accounts").get(account)
    if record is None:
        raise UnknownAccountError(account)
    return str(record["_ParentId"])


def ancestors_of(account: str) -> list[str]:
    """The ids from the root down to the account's own parent."""
    ous = seams.organization_store("ous")
    chain = [ou_of(account)]
    while chain[0] in ous:
        chain.insert(0, str(ous[chain[0]]["_ParentId"]))
    return chain


def state_of(account: str) -> str:
    """`ACTIVE`, `PENDING_CLOSURE` or `SUSPENDED`."""
    record = seams.organization_store("accounts").get(account)
    if record is None:
        raise UnknownAccountError(account)
    return str(record["State"])


def is_closed(account: str) -> bool:
    """Whether the account is a member that is closed, or being closed: nothing works in it any more."""
    return is_member(account) and state_of(account) != "ACTIVE"


def put_state(account: str, state: str) -> None:
    """Write the state of a member."""
    record = seams.organization_store("accounts")[account]
    seams.put_organization_entry("accounts", account, {**record, "State": state, "Status": state})


def path_of(account: str) -> str | None:
    """The account's place as `aws:PrincipalOrgPaths` spells it, `o-.../r-.../ou-.../`; None for a stranger."""
    if not is_member(account):
        return None
    return "/".join([ORGANIZATION_ID, *ancestors_of(account)]) + "/"


def accounts() -> list[str]:
    """Every account of the organisation, management included."""
    return list(seams.organization_store("accounts"))


def accounts_in(ou: str) -> list[str]:
    """The accounts in an OU (or the root) and in the OUs below it."""
    return [account for account in seams.organization_store("accounts") if ou in ancestors_of(account)]


def principal_keys(account: str) -> dict[str, Any]:
    """`aws:PrincipalOrgID` and `aws:PrincipalOrgPaths` of the account's principals; empty outside the organisation."""
    if not is_member(account):
        return {}
    return {"aws:principalorgid": ORGANIZATION_ID, "aws:principalorgpaths": [path_of(account)]}


def remember_attachment(policy_id: str, target_id: str) -> None:
    """Keep the order of attachments, which decides between documents of one level."""
    _memory.attached_at.pop((policy_id, target_id), None)
    _memory.attached_at[policy_id, target_id] = max(_memory.attached_at.values(), default=0) + 1


def attached_policies(target: str, policy_type: str) -> list[dict[str, Any]]:
    """The policies of one type on a root, OU or account, in attachment order."""
    attachments = seams.organization_store("attachments")
    found = [
        policy
        for policy_id, policy in seams.organization_store("policies").items()
        if policy["Type"] == policy_type and target in attachments.get(policy_id, [])
    ]
    return sorted(found, key=lambda policy: _memory.attached_at.get((policy["Id"], target), 0))


def is_enabled(policy_type: str) -> bool:
    """Whether the root has the policy type switched on."""
    types = seams.organization_store("roots")[ROOT_ID]["PolicyTypes"]
    return any(entry["Type"] == policy_type and entry["Status"] == "ENABLED" for entry in types)


def contents_along(account: str, policy_type: str) -> tuple[tuple[str, ...], ...]:
    """The documents that reach the account, root first, one tuple per level."""
    if not is_enabled(policy_type):
        return ()
    levels = [*ancestors_of(account), account]
    return tuple(tuple(policy["_Content"] for policy in attached_policies(level, policy_type)) for level in levels)


def service_control_levels(account: str) -> tuple[tuple[str, ...], ...]:
    """The SCP documents that bind the account, per level; none for management, strangers, or when switched off."""
    levels = _memory.scp_levels.get(account)
    if levels is None:
        bound = account != MANAGEMENT_ACCOUNT and is_member(account)
        levels = contents_along(account, SERVICE_CONTROL_POLICY) if bound else ()
        _memory.scp_levels[account] = levels
    return levels


def effective_backup_policy(account: str) -> dict[str, Any]:
    """The account's last valid effective backup policy: bare string values, `$account` kept; empty when none."""
    if not is_enabled(BACKUP_POLICY):
        return {}
    return _memory.last_valid.get(account, {})


def validation_of(account: str) -> Validation:
    """The judgement on the account's merged backup policy."""
    return _memory.validations.get(account, Validation(errors=(), at=time.time()))


def contributing_policies(account: str) -> list[str]:
    """The ids of the backup policies that reach the account."""
    levels = [*ancestors_of(account), account]
    return [policy["Id"] for level in levels for policy in attached_policies(level, BACKUP_POLICY)]


def refresh() -> None:
    """Bring paths, SCP levels and effective policies in line with the organisation's present state."""
    _memory.scp_levels.clear()
    members = seams.organization_store("accounts")
    for gone in _memory.last_valid.keys() - members.keys():
        del _memory.last_valid[gone]
        _memory.validations.pop(gone, None)
    for account, record in members.items():
        seams.put_organization_entry("accounts", account, {**record, "Paths": [f"{path_of(account)}{account}/"]})
        if is_enabled(BACKUP_POLICY):
            _judge_backup_policy(account)


def _judge_backup_policy(account: str) -> None:
    levels = [[json.loads(text) for text in level] for level in contents_along(account, BACKUP_POLICY)]
    merged = effective_policy.merge(levels)
    errors = tuple(effective_policy.validate(merged))
    _memory.validations[account] = Validation(errors=errors, at=time.time())
    if not errors:
        _memory.last_valid[account] = merged
