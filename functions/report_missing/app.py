"""Tell what an account still lacks at its deadline, or what kept it from being looked into, and give it up."""

from strongroom.runtime.contracts.onboarding import MissingInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.accounts.onboarding.report_missing import ReportVerdict, report_missing
from strongroom.wiring.accounts import missing_report


@each_step(MissingInput)
def handler(step: MissingInput, platform: Platform) -> ReportVerdict:
    """Tell it once, and leave the account to the scheduled pass."""
    return report_missing(
        step.account_id,
        execution=step.execution,
        error=step.error,
        missing=step.words,
        needs=missing_report(platform),
        now=platform.now(),
    )
