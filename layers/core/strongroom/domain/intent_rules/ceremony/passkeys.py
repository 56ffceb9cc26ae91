"""What is wrong with the passkeys: keys that are none, that stand twice, that never count, or that nobody has shown."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.ceremony import Person
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.passkeys import Page, Passkey
from strongroom.domain.proofs import policies
from strongroom.domain.proofs.enrolment import why_not_enrolled
from strongroom.domain.proofs.proof import Assertion
from strongroom.domain.proofs.public_keys import why_no_key
from strongroom.domain.proofs.signatures import SignatureCheck
from strongroom.domain.written import bytes_of

_LEAST_ID_BYTES: Final = 16


def find_passkey_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the passkeys of all people; what they signed, `find_unproven_passkeys` checks."""
    found = tuple(_all(intent))
    for path, _, passkey in found:
        yield from _form(passkey, path=path)
        if passkey.since and passkey.until and passkey.until <= passkey.since:
            yield error("passkey-times", f"{path}.until", "must be later than since, or the key never counts")
        if passkey.synced and intent.restores is not None and intent.restores.device_bound:
            why = "restores.device_bound takes no passkey that may be copied to other devices; take one of both out"
            yield error("passkey-synced", f"{path}.synced", why)
    yield from _twice([(f"{path}.id", passkey.id) for path, _, passkey in found])
    yield from _twice([(f"{path}.public_key", passkey.public_key) for path, _, passkey in found])
    if found and intent.restores is not None and intent.restores.page is None:
        why = "is missing: the passkeys of people belong to a page; add {rp_id: HOST, origins: [https://HOST]}"
        yield error("page-missing", "restores.page", why)


def find_unproven_passkeys(intent: Intent, *, signatures: SignatureCheck, today: date) -> Iterator[Finding]:
    """An error for each passkey of which its holder has not shown that it is theirs.

    Those that have ended are left as they are: they may be of a page that is no more.
    """
    page = None if intent.restores is None else intent.restores.page
    if page is None:
        return
    midnight = datetime.combine(today, time(), tzinfo=UTC)
    for path, person, passkey in _all(intent):
        if not passkey.has_ended_by(midnight) and (refusal := _why_unproven(person, passkey, page, signatures)):
            why = f"{refusal}; enrol the passkey on the page, and take over what it shows then"
            yield error("passkey-unproven", f"{path}.proof", why)


def _all(intent: Intent) -> Iterator[tuple[str, Person, Passkey]]:
    for name, person in intent.people.items():
        for number, passkey in enumerate(person.passkeys):
            yield f"people.{name}.passkeys[{number}]", person, passkey


def _form(passkey: Passkey, *, path: str) -> Iterator[Finding]:
    try:
        if len(bytes_of(passkey.id, of="it")) < _LEAST_ID_BYTES:
            yield error("passkey-id", f"{path}.id", f"it has fewer than {_LEAST_ID_BYTES} bytes, and no passkey's has")
    except MalformedRecordError as failure:
        yield error("passkey-id", f"{path}.id", f"{failure}; copy it as the page shows it")
    try:
        refusal = why_no_key(bytes_of(passkey.public_key, of="it"), algorithm=passkey.algorithm)
    except MalformedRecordError as failure:
        refusal = str(failure)
    if refusal:
        why = f"{refusal}; with {passkey.algorithm} it must be SubjectPublicKeyInfo in base64url, as the page shows it"
        yield error("passkey-key", f"{path}.public_key", why)


def _twice(values: list[tuple[str, str]]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for path, value in values:
        if (other := first.setdefault(value, path)) != path:
            yield error("passkey-twice", path, f"is already {other}: one key must not count as two")


def _why_unproven(person: Person, passkey: Passkey, page: Page, signatures: SignatureCheck) -> str:
    proof = passkey.proof
    try:
        return why_not_enrolled(
            Assertion(
                credential=passkey.id,
                authenticator_data=bytes_of(proof.authenticator_data, of="authenticator_data"),
                client_data=bytes_of(proof.client_data, of="client_data"),
                signature=bytes_of(proof.signature, of="signature"),
            ),
            subject=person.subject,
            passkey=policies.Passkey(
                id=passkey.id,
                public_key=bytes_of(passkey.public_key, of="public_key"),
                algorithm=passkey.algorithm,
            ),
            is_synced=passkey.synced,
            rp_id=page.rp_id,
            origins=page.origins,
            signatures=signatures,
        )
    except MalformedRecordError as failure:
        return str(failure)
