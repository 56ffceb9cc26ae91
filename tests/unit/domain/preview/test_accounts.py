"""Which accounts become governed, stop, or stay outside."""

from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.accounts import Governance, decide_accounts

MANAGEMENT, FIRST, SECOND, THIRD, FOURTH = (AccountId(f"{number}" * 12) for number in range(1, 6))
GOVERNANCE = Governance(
    before={FIRST: "Workloads", SECOND: "Sandbox"},
    after={FIRST: "Workloads", THIRD: "Workloads/PCI", MANAGEMENT: "root"},
    units={MANAGEMENT: "root", FIRST: "Workloads", SECOND: "Sandbox", THIRD: "Workloads/PCI", FOURTH: "Closed"},
    management_account=MANAGEMENT,
)


def test_each_account_is_told_once_under_the_name_of_its_target_or_unit() -> None:
    accounts = decide_accounts(
        GOVERNANCE, stale=frozenset({THIRD}), unread=frozenset({SECOND, FIRST}), management_plans=()
    )
    assert accounts.become_governed == {"Workloads/PCI": (THIRD,)}
    assert accounts.stop_being_governed == {"Sandbox": (SECOND,)}
    assert accounts.stay_governed == 1
    assert accounts.stay_outside == {"Closed": (FOURTH,)}
    assert (accounts.stale, accounts.unread) == ((THIRD,), (FIRST, SECOND))


def test_the_management_account_is_told_only_where_plans_reach_it() -> None:
    known = {"stale": frozenset[AccountId](), "unread": frozenset[AccountId]()}
    assert decide_accounts(GOVERNANCE, **known, management_plans=()).management is None
    reached = decide_accounts(GOVERNANCE, **known, management_plans=("daily",)).management
    assert reached is not None
    assert (reached.account, reached.plans) == (MANAGEMENT, ("daily",))
