"""A table's own policy closes it to all but the roles that it names.

Sources: DynamoDB Developer Guide, "Using resource-based policies for DynamoDB" and "DynamoDB authorization with IAM
identity-based policies and DynamoDB resource-based policies" (an explicit denial wins; within the account an allowance
in either is enough; another account needs both); API Reference, PutResourcePolicy; CloudFormation Template Reference,
AWS::DynamoDB::Table (`ResourcePolicy`).
"""

import json
from functools import partial
from typing import Any, Final

import pytest

from sandbox.clients import client
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT
from tests.integration.authority.conftest import ACCOUNT, Role, Statement, a_name, a_role, allow, document, refusal

WRITES: Final = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"]
ITEM: Final = {"pk": {"S": "STEP#1"}}
TABLE: Final = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
}


def _closed(arn: str, *named: Role) -> Statement:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": WRITES,
        "Resource": arn,
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [each.arn for each in named]}},
    }


def _arn(table: str) -> str:
    return f"arn:aws:dynamodb:{HOME_REGION}:{ACCOUNT}:table/{table}"


@pytest.fixture
def table() -> str:
    """A table of steps, with one of them in it."""
    name, dynamodb = a_name(), client("dynamodb", ACCOUNT)
    dynamodb.create_table(TableName=name, **TABLE)
    dynamodb.put_item(TableName=name, Item=ITEM)
    return name


def _let(table: str, *statements: Statement) -> None:
    client("dynamodb", ACCOUNT).put_resource_policy(ResourceArn=_arn(table), Policy=document(*statements))


def _put(dynamodb: Any, table: str) -> Any:
    return dynamodb.put_item(TableName=table, Item=ITEM)


def test_nobody_but_the_named_roles_writes(table: str) -> None:
    named, administrator = a_role(allow("dynamodb:*"), path="/strongroom/"), a_role(allow("*"))
    _let(table, _closed(_arn(table), named))
    assert _put(named.client("dynamodb"), table)
    write = {"Put": {"TableName": table, "Item": ITEM}}
    batch = {"RequestItems": {table: [{"PutRequest": {"Item": ITEM}}]}}
    for dynamodb in (administrator.client("dynamodb"), client("dynamodb", ACCOUNT)):
        for call in (
            partial(_put, dynamodb, table),
            partial(dynamodb.transact_write_items, TransactItems=[write]),
            partial(dynamodb.batch_write_item, **batch),
            partial(dynamodb.delete_item, TableName=table, Key=ITEM),
        ):
            code, message = refusal(call)
            assert code == "AccessDeniedException"
            assert "with an explicit deny in a resource-based policy" in message
        assert dynamodb.get_item(TableName=table, Key=ITEM)["Item"] == ITEM


def test_a_policy_alone_lets_a_role_of_the_account_in(table: str) -> None:
    named, other = a_role(), a_role()
    _let(table, allow("dynamodb:GetItem", resource=_arn(table), Principal={"AWS": named.arn}))
    assert named.client("dynamodb").get_item(TableName=table, Key=ITEM)["Item"] == ITEM
    refused = refusal(lambda: other.client("dynamodb").get_item(TableName=table, Key=ITEM))
    assert refused[0] == "AccessDeniedException"


def test_another_account_needs_both(table: str) -> None:
    stranger = a_role(allow("dynamodb:*"), account=PAYMENTS_ACCOUNT).client("dynamodb")
    for dynamodb in (stranger, client("dynamodb", PAYMENTS_ACCOUNT)):
        refused = refusal(partial(dynamodb.get_item, TableName=_arn(table), Key=ITEM))
        assert refused[0] == "AccessDeniedException"


def test_a_policy_binds_by_the_keys_of_items(table: str) -> None:
    named = a_role(allow("dynamodb:*"))
    beyond = {"ForAnyValue:StringNotLike": {"dynamodb:LeadingKeys": ["STEP#*"]}}
    _let(table, {"Effect": "Deny", "Principal": "*", "Action": WRITES, "Resource": _arn(table), "Condition": beyond})
    assert _put(named.client("dynamodb"), table)
    other = {"pk": {"S": "REQUEST#1"}}
    refused = refusal(lambda: named.client("dynamodb").put_item(TableName=table, Item=other))
    assert refused[0] == "AccessDeniedException"


def test_without_its_policy_the_table_is_open_again(table: str) -> None:
    named, other = a_role(allow("dynamodb:*")), a_role(allow("dynamodb:*"))
    _let(table, _closed(_arn(table), named))
    client("dynamodb", ACCOUNT).delete_resource_policy(ResourceArn=_arn(table))
    assert _put(other.client("dynamodb"), table)


def _template(*statements: Statement) -> str:
    properties: dict[str, Any] = dict(TABLE)
    if statements:
        properties["ResourcePolicy"] = {"PolicyDocument": json.loads(document(*statements))}
    resource = {"Type": "AWS::DynamoDB::Table", "Properties": properties}
    return json.dumps({"Resources": {"Table": resource}, "Outputs": {"Name": {"Value": {"Ref": "Table"}}}})


def test_a_stack_gives_changes_and_takes_the_policy() -> None:
    cloudformation, stack = client("cloudformation", ACCOUNT), a_name()
    first, second = a_role(allow("dynamodb:*")), a_role(allow("dynamodb:*"))
    cloudformation.create_stack(StackName=stack, TemplateBody=_template(_closed("*", first)))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    [output] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    table = output["OutputValue"]
    assert _put(first.client("dynamodb"), table)
    assert refusal(lambda: _put(second.client("dynamodb"), table))[0] == "AccessDeniedException"
    for statements, open_to, closed_to in (((_closed("*", second),), second, first), ((), first, None)):
        cloudformation.update_stack(StackName=stack, TemplateBody=_template(*statements))
        cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
        assert _put(open_to.client("dynamodb"), table)
        if closed_to is not None:
            assert refusal(partial(_put, closed_to.client("dynamodb"), table))[0] == "AccessDeniedException"
