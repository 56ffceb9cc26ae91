"""What the identity provider was seen to publish tells by which keys its tokens are judged, and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.issuer_keys import (
    LATE,
    IssuerDocuments,
    SeenKeys,
    known_keys,
    read_seen_keys,
    seen_keys_text,
)
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.trust import Period

ISSUER = "https://login.strongroom.example"
NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
FIRST, SECOND, THIRD = (NOW + timedelta(days=each) for each in range(3))
KEY = {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}
CONFIGURATION = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks"}


def documents(*keys: Any, **more: Any) -> IssuerDocuments:
    return IssuerDocuments(configuration=CONFIGURATION, keys={"keys": list(keys), **more})


def sight(at: datetime, *thumbprints: str, issuer: str = ISSUER) -> SeenKeys:
    return SeenKeys(issuer=issuer, seen_at=at, thumbprints=frozenset(thumbprints))


def test_a_sight_holds_both_documents_and_names_the_keys_that_sign_here() -> None:
    others = [{"kty": "OKP", "crv": "Ed25519", "x": "c"}, "no key", {"kty": "RSA"}]
    text = seen_keys_text(ISSUER, documents(KEY | {"kid": "one", "x5c": ["é"]}, *others), at=NOW)
    assert read_seen_keys(text) == sight(NOW, thumbprint_of(KEY))
    kept = read_canonical(text)
    assert '"kid":"one"' in kept["jwks"]
    assert kept["configuration"] == f'{{"issuer":"{ISSUER}","jwks_uri":"{ISSUER}/jwks"}}'


def test_what_canonical_texts_do_not_hold_is_kept_all_the_same() -> None:
    text = seen_keys_text(ISSUER, documents(KEY, version=1.5, most=2**60), at=NOW)
    assert read_seen_keys(text).thumbprints == {thumbprint_of(KEY)}


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (documents(), "publishes no key"),
        (documents({"kty": "OKP"}), "publishes no key"),
        (IssuerDocuments(configuration=CONFIGURATION, keys=[KEY]), "publishes no key"),
        (IssuerDocuments(configuration=CONFIGURATION, keys={"keys": {"a": KEY}}), "publishes no key"),
        (documents(KEY, padding="x" * 600_000), "characters"),
    ],
    ids=["nothing", "a key of another kind", "a bare list", "a record", "far too much"],
)
def test_what_shows_no_key_is_not_kept(published: IssuerDocuments, said: str) -> None:
    with pytest.raises(MalformedRecordError, match=said):
        seen_keys_text(ISSUER, published, at=NOW)


@pytest.mark.parametrize(
    "changes",
    [{"format": "strongroom-issuer-keys/2"}, {"jwks": "no JSON"}, {"jwks": 1}, {"issuer": ""}, {"seen_at": "now"}],
    ids=str,
)
def test_what_is_no_sight_is_refused(changes: dict[str, Any]) -> None:
    content = read_canonical(seen_keys_text(ISSUER, documents(KEY), at=NOW))
    with pytest.raises(MalformedRecordError):
        read_seen_keys(canonical_text(content | changes))


SEEN: dict[str, tuple[list[SeenKeys], dict[str, Period]]] = {
    "nothing yet": ([], {}),
    "a key that is there": ([sight(FIRST, "a")], {"a": Period()}),
    "a key that was replaced": (
        [sight(SECOND, "b"), sight(FIRST, "a")],
        {"a": Period(until=SECOND + LATE), "b": Period()},
    ),
    "two keys side by side": (
        [sight(FIRST, "a"), sight(SECOND, "a", "b"), sight(THIRD, "b")],
        {"a": Period(until=THIRD + LATE), "b": Period()},
    ),
    "a key that has been gone for long": (
        [sight(FIRST, "a"), sight(SECOND, "b"), sight(THIRD, "b")],
        {"a": Period(until=SECOND + LATE), "b": Period()},
    ),
    "a key that came back": (
        [sight(FIRST, "a"), sight(SECOND, "b"), sight(THIRD, "a", "b")],
        {"a": Period(), "b": Period()},
    ),
    "the keys of another issuer": (
        [sight(FIRST, "a"), sight(SECOND, "b", issuer="https://evil.example")],
        {"a": Period()},
    ),
}


@pytest.mark.parametrize(("sights", "expected"), SEEN.values(), ids=SEEN)
def test_by_which_keys_tokens_are_judged(sights: list[SeenKeys], expected: dict[str, Period]) -> None:
    assert known_keys(sights, issuer=ISSUER) == expected


def test_x_12_a_key_that_is_gone_signs_nothing_new_and_what_it_signed_stays_signed() -> None:
    gone = known_keys([sight(FIRST, "a"), sight(SECOND, "b")], issuer=ISSUER)["a"]
    assert gone.holds(FIRST)
    assert gone.holds(SECOND + LATE - timedelta(seconds=1))
    assert not gone.holds(SECOND + LATE)
