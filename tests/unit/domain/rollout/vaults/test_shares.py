"""Air-gapped vaults are shared with every governed account and with nobody else, by a share of ours."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization, LiveShare
from strongroom.domain.rollout.steps import EnableSharing, ShareVault, StepKind
from strongroom.domain.rollout.vaults.shares import judge_shares, missing_sharing, pending_shares
from tests.builders.air_gaps import CENTRAL_GAP, TEAM, with_central_gap, with_own_gap
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.rollout import a_desired_organization, a_settled_organization

REPORTS = AccountId("333333333333")
OURS = LiveShare(arn="arn:ours", name="strongroom-central-gapped", principals=frozenset({PAYMENTS, REPORTS}))
THEIRS = LiveShare(arn="arn:theirs", name="for-a-partner", principals=frozenset({"123456789012"}))


def settled(
    wanted: Desired, *shares: LiveShare, governed: tuple[AccountId, ...] = (PAYMENTS, REPORTS)
) -> LiveOrganization:
    live = a_settled_organization(wanted)
    accounts = dict.fromkeys(live.members.accounts, governed)
    members = replace(live.members, accounts=accounts)
    return replace(live, members=members, shares={CENTRAL_GAP: shares})


@pytest.fixture
def gapped(intent: Intent) -> Desired:
    return a_desired_organization(with_central_gap(intent))


def test_where_it_is_shared_with_all_of_them_nothing_is_to_be_done(gapped: Desired) -> None:
    live = settled(gapped, OURS)
    assert [*missing_sharing(gapped, live), *pending_shares(gapped, live), *judge_shares(gapped, live)] == []


@pytest.mark.parametrize(
    ("shares", "share", "added", "removed", "before"),
    [
        pytest.param((), "", (PAYMENTS, REPORTS), (), "nobody", id="not shared yet"),
        pytest.param((THEIRS,), "", (PAYMENTS, REPORTS), (), "nobody", id="shared by somebody else"),
        pytest.param(
            (replace(OURS, principals=frozenset()),), "arn:ours", (PAYMENTS, REPORTS), (), "nobody", id="empty"
        ),
        pytest.param(
            (replace(OURS, principals=frozenset({PAYMENTS})),), "arn:ours", (REPORTS,), (), PAYMENTS, id="one is new"
        ),
        pytest.param(
            (replace(OURS, principals=OURS.principals | {"123456789012"}),),
            "arn:ours",
            (),
            ("123456789012",),
            "123456789012, 222222222222, 333333333333",
            id="one is not governed",
        ),
    ],
)
def test_a_step_brings_it_to_the_governed_accounts(
    shares: tuple[LiveShare, ...], share: str, added: Any, removed: Any, before: str, gapped: Desired
) -> None:
    [step] = pending_shares(gapped, settled(gapped, *shares))
    assert (step.id, step.kind, step.account) == ("share-safe", StepKind.SHARE, BACKUP_ACCOUNT)
    assert (step.before, step.after) == (before, f"{PAYMENTS}, {REPORTS}")
    assert step.act == ShareVault(
        vault=CENTRAL_GAP, name="strongroom-central-gapped", share=share, added=added, removed=removed
    )


def test_of_many_accounts_the_first_are_told(gapped: Desired) -> None:
    governed = tuple(AccountId(f"{number:012}") for number in range(7))
    [step] = pending_shares(gapped, settled(gapped, governed=governed))
    assert step.after.endswith("000000000004 and 2 more accounts")


def test_the_account_of_the_vault_needs_no_share(intent: Intent) -> None:
    wanted = a_desired_organization(with_central_gap(intent, account=VAULT_ACCOUNT))
    [step] = pending_shares(wanted, settled(wanted, governed=(VAULT_ACCOUNT, PAYMENTS)))
    assert isinstance(step.act, ShareVault)
    assert (step.account, step.act.vault) == (VAULT_ACCOUNT, a_vault_arn("central-gapped", account=VAULT_ACCOUNT))
    assert step.act.added == (PAYMENTS,)


def test_sharing_in_the_organisation_is_switched_on_first(gapped: Desired) -> None:
    live = settled(gapped)
    off = replace(live, switches=replace(live.switches, trusted_services=frozenset()))
    [step] = missing_sharing(gapped, off)
    assert (step.id, step.act) == ("sharing-in-organization", EnableSharing())


def test_what_somebody_else_shares_is_an_error_that_names_them(gapped: Desired) -> None:
    [finding] = judge_shares(gapped, settled(gapped, OURS, THEIRS))
    assert (finding.code, finding.path) == ("vault-shared", "vaults.safe")
    assert "is shared with 123456789012 by for-a-partner (arn:theirs)" in finding.message
    assert "delete that share" in finding.message


@pytest.mark.parametrize("is_second", [False, True], ids=["before ours", "after ours"])
@pytest.mark.parametrize(
    ("principals", "told"),
    [
        pytest.param({"123456789012"}, "123456789012", id="for somebody else"),
        pytest.param({PAYMENTS}, PAYMENTS, id="for one of them"),
        pytest.param({PAYMENTS, REPORTS, "123456789012"}, "123456789012, 222222222222, 333333333333", id="for more"),
    ],
)
def test_a_second_share_of_our_name_is_an_error_that_names_both(
    principals: set[str], told: str, *, is_second: bool, gapped: Desired
) -> None:
    """AWS RAM takes one name for as many shares as anybody makes."""
    second = LiveShare(arn="arn:a-second", name=OURS.name, principals=frozenset(principals))
    live = settled(gapped, *((OURS, second) if is_second else (second, OURS)))
    [finding] = judge_shares(gapped, live)
    assert (finding.code, finding.path) == ("vault-shared", "vaults.safe")
    assert f"is shared with {told} by strongroom-central-gapped (arn:a-second)" in finding.message
    assert f"beside arn:ours, which is ours and for {PAYMENTS}, {REPORTS}: whoever" in finding.message
    assert [*pending_shares(gapped, live)] == []


@pytest.mark.parametrize("changes", [{}, {"existing": True}], ids=["made here", "existing"])
def test_one_that_a_team_opens_is_shared_with_nobody(changes: dict[str, Any], intent: Intent) -> None:
    wanted = a_desired_organization(with_central_gap(intent, approval_team=TEAM, **changes))
    live = settled(wanted, OURS, THEIRS)
    [step] = pending_shares(wanted, live)
    assert (step.before, step.after) == (f"{PAYMENTS}, {REPORTS}", "nobody")
    assert step.act == ShareVault(
        vault=CENTRAL_GAP, name="strongroom-central-gapped", share="arn:ours", added=(), removed=(PAYMENTS, REPORTS)
    )
    [finding] = judge_shares(wanted, live)
    assert "is shared with 123456789012 by for-a-partner (arn:theirs)" in finding.message
    assert [*pending_shares(wanted, settled(wanted))] == []


@pytest.mark.parametrize("other", ["without", "own", "existing", "no ceremony"])
def test_nothing_else_is_shared(other: str, intent: Intent) -> None:
    told = {
        "without": intent,
        "own": with_own_gap(intent),
        "existing": with_central_gap(intent, existing=True),
        "no ceremony": replace(with_central_gap(intent), restores=None),
    }[other]
    wanted = a_desired_organization(told)
    live = replace(settled(wanted, THEIRS), switches=a_settled_organization(wanted).switches)
    assert [*missing_sharing(wanted, live), *pending_shares(wanted, live), *judge_shares(wanted, live)] == []
