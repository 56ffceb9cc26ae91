"""The onboarding's own machine: it waits ever longer by chance, and whatever goes wrong is told."""

from tests.contract.state_machines.machines import machine_of

MACHINE = machine_of("AccountOnboardingStateMachine")
STATES = MACHINE.states


def test_it_claims_looks_and_reports() -> None:
    assert MACHINE.tasks.keys() == {"ClaimAccount", "InspectAccount", "ReportMissing"}
    assert MACHINE.ways_out == {"ReportMissing"}
    assert "Catch" not in STATES["ReportMissing"]


def test_whoever_did_not_get_the_account_ends() -> None:
    [choice] = STATES["BranchOnClaim"]["Choices"]
    assert (choice["Condition"], choice["Next"]) == ("{% $claim = 'CLAIMED' %}", "InspectAccount")
    assert STATES["BranchOnClaim"]["Default"] == "FinishOnboarding"


def test_each_outcome_of_a_look_leads_on() -> None:
    leads = {each["Condition"]: each["Next"] for each in STATES["BranchOnLook"]["Choices"]}
    assert leads == {
        "{% $look = 'WAITING' %}": "AwaitStacks",
        "{% $look = 'AGAIN' %}": "InspectAccount",
        "{% $look = 'LATE' %}": "ReportMissing",
    }
    assert STATES["BranchOnLook"]["Default"] == "FinishOnboarding"


def test_it_waits_twice_as_long_each_time_up_to_five_minutes_give_or_take_a_quarter() -> None:
    assert STATES["AwaitStacks"]["Seconds"] == "{% $ceil($wait * (0.75 + $random() / 2)) %}"
    assert STATES["AwaitStacks"]["Assign"] == {"wait": "{% $min([300, $wait * 2]) %}"}
    assert STATES["ClaimAccount"]["Assign"]["wait"] == "{% ${OnboardingSeconds} %}"
    wait, passed, looks = 30, 0.0, 1
    while passed < 4 * 3600:
        passed, wait, looks = passed + wait, min(300, wait * 2), looks + 1
    assert looks <= 53


def test_an_execution_outlasts_the_deadline_and_is_stopped_soon_after() -> None:
    assert MACHINE.definition["TimeoutSeconds"] == 5 * 3600
