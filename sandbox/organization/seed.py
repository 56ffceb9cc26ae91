"""The twenty accounts of the example organisation, with fixed ids, and the roles through which people act in them."""

import json
import time
from dataclasses import dataclass
from typing import Any, Final

from sandbox import settings
from sandbox.clients import client
from sandbox.seams import organizations as seams

ACCESS_ROLE: Final = "OrganizationAccountAccessRole"
ADMINISTRATOR_ROLE: Final = "AdministratorAccess"
FULL_ACCESS_POLICY: Final = "p-FullAWSAccess"
BACKUP_SERVICE: Final = "backup.amazonaws.com"


@dataclass(frozen=True, slots=True)
class SeedAccount:
    """An account as it stands before the day begins."""

    id: str
    name: str
    parent: str


OUS: Final = {
    settings.OU_PRODUCTION: "Production",
    settings.OU_PRE_PRODUCTION: "PreProduction",
    settings.OU_SANDBOX: "Sandbox",
    settings.OU_SHARED: "Shared",
}

ACCOUNTS: Final = (
    SeedAccount(settings.MANAGEMENT_ACCOUNT, "management", settings.ROOT_ID),
    SeedAccount(settings.BACKUP_ACCOUNT, "backup", settings.OU_SHARED),
    SeedAccount(settings.AUDIT_ACCOUNT, "audit", settings.OU_SHARED),
    SeedAccount(settings.NETWORK_ACCOUNT, "network", settings.OU_SHARED),
    SeedAccount(settings.IDENTITY_ACCOUNT, "identity", settings.OU_SHARED),
    SeedAccount(settings.PAYMENTS_ACCOUNT, "payments", settings.OU_PRODUCTION),
    SeedAccount(settings.LEDGER_ACCOUNT, "ledger", settings.OU_PRODUCTION),
    SeedAccount(settings.CUSTOMER_API_ACCOUNT, "customer-api", settings.OU_PRODUCTION),
    SeedAccount(settings.REPORTS_ACCOUNT, "reports", settings.OU_PRE_PRODUCTION),
    SeedAccount("222222222223", "payments-pre", settings.OU_PRE_PRODUCTION),
    SeedAccount("333333333334", "ledger-pre", settings.OU_PRE_PRODUCTION),
    SeedAccount("444444444445", "customer-api-pre", settings.OU_PRE_PRODUCTION),
    SeedAccount("555555555556", "reports-pre", settings.OU_PRE_PRODUCTION),
    SeedAccount("666666666661", "search-pre", settings.OU_PRE_PRODUCTION),
    SeedAccount("600000000003", "carol", settings.OU_PRE_PRODUCTION),
    SeedAccount("600000000004", "dave", settings.OU_PRE_PRODUCTION),
    SeedAccount("600000000005", "erin", settings.OU_PRE_PRODUCTION),
    SeedAccount("600000000006", "frank", settings.OU_PRE_PRODUCTION),
    *(
        SeedAccount(account, name, settings.OU_SANDBOX)
        for account, name in zip(settings.SANDBOX_ACCOUNTS, ("alice", "bob"), strict=True)
    ),
)


def plant() -> None:
    """Write the organisation into the management account's state and make the administrator roles."""
    seams.clear_organizations()
    _plant_root()
    _plant_full_access()
    for ou, name in OUS.items():
        seams.put_organization_entry("ous", ou, _ou_record(ou, name))
    for account in ACCOUNTS:
        seams.put_organization_entry("accounts", account.id, _account_record(account, f"{account.name}@example.com"))
        create_administrator_roles(account.id)


def admit(account: SeedAccount, *, email: str) -> None:
    """Take a new account in, with full access and the roles through which people act in it."""
    seams.put_organization_entry("accounts", account.id, _account_record(account, email))
    attach_full_access(account.id)
    create_administrator_roles(account.id)


