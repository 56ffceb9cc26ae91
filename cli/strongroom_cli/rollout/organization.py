"""What `strongroom plan` and `strongroom apply` share: arguments, the organisation behind them, how steps look."""

import argparse
import os
import time
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from strongroom.adapters.aws.account_access import AccountAccess
from strongroom.adapters.aws.account_inspection import AccountInspection
from strongroom.adapters.aws.backup_settings import OrganizationBackupSettings
from strongroom.adapters.aws.organizations.policies import OrganizationPolicies
from strongroom.adapters.aws.organizations.quotas import OrganizationQuotas
from strongroom.adapters.aws.organizations.switches import OrganizationSwitches
from strongroom.adapters.aws.stack_sets import StackSets
from strongroom.adapters.aws.stacks import Stacks
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.steps import RolloutPlan, Step
from strongroom.services.rollout.plan_rollout import RolloutNeeds, plan_rollout
from strongroom_cli.addresses import parse_address
from strongroom_cli.compile import DEFAULT_INTENT, render_intent
from strongroom_cli.errors import show_findings
from strongroom_cli.intent.file import load_intent_file

ACCESS_ROLE: Final = "OrganizationAccountAccessRole"

_PAUSE_SECONDS: Final = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of both commands."""
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    parser.add_argument(
        "--through",
        default=ACCESS_ROLE,
        metavar="ROLE",
        help=f"the role to assume in the backup and the audit account (default: {ACCESS_ROLE})",
    )
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
        help="go on although something is protected less afterwards, or a lock becomes immutable later",
    )


def prepare(arguments: argparse.Namespace) -> tuple[Desired, RolloutNeeds]:
    """What the intent file asks for, and the organisation; WrongAccountError outside the management account."""
    intent, warnings = load_intent_file(arguments.file)
    show_findings(warnings, source=arguments.file)
    desired = Desired(intent=intent, rendered=render_intent(intent, source=arguments.file))
    return desired, _needs(intent, arguments)


def plan(desired: Desired, arguments: argparse.Namespace, *, needs: RolloutNeeds) -> RolloutPlan:
    """The difference as it is now."""
    return plan_rollout(
        desired,
        needs=needs,
        now=datetime.now(UTC),
        confirmed_days=arguments.confirm_retention,
        has_bucket=arguments.template_bucket is not None,
        accepts_loosening=arguments.accept_loosening,
    )


def line_of(step: Step) -> str:
    """A step on one line."""
    place = f"{step.account}  {step.region:<14}"
    return f"{step.kind:<12}  {place}  {step.what}: {step.before} -> {step.after}"


def as_json(plan: RolloutPlan) -> dict[str, list[dict[str, Any]]]:
    """The plan as `{"steps": [...], "findings": [...]}`."""
    told = ("id", "kind", "account", "region", "what", "before", "after")
    return {
        "steps": [{name: getattr(step, name) for name in told} for step in plan.steps],
        "findings": [asdict(finding) for finding in plan.findings],
    }


def _needs(intent: Intent, arguments: argparse.Namespace) -> RolloutNeeds:
    for name, url in os.environ.items():
        if name.startswith("AWS_ENDPOINT_URL") and url:
            parse_address(url, name=name)
    place = intent.organization
    access = AccountAccess(place.management_account, through=arguments.through, home_region=place.home_region)
    access.ensure_management_account()
    return RolloutNeeds(
        organization=OrganizationSwitches(access, place=place),
        policies=OrganizationPolicies(access, management_account=place.management_account),
        quotas=OrganizationQuotas(access, management_account=place.management_account),
        backup=OrganizationBackupSettings(access, place=place),
        stacks=Stacks(
            access,
            management_account=place.management_account,
            template_bucket=arguments.template_bucket,
            new_id=lambda: uuid.uuid4().hex,
            sleep=time.sleep,
        ),
        accounts=AccountInspection(access),
        members=StackSets(access, management_account=place.management_account, sleep=time.sleep),
        pause=lambda: time.sleep(_PAUSE_SECONDS),
    )
