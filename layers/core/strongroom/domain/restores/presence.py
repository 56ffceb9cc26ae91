"""Whether a person proved to be present, freshly and with more than one factor."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from strongroom.domain.intent.ceremony import Person, Restores
from strongroom.domain.restores.votes import Decision

_CLOCK_SKEW = timedelta(seconds=60)
_NEVER = datetime.min.replace(tzinfo=UTC)
CHALLENGE_LIVES = timedelta(minutes=5)
CHALLENGE_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The question "is it really you?", for one person, one request and one decision; it is answered once."""

    request_id: str
    digest: str
    person: str
    decision: Decision
    verifier: str
    expires_at: datetime

    @property
    def asked_at(self) -> datetime:
        """When the question was asked: a login that answers it is not older."""
        return self.expires_at - CHALLENGE_LIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceClaims:
    """What the identity provider says, its signature, issuer, audience and expiry already checked."""

    subject: str
    nonce: str
    authenticated_at: datetime | None
    methods: tuple[str, ...]


class PresenceState(StrEnum):
    """Whether the person was there."""

    PROVEN = "proven"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceVerdict:
    """Whether the person was there, and how that was shown."""

    state: PresenceState
    reason: str
    methods: tuple[str, ...] = ()
    authenticated_at: datetime | None = None


def presence_url(public_url: str, challenge_id: str) -> str:
    """Where a person answers a challenge."""
    return f"{public_url}/presence/{challenge_id}"


def presence_nonce(challenge_id: str, *, digest: str, decision: Decision) -> str:
    """The nonce that binds a login to one challenge, one request and one decision."""
    return hashlib.sha256(f"{challenge_id}|{digest}|{decision}".encode()).hexdigest()


def judge_presence(
    claims: PresenceClaims, *, person: Person, nonce: str, restores: Restores, asked_at: datetime, now: datetime
) -> PresenceVerdict:
    """Whether this person logged in for this very question, just now, with an accepted method; missing means no."""
    login = _Login(claims=claims, person=person, nonce=nonce, restores=restores, asked_at=asked_at, now=now)
    refusal = next((reason for is_so, reason in _REFUSALS if is_so(login)), None)
    if refusal is not None:
        return PresenceVerdict(state=PresenceState.REFUSED, reason=refusal.format_map(login.words))
    return PresenceVerdict(
        state=PresenceState.PROVEN,
        reason=f"proven by {', '.join(login.methods)}",
        methods=login.methods,
        authenticated_at=claims.authenticated_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Login:
    """A login, held against the question that it shall answer."""

    claims: PresenceClaims
    person: Person
    nonce: str
    restores: Restores
    asked_at: datetime
    now: datetime

    @property
    def at(self) -> datetime:
        """When it was; the beginning of time, so that it is too old for anything, where nobody says."""
        return self.claims.authenticated_at or _NEVER

    @property
    def methods(self) -> tuple[str, ...]:
        """How the person logged in, as far as that is accepted."""
        return tuple(method for method in self.claims.methods if method in self.restores.accepted_methods)

    @property
    def words(self) -> dict[str, str | int]:
        """What a reason may say of it."""
        return {
            "age": int((self.now - self.at).total_seconds()),
            "most": int(self.restores.presence_max_age.total_seconds()),
            "accepted": ", ".join(self.restores.accepted_methods),
        }


# Why a login shows nobody's presence; the first reason that is so is told.
_REFUSALS: tuple[tuple[Callable[[_Login], bool], str], ...] = (
    (
        lambda login: login.claims.subject != login.person.subject,
        "somebody else logged in than the one who voted",
    ),
    (
        lambda login: login.claims.nonce != login.nonce,
        "the login was made for another question",
    ),
    (
        lambda login: login.claims.authenticated_at is None,
        "the identity provider does not say when the login was",
    ),
    (
        lambda login: login.at > login.now + _CLOCK_SKEW,
        "the login lies in the future",
    ),
    (
        lambda login: login.now - login.at > login.restores.presence_max_age,
        "the login is {age} s old, at most {most} s are accepted",
    ),
    # The provider was asked for a new login; one that lets an old session through shows nobody's presence.
    (
        lambda login: login.at < login.asked_at - _CLOCK_SKEW,
        "the login is older than the question",
    ),
    (
        lambda login: not login.methods,
        "the login did not use one of {accepted}",
    ),
)
