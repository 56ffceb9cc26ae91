"""Every passkey is a key, counts once, and was shown to be its holder's; what is not is told at its place."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.passkeys import Page, Passkey
from strongroom.domain.intent_rules.ceremony.passkeys import find_passkey_contradictions, find_unproven_passkeys
from tests.builders.intents import with_restores
from tests.builders.proving.passkeys import a_passkey, with_passkeys

type Change = Callable[[Intent], Intent]

TODAY = date(2026, 11, 26)


def of_omar(*keys: Passkey) -> Change:
    def change(intent: Intent) -> Intent:
        people = intent.people | {"omar": replace(intent.people["omar"], passkeys=keys)}
        return with_restores(with_passkeys(replace(intent, people=people), "maria"))

    return change


def changed(**changes: Any) -> Change:
    return of_omar(a_passkey("omar", **changes))


def found(intent: Intent) -> list[tuple[str, str, str]]:
    unproven = find_unproven_passkeys(intent, signatures=CryptographySignatures(), today=TODAY)
    return [(each.code, each.path, each.message) for each in (*find_passkey_contradictions(intent), *unproven)]


def test_passkeys_of_each_algorithm_are_proven(intent: Intent) -> None:
    signed = with_passkeys(intent)
    assert {key.algorithm for person in signed.people.values() for key in person.passkeys} == {
        "ES256",
        "EdDSA",
        "RS256",
    }
    assert found(signed) == []


FIRST = "people.omar.passkeys[0]"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)

WRONG: dict[str, tuple[Change, list[tuple[str, str]], str]] = {
    "an id that is too short": (
        changed(id="AAAA"),
        [("passkey-id", f"{FIRST}.id"), ("passkey-unproven", f"{FIRST}.proof")],
        "fewer than 16 bytes",
    ),
    "an id in another spelling": (
        changed(id="sbH9o12CzppYG-1rNNr68R"),
        [("passkey-id", f"{FIRST}.id"), ("passkey-unproven", f"{FIRST}.proof")],
        "not the one spelling of its bytes",
    ),
    "a key of another algorithm": (
        changed(algorithm="EdDSA"),
        [("passkey-key", f"{FIRST}.public_key"), ("passkey-unproven", f"{FIRST}.proof")],
        "it is no key of Ed25519; with EdDSA it must be SubjectPublicKeyInfo",
    ),
    "no base64url": (
        changed(public_key="MFkw=="),
        [("passkey-key", f"{FIRST}.public_key"), ("passkey-unproven", f"{FIRST}.proof")],
        "not base64url",
    ),
    "an end before the beginning": (
        changed(since=MOMENT.replace(year=2028), until=MOMENT.replace(year=2027)),
        [("passkey-times", f"{FIRST}.until")],
        "must be later than since",
    ),
    "a key that was never shown": (
        changed(proof=a_passkey("sana").proof),
        [("passkey-unproven", f"{FIRST}.proof")],
        "the passkey signed something else; enrol the passkey on the page",
    ),
    "a proof that is no base64url": (
        changed(proof=replace(a_passkey("omar").proof, signature="=")),
        [("passkey-unproven", f"{FIRST}.proof")],
        "signature is not base64url",
    ),
    "said to be copied": (
        changed(synced=True),
        [("passkey-unproven", f"{FIRST}.proof")],
        "the authenticator says synced: false",
    ),
    "one person's key for another": (
        of_omar(a_passkey("maria")),
        [
            ("passkey-twice", "people.maria.passkeys[0].id"),
            ("passkey-twice", "people.maria.passkeys[0].public_key"),
            ("passkey-unproven", f"{FIRST}.proof"),
        ],
        "is already people.omar.passkeys[0].id: one key must not count as two",
    ),
    "one key under two ids": (
        of_omar(a_passkey("omar"), a_passkey("omar", id=a_passkey("sana").id)),
        [
            ("passkey-twice", "people.omar.passkeys[1].public_key"),
            ("passkey-unproven", "people.omar.passkeys[1].proof"),
        ],
        "one key must not count as two",
    ),
}


@pytest.mark.parametrize(("change", "places", "said"), WRONG.values(), ids=WRONG)
def test_a_passkey_that_cannot_count_is_told(
    intent: Intent, change: Change, places: list[tuple[str, str]], said: str
) -> None:
    told = found(change(intent))
    assert [(code, path) for code, path, _ in told] == places
    assert said in told[0][2]


def test_passkeys_need_the_page_that_they_belong_to(intent: Intent) -> None:
    [(code, path, message)] = found(with_restores(with_passkeys(intent), page=None))
    assert (code, path) == ("page-missing", "restores.page")
    assert message.startswith("is missing")


def test_another_page_is_another_enrolment(intent: Intent) -> None:
    moved = Page(rp_id="approve.example.com", origins=("https://approve.example.com",))
    told = found(with_restores(with_passkeys(intent, "omar"), page=moved))
    assert [(code, path) for code, path, _ in told] == [("passkey-unproven", f"{FIRST}.proof")]
    assert "a page that is not ours" in told[0][2]


@pytest.mark.parametrize(
    ("until", "told"),
    [(datetime(2026, 11, 26, tzinfo=UTC), 0), (datetime(2026, 11, 26, 0, 0, 1, tzinfo=UTC), 1)],
    ids=["ended yesterday", "ends today"],
)
def test_a_key_that_has_ended_may_be_of_a_page_that_is_no_more(intent: Intent, until: datetime, told: int) -> None:
    moved = Page(rp_id="approve.example.com", origins=("https://approve.example.com",))
    old = with_restores(with_passkeys(intent, "omar", until=until), page=moved)
    assert len(found(old)) == told


def test_device_bound_rules_take_no_key_that_can_be_copied(intent: Intent) -> None:
    bound = with_restores(changed(synced=True)(intent), device_bound=True)
    assert ("passkey-synced", f"{FIRST}.synced") in [(code, path) for code, path, _ in found(bound)]


def test_without_a_ceremony_a_key_is_still_held_to_its_form(intent: Intent) -> None:
    alone = replace(changed(id="AAAA")(intent), restores=None)
    assert [code for code, _, _ in found(alone)] == ["passkey-id"]
