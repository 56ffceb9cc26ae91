"""The rules of one place as a request carries them: only what decides there, and subjects instead of people's names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from strongroom.domain.canonical import digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.written import Record, bytes_of, count_of, record_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "strongroom-policy/1"
ALGORITHMS: Final = ("ES256", "RS256", "EdDSA")
DISJOINT: Final = ("ticket_approver", "requester", "voters")
NO_TICKET: Final = "none"
_LONGEST: Final = 1_000_000_000


class Passkey(Struct, frozen=True, kw_only=True):
    """A person's enrolled key: `public_key` is SubjectPublicKeyInfo in DER."""

    id: str
    public_key: bytes
    algorithm: str


class ClaimGroup(Struct, frozen=True, kw_only=True):
    """A group that the identity provider keeps: whose token holds this claim with this value is in it."""

    claim: str
    value: str


class When(Struct, frozen=True, kw_only=True):
    """Where a rule counts: for these tiers, and where one of these risks is; None does not matter."""

    tiers: tuple[str, ...] | None = None
    risks: tuple[str, ...] | None = None


class Rule(Struct, frozen=True, kw_only=True):
    """So many different people out of a group."""

    group: str
    needed: int
    when: When = field(default_factory=When)


class Assurance(Struct, frozen=True, kw_only=True):
    """How a token must say that its login was strong: by the claim `claim`."""

    claim: str
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()


class Issuer(Struct, frozen=True, kw_only=True):
    """The identity provider whose ID tokens are proofs; `tenant` is what the token's `tid` must be."""

    issuer: str
    client_ids: tuple[str, ...]
    subject_claim: str
    assurance: Assurance
    tenant: str | None = None


class CeremonyPolicy(Struct, frozen=True, kw_only=True):
    """Who may ask, who must approve, and what a proof must be like; `digest` is the SHA-256 of its canonical text.

    `ticket` is what a ticket must say, as the rules have it.
    """

    digest: str
    requesters: str
    rules: tuple[Rule, ...]
    groups: Mapping[str, tuple[str, ...] | ClaimGroup]
    people: Mapping[str, tuple[Passkey, ...]]
    issuer: Issuer | None
    presence_max_age: timedelta
    device_bound: bool
    needs_ticket: bool
    ticket: Mapping[str, Any]
    disjoint: tuple[str, ...]
    delay: timedelta


def read_policy(text: str) -> CeremonyPolicy:
    """The rules of a canonical text; MalformedRecordError for what is not written as the format has it."""
    content = record_of(
        read_canonical(text),
        needed=("format", "groups", "people", "presence_max_age", "requesters", "rules"),
        known=("delay", "device_bound", "disjoint", "issuer", "ticket"),
    )
    if content["format"] != FORMAT:
        raise MalformedRecordError(f"the rules are not of the format {FORMAT}")
    return CeremonyPolicy(
        digest=digest_of(text),
        requesters=text_of(content["requesters"], of="requesters"),
        rules=tuple(_rule(each) for each in _listed(content["rules"], of="rules")),
        groups={name: _group(each) for name, each in _named(content["groups"], of="groups").items()},
        people={subject: _passkeys(each) for subject, each in _named(content["people"], of="people").items()},
        issuer=_issuer(content["issuer"]) if "issuer" in content else None,
        presence_max_age=_span(content["presence_max_age"], of="presence_max_age"),
        device_bound=_flag(content.get("device_bound", False), of="device_bound"),
        needs_ticket=_needs_ticket(content.get("ticket")),
        ticket=content["ticket"] if isinstance(content.get("ticket"), dict) else {},
        disjoint=_disjoint(content),
        delay=_span(content.get("delay", 0), of="delay"),
    )


def _rule(content: Any) -> Rule:
    rule = record_of(content, needed=("group", "needed"), known=("when",))
    return Rule(
        group=text_of(rule["group"], of="group"),
        needed=count_of(rule["needed"], of="needed", least=1),
        when=_when(rule["when"]) if "when" in rule else When(),
    )


def _when(content: Any) -> When:
    when = record_of(content, needed=(), known=("tiers", "risks"))
    return When(
        tiers=texts_of(when["tiers"], of="tiers") if "tiers" in when else None,
        risks=texts_of(when["risks"], of="risks") if "risks" in when else None,
    )


def _group(content: Any) -> tuple[str, ...] | ClaimGroup:
    if isinstance(content, list):
        return texts_of(content, of="a group")
    group = record_of(content, needed=("claim", "value"))
    return ClaimGroup(claim=text_of(group["claim"], of="claim"), value=text_of(group["value"], of="value"))


def _passkeys(content: Any) -> tuple[Passkey, ...]:
    person = record_of(content, needed=("passkeys",))
    return tuple(_passkey(each) for each in _listed(person["passkeys"], of="passkeys"))


def _passkey(content: Any) -> Passkey:
    passkey = record_of(content, needed=("algorithm", "id", "public_key"))
    if passkey["algorithm"] not in ALGORITHMS:
        raise MalformedRecordError(f"the algorithm of a passkey is none of {', '.join(ALGORITHMS)}")
    return Passkey(
        id=text_of(passkey["id"], of="id"),
        public_key=bytes_of(passkey["public_key"], of="public_key"),
        algorithm=passkey["algorithm"],
    )


def _issuer(content: Any) -> Issuer:
    issuer = record_of(content, needed=("assurance", "client_id", "issuer", "subject_claim"), known=("tenant",))
    clients = issuer["client_id"]
    return Issuer(
        issuer=text_of(issuer["issuer"], of="issuer"),
        client_ids=texts_of(clients if isinstance(clients, list) else [clients], of="client_id"),
        subject_claim=text_of(issuer["subject_claim"], of="subject_claim"),
        assurance=_assurance(issuer["assurance"]),
        tenant=text_of(issuer["tenant"], of="tenant") if "tenant" in issuer else None,
    )


def _assurance(content: Any) -> Assurance:
    assurance = record_of(content, needed=("claim",), known=("any_of", "all_of"))
    return Assurance(
        claim=text_of(assurance["claim"], of="claim"),
        any_of=texts_of(assurance.get("any_of", []), of="any_of"),
        all_of=texts_of(assurance.get("all_of", []), of="all_of"),
    )


def _needs_ticket(content: Any) -> bool:
    """Whether a ticket must entitle: always, unless the rules say that there are none. Its demands are for the act."""
    if content is not None and content != NO_TICKET and not isinstance(content, dict):
        raise MalformedRecordError("ticket is neither a record nor none")
    return bool(content != NO_TICKET)


def _disjoint(content: Record) -> tuple[str, ...]:
    named = texts_of(content.get("disjoint", list(DISJOINT)), of="disjoint")
    if strangers := set(named) - set(DISJOINT):
        raise MalformedRecordError(f"disjoint knows no {min(strangers)[:40]}")
    return named


def _span(content: Any, *, of: str) -> timedelta:
    seconds = count_of(content, of=of)
    if seconds > _LONGEST:
        raise MalformedRecordError(f"{of} is longer than thirty years")
    return timedelta(seconds=seconds)


def _flag(content: Any, *, of: str) -> bool:
    if not isinstance(content, bool):
        raise MalformedRecordError(f"{of} is neither true nor false")
    return content


def _listed(content: Any, *, of: str) -> list[Any]:
    if not isinstance(content, list):
        raise MalformedRecordError(f"{of} is not a list")
    return content


def _named(content: Any, *, of: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise MalformedRecordError(f"{of} is not a record")
    return content
