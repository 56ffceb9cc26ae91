"""A request with each of its parts unknown, one with each part given, and the way back from the solver's answer.

No part is held to a grammar: what is proved of any text is proved of every name that AWS admits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import z3

from tests.guardrails.scp_requests import ALLOWED, Case

ROLE_PREFIX: Final = "arn:aws:iam::"
SET_KEYS: Final = frozenset({"aws:tagkeys", "aws:principalorgpaths", "backup:copytargets", "backup:copytargetorgpaths"})
# No counterexample needs more: each condition that asks for a value of a set asks for one (a test counts them), and
# what is said of all values of a set stays true when others are left out.
VALUES_IN_SET: Final = 4


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a context key, and whether the request has it."""

    present: z3.BoolRef
    text: z3.SeqRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for what: `who` is what stands behind the account in the principal's ARN; the action in small letters.

    The principal is `arn:aws:iam::ACCOUNT:WHO`. A federated user's ARN is one of sts, and matches no exemption.
    """

    account: z3.SeqRef
    who: z3.SeqRef
    action: z3.SeqRef
    resource: z3.SeqRef
    context: Callable[[str], tuple[Value, ...]]


def any_request() -> Request:
    """Every request at once."""
    account, who, action, resource = z3.Strings("account who action resource")
    return Request(account=account, who=who, action=action, resource=resource, context=_unknown)


def the_request(case: Case) -> Request:
    """Exactly this request."""
    account, _, who = case.principal.removeprefix(ROLE_PREFIX).partition(":")
    given = {key.lower(): value for key, value in case.context.items()}
    return Request(
        account=z3.StringVal(account),
        who=z3.StringVal(who),
        action=z3.StringVal(case.action.lower()),
        resource=z3.StringVal(case.resource),
        context=lambda key: tuple(_given(key, given.get(key))),
    )


def found_request(request: Request, model: z3.ModelRef, keys: Iterable[str]) -> Case:
    """The request that the solver found, with what it says about these keys."""

    def text(value: z3.SeqRef) -> str:
        return str(model.eval(value, model_completion=True).as_string())

    def texts(key: str) -> list[str]:
        return [text(value.text) for value in _unknown(key) if z3.is_true(model.eval(value.present))]

    found = {key: texts(key) for key in sorted(keys)}
    return Case(
        ALLOWED,
        f"{ROLE_PREFIX}{text(request.account)}:{text(request.who)}",
        text(request.action),
        text(request.resource),
        {key: values if key in SET_KEYS else values[0] for key, values in found.items() if values},
    )


def _unknown(key: str) -> tuple[Value, ...]:
    names = [f"{key}#{number}" for number in range(VALUES_IN_SET if key in SET_KEYS else 1)]
    return tuple(Value(z3.Bool(f"has {name}"), z3.String(name)) for name in names)


def _given(key: str, value: Any) -> Iterable[Value]:
    values = value if isinstance(value, list) else [value]
    for each in values:
        yield Value(z3.BoolVal(each is not None), z3.StringVal(each or ""))
