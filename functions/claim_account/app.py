"""Take an account to see to until it is ready, unless another execution does so already."""

from strongroom.runtime.contracts.onboarding import OnboardingInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.accounts.onboarding.claim_account import ClaimVerdict, claim_account
from strongroom.wiring.accounts import account_claim


@each_step(OnboardingInput)
def handler(step: OnboardingInput, platform: Platform) -> ClaimVerdict:
    """Claim the account for this execution."""
    return claim_account(step.account_id, execution=step.execution, needs=account_claim(platform), now=platform.now())
