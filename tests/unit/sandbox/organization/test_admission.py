"""What CreatePolicy stores and what it refuses, always with the same words."""

import json
from typing import Any

import pytest

from sandbox.organization.admission import (
    REFUSAL,
    MalformedPolicyError,
    admit_backup_policy,
    admit_service_control_policy,
)
from tests.builders.places import CENTRAL_VAULT

CONTROL = "@@operators_allowed_for_child_policies"
SELECTION = {
    "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/strongroom/backup"},
    "tag_key": {"@@assign": "Backup"},
    "tag_value": {"@@assign": ["daily-prod"]},
}


def policy(**rule: Any) -> dict[str, Any]:
    plan = {
        "regions": {"@@assign": ["eu-west-1"], CONTROL: ["@@none"]},
        "rules": {"nightly": {"target_backup_vault_name": {"@@assign": "local-prod-vault"}, **rule}},
        "selections": {"tags": {"tagged": SELECTION}},
    }
    return {"plans": {CONTROL: ["@@append"], "daily-prod": plan}}


ADMITTED = {
    "locked at every level": policy(lifecycle={CONTROL: ["@@none"], "delete_after_days": {"@@assign": 35}}),
    "copy action keyed by its arn": policy(
        copy_actions={CENTRAL_VAULT: {"target_backup_vault_arn": {"@@assign": CENTRAL_VAULT}}}
    ),
    "numeric string": policy(start_backup_window_minutes={"@@assign": "60"}),
    "beyond the longest retention": policy(lifecycle={"delete_after_days": {"@@assign": 36501}}),
    "schedule": policy(schedule_expression={"@@assign": "cron(0 2 ? * * *)"}),
    "no plan": {"plans": {}},
    "empty plan": {"plans": {"daily": {}}},
    "no region": {"plans": {"daily": {"regions": {"@@assign": []}}}},
    "control with all": {"plans": {CONTROL: ["@@all", "@@assign"]}},
}

REFUSED = {
    "empty": {},
    "unknown root key": {"plan": {}},
    "root key beside plans": {**policy(), "Version": {}},
    "unknown plan key": {"plans": {"daily": {"rule": {}}}},
    "unknown rule key": policy(schedule_expression_timezone={"@@assign": "UTC"}),
    "unknown lifecycle key": policy(lifecycle={"to_delete_after_days": {"@@assign": 35}}),
    "plain value": policy(schedule_expression="cron(0 2 ? * * *)"),
    "assign on a container": policy(lifecycle={"@@assign": {"delete_after_days": 35}}),
    "rate schedule": policy(schedule_expression={"@@assign": "rate(1 day)"}),
    "every minute": policy(schedule_expression={"@@assign": "cron(* * * * * *)"}),
    "short window": policy(start_backup_window_minutes={"@@assign": 59}),
    "broken number": policy(start_backup_window_minutes={"@@assign": 60.5}),
    "retention of nothing": policy(lifecycle={"delete_after_days": {"@@assign": 0}}),
    "flag as a number": policy(enable_continuous_backup={"@@assign": 1}),
    "shouted flag": policy(enable_continuous_backup={"@@assign": "TRUE"}),
    "append to a scalar": policy(target_backup_vault_name={"@@append": "v"}),
    "regions as a scalar": {"plans": {"daily": {"regions": {"@@assign": "eu-west-1"}}}},
    "every region": {"plans": {"daily": {"regions": {"@@assign": ["*"]}}}},
    "copy key is not its target": policy(
        copy_actions={CENTRAL_VAULT: {"target_backup_vault_arn": {"@@assign": CENTRAL_VAULT + "x"}}}
    ),
    "copy key is no vault": policy(copy_actions={"vault": {"target_backup_vault_arn": {"@@assign": "vault"}}}),
    "role of a fixed account": {
        "plans": {"d": {"selections": {"tags": {"s": {"iam_role_arn": {"@@assign": "arn:aws:iam::1:role/x"}}}}}}
    },
    "both kinds of selection": {"plans": {"d": {"selections": {"tags": {}, "resources": {}}}}},
    "plan name with a space": {"plans": {"daily prod": {}}},
    "none with another": {"plans": {CONTROL: ["@@none", "@@remove"]}},
    "control twice": {"plans": {CONTROL: ["@@append", "@@append"]}},
    "unknown operator": {"plans": {CONTROL: ["@@enforced_for"]}},
    "plans as a list": {"plans": []},
}


@pytest.mark.parametrize("document", ADMITTED.values(), ids=ADMITTED)
def test_a_backup_policy_in_the_grammar_is_admitted(document: dict[str, Any]) -> None:
    admit_backup_policy(json.dumps(document))


@pytest.mark.parametrize("document", REFUSED.values(), ids=REFUSED)
def test_a_backup_policy_outside_the_grammar_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(MalformedPolicyError, match=REFUSAL):
        admit_backup_policy(json.dumps(document))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{", id="not JSON"),
        pytest.param('{"plans": {}, "plans": {}}', id="duplicate key"),
        pytest.param("[]", id="not an object"),
    ],
)
def test_a_backup_policy_that_does_not_read_is_refused(content: str) -> None:
    with pytest.raises(MalformedPolicyError, match=REFUSAL):
        admit_backup_policy(content)


DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize("statement", [DENY, [DENY], [DENY, {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}]])
def test_a_service_control_policy_is_admitted(statement: Any) -> None:
    admit_service_control_policy(json.dumps({"Version": "2012-10-17", "Statement": statement}))


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param([], id="none"),
        pytest.param([{**DENY, "Principal": "*"}], id="names a principal"),
        pytest.param([{**DENY, "Effect": "deny"}], id="unknown effect"),
        pytest.param([{"Effect": "Deny", "Action": "*"}], id="no resource"),
        pytest.param([{**DENY, "NotAction": "s3:*"}], id="action and not action"),
    ],
)
def test_a_malformed_service_control_policy_is_refused(statement: Any) -> None:
    with pytest.raises(MalformedPolicyError, match=REFUSAL):
        admit_service_control_policy(json.dumps({"Version": "2012-10-17", "Statement": statement}))
