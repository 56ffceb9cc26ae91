"""What is asked for, read word by word, and its canonical form: what people approve is what is executed."""

import base64
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.catalogue.model import Effect
from strongroom.domain.catalogue.rows import OWN_CALLS
from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedError,
    MalformedIdentifierError,
    MalformedRecordError,
    MalformedRequestError,
    NotFoundError,
)
from strongroom.domain.identifiers import ACCESS_VAULTS, AccountId, Arn, Region
from strongroom.domain.proofs.asked import AskedRestore, read_asked
from strongroom.domain.proofs.risks import AFTER, CALLED, NATIVE, RAW, WRITTEN
from strongroom.domain.restores.choosing.kept import KeptCandidates, read_candidates, written_candidates
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.values import field_names
from strongroom.domain.written import moment_of, moment_text

# What stands in the place of the name where AWS alone names what is made; no name has a blank.
UNNAMED: Final = "a new resource"
# Calls that make nothing by itself.
_INTO_WHAT_LIVES: Final = frozenset(name for name, call in OWN_CALLS.items() if call.effect is not Effect.MAKES)
_MOMENTS: Final = ("recovery_point_created_at", "requested_at", "approve_before", "act_before")
_RESTORED_AT: Final = "of_restored_at"
_FOLLOWING: Final = ("of", "of_closed", _RESTORED_AT)
_SETTINGS: Final = ("metadata", "original", "wishes")
_SENTENCES: Final = ("risk_sentences", "left_out", "steps")
# Requests of before these were there, and those that have nothing of them, are written without.
_OPTIONAL: Final = (
    "kind",
    "call",
    "tier",
    "ticket",
    "incident",
    "wishes",
    "candidates",
    "temporary_vault",
    "through_vault",
    "through_kept_for",
    "approval_team",
    *_FOLLOWING,
    *_SENTENCES,
)
_REQUEST_ID = re.compile(r"r-[a-z2-7]{12}")
_REASON_LIMIT = 500
_OF_DIGEST: Final = 48
_NONE: Final = timedelta(0)
# Controls and the marks that turn the direction of text around: an approver must read what the requester wrote.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_ARN_LIMIT = 1600


class RestoreWish(Struct, frozen=True, kw_only=True):
    """What the requester typed, nothing of it checked; where it `is_raw`, the metadata are all that is to be sent.

    Without a `region` the resource comes back where it was, `in_two_copies` where one is not to cross to the account
    and the Region at once. Where it `is_native` they are the parameters of the service's own call.
    """

    account: str
    recovery_point: str
    target_name: str
    ticket: str
    reason: str
    vault: str
    metadata: Mapping[str, str]
    incident: str = ""
    before: str = ""
    region: str = ""
    in_two_copies: bool = False
    is_raw: bool = False
    is_native: bool = False


