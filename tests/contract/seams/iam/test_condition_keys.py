"""What we touch where MiniStack makes the condition keys of a request is still there, called as we lean on it."""

import inspect

from ministack import app
from ministack.core import iam_actions, iam_evaluator


def test_what_is_replaced_still_takes_what_it_took() -> None:
    expected = {
        iam_actions.dynamodb_service_context: ["body"],
        iam_actions.dynamodb_transaction_checks: ["iam_action", "body", "region", "account_id"],
        iam_evaluator.enforce: [
            "access_key_id",
            "iam_action",
            "service",
            "region",
            "resource_arn",
            "service_context",
        ],
    }
    for function, parameters in expected.items():
        assert [*inspect.signature(function).parameters] == parameters


def test_the_items_of_a_transaction_are_asked_in_their_order_and_named_as_enclosed() -> None:
    items = [{kind: {"TableName": "t"}} for kind in ("Put", "ConditionCheck", "Update")]
    body = str({"TransactItems": items}).replace("'", '"').encode()
    asked = iam_actions.dynamodb_transaction_checks("dynamodb:TransactWriteItems", body, "eu-west-1", "222222222222")
    names = [action.removeprefix("dynamodb:") for action, _ in asked]
    assert names == ["PutItem", "ConditionCheckItem", "UpdateItem"]
    assert '"dynamodb:EnclosingOperation"' in inspect.getsource(app)
