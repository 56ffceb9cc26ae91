"""Passkeys as the file names them, and the page that they sign on."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Struct

from strongroom.domain import forms


class Enrolment(Struct, frozen=True, kw_only=True):
    """What a passkey signed when it was made: that it is this person's. `compile` checks it."""

    authenticator_data: Annotated[str, forms.BASE64URL, "The authenticator's data."]
    client_data: Annotated[str, forms.BASE64URL, "The browser's data."]
    signature: Annotated[str, forms.BASE64URL, "The signature over both."]


class Passkey(Struct, frozen=True, kw_only=True):
    """A person's key on an authenticator; `public_key` is SubjectPublicKeyInfo in DER (RFC 5280)."""

    id: Annotated[str, forms.PASSKEY_ID, "The credential's id, in base64url."]
    public_key: Annotated[str, forms.BASE64URL, "The public key, as SubjectPublicKeyInfo in base64url."]
    algorithm: Annotated[Literal["ES256", "EdDSA", "RS256"], "By what it signs."] = "ES256"
    since: Annotated[
        datetime | None, forms.MOMENT, "From when on it counts, in UTC. Left out, it counts from the beginning."
    ] = None
    until: Annotated[
        datetime | None,
        forms.MOMENT,
        "Until when it counts, in UTC. A key that is gone stays here with its end, for evidence that it once signed.",
    ] = None
    synced: Annotated[
        bool, "Whether it may be copied to other devices of its holder, as passkeys of phones and browsers may."
    ] = False
    label: Annotated[str, "What its holder calls it."] = ""
    proof: Annotated[Enrolment, "What it signed when it was enrolled."]

    def counts_at(self, moment: datetime) -> bool:
        """Whether it counts at that moment."""
        return (self.since is None or self.since <= moment) and not self.has_ended_by(moment)

    def has_ended_by(self, moment: datetime) -> bool:
        """Whether it counts no more, at that moment or ever after."""
        return self.until is not None and self.until <= moment


class Page(Struct, frozen=True, kw_only=True):
    """Where people sign with passkeys. Another host is another page, for which every passkey is enrolled anew."""

    rp_id: Annotated[str, forms.HOST, "The host that passkeys are made for, exactly that of each origin."]
    origins: Annotated[
        tuple[Annotated[str, forms.ORIGIN], ...],
        forms.AT_LEAST_ONE,
        "The origins of the page: scheme, host and, if it is not the usual one, port.",
    ]
