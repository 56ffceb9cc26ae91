"""Lists of vaults and looks at points, as the search for candidates and the report of malware share them."""

from collections.abc import Callable

import pytest

from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.candidates.ranking import Question
from strongroom.domain.restores.choosing.kept import Unread
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.services.restores.asking.listed_points import list_points, look_at_candidates, said_of, vaults_of
from tests.builders.deciding.candidates import BEFORE, a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import DATABASE, NOW, POINT
from tests.fakes.many.candidates import FakeLists


def local(_: ListedPoint) -> Way:
    return Way.LOCAL


@pytest.fixture
def ask() -> Callable[..., Question]:
    return lambda: Question(before=BEFORE, now=NOW, way_of=local, seen={})


def test_the_accounts_own_vault_comes_first_and_none_twice(intent: Intent) -> None:
    found = vaults_of(intent, account=AccountId(PAYMENTS), region=Region(HOME))
    assert found == (LOCAL_VAULT, CENTRAL_VAULT, REPLICA_VAULT)


def test_without_a_region_it_is_the_vaults_of_each(intent: Intent) -> None:
    found = vaults_of(intent, account=AccountId(PAYMENTS), region=Region(""))
    assert [arn for arn in found if PAYMENTS in arn] == [
        LOCAL_VAULT.replace(HOME, region) for region in intent.organization.regions
    ]


def test_what_can_be_read_is_listed_and_what_cannot_is_named() -> None:
    lists = FakeLists(refused={CENTRAL_VAULT: AccessRefusedError("role x of account y")})
    points, unread = list_points(DATABASE, (LOCAL_VAULT, CENTRAL_VAULT), lists=lists)
    assert points == [a_listed_point()]
    assert unread == [Unread(vault=CENTRAL_VAULT, reason=said_of(AccessRefusedError("")))]
    assert "role x" not in unread[0].reason


def test_what_is_shown_was_looked_at_once(ask: Callable[..., Question]) -> None:
    lists = FakeLists(described={POINT: a_listed_point(scan=Scan.CLEAN)})
    unread: list[Unread] = []
    [row] = look_at_candidates([a_listed_point(), a_listed_copy()], ask(), lists=lists, unread=unread).rows
    assert (row.scan, unread, len(lists.looks)) == (Scan.CLEAN, [], 2)


def test_what_cannot_be_looked_at_stays_and_is_said(ask: Callable[..., Question]) -> None:
    lists = FakeLists(unseen={POINT: TemporarilyUnavailableError("x")})
    unread: list[Unread] = []
    [row] = look_at_candidates([a_listed_point()], ask(), lists=lists, unread=unread).rows
    assert row.best.point.arn == POINT
    assert [each.vault for each in unread] == [LOCAL_VAULT]
