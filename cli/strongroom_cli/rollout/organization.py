"""What `strongroom plan` and `strongroom apply` share: arguments, and the organisation behind them."""

import argparse
import os
import uuid
from collections.abc import Callable, Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from strongroom.adapters.aws.account_access import AccountAccess, AccountClients
from strongroom.adapters.aws.account_inspection import AccountInspection
from strongroom.adapters.aws.backup.job_sizes import BackupJobSizes
from strongroom.adapters.aws.backup.settings import OrganizationBackupSettings
from strongroom.adapters.aws.cloudformation.stack_sets import StackSets
from strongroom.adapters.aws.cloudformation.stacks import Stacks
from strongroom.adapters.aws.doctor.keys import Keys
from strongroom.adapters.aws.doctor.surroundings import Surroundings
from strongroom.adapters.aws.evidence.bucket import EvidenceReader
from strongroom.adapters.aws.evidence.rules import RulesBucket
from strongroom.adapters.aws.intent_layers import IntentLayers
from strongroom.adapters.aws.organizations.policies import OrganizationPolicies
from strongroom.adapters.aws.organizations.quotas import OrganizationQuotas
from strongroom.adapters.aws.organizations.switches import OrganizationSwitches
from strongroom.adapters.aws.organizations.tree import LiveOrganizationTree
from strongroom.adapters.aws.organizations.vault_shares import OrganizationVaultShares
from strongroom.adapters.aws.restores.profile_places import ProfilePlaces
from strongroom.adapters.aws.tagged_resources import TaggedResources
from strongroom.adapters.identity.oidc import IdentityTokens, PublishedKeys, Web
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.findings import Finding
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.trust import Period
from strongroom.domain.rollout.desired import Desired, report_bucket
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.steps import RolloutPlan
from strongroom.domain.rulebook.agreement import RulesEvidence
from strongroom.domain.rulebook.trust import NO_KEYS, KnownKeys
from strongroom.domain.values import field_names
from strongroom.services.evidence.read_issuer_keys import IssuerKeys, kept_keys
from strongroom.services.preview.preview_rollout import PreviewNeeds
from strongroom.services.rollout.leave_out_accounts import leave_out_accounts
from strongroom.services.rollout.plan_rollout import RolloutNeeds, plan_rollout
from strongroom_cli.addresses import parse_address
from strongroom_cli.compile import DEFAULT_INTENT, compiled_intent, render_intent
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.looking import add_access_role
from strongroom_cli.rollout.saved_plan import Options
from strongroom_cli.rollout.waiting import Waiting

_PAUSE_SECONDS: Final = 1.0


