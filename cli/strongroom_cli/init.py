"""`strongroom init`: draft the intent file from a live organisation; nothing there is changed."""

import argparse
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from strongroom.adapters.aws.account_access import AccountAccess, caller
from strongroom.adapters.aws.backup.account_survey import AccountSurvey
from strongroom.adapters.aws.doctor.reading import ReadingAccess
from strongroom.adapters.aws.landing_zones import LandingZones
from strongroom.adapters.aws.organizations.policies import OrganizationPolicies
from strongroom.adapters.aws.organizations.quotas import OrganizationQuotas
from strongroom.adapters.aws.organizations.survey import OrganizationSurvey
from strongroom.domain.doctor.obstacles import why_nothing_begins
from strongroom.domain.errors import MalformedRequestError, StrongroomError
from strongroom.domain.findings import Level
from strongroom.domain.identifiers import Region, parse_region
from strongroom.domain.partitions import partition_of
from strongroom.domain.survey.draft import Draft, draft_of
from strongroom.domain.survey.questions import ORGANIZATION, least_policy
from strongroom.services.survey.survey_organization import SurveyNeeds, survey_organization
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.errors import IntentFileError, tell
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.looking import add_looking_arguments, print_policy
from strongroom_cli.rollout.organization import ensure_addresses

COMPLETE: Final = 0
REFUSED: Final = 2
LEFT_OPEN: Final = 3


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "init",
        help="draft the intent file from a live organisation",
        description="Look at the live organisation, with the management account's credentials, and write the intent "
        "file that says what is in force there: units, accounts, vaults, tiers. Only Describe, Get, List are called. "
        "What could not be seen or said stands in the file as a comment that begins with TODO. Exit code 0: nothing is "
        "left to answer; 3: a TODO is; 2: bad input, the file is there already, or nobody may look.",
    )
    parser.add_argument(
        "--out", type=Path, default=DEFAULT_INTENT, metavar="FILE", help=f"where to write (default: {DEFAULT_INTENT})"
    )
    parser.add_argument("--region", metavar="REGION", help="the home Region (default: that of the credentials)")
    add_looking_arguments(parser, command="init")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file, and say on standard error how far it is and what is left."""
    if arguments.policy:
        print_policy(least_policy())
        return COMPLETE
    if arguments.out.exists():
        raise MalformedRequestError(f"{arguments.out} is there already, and init overwrites nothing; write --out FILE")
    if not arguments.out.absolute().parent.is_dir():
        raise MalformedRequestError(f"{arguments.out} lies in no folder that is there; make it first")
    region = None if arguments.region is None else parse_region(arguments.region)
    try:
        needs, home = survey_needs(region, through=arguments.through)
        surveyed = survey_organization(needs=needs, region=home)
    except StrongroomError as error:
        tell(why_nothing_begins(error, ORGANIZATION.check))
        return REFUSED
    return _written(draft_of(surveyed), path=arguments.out)


def survey_needs(region: Region | None, *, through: str) -> tuple[SurveyNeeds, Region]:
    """What a survey needs, through clients that only read, and the Region that it begins in."""
    ensure_addresses()
    account, home = caller(region)
    access = AccountAccess(account, through=through, home_region=home, now=lambda: datetime.now(UTC))
    reading = ReadingAccess(access, hear=lambda _: None)
    everywhere = Region(partition_of(home).global_region)
    needs = SurveyNeeds(
        organization=OrganizationSurvey(reading, account=account, global_region=everywhere),
        policies=OrganizationPolicies(reading, management_account=account, global_region=everywhere),
        landing_zones=LandingZones(reading, management_account=account),
        accounts=AccountSurvey(reading),
        quotas=OrganizationQuotas(reading, management_account=account, global_region=everywhere),
        tell=partial(tell, by="init"),
    )
    return needs, home


def _written(draft: Draft, *, path: Path) -> int:
    faults = faults_of(draft)
    with path.open("x", encoding="utf-8") as file:
        file.write(_text(draft, faults))
    left = draft.open_questions + len(faults)
    tell(f"{path} is written; {f'{left} left to answer, look for TODO' if left else 'nothing is left to answer'}")
    return LEFT_OPEN if left else COMPLETE


def faults_of(draft: Draft) -> tuple[str, ...]:
    """What compile would refuse in the file, by reading it as compile does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / DEFAULT_INTENT
        path.write_text(_text(draft), encoding="utf-8")
        try:
            load_intent_file(path)
        except IntentFileError as refused:
            return tuple(f"{each.path}: {each.message}" for each in refused.findings if each.level is Level.ERROR)
    return ()


def _text(draft: Draft, faults: tuple[str, ...] = ()) -> str:
    return draft.text(today=datetime.now(UTC).date(), faults=faults)
