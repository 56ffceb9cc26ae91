"""Whom the key of its owner's that an air-gapped vault lies under lets use it, as far as anybody can judge."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.findings import Finding, Level
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.rollout.surroundings.keys import FoundKey
from strongroom.domain.rollout.vaults.gap_keys import judge_gap_keys
from tests.builders.air_gaps import CENTRAL_GAP, TEAM, with_central_gap
from tests.builders.doctor import a_key
from tests.builders.intents import with_restores
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.unit.domain.rollout.plans import codes, plan_of

KEY = f"arn:aws:kms:eu-west-1:{BACKUP_ACCOUNT}:key/of-others"
ALL = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
EVERY_ACCOUNT: dict[str, Any] = ALL | {
    "Principal": {"AWS": "*"},
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-strongroom1"}},
}


def judged(intent: Intent, key: FoundKey | None, *, told: str = KEY) -> list[Finding]:
    """The plan's findings about the key; `told` is what AWS Backup names, empty where it is AWS's own."""
    wanted = a_desired_organization(intent)
    live = a_settled_organization(wanted)
    gapped = replace(live.vaults[CENTRAL_GAP], approval_team=TEAM, key=told)
    keys: dict[str, FoundKey] = {} if key is None else {CENTRAL_GAP: key}
    members = replace(live.members, accounts=dict.fromkeys(live.members.accounts, (PAYMENTS,)))
    live = replace(live, members=members, vaults={**live.vaults, CENTRAL_GAP: gapped}, gap_keys=keys)
    plan, found = plan_of(wanted, live), list(judge_gap_keys(wanted, live))
    assert [each for each in plan.findings if each.code.startswith("vault-key-")] == found
    assert codes(plan.errors) == []
    return found


@pytest.fixture
def gapped(intent: Intent) -> Intent:
    """A vault of others, which a team opens."""
    return with_central_gap(intent, existing=True, approval_team=TEAM)


def test_a_key_of_awss_own_is_no_matter_of_ours(gapped: Intent) -> None:
    assert judged(gapped, None, told="") == []


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        pytest.param(a_key(arn=KEY, statements=(EVERY_ACCOUNT,)), "", "", id="the organisation's"),
        pytest.param(
            a_key(
                arn=KEY, statements=(EVERY_ACCOUNT, ALL | {"Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}})
            ),
            "",
            "",
            id="and its owner's",
        ),
        pytest.param(
            a_key(arn=KEY, statements=()), "vault-key-closed", f"does not grant {BACKUP_ACCOUNT} kms:", id="closed"
        ),
        pytest.param(
            a_key(arn=KEY, statements=(ALL | {"Principal": {"AWS": BACKUP_ACCOUNT}},)),
            "vault-key-closed",
            f"does not grant {PAYMENTS} kms:",
            id="closed to who restores",
        ),
        pytest.param(
            a_key(arn=KEY, statements=(EVERY_ACCOUNT,), state="PendingDeletion"),
            "vault-key-closed",
            "is PendingDeletion",
            id="about to be deleted",
        ),
        pytest.param(a_key(arn=KEY, manager="AWS"), "vault-key-closed", "managed by AWS", id="AWS's"),
        pytest.param(
            a_key(arn=KEY, statements=(ALL | {"Principal": "*"},)), "vault-key-closed", "open to everybody", id="open"
        ),
        pytest.param(
            a_key(arn=KEY, statements=(EVERY_ACCOUNT, ALL | {"Effect": "Deny", "Sid": "NotAtNight"})),
            "vault-key-unjudged",
            "its statement NotAtNight may refuse",
            id="it denies something",
        ),
        pytest.param(
            a_key(
                arn=KEY,
                statements=(
                    EVERY_ACCOUNT
                    | {"Condition": EVERY_ACCOUNT["Condition"] | {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:x"}}},
                ),
            ),
            "vault-key-unjudged",
            "its statement 1 may refuse",
            id="on other terms",
        ),
        pytest.param("no rights to look", "vault-key-unjudged", "cannot be read (no rights to look)", id="unread"),
        pytest.param(None, "vault-key-unjudged", "cannot be read", id="not looked at"),
    ],
)
def test_a_key_of_its_owners_is_judged_for_every_account_that_copies_or_restores(
    key: FoundKey | None, code: str, words: str, gapped: Intent
) -> None:
    found = judged(gapped, key)
    assert [(each.code, each.level, each.path) for each in found] == (
        [(code, Level.WARNING, "vaults.safe")] if code else []
    )
    for named in (
        words,
        CENTRAL_GAP,
        KEY if not isinstance(key, str) else "",
        "strongroom/strongroom-backup",
        "strongroom/strongroom-restore-job",
        "AWSServiceRoleForBackup",
    ):
        assert all(named in each.message for each in found)


def test_one_that_no_team_opens_is_judged_alike(intent: Intent) -> None:
    [found] = judged(with_central_gap(intent, existing=True), a_key(arn=KEY, statements=()))
    assert found.code == "vault-key-closed"


@pytest.mark.parametrize("is_by_hand", [False, True])
def test_the_role_of_restores_by_hand_is_named_where_there_are_some(*, is_by_hand: bool, gapped: Intent) -> None:
    profiles = (AccountProfile(account=PAYMENTS, region=HOME, raw=("VirtualMachine",)),) if is_by_hand else ()
    [finding] = judged(with_restores(gapped, profiles=profiles), a_key(arn=KEY, statements=()))
    assert ("strongroom/strongroom-restore-raw" in finding.message) is is_by_hand
