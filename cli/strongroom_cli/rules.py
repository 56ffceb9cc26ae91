"""`strongroom rules sign`: a governor agrees to looser rules, and the file grows by what they signed."""

import argparse
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import MalformedRecordError, MalformedRequestError, NotAuthenticatedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.id_tokens import commitment_of, thumbprint_of
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import Assertion, KeptToken
from strongroom.domain.proofs.trust import Period
from strongroom.domain.rulebook.agreement import LONGEST_VALID, RulesEvidence, why_no_governor
from strongroom.domain.rulebook.changes import (
    ChangeEvidence,
    ChangeProof,
    ChangeStatement,
    change_evidence_text,
    make_change,
    read_change_evidence,
)
from strongroom.domain.rulebook.loosening import are_signed, looser_rules
from strongroom.domain.rulebook.policy_texts import GOVERNORS_NEEDED, governors_text
from strongroom.domain.rulebook.rulebook import rulebook_text
from strongroom.domain.written import base64url
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.errors import one_line
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.login import Purpose, fetch_token, show_address
from strongroom_cli.passkey import sign_on_page, signing_page

_COMPILED: Final = ".json"
_NONCE_BYTES: Final = 16
_DESCRIPTION: Final = """\
Show in what the rules of the ceremony become looser, sign that they may, and add it to the file that `strongroom plan`
and `strongroom apply` take by --rules-evidence. Two governors of the rules before sign, one after the other, each with
their own checkout: read what is printed, it is what you sign.

Example:
  git show main:strongroom.yaml > before.yaml
  strongroom rules sign strongroom.yaml --before before.yaml --evidence agreed.json
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """The two intents, and the whole texts of their rules at that moment."""

    before: Intent
    after: Intent
    at: datetime

    @property
    def texts(self) -> tuple[str, str]:
        """The rules before and after."""
        return rulebook_text(self.before, at=self.at), rulebook_text(self.after, at=self.at)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its verb."""
    parser = subparsers.add_parser("rules", help="agree to looser rules of the restore ceremony")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    sign = verbs.add_parser(
        "sign",
        help="sign that the rules may become looser, as one of two governors",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sign.add_argument("file", nargs="?", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the new intent")
    sign.add_argument(
        "--before",
        type=Path,
        required=True,
        metavar="FILE",
        help="the intent that is in force; like the new one a file, or the `intent.json` that it was compiled to",
    )
    sign.add_argument(
        "--evidence", type=Path, required=True, metavar="FILE", help="what was signed; made, or added to if it is there"
    )
    sign.add_argument(
        "--passkey", action="store_true", help="sign with a passkey on the page, in place of a fresh login"
    )
    sign.add_argument("--api", metavar="URL", help="the API's base URL, where the page lies (or STRONGROOM_API)")
    sign.add_argument(
        "--valid-days",
        type=int,
        default=LONGEST_VALID.days,
        metavar="DAYS",
        help=f"for how long it can be applied, {LONGEST_VALID.days} at most and if left out",
    )
    sign.set_defaults(run=_sign)


def _sign(arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC).replace(microsecond=0)
    change = _Change(before=_read_intent(arguments.before), after=_read_intent(arguments.file), at=now)
    sentences = tuple(_told(change))
    if not sentences:
        print(f"{arguments.file}: its rules are nowhere looser than those of {arguments.before}: nobody need sign")
        return 0
    evidence = _read_evidence(arguments.evidence, change)
    statement = _statement(change, days=arguments.valid_days)
    print("\n".join(sentences))
    print(f"You agree to that as {statement.before[:12]} -> {statement.after[:12]}.", flush=True)
    signed = (
        _by_passkey(statement, change.before, arguments) if arguments.passkey else _by_login(statement, change.before)
    )
    count = _keep(evidence, statement, signed, change=change, file=arguments.evidence)
    missing = GOVERNORS_NEEDED - count
    told = "another governor signs next" if missing > 0 else "`strongroom plan --rules-evidence` takes it"
    print(f"{arguments.evidence}: {count} of {GOVERNORS_NEEDED} governors have signed; {told}.")
    return 0


def _told(change: _Change) -> Iterator[str]:
    if not are_signed(change.before):
        raise MalformedRequestError("the rules before have no page, so that nobody could sign: they rest on review")
    for path, sentence in looser_rules(change.before, change.after, at=change.at):
        yield one_line(f"{path}: {sentence}")


def _read_intent(path: Path) -> Intent:
    if path.suffix != _COMPILED:
        return load_intent_file(path)[0]
    try:
        return msgspec.json.decode(path.read_bytes(), type=Intent)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise MalformedRequestError(f"{path} is no compiled intent of this release") from error


def _read_evidence(path: Path, change: _Change) -> ChangeEvidence:
    """What was signed already, about this very change; MalformedRequestError for anything else."""
    before, after = change.texts
    if not path.exists():
        return ChangeEvidence(before=before, after=after, proofs=())
    try:
        found = read_change_evidence(path.read_text(encoding="utf-8").strip())
    except (MalformedRecordError, UnicodeDecodeError) as error:
        raise MalformedRequestError(f"{path} holds nothing that governors signed: {error}") from error
    if (found.before, found.after) != (before, after):
        raise MalformedRequestError(f"{path} was signed for another change: take another file, or the same intents")
    return found


def _statement(change: _Change, *, days: int) -> ChangeStatement:
    if not 0 < days <= LONGEST_VALID.days:
        raise MalformedRequestError(f"--valid-days is 1 to {LONGEST_VALID.days}")
    before, after = change.texts
    return make_change(
        before=before,
        after=after,
        nonce=base64url(secrets.token_bytes(_NONCE_BYTES)),
        issued_at=change.at,
        expires_at=change.at + timedelta(days=days),
    )


def _by_login(statement: ChangeStatement, before: Intent) -> KeptToken:
    """By a fresh login at the provider of the rules before, whose token commits to the statement."""
    from strongroom.adapters.identity.oidc import IdentityTokens, Web

    provider = before.identity_provider
    if provider is None:
        raise MalformedRequestError("the rules before name no identity provider: sign with --passkey")
    purpose = Purpose(nonce=commitment_of(statement.text), is_fresh=True)
    token = fetch_token(provider, show=show_address, purpose=purpose)
    return KeptToken(token=token, jwk=IdentityTokens(provider, http=Web()).key_of(token))


def _by_passkey(statement: ChangeStatement, before: Intent, arguments: argparse.Namespace) -> Assertion | KeptToken:
    """By a passkey on the page."""
    policy = read_policy(governors_text(before, at=statement.issued_at))
    ids = sorted(passkey.id for passkeys in policy.people.values() for passkey in passkeys)
    return sign_on_page(signing_page(arguments.api, "rules"), {"passkeys": ids, "statement": statement.text})


def _keep(
    evidence: ChangeEvidence,
    statement: ChangeStatement,
    signed: Assertion | KeptToken,
    *,
    change: _Change,
    file: Path,
) -> int:
    """Add it to the file, if it counts; how many different governors have signed now."""
    before, after = change.texts
    earlier = [(each.statement.text, each.signed) for each in evidence.proofs]
    text = change_evidence_text(before=before, after=after, proofs=[*earlier, (statement.text, signed)])
    *known, proof = read_change_evidence(text).proofs
    subject, refusal = _governor(proof, change)
    if refusal:
        raise NotAuthenticatedError(f"that does not count, and was not kept: {refusal}")
    others = {found for each in known for found, why in [_governor(each, change)] if not why}
    if subject in others:
        raise MalformedRequestError(f"{subject} has signed this already: another governor must")
    file.write_text(text, encoding="utf-8")
    return len(others) + 1


def _governor(proof: ChangeProof, change: _Change) -> tuple[str, str]:
    """Whose word it is, and why it is no governor's; the issuer's key is believed here, and looked for by `plan`."""
    keys = {thumbprint_of(proof.signed.jwk): Period()} if isinstance(proof.signed, KeptToken) else {}
    given = RulesEvidence(text="", signatures=CryptographySignatures(), keys_of=lambda _: keys)
    return why_no_governor(proof, given=given, before=change.before, now=change.at)
