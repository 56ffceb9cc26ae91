"""One visit: what is read once, and what stops nobody else."""

from collections.abc import Iterator

from strongroom.domain.doctor.checks import EXPIRY, LOCKS
from strongroom.domain.doctor.diagnosis import Diagnosis, Outcome
from strongroom.domain.errors import AccessRefusedError
from strongroom.services.doctor.visit import Visit, at_each
from tests.builders.places import HOME, LOCAL_VAULT, PAYMENTS
from tests.fakes.doctor import FakePatient


def test_governed_accounts_are_visited_in_every_governed_region(visit: Visit) -> None:
    assert visit.accounts == (PAYMENTS,)
    assert visit.places == {f"{PAYMENTS} {HOME}": (PAYMENTS, HOME)}
    assert list(visit.local_vaults) == [LOCAL_VAULT]


def test_a_vault_is_read_once_for_all_checks(visit: Visit, patient: FakePatient) -> None:
    assert visit.content(LOCAL_VAULT) == visit.content(LOCAL_VAULT)
    assert visit.jobs == visit.jobs
    assert patient.asked == [f"content {LOCAL_VAULT}", f"jobs {HOME}"]


def test_a_place_that_is_closed_is_told_and_the_others_are_looked_at() -> None:
    def look(where: str, number: int) -> Iterator[Diagnosis]:
        if number == 2:
            raise AccessRefusedError("closed")
        yield LOCKS.holds(where, "seen")

    lines = list(at_each(LOCKS, {"a": 1, "b": 2, "c": 3}, look))
    assert [(line.where, line.outcome) for line in lines] == [
        ("a", Outcome.HOLDS),
        ("b", Outcome.UNSEEN),
        ("c", Outcome.HOLDS),
    ]
    assert lines[1].evidence == f"no rights: closed; {LOCKS.least_policy}"


def test_without_places_there_is_nothing_to_say() -> None:
    assert list(at_each(EXPIRY, {}, lambda where, _: [EXPIRY.holds(where, "x")])) == []
