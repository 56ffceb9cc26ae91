"""What whoever checks evidence takes from the reviewed intent: keys, pages and rules, each with its time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from strongroom.domain.evidence.log.notes import read_note_key
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.proofs.trust import EnrolledKey, Period, ProofTrust
from strongroom.domain.rulebook.periods import rules_from
from strongroom.domain.written import bytes_of, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from strongroom.domain.intent.model import Intent


@dataclass(frozen=True, slots=True)
class InForce:
    """Rules by their digest, from when until when; None bounds nothing."""

    digest: str
    since: datetime | None = None
    until: datetime | None = None


def log_trust(intent: Intent) -> LogTrust | None:
    """The log and the witness that the intent names; None where it does not name them both, with their keys."""
    log = intent.evidence
    if log is None or not (log.origin and log.log_key and log.witness):
        return None
    keys = (read_note_key(log.log_key), read_note_key(log.witness))
    return LogTrust(origin=log.origin, witness=keys[1].name, keys=keys)


def ceremony_trust(
    intent: Intent,
    *,
    at: datetime,
    since: datetime | None = None,
    issuer_keys: Sequence[str] = (),
    earlier: Sequence[InForce] = (),
) -> dict[str, Any]:
    """The trust of an intent in plain values, as a trust file has it.

    The rules of the moment `at` are in force from `since` on. `issuer_keys` are the thumbprints (RFC 7638) that were
    seen at the identity provider, `earlier` the rules that were in force before these. A time that is None bounds
    nothing.
    """
    log, page = intent.evidence, None if intent.restores is None else intent.restores.page
    return {
        "issuer_keys": sorted(issuer_keys),
        "log_keys": [key for key in (log.log_key, log.witness) if key] if log else [],
        "origin": (log.origin if log else None) or "",
        "origins": list(page.origins) if page else [],
        "passkeys": {
            passkey.id: [person.subject, passkey.public_key, _written(passkey.since), _written(passkey.until)]
            for person in intent.people.values()
            for passkey in person.passkeys
        },
        "policies": [
            [each.digest, _written(each.since), _written(each.until)]
            for each in (*earlier, *_in_force(intent, at=at, since=since))
        ],
        "rp_id": page.rp_id if page else "",
        "witness": log.witness.partition("+")[0] if log and log.witness else "",
    }


def proof_trust(intent: Intent, *, issuer_keys: Sequence[str] = ()) -> ProofTrust:
    """The same as far as proofs are judged by it."""
    page = None if intent.restores is None else intent.restores.page
    return ProofTrust(
        rp_id=page.rp_id if page else "",
        origins=page.origins if page else (),
        passkeys={
            passkey.id: EnrolledKey(
                subject=person.subject,
                public_key=bytes_of(passkey.public_key, of="public_key"),
                period=Period(passkey.since, passkey.until),
            )
            for person in intent.people.values()
            for passkey in person.passkeys
        },
        issuer_keys=dict.fromkeys(issuer_keys, Period()),
    )


def _in_force(intent: Intent, *, at: datetime, since: datetime | None) -> Iterator[InForce]:
    """The rules of each place, until those that come after them."""
    held = rules_from(intent, at=at)
    for now, following in zip_longest(held, held[1:]):
        until = following.since if following is not None and following.place == now.place else None
        yield InForce(now.digest, since=now.since or since, until=until)


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)
