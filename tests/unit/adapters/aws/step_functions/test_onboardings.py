"""An onboarding begins once for an event of an account."""

import json

from sandbox.machines.names import is_name
from strongroom.adapters.aws.step_functions.onboardings import AccountOnboardings
from tests.builders.places import PAYMENTS
from tests.fakes.account_clients import FakeStepFunctions


def test_an_onboarding_begins_once_for_an_event_of_an_account() -> None:
    fake = FakeStepFunctions()
    onboardings = AccountOnboardings(fake, "arn:machine")
    for event in ("e-1", "e-1", "e-2"):
        onboardings.begin(PAYMENTS, event_id=event)
    assert len(fake.started) == 2
    assert all(is_name(name) and name.startswith(f"onboard-{PAYMENTS}-") for name in fake.started)
    assert {*fake.started.values()} == {json.dumps({"account": PAYMENTS})}
