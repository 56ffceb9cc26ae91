"""Keys of the identity provider are kept when they change, and once a week; what cannot be read changes nothing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.errors import MalformedRecordError, TemporarilyUnavailableError
from strongroom.domain.evidence.issuer_keys import IssuerDocuments, read_seen_keys
from strongroom.domain.evidence.object_keys import sight_key
from strongroom.services.evidence.watch_issuer_keys import IssuerKeysNeeds, IssuerKeysVerdict, watch_issuer_keys
from tests.fakes.restores.evidence import FakeShelf

ISSUER = "https://login.microsoftonline.example/t-1/v2.0"
NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)


def key(name: str) -> dict[str, str]:
    return {"kty": "EC", "crv": "P-256", "x": name, "y": name}


@dataclass
class Watch:
    """An issuer and what is kept of it."""

    keys: list[Any] = field(default_factory=lambda: [key("a")])
    shelf: FakeShelf = field(default_factory=FakeShelf)
    is_away: bool = False

    def documents(self) -> IssuerDocuments:
        if self.is_away:
            raise TemporarilyUnavailableError("the identity provider cannot be reached")
        return IssuerDocuments(configuration={"issuer": ISSUER}, keys={"keys": self.keys})

    def look(self, *, at: datetime = NOW) -> IssuerKeysVerdict:
        needs = IssuerKeysNeeds(issuer=ISSUER, site=self, shelf=self.shelf)
        return watch_issuer_keys(needs=needs, now=at).verdict


def test_the_first_sight_is_kept_under_the_issuer_and_the_time() -> None:
    watch = Watch()
    told = watch.look()
    assert (told.state, told.keys, "for the first time" in told.reason) == ("kept", 1, True)
    [(name, text)] = watch.shelf.kept.items()
    assert name == "issuer-keys/login.microsoftonline.example-t-1-v2.0/2026-11-26T140000Z.json"
    assert read_seen_keys(text).issuer == ISSUER


def test_what_is_the_same_is_not_kept_again_before_a_week_is_over() -> None:
    watch = Watch()
    watch.look()
    assert watch.look(at=NOW + timedelta(days=6)).state == "known"
    assert watch.look(at=NOW + timedelta(days=7)).state == "kept"
    assert len(watch.shelf.kept) == 2


@pytest.mark.parametrize(
    "keys", [[key("b")], [key("a"), key("b")], [key("b"), key("a")]], ids=["other", "more", "turned"]
)
def test_other_keys_are_kept_at_once(keys: list[Any]) -> None:
    watch = Watch()
    watch.look()
    watch.keys = keys
    assert watch.look(at=NOW + timedelta(minutes=15)).state == "kept"
    watch.keys = [*reversed(keys), {"kty": "OKP"}]
    assert watch.look(at=NOW + timedelta(minutes=30)).state == "known"


def test_over_the_turn_of_a_year_the_last_sight_is_found() -> None:
    watch = Watch()
    watch.look(at=datetime(2026, 12, 31, 23, 50, tzinfo=UTC))
    assert watch.look(at=datetime(2027, 1, 1, 0, 5, tzinfo=UTC)).state == "known"


def test_somebody_who_was_quicker_is_no_fault() -> None:
    watch = Watch()
    watch.look()
    watch.keys = [key("b")]
    watch.shelf.kept[sight_key(ISSUER, at=NOW + timedelta(minutes=1))] = watch.shelf.kept[sight_key(ISSUER, at=NOW)]
    assert watch.look(at=NOW + timedelta(minutes=1)).state == "kept"
    assert len(watch.shelf.kept) == 2


def test_a_provider_that_is_away_or_publishes_nothing_changes_nothing() -> None:
    watch = Watch()
    watch.look()
    before = dict(watch.shelf.kept)
    watch.keys = []
    with pytest.raises(MalformedRecordError):
        watch.look()
    watch.is_away = True
    with pytest.raises(TemporarilyUnavailableError):
        watch.look()
    assert watch.shelf.kept == before
