"""What is claimed of a Denial, and requests that are usual enough to look for a counterexample among."""

from collections.abc import Iterable, Iterator
from copy import replace
from itertools import product
from typing import Final

import z3

from strongroom.domain.guardrails.denials import OWN_ACCOUNT, Denial
from tests.guardrails.proofs.requests import ROLE_PREFIX, Request, any_request
from tests.guardrails.proofs.statements import PRINCIPAL, Statement, conditions_of, listed, refuses
from tests.guardrails.scp_requests import Case

_ADMINISTRATOR: Final = "role/AdministratorAccess"
_SOMETHING_ELSE: Final = "athena:ListNamedQueries"  # that no statement names


def is_open_to_others(denial: Denial, request: Request) -> z3.BoolRef:
    """Whether this is what the denial stops, asked by somebody whom it does not name."""
    asked = replace(denial, exempt=()).statement()
    return z3.And(refuses(asked, request), z3.Not(is_one_of(denial.exempt_arns, request)))


def is_one_of(arns: Iterable[str], request: Request) -> z3.BoolRef:
    """Whether the principal is one of these roles, by account, path and name, which the documents see as one text."""
    return z3.Or([_is_role(arn, request) for arn in arns])


def usual_requests(denial: Denial, exempt_arns: Iterable[str], account: str) -> Iterator[Request]:
    """What the denial names, asked by an administrator of the account, and by all who are exempt of something."""
    exempt = [_account_and_role(arn) for arn in (*denial.binds, *exempt_arns)]
    named = [(owner or account, _filled(role).replace(OWN_ACCOUNT, owner or account)) for owner, role in exempt]
    principals = [(account, _ADMINISTRATOR), *named]
    actions = (_SOMETHING_ELSE,) if denial.not_actions else denial.actions
    for (owner, who), action, resource in product(principals, actions, denial.resources):
        yield replace(
            any_request(),
            account=z3.StringVal(owner),
            who=z3.StringVal(who),
            action=z3.StringVal(_filled(action.lower())),
            resource=z3.StringVal(_filled(resource)),
        )


def has_usual_values(statements: Iterable[Statement], request: Request) -> z3.BoolRef:
    """Whether each context key has values that match a pattern of some statement, or none of any."""
    usual: dict[str, set[str]] = {}
    for operator, key, values in conditions_of(statements):
        if operator != "Null" and key != PRINCIPAL:
            usual.setdefault(key, {"elsewhere"}).update(map(_filled, values))
    return z3.And(
        [
            z3.Or([value.text == text for text in sorted(texts)])
            for key, texts in sorted(usual.items())
            for value in request.context(key)
        ]
    )


def overlapping(denial: Denial, statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements about the same services; no other can refuse what the denial names."""
    if denial.not_actions:
        return iter(statements)
    services = {action.partition(":")[0] for action in denial.actions}
    return (each for each in statements if "*" in services_of(each) or services & services_of(each))


def services_of(statement: Statement) -> set[str]:
    """The services whose actions a statement names; `*` where it names those that it leaves alone."""
    if "NotAction" in statement:
        return {"*"}
    return {action.partition(":")[0] for action in listed(statement["Action"])}


def is_about(statement: Statement, case: Case) -> bool:
    """Whether the statement names actions of the request's service."""
    return not services_of(statement).isdisjoint({case.action.partition(":")[0], "*"})


def _filled(pattern: str) -> str:
    return pattern if pattern == "*" else pattern.replace("*", "x")


def _is_role(arn: str, request: Request) -> z3.BoolRef:
    account, role = _account_and_role(arn)
    name = role.removesuffix("*")
    assert role.startswith("role/"), arn
    assert not set(name.replace(OWN_ACCOUNT, "")) & set("*?$"), arn
    exact = z3.Concat(*_with_account(name, request))
    named = z3.PrefixOf(exact, request.who) if role.endswith("*") else request.who == exact
    return z3.And(named, request.account == account) if account else named


def _account_and_role(arn: str) -> tuple[str, str]:
    """The account, empty for the caller's own, and `role/` with path and name."""
    principal = arn.removeprefix(ROLE_PREFIX)
    if principal.startswith(OWN_ACCOUNT):
        return "", principal.removeprefix(f"{OWN_ACCOUNT}:")
    account, _, role = principal.partition(":")
    return account, role


def _with_account(text: str, request: Request) -> Iterator[z3.SeqRef]:
    """The parts of a text, with the request's account in the places of its variable; never less than two."""
    first, *others = text.split(OWN_ACCOUNT)
    yield from (z3.StringVal(""), z3.StringVal(first))
    for each in others:
        yield from (request.account, z3.StringVal(each))
