"""Requests as API Gateway's proxy integration hands them over, and the bodies that our API takes."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import msgspec

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.proofs.proof import Assertion, KeptToken
from strongroom.domain.proofs.reviews import ReviewFinding
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.asked.deciding import AfterWish
from strongroom.domain.restores.candidates.to_scan import ScanWish
from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish
from strongroom.domain.restores.left_off.steps import AskedStep
from strongroom.domain.restores.requests import RestoreWish
from strongroom.domain.written import bytes_of

type _Word = Annotated[str, msgspec.Meta(max_length=2048)]
type _Text = Annotated[str, msgspec.Meta(max_length=8192)]
type _View = Annotated[str, msgspec.Meta(max_length=200)]
type _Number = Annotated[str, msgspec.Meta(max_length=2)]
type _Settings = Annotated[dict[_Word, _Word], msgspec.Meta(max_length=50)]


class ProxyEvent(msgspec.Struct, frozen=True, rename="camel"):
    """The proxy integration's event (API Gateway Developer Guide, input format), as far as it is used."""

    resource: str
    http_method: str
    path_parameters: dict[str, str] | None = None
    query_string_parameters: dict[str, str] | None = None
    multi_value_query_string_parameters: dict[str, list[str]] | None = None
    headers: dict[str, str] | None = None
    multi_value_headers: dict[str, list[str]] | None = None
    body: str | None = None
    is_base64_encoded: bool = False


class RestoreBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /restores takes; with `dry_run` it is only tried.

    `before` is the moment before which it all went well, where the recovery point was found by one.
    `raw` are all metadata as they are to be sent, in place of `metadata`, which are single wishes, and `native` the
    parameters of a service's own call. Without a `region` it comes back where it was; `in_two_copies` it is copied into
    another Region first, and from there to its account.
    """

    account: _Word
    recovery_point: _Word
    reason: _Word
    target_name: _Word = ""
    ticket: _Word = ""
    incident: _Word = ""
    vault: _Word = ""
    metadata: _Settings = {}
    before: _Word = ""
    region: _Word = ""
    in_two_copies: bool = False
    raw: _Settings | None = None
    native: _Settings | None = None
    dry_run: bool = False

    @property
    def wish(self) -> RestoreWish:
        """What is asked for; MalformedRequestError where it says metadata in more than one way."""
        written = [each for each in (self.raw, self.native) if each is not None]
        if len(written) + bool(self.metadata) > 1:
            raise MalformedRequestError(
                "a restore takes all metadata as they are written, the parameters of a call, or single ones, and one "
                "of these only"
            )
        return RestoreWish(
            account=self.account,
            recovery_point=self.recovery_point,
            target_name=self.target_name,
            ticket=self.ticket,
            incident=self.incident,
            reason=self.reason,
            vault=self.vault,
            before=self.before,
            region=self.region,
            in_two_copies=self.in_two_copies,
            metadata=written[0] if written else self.metadata,
            is_raw=self.raw is not None,
            is_native=self.native is not None,
        )


class AfterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /restores/{id}/after takes: which setting is to be set again; with `dry_run` it is only tried.

    Without `parameters`, those of the call, they are what the original has. `view` is a link's token, with which the
    page asks for a `requester`, a subject, who signs it then; whoever is logged in asks for themselves.
    """

    step: AskedStep
    reason: _Word
    parameters: Annotated[dict[_Word, _Text], msgspec.Meta(max_length=5)] | None = None
    ticket: _Word = ""
    view: _View | None = None
    requester: _Word = ""
    dry_run: bool = False

    @property
    def wish(self) -> AfterWish:
        """What is asked for; MalformedRequestError for what takes somebody who is logged in."""
        if self.view is not None and (self.dry_run or self.ticket):
            raise MalformedRequestError(
                "what is asked for with the link of a page is no trial and names no ticket: log in, and ask by "
                "strongroom restore after"
            )
        return AfterWish(step=self.step, reason=self.reason, parameters=self.parameters, ticket=self.ticket)


class ScanBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /scans takes: which recovery point of which resource, and whose that is where its ARN does not say."""

    resource: _Word
    recovery_point: _Word
    account: _Word = ""

    @property
    def wish(self) -> ScanWish:
        """What is asked for."""
        return ScanWish(resource=self.resource, recovery_point=self.recovery_point, account=self.account)


class StatementBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /restores/{id}/statements takes: a decision, what a review has found, or how it is with a step by hand.

    `view` is a link's token, and `number` the one that stands beside it in chat. `step` is the step's own sentence, and
    `reason` why it is dismissed, which is signed.
    """

    decision: Literal["request", "approve", "deny", "cancel", "in-order", "misuse", "done", "dismissed"]
    view: _Word | None = None
    number: _Number = ""
    step: _Word = ""
    reason: _Word = ""

    @property
    def wanted(self) -> Decision | ReviewFinding | StepWish:
        """What the statement shall say; MalformedRequestError where a decision is about a step."""
        if self.decision in set(StatedOutcome):
            return StepWish(step=self.step, outcome=StatedOutcome(self.decision), reason=self.reason)
        if self.step or self.reason:
            raise MalformedRequestError("only a step by hand, which is done or dismissed, is said with step and reason")
        is_review = self.decision in set(ReviewFinding)
        return ReviewFinding(self.decision) if is_review else Decision(self.decision)


class LoginBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /logins takes: what the login shall sign, about the request of a link."""

    request: _Word
    decision: Literal["approve", "deny", "cancel"]
    view: _View
    number: _Number = ""


class PasskeyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a browser answers for a passkey, each of it in base64url (Web Authentication, section 5.2.2)."""

    credential: _Word
    authenticator_data: _Word
    client_data: _Word
    signature: _Word


class TokenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An ID token in compact form."""

    token: Annotated[str, msgspec.Meta(max_length=16384)]


class ProofBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /restores/{id}/proofs takes: a statement, and what was signed over it.

    `reason` is for people to read: it is signed by nobody.
    """

    statement: _Word
    passkey: PasskeyBody | None = None
    id_token: TokenBody | None = None
    reason: _Word = ""

    @property
    def said(self) -> dict[str, str]:
        """The statement, and why, in the signer's words."""
        return {"statement": self.statement, "why": self.reason}

    def signed(self, key_of: Callable[[str], Mapping[str, str]]) -> Assertion | KeptToken:
        """What was signed; `key_of` gives the key that a token says it is signed with."""
        if self.id_token is not None and self.passkey is None:
            return KeptToken(token=self.id_token.token, jwk=key_of(self.id_token.token))
        if self.passkey is None or self.id_token is not None:
            raise MalformedRequestError("a proof is by a passkey or by an ID token")
        return Assertion(
            credential=self.passkey.credential,
            authenticator_data=bytes_of(self.passkey.authenticator_data, of="authenticator_data"),
            client_data=bytes_of(self.passkey.client_data, of="client_data"),
            signature=bytes_of(self.passkey.signature, of="signature"),
        )


class ViewBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /approvals/{id}/request takes: the token in the page's link."""

    view: _View


class ReceiptBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /approvals/{id}/receipt takes: a SHA-256 of what was signed, and the link's token, if any."""

    proof: _Word
    view: _View | None = None


class AcknowledgementBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /alerts/{fingerprint}/acknowledgement: the version of the alert that the person saw."""

    version: Annotated[int, msgspec.Meta(ge=1)]
