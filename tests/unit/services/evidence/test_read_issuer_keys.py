"""Tokens are judged by keys that are kept; only of a key that is not kept yet the provider is asked."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.errors import ApprovalVoidError, TemporarilyUnavailableError
from strongroom.domain.evidence.issuer_keys import LATE, IssuerDocuments, seen_keys_text
from strongroom.domain.evidence.object_keys import sight_key
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.trust import Period, Periods
from strongroom.services.evidence.read_issuer_keys import IssuerKeys, all_sights, kept_keys
from tests.fakes.restores.evidence import FakeShelf

ISSUER = "https://login.strongroom.example"
NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
A, B = ({"kty": "EC", "crv": "P-256", "x": name, "y": name} for name in "ab")
OLD, NEW = thumbprint_of(A), thumbprint_of(B)


class Away(Mapping[str, Period | Periods]):
    """What a provider publishes that cannot be reached."""

    def __getitem__(self, thumbprint: str) -> Period:
        raise TemporarilyUnavailableError("the identity provider cannot be reached")

    def __iter__(self) -> Iterator[str]:
        raise TemporarilyUnavailableError("the identity provider cannot be reached")

    def __len__(self) -> int:
        raise TemporarilyUnavailableError("the identity provider cannot be reached")


@pytest.fixture
def shelf() -> FakeShelf:
    """A key that was replaced by another a day ago."""
    shelf = FakeShelf()
    for at, key in ((NOW - timedelta(days=40), A), (NOW - timedelta(days=20), A), (NOW - timedelta(days=1), B)):
        documents = IssuerDocuments(configuration={}, keys={"keys": [key]})
        shelf.put_new(sight_key(ISSUER, at=at), seen_keys_text(ISSUER, documents, at=at))
    return shelf


def keys(shelf: FakeShelf, published: Mapping[str, Period | Periods]) -> IssuerKeys:
    return IssuerKeys(lambda: kept_keys(shelf, issuer=ISSUER, now=NOW), published=published)


def test_x_12_while_the_provider_is_away_tokens_of_kept_keys_are_judged(shelf: FakeShelf) -> None:
    known = keys(shelf, Away())
    assert known[NEW] == Period()
    assert known[OLD] == Period(until=NOW - timedelta(days=1) + LATE)


def test_of_a_key_that_is_not_kept_the_provider_is_asked(shelf: FakeShelf) -> None:
    with pytest.raises(TemporarilyUnavailableError):
        keys(shelf, Away()).get("third")
    assert keys(shelf, {"third": Period()})["third"] == Period()
    assert keys(shelf, {}).get("third") is None


def test_what_the_provider_still_publishes_does_not_bring_back_what_was_seen_to_be_gone(shelf: FakeShelf) -> None:
    assert keys(shelf, {OLD: Period()})[OLD] == Period(until=NOW - timedelta(days=1) + LATE)


def test_all_of_them_are_those_that_are_kept_and_those_that_are_published(shelf: FakeShelf) -> None:
    known = keys(shelf, {"third": Period(), NEW: Period()})
    assert (set(known), len(known)) == ({OLD, NEW, "third"}, 3)


def test_only_what_open_requests_can_rest_on_is_read(shelf: FakeShelf) -> None:
    asked: list[str] = []
    read = shelf.texts
    shelf.texts = lambda prefix: asked.append(prefix) or read(prefix)  # type: ignore[method-assign,func-returns-value]
    kept_keys(shelf, issuer=ISSUER, now=NOW)
    folder = "issuer-keys/login.strongroom.example/"
    assert asked == [f"{folder}2026-10-", f"{folder}2026-11-"]
    assert len(all_sights(shelf, issuer=ISSUER)) == 3


def test_sights_that_were_tampered_with_or_cannot_be_read_are_not_believed(shelf: FakeShelf) -> None:
    first = sight_key(ISSUER, at=NOW - timedelta(days=1))
    shelf.kept[first] = "{}"
    with pytest.raises(ApprovalVoidError, match="cannot be read"):
        kept_keys(shelf, issuer=ISSUER, now=NOW)
    shelf.tampered.add(first)
    with pytest.raises(ApprovalVoidError, match="tampered"):
        kept_keys(shelf, issuer=ISSUER, now=NOW)
