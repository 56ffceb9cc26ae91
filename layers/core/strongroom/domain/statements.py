"""What a resource's policy grants, as far as it is read here: by principal, action and organisation.

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "Policy evaluation logic". Conditions other than the
organisation's are left to those who wrote them.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from strongroom.domain.identifiers import AccountId

type Statements = tuple[Mapping[str, Any], ...]

_ORGANIZATION = "aws:principalorgid"


def ungranted(statements: Statements, actions: Iterable[str], *, account: AccountId, organization: str) -> list[str]:
    """The actions that no statement allows to the account: by its name, or as one of the organisation."""
    reaching = [each for each in statements if _reaches(each, account=account, organization=organization)]
    return [action for action in actions if not any(allows(each, action) for each in reaching)]


def is_open(statement: Mapping[str, Any]) -> bool:
    """Whether the statement lets in everybody in the world: no condition narrows it."""
    return statement.get("Effect") == "Allow" and "*" in _principals(statement) and not statement.get("Condition")


def is_narrowed(statement: Mapping[str, Any], *, organization: str, but: tuple[str, ...] = ()) -> bool:
    """Whether it is for less than whole accounts: for parts of them, or on terms other than the organisation's.

    `but` are keys of conditions, in small letters, that narrow nothing of interest.
    """
    principals = _principals(statement)
    terms = [(operator.lower(), key.lower()) for operator, test in _conditions(statement) for key in test]
    is_ours = organization in organizations_of(statement)
    others = [
        (operator, key)
        for operator, key in terms
        if key not in but and not (is_ours and key == _ORGANIZATION and operator.startswith("stringequals"))
    ]
    parts = [each for each in principals if ":iam::" in each and not each.endswith(":root")]
    return bool(principals) and bool(others or parts)


def allows(statement: Mapping[str, Any], action: str) -> bool:
    """Whether an `Allow` names the action."""
    named = texts(statement.get("Action"))
    return statement.get("Effect") == "Allow" and any(fnmatchcase(action.lower(), each.lower()) for each in named)


def is_for_service(statement: Mapping[str, Any], service: str) -> bool:
    """Whether the statement names the service."""
    principal = statement.get("Principal", {})
    return isinstance(principal, Mapping) and service in texts(principal.get("Service"))


def organizations_of(statement: Mapping[str, Any]) -> frozenset[str]:
    """The organisations that a condition narrows the statement to."""
    tests = [test for operator, test in _conditions(statement) if operator.lower().startswith("stringequals")]
    return frozenset(
        value for test in tests for key, each in test.items() if key.lower() == _ORGANIZATION for value in texts(each)
    )


def texts(values: Any) -> tuple[str, ...]:
    """One text or several, as policies write them."""
    return (values,) if isinstance(values, str) else tuple(values or ())


def _reaches(statement: Mapping[str, Any], *, account: AccountId, organization: str) -> bool:
    for name in _principals(statement):
        if name == "*":
            return not statement.get("Condition") or organization in organizations_of(statement)
        if account in (name, *name.split(":")[4:5]):
            return True
    return False


def _principals(statement: Mapping[str, Any]) -> tuple[str, ...]:
    principal = statement.get("Principal", {})
    return ("*",) if principal == "*" else texts(principal.get("AWS"))


def _conditions(statement: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    conditions: Mapping[str, Mapping[str, Any]] = statement.get("Condition", {})
    return conditions.items()
