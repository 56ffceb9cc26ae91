"""What scans say when a restore is done, against what approvers were told of them."""

from itertools import product

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.deciding.afresh.scanned import (
    approved_scan,
    as_graver_scanned,
    demand_no_new_malware,
)
from strongroom.domain.restores.deciding.dangers import unread_sentence
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.restores import a_recovery_point, a_request

TOLD = {
    Scan.CLEAN: ("temporary-copy",),
    Scan.NEVER: ("never-scanned", "temporary-copy"),
    Scan.INCOMPLETE: ("elevated", "scan-incomplete"),
    Scan.THREATS: ("elevated", "infected", "steps-after"),
}
NEW = r"^malware was found in the backup after it was asked for; choose another one$"
# By how much each alarms.
ORDER = list(TOLD)


@pytest.mark.parametrize("scan", ORDER)
def test_what_approvers_were_told_is_among_the_risks(scan: Scan) -> None:
    assert approved_scan(a_request(risks=TOLD[scan])) is scan


@pytest.mark.parametrize(("approved", "now"), list(product(ORDER, ORDER)))
def test_what_alarms_more_counts_where_each_vault_has_answered(approved: Scan, now: Scan) -> None:
    request, point = a_request(risks=TOLD[approved]), a_recovery_point(scan=now)
    graver = a_recovery_point(scan=max(approved, now, key=ORDER.index))
    assert as_graver_scanned(request, point, is_whole=True) == graver
    assert as_graver_scanned(request, point, is_whole=False) == a_recovery_point(scan=approved)


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("told", [(), ("vault-a",), ("vault-a", "vault-b")], ids=len)
def test_vaults_that_were_told_as_unread_stay_so_whichever_answer_now(told: tuple[str, ...], *, is_whole: bool) -> None:
    sentences = ("It was never scanned for malware.", *map(unread_sentence, told))
    request = a_request(risks=TOLD[Scan.NEVER], risk_sentences=sentences)
    point = a_recovery_point(unread_vaults=("vault-b", "vault-c"))
    assert as_graver_scanned(request, point, is_whole=is_whole).unread_vaults == told


@pytest.mark.parametrize(("approved", "now"), list(product(ORDER, ORDER)))
def test_only_malware_that_nobody_was_told_of_ends_it(approved: Scan, now: Scan) -> None:
    request = a_request(risks=TOLD[approved])
    if now is Scan.THREATS and approved is not Scan.THREATS:
        with pytest.raises(RestoreRefusedError, match=NEW):
            demand_no_new_malware(request, now)
    else:
        demand_no_new_malware(request, now)
