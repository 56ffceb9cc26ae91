"""A Deny statement as the solver reads it; what our documents do not use is an error and not a guess.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple context keys or
values", "Set operations" and "Variables and tags".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import z3

from tests.guardrails.proofs.patterns import ANYTHING, arn_like, as_text, like
from tests.guardrails.proofs.requests import Request, Value

type Statement = Mapping[str, Any]
type Test = Callable[[z3.SeqRef, str], z3.BoolRef]

_ELEMENTS: Final = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
_TESTS: Final[Mapping[str, Test]] = {
    "StringEquals": lambda text, value: text == value,
    "StringLike": like,
    "ArnLike": arn_like,
    "Bool": lambda text, value: text == value,
}
PRINCIPAL: Final = "aws:principalarn"
_ACCOUNT: Final = "aws:principalaccount"
_OWN_ACCOUNT: Final = "${aws:PrincipalAccount}"
_EXEMPT: Final = re.compile(r"arn:aws:iam::(?P<account>\$\{aws:PrincipalAccount\}|\d{12}|\*):(?P<who>.+)")


class NotReadError(Exception):
    """A document uses a part of IAM's language that is not read here."""


def refused(statements: Iterable[Statement], request: Request) -> z3.BoolRef:
    """Whether any of the statements refuses the request."""
    return z3.Or([refuses(each, request) for each in statements])


def refuses(statement: Statement, request: Request) -> z3.BoolRef:
    """Whether this statement refuses the request: values are alternatives, and everything else must hold."""
    if statement.keys() - _ELEMENTS or statement["Effect"] != "Deny":
        raise NotReadError(f"elements of {statement['Sid']}")
    return z3.And(
        _asks_for(statement, request),
        _is_about(statement, request),
        *(_holds(operator, key, values, request) for operator, key, values in conditions_of([statement])),
    )


def _asks_for(statement: Statement, request: Request) -> z3.BoolRef:
    if ("Action" in statement) == ("NotAction" in statement):
        raise NotReadError(f"actions of {statement['Sid']}")
    if "NotAction" in statement:
        return z3.Not(z3.Or([like(request.action, action.lower()) for action in listed(statement["NotAction"])]))
    return z3.Or([like(request.action, action.lower()) for action in listed(statement["Action"])])


def _is_about(statement: Statement, request: Request) -> z3.BoolRef:
    if ("Resource" in statement) == ("NotResource" in statement):
        raise NotReadError(f"resources of {statement['Sid']}")
    if "NotResource" in statement:
        return z3.Not(z3.Or([arn_like(request.resource, each) for each in listed(statement["NotResource"])]))
    return z3.Or([arn_like(request.resource, each) for each in listed(statement["Resource"])])


def conditions_of(statements: Iterable[Statement]) -> Iterator[tuple[str, str, list[str]]]:
    """Each operator with its key, in small letters, and its values."""
    for statement in statements:
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                yield operator, key.lower(), listed(values)


def listed(value: str | list[str]) -> list[str]:
    """One value or many, as a list."""
    return [value] if isinstance(value, str) else value


def is_principal(pattern: str, request: Request) -> z3.BoolRef:
    """Whether the principal's ARN, as one text, matches; the account's variable is the principal's own account.

    A wildcard in the place of the account may end at its colon or at any later one.
    """
    found = _EXEMPT.fullmatch(pattern)
    if found is None:
        raise NotReadError(f"principal {pattern}")
    account, who = found["account"], found["who"]
    if account == _OWN_ACCOUNT:
        return _like(request.who, who, request)
    if "$" in who:
        raise NotReadError(f"principal {pattern}")
    if account == "*":
        return z3.InRe(request.who, z3.Concat(z3.Option(z3.Concat(ANYTHING, z3.Re(":"))), as_text(who)))
    return z3.And(request.account == account, like(request.who, who))


def _holds(operator: str, key: str, values: list[str], request: Request) -> z3.BoolRef:
    if key == PRINCIPAL and operator == "StringNotLike":
        return z3.Not(z3.Or([is_principal(value, request) for value in values]))
    if key == PRINCIPAL and operator == "StringEquals" and not set("".join(values)) & set("*?$"):
        return z3.Or([is_principal(value, request) for value in values])
    if key == PRINCIPAL:
        raise NotReadError(f"{operator} of {key}: {values}")
    found = (Value(z3.BoolVal(val=True), request.account),) if key == _ACCOUNT else request.context(key)
    if operator == "Null":
        present = z3.Or([value.present for value in found])
        return z3.Or([z3.Not(present) if value == "true" else present for value in values])
    qualifier, _, name = operator.rpartition(":")
    return _compared(qualifier, name, found, values, request)


def _like(text: z3.SeqRef, pattern: str, request: Request) -> z3.BoolRef:
    """Whether a text matches a pattern, or is the text that the account's variable makes of it."""
    parts = pattern.split(_OWN_ACCOUNT)
    if "$" in "".join(parts) or (len(parts) > 1 and set("".join(parts)) & set("*?")):
        raise NotReadError(f"pattern {pattern}")
    if len(parts) == 1:
        return like(text, pattern)
    made: list[z3.SeqRef] = [z3.StringVal(parts[0])]
    for part in parts[1:]:
        made += [request.account, z3.StringVal(part)]
    return text == z3.Concat(*made)


def _compared(qualifier: str, name: str, found: tuple[Value, ...], values: list[str], request: Request) -> z3.BoolRef:
    """A negated operator, like one with IfExists, holds for a key that is absent; ForAnyValue never does."""
    positive = name.removesuffix("IfExists").replace("Not", "")
    if positive not in _TESTS or (not qualifier and len(found) != 1):
        raise NotReadError(f"{qualifier}:{name} of {len(found)} values")
    if any("${" in value for value in values) and positive != "StringLike":
        raise NotReadError(f"variable under {name}")
    test = partial(_like, request=request) if positive == "StringLike" else _TESTS[positive]
    matches = [z3.Or([test(each.text, value) for value in values]) for each in found]
    tests = [z3.Not(match) if "Not" in name else match for match in matches]
    every = z3.And([z3.Implies(each.present, test) for each, test in zip(found, tests, strict=True)])
    some = z3.Or([z3.And(each.present, test) for each, test in zip(found, tests, strict=True)])
    match qualifier:
        case "ForAllValues":
            return every
        case "ForAnyValue":
            return some
        case "":
            return every if "Not" in name or name.endswith("IfExists") else some
        case _:
            raise NotReadError(qualifier)