class RestoreRequest(Struct, frozen=True, kw_only=True):
    """What shall be restored, where to, on whose word and under which rules; it never changes.

    `requester` is a subject of the identity provider, `policy` the canonical text of the rules, `role` the one that AWS
    Backup uses. `key` says what it will be encrypted with, `original` the settings at backup time, as far as a restore
    may send them, and `wishes` what whoever asks says of them. `risks` are what is dangerous about it, in the words of
    approval rules, `risk_sentences` the same for people to read. A copy back is kept for `copy_kept_for`, counted from
    when the backup was made; where none is made that is no time. It comes back into `temporary_vault`, or into the
    local vault where that is empty. Where it does not get there by one copy, it is copied into `through_vault` of the
    backup account first, and that copy is kept for `through_kept_for`. An `approval_team` opens the air-gapped vault to
    the account before. `incident` is empty in a request that has a
    ticket. `candidates` are what there was to choose from, for people to read: of what is judged nothing depends on
    them. `kind` is empty, or `raw` where the metadata are sent as they were written, or `native` where they are the
    parameters of `call`, a call of the service itself, such as `fsx:CreateFileSystemFromBackup`, under `role`. Where it
    is `after`, it follows the restore `of` which it is, whose evidence ends with the entry of the hash `of_closed`:
    `call` is made on `resource`, which that restore made by `of_restored_at`, out of the recovery point.
    """

    id: str
    requester: str
    account: AccountId
    region: Region
    unit: str
    tier: str
    risks: tuple[str, ...]
    resource: str
    resource_type: str
    recovery_point: str
    recovery_point_created_at: datetime
    vault: str
    plan: RestorePlan
    target_name: str
    metadata: tuple[tuple[str, str], ...]
    original: tuple[tuple[str, str], ...]
    role: str
    key: str
    ticket: str
    reason: str
    policy: str
    intent_digest: str
    requested_at: datetime
    approve_before: datetime
    act_before: datetime
    copy_kept_for: timedelta
    incident: str = ""
    temporary_vault: str = ""
    through_vault: str = ""
    through_kept_for: timedelta = _NONE
    approval_team: str = ""
    wishes: tuple[tuple[str, str], ...] = ()
    risk_sentences: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    candidates: KeptCandidates | None = None
    kind: str = ""
    call: str = ""
    of: str = ""
    of_closed: str = ""
    of_restored_at: datetime | None = None

    @property
    def source_region(self) -> Region:
        """The Region of the vault that the recovery point lies in."""
        return Arn.parse(self.vault).region

    @property
    def access_vault(self) -> str:
        """The ARN of the vault through which the account sees the air-gapped one, once its team has opened that."""
        if not self.approval_team:
            return ""
        partition, name = Arn.parse(self.vault).partition, f"{ACCESS_VAULTS}{self.id}"
        return str(Arn(partition, "backup", self.region, self.account, f"backup-vault:{name}"))

    @property
    def shared_by(self) -> AccountId | None:
        """Whose air-gapped vault it is restored out of without a copy, where that is shared by another account."""
        owner = Arn.parse(self.vault).account
        is_there = self.plan is RestorePlan.LOCAL and not self.approval_team
        return owner if is_there and owner != self.account else None

    @property
    def course(self) -> str:
        """The way back in a few words, for people: the plan, and by whose share or vote."""
        if self.approval_team:
            return f"air-gapped, opened by the approval team {Arn.parse(self.approval_team).name}"
        return f"{self.plan}" if self.shared_by is None else f"air-gapped, shared by account {self.shared_by}"

    @property
    def is_raw(self) -> bool:
        """Whether a person wrote all of its metadata."""
        return self.kind == RAW

    @property
    def is_native(self) -> bool:
        """Whether a person wrote the parameters of a call of the service itself."""
        return self.kind == NATIVE

    @property
    def goes_into_what_lives(self) -> bool:
        """Whether its call works on what was backed up, which has its name, its tags and its key already."""
        return self.is_after or self.call in _INTO_WHAT_LIVES

    @property
    def overwrites(self) -> bool:
        """Whether its call takes away what is in that now, so that it is never made twice."""
        return self.call in OWN_CALLS and OWN_CALLS[self.call].effect is Effect.OVERWRITES

    @property
    def is_after(self) -> bool:
        """Whether it follows a restore, and sets again on what that made what deletes or calls out."""
        return self.kind == AFTER

    @property
    def is_called(self) -> bool:
        """Whether a call of a service carries it out, and no job of AWS Backup."""
        return self.kind in CALLED

    @property
    def is_urgent(self) -> bool:
        """Whether an incident stands in place of a ticket, and other people decide."""
        return bool(self.incident)


class SealedRequest(Struct, frozen=True, kw_only=True):
    """A request with its canonical text and the SHA-256 of that text: what people sign is what is executed."""

    request: RestoreRequest
    text: str
    asked: AskedRestore

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal digits."""
        return self.asked.digest

    @property
    def mark(self) -> str:
        """The digest's first twelve digits: what pages and messages show."""
        return self.digest[:12]


def act_token(request: RestoreRequest) -> str:
    """By what a service knows the act of a request again, once, in 63 characters: who has only its id cannot say it.

    EC2 takes 64 of ASCII and FSx 63 (API References, CreateVolume and CreateFileSystemFromBackup).
    """
    return f"{request.id}-{digest_of(canonical_text(_plain(request)))[:_OF_DIGEST]}"


