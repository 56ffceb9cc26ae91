"""The benchmark of a whole organisation measures what it says; nothing is expected of how long it took."""

from benchmarks.deciding.organization_policies import estate_of, judge, measure_organization_policies
from strongroom.domain.intent.model import Intent


def test_accounts_that_inherit_the_same_are_merged_once(intent: Intent) -> None:
    rows = measure_organization_policies(intent, sizes=(240, 480), runs=1)
    assert [row.detail["merges"] for row in rows] == [48, 48]
    assert [(row.detail["policies"], row.detail["invalid"], row.detail["lint_errors"]) for row in rows] == [
        (40, 0, 0)
    ] * 2


def test_every_account_is_judged_over_five_levels(intent: Intent) -> None:
    judged = judge(estate_of(intent, accounts=240))
    assert len(judged.effective.by_account) == 240
    assert {len(group.policies) for group in judged.effective.groups} == {4, 5}
    assert all(len(group.effective["plans"]) >= 6 for group in judged.effective.groups)
    assert any(finding.code == "unlocked" for finding in judged.findings)
