"""`strongroom evidence explain`: people account for a restore that they made while the control plane was away."""

from __future__ import annotations

import argparse
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.evidence.outages import OutageBucket
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import (
    CeremonyMissingError,
    MalformedIdentifierError,
    MalformedRecordError,
    MalformedRequestError,
    NotAuthenticatedError,
    RefusedError,
)
from strongroom.domain.evidence.outages import (
    OutageEvidence,
    OutagePart,
    OutageProof,
    OutageReport,
    OutageSigners,
    make_outage_statement,
    make_report,
    outage_evidence_text,
    outage_signer,
    outage_signers,
    read_outage_evidence,
)
from strongroom.domain.identifiers import Arn
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.rollout.desired import report_bucket
from strongroom.domain.rulebook.policy_texts import urgent_text
from strongroom.domain.rulebook.trust import proof_trust
from strongroom.domain.written import base64url
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.errors import one_line
from strongroom_cli.evidence.files import read_text
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.looking import add_access_role
from strongroom_cli.passkey import sign_on_page, signing_page
from strongroom_cli.rollout.organization import enter

if TYPE_CHECKING:
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.proofs.policies import CeremonyPolicy

_NONCE_BYTES: Final = 16
_DESCRIPTION: Final = """\
Account for a restore that two people made by the users of restores.break_glass while the control plane was away. The
two of them sign the same report, one after the other, each by their passkey on the page; then somebody of the reviewers
who took no part in it signs that it was in order; then it is kept among the evidence, and the audit account's alert
closes within the quarter of an hour. The first says what was done, from what AWS Backup says of the job.

Example:
  aws backup describe-restore-job --restore-job-id JOB > job.json
  strongroom evidence explain outage.json --job job.json --incident INC-77 \\
      --user "$USER_ARN" --reason "control plane away, payments-db overwritten"
  strongroom evidence explain outage.json
  strongroom evidence explain outage.json --review
  strongroom evidence explain outage.json --keep
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """By whose word it counts, at that moment."""

    policy: CeremonyPolicy
    evidence: Evidence
    now: datetime

    def signers(self, given: OutageEvidence) -> OutageSigners:
        """Who has signed."""
        return outage_signers(given, policy=self.policy, evidence=self.evidence, now=self.now)

    def signer(self, proof: OutageProof, report: OutageReport) -> tuple[str, str]:
        """Who signed this, or why it does not count."""
        return outage_signer(proof, report, policy=self.policy, evidence=self.evidence, now=self.now)


def add_explain(verbs: Any) -> None:
    """Add the verb to `strongroom evidence`."""
    explain: argparse.ArgumentParser = verbs.add_parser(
        "explain",
        help="account for a restore that two people made while the control plane was away",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    explain.add_argument("file", type=Path, metavar="FILE", help="the report and what was signed; made with --job")
    explain.add_argument("--intent", type=Path, default=DEFAULT_INTENT, help="names the people and the two users")
    explain.add_argument("--job", type=Path, metavar="JOB", help="what `aws backup describe-restore-job` answered")
    explain.add_argument("--user", metavar="ARN", help="as which of the two users it was made, with --job")
    explain.add_argument("--incident", metavar="ID", help="the incident, with --job")
    explain.add_argument("--reason", metavar="TEXT", help="what had happened, with --job")
    explain.add_argument("--api", metavar="URL", help="the API's base URL, where the page lies (or STRONGROOM_API)")
    act = explain.add_mutually_exclusive_group()
    act.add_argument("--review", action="store_true", help="sign, as a reviewer, that it was in order")
    act.add_argument(
        "--keep",
        action="store_true",
        help="sign nothing, and put it into the audit account's bucket, with the management account's credentials",
    )
    add_access_role(explain, where="in the audit account, with --keep")
    explain.set_defaults(run=_explain)


def _explain(arguments: argparse.Namespace) -> int:
    intent, _ = load_intent_file(arguments.intent)
    if not intent.outage_users:
        raise CeremonyMissingError(f"{arguments.intent} names no restores.break_glass.users: nobody restores so")
    rules, given = _rules(intent), _given(arguments, intent)
    if arguments.keep:
        return _keep(given, rules, intent=intent, arguments=arguments)
    part = OutagePart.REVIEWED if arguments.review else OutagePart.MADE
    print("\n".join(_told(given.report)))
    print(f"You sign that as {given.report.digest[:12]}.", flush=True)
    proof = _sign(given.report, part, rules, arguments)
    signers = _add(given, proof, rules, file=arguments.file)
    print(one_line(f"{arguments.file}: signed by {', '.join((*signers.made, *signers.reviewed))}; {_next(signers)}."))
    return 0


def _rules(intent: Intent) -> _Rules:
    now = datetime.now(UTC).replace(microsecond=0)
    return _Rules(
        policy=read_policy(urgent_text(intent, at=now)),
        evidence=Evidence(trust=proof_trust(intent), signatures=CryptographySignatures()),
        now=now,
    )


def _given(arguments: argparse.Namespace, intent: Intent) -> OutageEvidence:
    """What the file holds, or with --job the report of it, about which nobody has signed anything yet."""
    if arguments.job is None:
        try:
            return read_outage_evidence(read_text(arguments.file).strip())
        except MalformedRecordError as error:
            raise MalformedRequestError(f"{arguments.file} accounts for no outage: {error}") from error
    if arguments.file.exists():
        raise MalformedRequestError(f"{arguments.file} is there: who signs next leaves --job out")
    if arguments.keep or arguments.review:
        raise MalformedRequestError("those who made the restore report it: --job goes with neither --keep nor --review")
    if not (arguments.user and arguments.incident and arguments.reason):
        raise MalformedRequestError("--job takes --user, --incident and --reason")
    if arguments.user not in intent.outage_users:
        raise MalformedRequestError(f"--user is one of {' and '.join(intent.outage_users)}")
    return OutageEvidence(report=_report(arguments), proofs=())


def _report(arguments: argparse.Namespace) -> OutageReport:
    try:
        told = json.loads(read_text(arguments.job))
        return make_report(
            account=told["AccountId"],
            region=Arn.parse(told["RecoveryPointArn"]).region,
            job=told["RestoreJobId"],
            recovery_point=told["RecoveryPointArn"],
            role=told["IamRoleArn"],
            user=arguments.user,
            incident=arguments.incident,
            reason=arguments.reason,
        )
    except (AttributeError, KeyError, TypeError, ValueError, MalformedIdentifierError, MalformedRecordError) as error:
        raise MalformedRequestError(
            f"{arguments.job} is not what `aws backup describe-restore-job` answers: {error}"
        ) from error


def _told(report: OutageReport) -> tuple[str, ...]:
    facts = {
        "restore job": f"{report.job} in {report.account} {report.region}",
        "out of": report.recovery_point,
        "under the role": report.role,
        "made as": report.user,
        "incident": report.incident,
        "why": report.reason,
    }
    return tuple(one_line(f"{name}: {value}") for name, value in facts.items())


def _sign(report: OutageReport, part: OutagePart, rules: _Rules, arguments: argparse.Namespace) -> OutageProof:
    nonce = base64url(secrets.token_bytes(_NONCE_BYTES))
    statement = make_outage_statement(report, part, nonce=nonce, issued_at=rules.now)
    ids = sorted(passkey.id for passkeys in rules.policy.people.values() for passkey in passkeys)
    sent = {"passkeys": ids, "report": report.text, "statement": statement.text}
    return OutageProof(statement=statement, signed=sign_on_page(signing_page(arguments.api, "outages"), sent))


def _add(given: OutageEvidence, proof: OutageProof, rules: _Rules, *, file: Path) -> OutageSigners:
    """Add it to the file, if it counts; who has signed by now."""
    subject, refusal = rules.signer(proof, given.report)
    if refusal:
        raise NotAuthenticatedError(f"that does not count, and was not kept: {refusal}")
    before = rules.signers(given)
    if subject in (*before.made, *before.reviewed):
        raise MalformedRequestError(f"{subject} has signed this already: somebody else must")
    proofs = (*given.proofs, proof)
    text = outage_evidence_text(given.report, [(each.statement.text, each.signed) for each in proofs])
    file.write_text(text, encoding="utf-8")
    return rules.signers(OutageEvidence(report=given.report, proofs=proofs))


def _next(signers: OutageSigners) -> str:
    return f"{signers.missing}" if signers.missing else "`--keep` puts it among the evidence"


def _keep(given: OutageEvidence, rules: _Rules, *, intent: Intent, arguments: argparse.Namespace) -> int:
    signers, place = rules.signers(given), intent.organization
    if signers.missing:
        raise RefusedError("; ".join((signers.missing, *signers.refusals)))
    if place.audit_account is None:
        raise CeremonyMissingError("organization.audit_account is not given, and so there is no evidence bucket")
    access = enter(intent, through=arguments.through)
    bucket = OutageBucket(access, report_bucket(intent), owner=place.audit_account, region=place.home_region)
    text = outage_evidence_text(given.report, [(each.statement.text, each.signed) for each in given.proofs])
    print(f"{bucket.keep(text)}: kept; the audit account's alert closes within the quarter of an hour.")
    return 0