def make_request_id(random: bytes) -> str:
    """A request's id out of at least eight random bytes."""
    return f"r-{base64.b32encode(random).decode().lower()[:12]}"


def parse_request_id(text: str) -> str:
    """Return `text` as a request's id, or raise NotFoundError: no request has such an id."""
    if _REQUEST_ID.fullmatch(text) is None:
        raise NotFoundError(f"no restore request has the id {text[:40]!r}; ids look like r-abcdefgh2345")
    return text


def parse_recovery_point(text: str) -> Arn:
    """Return `text` as a recovery point's ARN, one line of visible characters; MalformedIdentifierError otherwise."""
    if len(text) > _ARN_LIMIT or not text.isascii() or not text.isprintable() or " " in text:
        raise MalformedIdentifierError(f"{text[:80]!r} is not an ARN")
    return Arn.parse(text)


def parse_reason(text: str) -> str:
    """The reason as people will read it: without unseen characters, one line, not empty, at most 500 characters."""
    letters = unicodedata.normalize("NFC", text)
    seen = "".join(" " if unicodedata.category(each) in _UNSEEN else each for each in letters)
    reason = " ".join(seen.split())
    if not reason or len(reason) > _REASON_LIMIT:
        raise MalformedRequestError(f"the reason must have 1 to {_REASON_LIMIT} characters, not {len(reason)}")
    return reason


def seal_request(request: RestoreRequest) -> SealedRequest:
    """The request in its canonical form."""
    return open_seal(canonical_text(_plain(request)))


def open_seal(text: str) -> SealedRequest:
    """The request of a canonical text; ApprovalVoidError for a text that no request has."""
    try:
        asked = read_asked(text)
        return SealedRequest(request=_request(asked), text=text, asked=asked)
    except (MalformedError, KeyError, TypeError, ValueError) as error:
        raise ApprovalVoidError(f"the stored request is not one that was made here: {error}") from error


def _plain(request: RestoreRequest) -> dict[str, Any]:
    there = [name for name in field_names(request) if getattr(request, name) or name not in _OPTIONAL]
    said = {name: _plain_value(getattr(request, name)) for name in there}
    return said | {name: dict(getattr(request, name)) for name in _SETTINGS if name in there}


def _plain_value(value: Any) -> Any:
    match value:
        case str():
            return value
        case datetime():
            return moment_text(value)
        case timedelta():
            return int(value.total_seconds())
        case tuple():
            return list(value)
        case KeptCandidates():
            return written_candidates(value)
        case _:
            raise TypeError(f"a restore request holds no {type(value).__name__}")


def _request(asked: AskedRestore) -> RestoreRequest:
    said = dict(asked.content)
    moments = {name: moment_of(said[name], of=name) for name in _MOMENTS}
    kind = said.get("kind", RAW)
    if kind not in (*WRITTEN, AFTER) or ("call" in said) != (said.get("kind") in CALLED):
        raise MalformedRecordError("it is of a kind that is not restored here")
    if (kind == AFTER) != any(name in said for name in _FOLLOWING):
        raise MalformedRecordError("what follows a restore names it, and nothing else does")
    if _RESTORED_AT in said:
        moments[_RESTORED_AT] = moment_of(said[_RESTORED_AT], of=_RESTORED_AT)
    return RestoreRequest(
        **said
        | moments
        | {
            "tier": said.get("tier", ""),
            "ticket": said.get("ticket", ""),
            "incident": said.get("incident", ""),
            "temporary_vault": said.get("temporary_vault", ""),
            "through_vault": said.get("through_vault", ""),
            "approval_team": said.get("approval_team", ""),
            "risks": tuple(said.get("risks", ())),
            "plan": RestorePlan(said["plan"]),
            **{name: tuple(sorted(said.get(name, {}).items())) for name in _SETTINGS},
            **{name: tuple(said.get(name, ())) for name in _SENTENCES},
            "copy_kept_for": timedelta(seconds=said["copy_kept_for"]),
            "through_kept_for": timedelta(seconds=said.get("through_kept_for", 0)),
            "candidates": read_candidates(said["candidates"]) if "candidates" in said else None,
        }
    )
