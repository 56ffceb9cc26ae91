"""What a policy grants, in the spellings that AWS answers."""

from typing import Any

import pytest

from strongroom.domain.statements import is_for_service, is_narrowed, is_open, organizations_of, ungranted
from tests.builders.doctor import ORGANIZATION, a_statement
from tests.builders.places import BACKUP_ACCOUNT


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": BACKUP_ACCOUNT},
        {"AWS": [f"arn:aws:iam::{BACKUP_ACCOUNT}:root", "arn:aws:iam::222222222222:root"]},
        {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"},
    ],
    ids=str,
)
def test_a_principal_is_found_however_it_is_spelled(principal: Any) -> None:
    statements = (a_statement(["KMS:Decrypt"], Principal=principal),)
    assert ungranted(statements, ["kms:Decrypt"], account=BACKUP_ACCOUNT, organization=ORGANIZATION) == []


def test_another_account_and_a_service_are_not_the_account() -> None:
    for principal in ({"AWS": "arn:aws:iam::222222222222:root"}, {"Service": "backup.amazonaws.com"}):
        statements = (a_statement("kms:*", Principal=principal),)
        assert ungranted(statements, ["kms:Decrypt"], account=BACKUP_ACCOUNT, organization=ORGANIZATION)


def test_only_what_no_condition_narrows_is_open() -> None:
    assert is_open(a_statement("kms:*", Condition={}))
    assert not is_open(a_statement("kms:*"))
    assert not is_open(a_statement("kms:*", Effect="Deny", Condition={}))


def test_an_organization_is_read_from_any_operator_of_equality() -> None:
    condition = {
        "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "x"},
        "StringEquals": {"AWS:PrincipalOrgId": ["o-1"]},
    }
    assert organizations_of(a_statement("kms:*", Condition=condition)) == {"o-1"}


def test_a_service_is_named_as_a_service() -> None:
    assert is_for_service({"Principal": {"Service": ["events.amazonaws.com"]}}, "events.amazonaws.com")
    assert not is_for_service({"Principal": "*"}, "events.amazonaws.com")


@pytest.mark.parametrize(
    ("changed", "narrowed"),
    [
        pytest.param({"Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}}, False, id="an account"),
        pytest.param({"Principal": {"AWS": BACKUP_ACCOUNT}}, False, id="an account by its id"),
        pytest.param(
            {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}}, False, id="ours"
        ),
        pytest.param(
            {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-x"}}}, True, id="theirs"
        ),
        pytest.param(
            {"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}},
            True,
            id="all but us",
        ),
        pytest.param(
            {"Principal": {"AWS": BACKUP_ACCOUNT}, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}},
            False,
            id="for a service",
        ),
        pytest.param(
            {"Principal": {"AWS": BACKUP_ACCOUNT}, "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:x"}}},
            True,
            id="some",
        ),
        pytest.param({"Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:role/x"}}, True, id="a role of it"),
        pytest.param(
            {"Principal": {"Service": "s3.amazonaws.com"}, "Condition": {"ArnLike": {"aws:SourceArn": "arn:x"}}},
            False,
            id="a service, and no account",
        ),
    ],
)
def test_what_lets_in_less_than_whole_accounts_is_narrowed(changed: dict[str, Any], *, narrowed: bool) -> None:
    statement = {"Effect": "Allow", "Action": "kms:*", **changed}
    assert is_narrowed(statement, organization=ORGANIZATION, but=("kms:grantisforawsresource",)) is narrowed
