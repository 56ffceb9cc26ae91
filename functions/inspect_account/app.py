"""Look whether an account is ready by the path that was read last, and name everything that it lacks."""

from strongroom.runtime.contracts.onboarding import OnboardingInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.accounts.onboarding.inspect_account import LookVerdict, inspect_account
from strongroom.wiring.accounts import account_inspection


@each_step(OnboardingInput)
def handler(step: OnboardingInput, platform: Platform) -> LookVerdict:
    """Look once."""
    return inspect_account(
        step.account_id, execution=step.execution, needs=account_inspection(platform), now=platform.now()
    )