def attach_full_access(target: str) -> None:
    """Give a new OU or account the policy that every one is born with."""
    attached = seams.organization_store("attachments")[FULL_ACCESS_POLICY]
    seams.put_organization_entry("attachments", FULL_ACCESS_POLICY, [*attached, target])


def create_administrator_roles(account: str) -> None:
    """Make the role that Organizations makes in a new account, and the one that people sign in to."""
    seams.create_administrator_role(account, ACCESS_ROLE, trusted_account=settings.MANAGEMENT_ACCOUNT)
    seams.create_administrator_role(account, ADMINISTRATOR_ROLE, trusted_account=settings.IDENTITY_ACCOUNT)


def person_session(account: str, person: str, role: str = ADMINISTRATOR_ROLE) -> dict[str, Any]:
    """Temporary credentials of a person (an e-mail) in an account, as `sts:AssumeRole` returns them."""
    trusted = settings.MANAGEMENT_ACCOUNT if role == ACCESS_ROLE else settings.IDENTITY_ACCOUNT
    answer = client("sts", trusted).assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName=person)
    credentials: dict[str, Any] = answer["Credentials"]
    return credentials


def organization_arn(kind: str, name: str) -> str:
    """The ARN of an organisation's own thing, such as `account/…`, `ou/…` or `root/…`."""
    return f"arn:aws:organizations::{settings.MANAGEMENT_ACCOUNT}:{kind}/{settings.ORGANIZATION_ID}/{name}"


def _plant_root() -> None:
    management = settings.MANAGEMENT_ACCOUNT
    policy_types = [{"Type": name, "Status": "ENABLED"} for name in ("SERVICE_CONTROL_POLICY", "BACKUP_POLICY")]
    organization = {
        "Id": settings.ORGANIZATION_ID,
        "Arn": f"arn:aws:organizations::{management}:organization/{settings.ORGANIZATION_ID}",
        "FeatureSet": "ALL",
        "MasterAccountArn": organization_arn("account", management),
        "MasterAccountId": management,
        "MasterAccountEmail": "management@example.com",
        "AvailablePolicyTypes": policy_types[:1],
    }
    root = {
        "Id": settings.ROOT_ID,
        "Arn": organization_arn("root", settings.ROOT_ID),
        "Name": "Root",
        "PolicyTypes": policy_types,
    }
    seams.put_organization_entry("orgs", "self", organization)
    seams.put_organization_entry("roots", settings.ROOT_ID, root)


def _plant_full_access() -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = {
        "Id": FULL_ACCESS_POLICY,
        "Arn": f"arn:aws:organizations::aws:policy/service_control_policy/{FULL_ACCESS_POLICY}",
        "Name": "FullAWSAccess",
        "Description": "Allows access to every operation",
        "Type": "SERVICE_CONTROL_POLICY",
        "AwsManaged": True,
        "_Content": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }
    targets = [settings.ROOT_ID, *OUS, *(account.id for account in ACCOUNTS)]
    seams.put_organization_entry("policies", FULL_ACCESS_POLICY, policy)
    seams.put_organization_entry("attachments", FULL_ACCESS_POLICY, targets)


def _ou_record(ou: str, name: str) -> dict[str, Any]:
    return {
        "Id": ou,
        "Arn": organization_arn("ou", ou),
        "Name": name,
        "Path": f"{settings.ORGANIZATION_ID}/{settings.ROOT_ID}/{ou}/",
        "_ParentId": settings.ROOT_ID,
    }


def _account_record(account: SeedAccount, email: str) -> dict[str, Any]:
    joined = "INVITED" if account.id == settings.MANAGEMENT_ACCOUNT else "CREATED"
    return {
        "Id": account.id,
        "Arn": organization_arn("account", account.id),
        "Email": email,
        "Name": account.name,
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "JoinedMethod": joined,
        "JoinedTimestamp": int(time.time()),
        "_ParentId": account.parent,
    }
