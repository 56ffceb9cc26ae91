"""Whether a person proved to be present, freshly and with more than one factor."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from strongroom.domain.intent.model import Person, Restores
from strongroom.domain.restores.votes import Decision

_CLOCK_SKEW = timedelta(seconds=60)
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


def presence_nonce(challenge_id: str, *, digest: str, decision: Decision) -> str:
    """The nonce that binds a login to one challenge, one request and one decision."""
    return hashlib.sha256(f"{challenge_id}|{digest}|{decision}".encode()).hexdigest()


def judge_presence(
    claims: PresenceClaims, *, person: Person, nonce: str, restores: Restores, asked_at: datetime, now: datetime
) -> PresenceVerdict:
    """Whether this person logged in for this very question, just now, with an accepted method; missing means no."""
    methods = tuple(method for method in claims.methods if method in restores.accepted_methods)
    since = claims.authenticated_at
    refusal = ""
    if claims.subject != person.subject:
        refusal = "somebody else logged in than the one who voted"
    elif claims.nonce != nonce:
        refusal = "the login was made for another question"
    elif since is None:
        refusal = "the identity provider does not say when the login was"
    elif since > now + _CLOCK_SKEW:
        refusal = "the login lies in the future"
    elif now - since > restores.presence_max_age:
        refusal = (
            f"the login is {int((now - since).total_seconds())} s old, at most {_seconds(restores)} s are accepted"
        )
    elif since < asked_at - _CLOCK_SKEW:
        # The provider was asked for a new login; one that lets an old session through shows nobody's presence.
        refusal = "the login is older than the question"
    elif not methods:
        refusal = f"the login did not use one of {', '.join(restores.accepted_methods)}"
    if refusal:
        return PresenceVerdict(state=PresenceState.REFUSED, reason=refusal)
    reason = f"proven by {', '.join(methods)}"
    return PresenceVerdict(state=PresenceState.PROVEN, reason=reason, methods=methods, authenticated_at=since)


def _seconds(restores: Restores) -> int:
    return int(restores.presence_max_age.total_seconds())
