"""The trust file: all that a verifier must know from elsewhere, out of the reviewed intent and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE, read_note_key
from strongroom.domain.proofs.trust import EnrolledKey, Period, Periods, ProofTrust
from strongroom.domain.written import bytes_of, moment_of, record_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.evidence.log.notes import NoteKey

FORMAT: Final = "strongroom-trust/1"
_KEYS: Final = ("issuer_keys", "log_keys", "origin", "origins", "passkeys", "policies", "rp_id", "witness")
_PASSKEY_PARTS: Final = 2


class LogTrust(Struct, frozen=True, kw_only=True):
    """Which log, by its origin, and which witness; `keys` are theirs, also those that were replaced."""

    origin: str
    witness: str
    keys: tuple[NoteKey, ...]

    def seen_by(self, key: NoteKey) -> LogTrust:
        """The same log with this key as the only one of a witness, whatever that witness is called."""
        others = tuple(each for each in self.keys if each.type != WITNESS_TYPE)
        return LogTrust(origin=self.origin, witness=key.name, keys=(*others, key))

    @property
    def log_keys(self) -> tuple[NoteKey, ...]:
        """The keys by which the log signs."""
        return tuple(key for key in self.keys if (key.type, key.name) == (LOG_TYPE, self.origin))

    @property
    def witness_keys(self) -> tuple[NoteKey, ...]:
        """The keys by which the witness signs."""
        return tuple(key for key in self.keys if (key.type, key.name) == (WITNESS_TYPE, self.witness))


class EvidenceTrust(Struct, frozen=True, kw_only=True):
    """Whose proofs and whose log are believed, and which rules, by their digest, were in force when."""

    proofs: ProofTrust
    log: LogTrust
    policies: Mapping[str, Periods] = field(default_factory=dict)

    def was_in_force(self, policy: str, *, at: datetime) -> bool:
        """Whether the rules were in force at that time."""
        return self.policies.get(policy, Periods()).holds(at)

    def had_begun(self, policy: str, *, at: datetime) -> bool:
        """Whether the rules were in force then or before."""
        return any(Period(since=period.since).holds(at) for period in self.policies.get(policy, Periods()).parts)


def read_trust(text: str) -> EvidenceTrust:
    """The trust of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=_KEYS, known=("format",))
    if content.get("format", FORMAT) != FORMAT:
        raise MalformedRecordError(f"the trust file is not of the format {FORMAT}")
    return EvidenceTrust(
        proofs=ProofTrust(
            rp_id=text_of(content["rp_id"], of="rp_id"),
            origins=texts_of(content["origins"], of="origins"),
            passkeys=_passkeys(content["passkeys"]),
            issuer_keys=_dated_texts(content["issuer_keys"], of="issuer_keys"),
        ),
        log=LogTrust(
            origin=text_of(content["origin"], of="origin"),
            witness=text_of(content["witness"], of="witness"),
            keys=tuple(read_note_key(key) for key in texts_of(content["log_keys"], of="log_keys")),
        ),
        policies=_dated_texts(content["policies"], of="policies"),
    )


def _passkeys(content: Any) -> Mapping[str, EnrolledKey]:
    if not isinstance(content, dict):
        raise MalformedRecordError("passkeys is not a record")
    return {name: _passkey(each) for name, each in content.items()}


def _passkey(content: Any) -> EnrolledKey:
    if not isinstance(content, list) or len(content) < _PASSKEY_PARTS:
        raise MalformedRecordError("a passkey is a subject, a public key, and from when until when")
    subject, public_key, *times = content
    return EnrolledKey(
        subject=text_of(subject, of="the subject of a passkey"),
        public_key=bytes_of(public_key, of="the public key of a passkey"),
        period=_period(times),
    )


def _dated_texts(content: Any, *, of: str) -> Mapping[str, Periods]:
    """Each text with its periods: what was taken away and came back stands there twice."""
    if not isinstance(content, list):
        raise MalformedRecordError(f"{of} is not a list")
    dated: dict[str, Periods] = {}
    for each in content:
        name, *times = each if isinstance(each, list) and each else [each]
        name = text_of(name, of=of)
        dated[name] = Periods((*dated.get(name, Periods()).parts, _period(times)))
    return dated


def _period(times: list[Any]) -> Period:
    """From when until when, each left out or null where it bounds nothing."""
    if len(times) > len(("since", "until")):
        raise MalformedRecordError("what is trusted has a time from which, and a time until which")
    since, until = (None if each is None else moment_of(each, of="a time") for each in [*times, None, None][:2])
    return Period(since=since, until=until)
