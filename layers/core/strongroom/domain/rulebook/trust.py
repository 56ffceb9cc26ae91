"""What whoever checks evidence takes from the reviewed intent: keys, pages and rules, each with its time."""

from __future__ import annotations

from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.evidence.log.notes import read_note_key
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.proofs.trust import EnrolledKey, Period, Periods, ProofTrust
from strongroom.domain.rulebook.periods import rules_from
from strongroom.domain.written import bytes_of, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.intent.model import Intent


type KnownKeys = Mapping[str, Period | Periods]

NO_KEYS: Final[KnownKeys] = MappingProxyType({})


class InForce(Struct, frozen=True):
    """Rules by their digest, from when until when; None bounds nothing."""

    digest: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def written(self) -> list[str | None]:
        """The digest and the two times, as a trust file has them."""
        return [self.digest, _written(self.since), _written(self.until)]


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
    issuer_keys: KnownKeys = NO_KEYS,
    recorded: Sequence[InForce] = (),
) -> dict[str, Any]:
    """The trust of an intent in plain values, as a trust file has it.

    `issuer_keys` are the thumbprints (RFC 7638) that were seen at the identity provider. `recorded` is when which rules
    were in force, as it was written down when they were applied; without that, those of the moment `at` are in force
    from `since` on. A time that is None bounds nothing.
    """
    log, page = intent.evidence, None if intent.restores is None else intent.restores.page
    return {
        "issuer_keys": [each for name in sorted(issuer_keys) for each in _written_key(name, issuer_keys[name])],
        "log_keys": [key for key in (log.log_key, log.witness) if key] if log else [],
        "origin": (log.origin if log else None) or "",
        "origins": list(page.origins) if page else [],
        "passkeys": {
            passkey.id: [person.subject, passkey.public_key, _written(passkey.since), _written(passkey.until)]
            for person in intent.people.values()
            for passkey in person.passkeys
        },
        "policies": [each.written for each in recorded or rules_in_force(intent, at=at, since=since)],
        "rp_id": page.rp_id if page else "",
        "witness": log.witness.partition("+")[0] if log and log.witness else "",
    }


def proof_trust(intent: Intent, *, issuer_keys: KnownKeys = NO_KEYS) -> ProofTrust:
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
        issuer_keys=issuer_keys,
    )


def rules_in_force(intent: Intent, *, at: datetime, since: datetime | None = None) -> Iterator[InForce]:
    """The rules of each place at that moment, `since` then, each until those that come after it."""
    held = rules_from(intent, at=at)
    for now, following in zip_longest(held, held[1:]):
        until = following.since if following is not None and following.place == now.place else None
        yield InForce(now.digest, since=now.since or since, until=until)


def _written_key(thumbprint: str, held: Period | Periods) -> Iterator[str | list[str | None]]:
    for part in held.parts if isinstance(held, Periods) else (held,):
        is_always = part == Period()
        yield thumbprint if is_always else [thumbprint, _written(part.since), _written(part.until)]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)
