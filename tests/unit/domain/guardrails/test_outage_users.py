"""The two users for an outage are kept from everybody, and from everything but the restore roles."""

from copy import replace

from strongroom.domain.guardrails.denials import Denial
from strongroom.domain.guardrails.rendering import (
    PROTECT_CONTROL_PLANE,
    find_crowded_targets,
    guardrail_targets,
    list_denials,
)
from strongroom.domain.intent.model import Intent
from tests.builders.intents import with_outage_users
from tests.builders.places import AUDIT_ACCOUNT, OUTAGE_USERS


def about_users(intent: Intent) -> dict[str, Denial]:
    return {each.sid: each for each in list_denials(intent)[PROTECT_CONTROL_PLANE] if "OutageUsers" in each.sid}


def test_without_such_users_there_is_nothing_to_keep(intent: Intent) -> None:
    assert about_users(intent) == {}


def test_they_open_a_session_and_borrow_a_restore_role_and_do_nothing_else(intent: Intent) -> None:
    assert about_users(with_outage_users(intent))["OutageUsersRestoreOnly"].statement() == {
        "Sid": "OutageUsersRestoreOnly",
        "Effect": "Deny",
        "NotAction": "sts:GetSessionToken",
        "NotResource": "arn:aws:iam::*:role/strongroom/strongroom-restore",
        "Condition": {"StringEquals": {"aws:PrincipalArn": list(OUTAGE_USERS)}},
    }


def test_the_restore_role_is_the_one_that_the_intent_names(intent: Intent) -> None:
    renamed = replace(intent, roles=replace(intent.roles, restore="ours/restore"))
    bound = about_users(with_outage_users(renamed))["OutageUsersRestoreOnly"]
    assert bound.not_resources == ("arn:aws:iam::*:role/ours/restore",)


def test_nobody_but_a_deployer_makes_them_a_key_or_a_device(intent: Intent) -> None:
    kept = about_users(with_outage_users(intent))["KeepOutageUsers"]
    assert kept.resources == OUTAGE_USERS
    assert {"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:EnableMFADevice"} <= set(kept.actions)
    assert [each.who for each in kept.exempt] == ["the deployers"]


def test_all_of_it_fits_where_the_guardrails_of_the_control_plane_hang(intent: Intent) -> None:
    with_users = with_outage_users(intent)
    assert find_crowded_targets(with_users) == ()
    documents = [name for name, targets in guardrail_targets(with_users).items() if AUDIT_ACCOUNT in targets]
    assert len(documents) == 4
