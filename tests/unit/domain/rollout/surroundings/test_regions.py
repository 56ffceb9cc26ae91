"""A Region that is off in an account is told with the command that enables it, and stops nothing elsewhere."""

from copy import replace

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.regions import enabling
from strongroom.domain.rollout.surroundings.regions import judge_regions, own_places_that_may_be_shut
from tests.builders.places import BACKUP_ACCOUNT, MANAGEMENT, PAYMENTS, REPORTS

MILAN = Region("eu-south-1")


@pytest.mark.parametrize("status", ["DISABLED", "ENABLING", "DISABLING"])
@pytest.mark.parametrize("account", [PAYMENTS, MANAGEMENT])
def test_a_region_that_is_off_is_a_warning_with_what_enables_it(account: AccountId, status: str) -> None:
    [found] = judge_regions({(account, MILAN): status}, management=MANAGEMENT)
    assert (found.code, found.level) == ("region-off", Level.WARNING)
    assert f"eu-south-1 is {status} in account {account}" in found.message
    assert found.message.endswith(enabling(MILAN, account, opt_status=status, management=MANAGEMENT))


def test_nothing_is_said_of_what_is_on() -> None:
    statuses = {(PAYMENTS, MILAN): "ENABLED", (REPORTS, MILAN): "ENABLED_BY_DEFAULT"}
    assert list(judge_regions(statuses, management=MANAGEMENT)) == []


def test_what_nobody_could_see_is_one_line() -> None:
    accounts = [AccountId(f"{number:012}") for number in range(7)]
    [found] = judge_regions({(each, MILAN): None for each in accounts}, management=MANAGEMENT)
    assert (found.code, found.level) == ("region-unread", Level.WARNING)
    assert found.message.endswith("000000000004 eu-south-1 and 2 more places")


def test_the_management_account_needs_what_its_members_do(intent: Intent) -> None:
    members = ((PAYMENTS, MILAN), (REPORTS, MILAN))
    assert own_places_that_may_be_shut(intent, members) == ((MANAGEMENT, MILAN),)
    assert own_places_that_may_be_shut(intent, ()) == ()


def test_the_backup_account_needs_its_home_region_and_those_of_its_vaults(intent: Intent) -> None:
    at_home = replace(intent, organization=replace(intent.organization, home_region=MILAN))
    assert own_places_that_may_be_shut(at_home, ()) == ((BACKUP_ACCOUNT, MILAN),)
