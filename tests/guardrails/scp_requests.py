"""Requests to try on the service control policies: principals, resources, and what a case says about a request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS

ALLOWED: Final = ""
BREAK_GLASS: Final = f"arn:aws:iam::{PAYMENTS}:role/break-glass"
CENTRAL_BREAK_GLASS: Final = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/break-glass"
DEPLOYER: Final = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/OrganizationAccountAccessRole"
LANDING_ZONE: Final = "arn:aws:iam::${aws:PrincipalAccount}:role/AWSControlTowerExecution"
EDITOR: Final = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/backup-policy-editor"

TICKET: Final = {"aws:PrincipalTag/ticket": "CHG-1"}
OF_AWS_BACKUP: Final = {"aws:ResourceTag/aws:backup:source-resource": f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1"}
OF_STRONGROOM: Final = {"aws:ResourceTag/strongroom": "vault-key"}

# Some that nobody can foresee: users whose path and name end like the ARN of an exempt role.
COLONS: Final = "user/x:role/strongroom/strongroom-restore"
ZONE_COLONS: Final = "user/x:role/AWSControlTowerExecution"
MORE_COLONS: Final = "user/x:role/stacksets-exec-0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Account:
    """The ARNs of one account, by which requests are made and about which."""

    id: str

    def role(self, name: str) -> str:
        """The ARN of a role by its path and name."""
        return f"arn:aws:iam::{self.id}:role/{name}"

    def arn(self, service: str, resource: str, region: str = HOME) -> str:
        """The ARN of a resource in this account."""
        return f"arn:aws:{service}:{region}:{self.id}:{resource}"

    def powerful(self) -> tuple[str, ...]:
        """Whoever may do everything by their own policies, and those who only look like the exempt."""
        return (
            self.role("AdministratorAccess"),
            f"arn:aws:iam::{self.id}:root",
            self.role("BackupAdminRole"),
            self.role("strongroom-restore"),  # the right name without the protected path
            self.role("strongroom/strongroom-tagging"),
            f"arn:aws:iam::{self.id}:{COLONS}",
            f"arn:aws:iam::{self.id}:{MORE_COLONS}",
            f"arn:aws:iam::{self.id}:{ZONE_COLONS}",
            self.role("x/AWSControlTowerExecution"),  # the right name under a path of its own
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One request, and a statement that refuses it; none where it is allowed."""

    refused_by: str
    principal: str
    action: str
    resource: str = "*"
    context: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        details = "-".join(str(value) for value in self.context.values())
        name = f"{self.principal.partition('::')[2]}-{self.action}-{self.resource.rpartition(':')[2]}-{details}"
        return name.replace(" ", "")


def refused_to_all_but(
    sid: str,
    exempt: Sequence[str],
    actions: str,
    resource: str = "*",
    context: Mapping[str, Any] | None = None,
    *,
    to: Sequence[str],
) -> Iterator[Case]:
    """The requests are refused to each of `to`, and open to the exempt; `actions` are names after one prefix."""
    service, _, names = actions.partition(":")
    for name in names.split():
        for principal in dict.fromkeys((*to, *exempt)):
            refused_by = ALLOWED if principal in exempt else sid
            yield Case(refused_by, principal, f"{service}:{name}", resource, context or {})


def tag_keys(*names: str) -> dict[str, Any]:
    """A request that removes these tags."""
    return {"aws:TagKeys": list(names)}


def tags(**values: str) -> dict[str, Any]:
    """A request that sets these tags."""
    return {f"aws:RequestTag/{name}": value for name, value in values.items()} | tag_keys(*values)
