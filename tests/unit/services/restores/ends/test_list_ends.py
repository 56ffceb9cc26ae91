"""The list of what restores left behind."""

from datetime import timedelta

from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.domain.restores.ends.standing import EndState, arrived, begun, closed, left_nothing
from strongroom.services.restores.ends.list_ends import EndListNeeds, list_ends
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import COPIED_POINT, NOW, a_request
from tests.fakes.restores.world import CeremonyWorld


def test_what_is_open_is_listed_with_whose_it_is_and_since_and_until_when_the_first_to_go_first(
    world: CeremonyWorld,
) -> None:
    book = LedgerEnds(world.ledger)
    ages = {"r-late": 20, "r-soon": 15, "r-gone": 16}
    for name, days in ages.items():
        request = a_request(id=name, copy_kept_for=timedelta(days=days))
        end = begun(request, vault=TEMPORARY_VAULT, job="copy-1", since=NOW, now=NOW)
        end = arrived(end, recovery_point=COPIED_POINT, vault=TEMPORARY_VAULT, reason="", now=NOW)
        book.keep_end(closed(end, EndState.GONE, reason="") if name == "r-gone" else end, was=None)
    book.keep_end(left_nothing(a_request(id="r-local"), now=NOW), was=None)
    needs = EndListNeeds(ends=book, ceremony=world.ceremony)
    late = a_request().recovery_point_created_at + timedelta(days=15, hours=8, minutes=10)
    found = list_ends(needs=needs, now=late)
    assert [(each.request_id, each.is_overdue) for each in found] == [("r-soon", True), ("r-late", False)]
    assert (found[0].owner, found[0].recovery_point, found[0].since) == ("Omar Haddad", COPIED_POINT, NOW)
