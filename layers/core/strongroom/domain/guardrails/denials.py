"""One Deny statement of a service control policy with its reasons, and how statements fill documents.

Sources: IAM User Guide, "IAM JSON policy elements: Variables and tags"; Organizations User Guide, "Quotas and service
limits".
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import replace
from typing import Any, Final

from msgspec import Struct, field

from strongroom.domain.errors import StrongroomError
from strongroom.domain.partitions import PLACEHOLDER, in_partition

# The smaller of the two limits that AWS documents (5,120 and 10,240); it counts white space, so documents have none.
POLICY_CHARACTERS: Final = 5_120
PRINCIPAL: Final = "aws:PrincipalArn"
OWN_ACCOUNT: Final = "${aws:PrincipalAccount}"
# Not ArnNotLike: AWS documents the account's variable inside a principal's ARN with string operators only.
UNLESS: Final = "StringNotLike"
_IS: Final = "StringEquals"

type Document = dict[str, Any]
type Condition = Mapping[str, Mapping[str, str | list[str]]]


class GuardrailTooLargeError(StrongroomError):
    """A single statement has more characters than AWS takes for a whole document."""


class Exempt(Struct, frozen=True, kw_only=True):
    """Who a statement does not bind, by ARN as `aws:PrincipalArn` gives it, and the one reason for it."""

    who: str
    arns: tuple[str, ...]
    why: str


class Denial(Struct, frozen=True, kw_only=True):
    """What a statement refuses: `actions` on `resources` under `when`, to everybody but the exempt.

    With `not_resources` or `not_actions` it is about everything else, and with `binds` about these principals alone, by
    exact ARN. It is written for every partition: its resources and the exempt may be ARNs of none in particular.
    """

    sid: str
    stops: str
    actions: tuple[str, ...] = ("*",)
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)
    not_resources: tuple[str, ...] = ()
    when: Condition = field(default_factory=dict)
    exempt: tuple[Exempt, ...] = ()
    binds: tuple[str, ...] = ()

    @property
    def exempt_arns(self) -> tuple[str, ...]:
        """Every exempt ARN, once."""
        return tuple(dict.fromkeys(arn for each in self.exempt for arn in each.arns))

    def placed_in(self, partition: str) -> "Denial":
        """The statement as it reads in that partition."""
        return replace(
            self,
            resources=tuple(in_partition(arn, partition) for arn in self.resources),
            not_resources=tuple(in_partition(arn, partition) for arn in self.not_resources),
            exempt=tuple(
                replace(each, arns=tuple(in_partition(arn, partition) for arn in each.arns)) for each in self.exempt
            ),
        )

    def statement(self) -> Document:
        """The statement as IAM reads it."""
        statement: Document = {
            "Sid": self.sid,
            "Effect": "Deny",
            **({"NotAction": _one_or_more(self.not_actions)} if self.not_actions else {}),
            **({} if self.not_actions else {"Action": _one_or_more(self.actions)}),
            **({"NotResource": _one_or_more(self.not_resources)} if self.not_resources else {}),
            **({} if self.not_resources else {"Resource": _one_or_more(self.resources)}),
        }
        condition: dict[str, Any] = {operator: dict(keys) for operator, keys in self.when.items()}
        if self.binds:
            condition[_IS] = {**condition.get(_IS, {}), PRINCIPAL: _one_or_more(self.binds)}
        if self.exempt_arns:
            condition[UNLESS] = {PRINCIPAL: _one_or_more(self.exempt_arns)}
        return statement | ({"Condition": condition} if condition else {})


def fill_documents(
    guardrails: Mapping[str, Iterable[Denial]], *, limit: int = POLICY_CHARACTERS, keeps_order: bool = True
) -> dict[str, Document]:
    """The statements of guardrails for the same targets in as few documents as that takes.

    In order, unless it does not matter: then each goes where there is room first. A document is called after the
    guardrail that it begins with: `name`, `name-2`, and so on. GuardrailTooLargeError where one statement alone is over
    the limit.
    """
    documents: dict[str, Document] = {}
    begun: Counter[str] = Counter()
    for name, denial in ((name, denial) for name, denials in guardrails.items() for denial in denials):
        statement = denial.statement()
        alone = _document([statement])
        if (size := characters(alone)) > limit:
            why = f"its statement {denial.sid} alone makes {size} characters, AWS takes {limit}: exempt fewer roles"
            raise GuardrailTooLargeError(f"guardrail {name}: {why}")
        open_ones = list(documents)[-1:] if keeps_order else list(documents)
        longer = {each: _document([*documents[each]["Statement"], statement]) for each in open_ones}
        place = next((each for each in open_ones if characters(longer[each]) <= limit), None)
        if place is None:
            begun[name] += 1
            documents[numbered(name, begun[name], mark="-")] = alone
        else:
            documents[place] = longer[place]
    return documents


def characters(document: Document) -> int:
    """How long Organizations finds the document, without white space."""
    return len(json.dumps(document, separators=(",", ":")))


def numbered(name: str, number: int, mark: str = "") -> str:
    """The name of the first of several, and that of each further one with its number."""
    return name if number == 1 else f"{name}{mark}{number}"


def in_own_account(*role_names: str) -> tuple[str, ...]:
    """The exact ARNs of roles, as path and name, in the account of whoever calls.

    A wildcard for the account would also match the colons of an IAM path, and so a user `x:role/strongroom/...`.
    """
    return tuple(f"arn:{PLACEHOLDER}:iam::{OWN_ACCOUNT}:role/{name}" for name in role_names)


def _document(statements: list[Document]) -> Document:
    return {"Version": "2012-10-17", "Statement": statements}


def _one_or_more(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
