"""The lines of a preview."""

from collections.abc import Mapping
from copy import replace
from datetime import date

from strongroom.domain.findings import error
from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.accounts import Accounts, ManagementAccount
from strongroom.domain.preview.locks import Binding
from strongroom.domain.preview.money.bill import Money
from strongroom.domain.preview.proposal import Preview
from strongroom.domain.preview.report import lines_of
from strongroom.domain.preview.resources.catches import Catches, Caught, Change, Remark
from strongroom.domain.preview.resources.fates import Fate
from strongroom.domain.preview.slots import Slots
from tests.builders.places import REPLICA_REGION, a_vault_arn
from tests.builders.preview import CENTRAL

GUARDRAILS = ("FullAWSAccess", "aws-guardrails-a", "aws-guardrails-b")


def some(count: int) -> tuple[AccountId, ...]:
    """So many accounts."""
    return tuple(AccountId(f"{number:012}") for number in range(count))


PREVIEW = Preview(
    accounts=Accounts(
        become_governed={"Workloads": some(18), "Workloads/PCI": some(6)},
        stay_outside={"Closed accounts": some(3)},
        management=ManagementAccount(account=AccountId("111111111111"), plans=("a", "b", "c")),
    ),
    effective=(),
    findings=(
        error(
            "protection-shrinks",
            "222222222222",
            "superwerker-backup on 222222222222 may stop: as AWS documents it our lock ignores it, as recordings hint "
            "it goes on",
        ),
    ),
    slots=(
        Slots(target="Workloads", taken=GUARDRAILS, needed=2, limit=5),
        Slots(target="Security", taken=("FullAWSAccess", *GUARDRAILS, "aws-guardrails-c"), needed=2, limit=5),
    ),
    tiers={
        "strongroom-production": "production",
        "strongroom-on-request": "on-request",
        "strongroom-7y": "case-records",
    },
    caught=Caught(
        total=Catches(
            fates={Fate.CAUGHT: 1204, Fate.NOT_OPTED_IN: 5, Fate.UNTAGGED: 31, Fate.MISSPELLED: 6},
            plans={"strongroom-production": 1120, "strongroom-on-request": 71, "strongroom-7y": 13},
            changes={Change.NEWLY: 1000, Change.UNCHANGED: 204},
            remarks={Remark.TWICE: 9, Remark.NOT_OFFERED: 4},
        ),
        accounts={},
        examples={},
    ),
    points=(),
    money=Money(local=610, copies={CENTRAL: 2660}, transfer=140, assumed=3),
    money_today=Money(local=1900),
    prices_of=date(2026, 5, 1),
    locks=(
        Binding(vault=CENTRAL, name="central", immutable_from=date(2027, 1, 2), longest_days=2555, committed=42500.4),
    ),
)


def lines(**changes: object) -> dict[str, str]:
    """The line of each label in the preview with these changes."""
    told = [(line[:12].strip(), line[12:]) for line in lines_of(replace(PREVIEW, **changes))]  # type: ignore[arg-type]
    assert len(dict(told)) == len(told)
    return dict(told)


def test_a_preview_is_told_in_a_line_for_each_of_its_parts() -> None:
    assert lines() == {
        "accounts": (
            "24 become governed (Workloads 18, Workloads/PCI 6); 3 stay outside (Closed accounts 3); "
            "the management account is reached by 3 plans, but has no vault and no role"
        ),
        "policies": (
            "superwerker-backup on 222222222222 may stop: as AWS documents it our lock ignores it, as recordings hint "
            "it goes on     error protection-shrinks"
        ),
        "scp slots": (
            "Workloads 3 of 5 taken (FullAWSAccess, aws-guardrails-a, aws-guardrails-b), 2 needed; "
            "Security 5 of 5: no slot     error no-slot"
        ),
        "resources": (
            "1,204 caught: production 1,120, on-request 71, case-records 13; 9 by two plans; "
            "4 by a plan that their unit does not offer; 37 by none (31 untagged, 6 spelled otherwise); "
            "5 in types that are not opted in; against today 1,000 newly"
        ),
        "money": (
            "about 3,410 dollars a month in the long run (local 610, central 2,660, between Regions 140); with the "
            "policies of today about 1,900. Prices of 2026-05-01, sizes of the last backups, change 2 % a day where "
            "unknown"
        ),
        "locks": (
            "central: cannot be undone from 2027-01-02 on; longest copy 2555 days; until the last one ends it costs "
            "42,500 dollars, even if backups stop"
        ),
    }


def test_where_nothing_is_hit_and_nothing_locked_there_is_no_line() -> None:
    assert set(lines(findings=(), slots=(), locks=())) == {"accounts", "resources", "money"}


def test_what_is_not_in_the_sum_is_told() -> None:
    money = Money(unpriced={"EFS in eu-west-1, warm": 1234.5}, unsized=1, endless=("local-prod-vault",))
    line = lines(money=money)["money"]
    assert line.startswith("about 0 dollars a month in the long run; with the policies of today")
    assert "no price known for EFS in eu-west-1, warm (1,234 GB)" in line
    assert "the size of 1 resource is unknown" in line
    assert "what is never deleted from local-prod-vault is not counted" in line


def test_vaults_of_one_name_are_told_apart_by_their_region() -> None:
    copies: Mapping[str, float] = {CENTRAL: 10, a_vault_arn("central", region=REPLICA_REGION): 20}
    line = lines(money=Money(copies=copies))["money"]
    assert "(central in eu-west-1 10, central in eu-central-1 20)" in line


def test_accounts_that_stop_or_cannot_be_seen_are_told() -> None:
    accounts = Accounts(stop_being_governed={"Sandbox": some(2)}, stay_governed=7, stale=some(1), unread=some(4))
    assert lines(accounts=accounts)["accounts"] == (
        "0 become governed; 2 stop being governed (Sandbox 2); 7 stay governed; 1 keep the policy that they have, "
        "since the new one is not valid there; in 4 nobody could look"
    )


def test_a_lock_in_governance_mode_or_without_an_end_is_told_as_such() -> None:
    loose = Binding(vault=CENTRAL, name="central", immutable_from=None, longest_days=None, committed=0)
    assert (
        lines(locks=(loose,))["locks"] == "central: can be undone by whoever may change the lock; longest copy for ever"
    )


def test_slots_that_nobody_could_count_are_told_as_unknown() -> None:
    slots = (Slots(target="Workloads", taken=(), needed=2, limit=None),)
    assert lines(slots=slots)["scp slots"] == "Workloads 0 of an unknown number taken, 2 needed"