def add_arguments(parser: argparse.ArgumentParser, *, what: str = "the intent file") -> None:
    """The arguments of both commands."""
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_INTENT, metavar="FILE", help=what)
    add_access_role(parser, where="in the backup and the audit account")
    parser.add_argument(
        "--template-bucket", metavar="NAME", help="a bucket of the management account for templates over 51,200 bytes"
    )
    parser.add_argument(
        "--confirm-retention",
        type=int,
        metavar="DAYS",
        help="the longest retention of a copy, when a lock in compliance mode begins or is about to become immutable",
    )
    parser.add_argument(
        "--accept-loosening",
        action="store_true",
        help="go on although something is protected less afterwards, or a lock becomes immutable later; not for rules "
        "of the ceremony that people could sign",
    )
    parser.add_argument(
        "--rules-evidence", type=Path, metavar="FILE", help="what two governors signed, where rules become looser"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the intent asks for, the organisation, what a plan depends on besides, and warnings about the intent."""

    desired: Desired
    needs: RolloutNeeds
    preview_needs: PreviewNeeds
    options: Options
    warnings: tuple[Finding, ...] = ()
    waiting: Waiting = field(default_factory=Waiting)
    keys_of: Callable[[Intent], KnownKeys] = lambda _: NO_KEYS


def prepare(arguments: argparse.Namespace) -> Prepared:
    """What the intent file asks for, and the organisation; WrongAccountError outside the management account."""
    intent, warnings = load_intent_file(arguments.file)
    given = {name: getattr(arguments, name) for name in field_names(Options)}
    options = Options(**given | {"rules_evidence": _text_of(arguments.rules_evidence)})
    return prepare_for(intent, options, source=arguments.file, warnings=warnings)


def _text_of(file: Path | None) -> str | None:
    try:
        return None if file is None else file.read_text(encoding="utf-8").strip()
    except OSError as failure:
        raise MalformedRequestError(f"{file} cannot be read: {failure.strerror}") from failure
    except UnicodeDecodeError as failure:
        raise MalformedRequestError(f"{file} cannot be read: it is not UTF-8 text") from failure


def prepare_for(intent: Intent, options: Options, *, source: Path, warnings: tuple[Finding, ...] = ()) -> Prepared:
    """The same for an intent that is read already."""
    desired, waiting = desired_of(intent, source=source), Waiting()
    access = enter(intent, through=options.through)
    needs = rollout_needs(intent, access, template_bucket=options.template_bucket, waiting=waiting)
    return Prepared(
        desired=leave_out_accounts(desired, policies=needs.policies),
        needs=needs,
        preview_needs=preview_needs(intent, access),
        options=options,
        warnings=warnings,
        waiting=waiting,
        keys_of=partial(_keys_of, access=access),
    )


def desired_of(intent: Intent, *, source: Path) -> Desired:
    """What the intent asks for."""
    return Desired(intent=intent, rendered=render_intent(intent, source=source), compiled=compiled_intent(intent))


def plan(prepared: Prepared, *, waits: bool = False, live: LiveOrganization | None = None) -> RolloutPlan:
    """The difference as it is now, or as `live` says, with what there is to say about the intent itself."""
    found = plan_rollout(
        prepared.desired,
        needs=prepared.needs,
        now=datetime.now(UTC),
        confirmed_days=prepared.options.confirm_retention,
        has_bucket=prepared.options.template_bucket is not None,
        accepts_loosening=prepared.options.accept_loosening,
        rules_evidence=_rules_evidence(prepared),
        waits=waits,
        live=live,
    )
    return replace(found, findings=(*prepared.warnings, *found.findings))


def _rules_evidence(prepared: Prepared) -> RulesEvidence | None:
    """The evidence for looser rules, and by which of the identity provider's keys logins count in it."""
    text = prepared.options.rules_evidence
    if text is None:
        return None
    return RulesEvidence(text=text, signatures=CryptographySignatures(), keys_of=prepared.keys_of)


def _keys_of(intent: Intent, access: AccountClients) -> KnownKeys:
    """The keys of an intent's identity provider: those that are kept, and else what it publishes now."""
    place, provider = intent.organization, intent.identity_provider
    if provider is None or place.audit_account is None:
        return NO_KEYS
    issuer, owner, region = provider.issuer, place.audit_account, place.home_region

    def kept() -> Mapping[str, Period]:
        reader = EvidenceReader(access.client("s3", account=owner, region=region), report_bucket(intent), owner=owner)
        return kept_keys(reader, issuer=issuer, now=datetime.now(UTC))

    return IssuerKeys(kept, published=PublishedKeys(IdentityTokens(provider, http=Web())))


def enter(intent: Intent, *, through: str) -> AccountAccess:
    """Every account, by the credentials at hand; WrongAccountError where they are not the management account's."""
    ensure_addresses()
    place = intent.organization
    access = AccountAccess(
        place.management_account,
        through=through,
        home_region=place.home_region,
        now=lambda: datetime.now(UTC),
    )
    access.ensure_management_account()
    return access


def ensure_addresses() -> None:
    """An error where AWS is to be asked at an address that is none."""
    for name, url in os.environ.items():
        if name.startswith("AWS_ENDPOINT_URL") and url:
            parse_address(url, name=name)


def rollout_needs(
    intent: Intent, access: AccountClients, *, template_bucket: str | None, waiting: Waiting
) -> RolloutNeeds:
    """What a rollout needs, through these clients."""
    place, global_region = intent.organization, intent.global_region
    return RolloutNeeds(
        organization=OrganizationSwitches(access, place=place, global_region=global_region),
        policies=OrganizationPolicies(access, management_account=place.management_account, global_region=global_region),
        quotas=OrganizationQuotas(access, management_account=place.management_account, global_region=global_region),
        backup=OrganizationBackupSettings(access, place=place),
        stacks=Stacks(
            access,
            management_account=place.management_account,
            global_region=global_region,
            template_bucket=template_bucket,
            new_id=lambda: uuid.uuid4().hex,
            sleep=waiting,
        ),
        accounts=AccountInspection(access, global_region=global_region),
        carriers=IntentLayers(access),
        members=StackSets(
            access, management_account=place.management_account, global_region=global_region, sleep=waiting
        ),
        rules=_rules_archive(intent, access),
        places=ProfilePlaces(access),
        trails=Surroundings(access),
        keys=Keys(access),
        shares=OrganizationVaultShares(access, place=place),
        pause=lambda: waiting(_PAUSE_SECONDS),
    )


def _rules_archive(intent: Intent, access: AccountClients) -> RulesBucket:
    """Where the rules are kept; without an audit account there is no bucket, and nobody looks."""
    place = intent.organization
    owner = place.audit_account or place.management_account
    return RulesBucket(access, report_bucket(intent), owner=owner, region=place.home_region)


def preview_needs(intent: Intent, access: AccountClients) -> PreviewNeeds:
    """What a preview needs besides, through these clients; it changes nothing."""
    management_account = intent.organization.management_account
    return PreviewNeeds(
        tree=LiveOrganizationTree(access, management_account=management_account, global_region=intent.global_region),
        finder=TaggedResources(access),
        sizes=BackupJobSizes(access, management_account=management_account),
    )
