"""What `strongroom plan` and `apply` say where AWS does not let them: one line, and the least policy that gives it."""

import json
from collections.abc import Callable
from copy import replace
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from strongroom.adapters.aws import account_access
from strongroom.adapters.aws.errors import aws_errors
from strongroom_cli.main import main
from strongroom_cli.rollout.rights import PLAN
from tests.builders.places import PAYMENTS
from tests.builders.rollout import an_empty_organization, with_policy
from tests.fakes.account_clients import refusal
from tests.fakes.rollout import FakeOrganization
from tests.unit.cli.rollout.test_plan import BAD_INPUT, EXAMPLE

CONFIRMED = ["apply", EXAMPLE, "--confirm-retention", "2555", "--yes"]
EVERYTHING = PLAN.least_policy
MORE = "run strongroom plan --policy, which prints all that it reads with"


def grant(action: str) -> str:
    statement = {"Effect": "Allow", "Action": [action], "Resource": "*"}
    return f"grant {json.dumps(statement, separators=(',', ':'))}"


def not_authorized(action: str, why: str = "because no identity-based policy allows the action") -> ClientError:
    """As IAM words it (IAM User Guide, "Troubleshoot access denied error messages")."""
    who = "arn:aws:iam::111111111111:user/ops"
    said = f"User: {who} is not authorized to perform: {action} on resource: * {why}"
    return refusal("AccessDeniedException", action.partition(":")[2], said)


def raising(answer: Exception) -> Callable[..., NoReturn]:
    """A port whose adapter is answered so."""

    def ask(*_: Any, **__: Any) -> NoReturn:
        with aws_errors():
            raise answer
        raise AssertionError

    return ask


class Sts:
    """STS that answers, or fails, in one way."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer

    def get_caller_identity(self) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"Account": self.answer}


@pytest.mark.parametrize(
    ("answer", "begins", "ends"),
    [
        (
            NoCredentialsError(),
            "no credentials: ",
            f"set AWS_PROFILE to the management account's; {EVERYTHING}; {MORE}",
        ),
        (
            refusal("ExpiredToken", "GetCallerIdentity"),
            "the credentials have expired: ",
            f"log in again; {grant('sts:GetCallerIdentity')}; {MORE}",
        ),
        (
            refusal("InvalidClientTokenId", "GetCallerIdentity"),
            "AWS does not know these credentials: ",
            f"set AWS_PROFILE anew; {grant('sts:GetCallerIdentity')}; {MORE}",
        ),
        (not_authorized("sts:GetCallerIdentity"), "no rights: ", f"{grant('sts:GetCallerIdentity')}; {MORE}"),
        (refusal("Throttling", "GetCallerIdentity"), "AWS throttles or does not answer: ", "; run this again later"),
        (PAYMENTS, f"wrong account: these credentials belong to account {PAYMENTS}", "account 111111111111"),
    ],
    ids=["none", "expired", "unknown", "no rights", "throttled", "another account"],
)
@pytest.mark.parametrize(("command", "code"), BAD_INPUT)
def test_what_is_wrong_with_the_credentials_is_one_line(
    command: str,
    code: int,
    answer: str | Exception,
    begins: str,
    ends: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(account_access, "connect", lambda *_, **__: Sts(answer))
    assert main([command, EXAMPLE]) == code
    printed = capsys.readouterr()
    [told] = [line for line in printed.err.splitlines() if line.startswith("strongroom: ")]
    assert printed.out == ""
    assert told.startswith(f"strongroom: {begins}")
    assert told.endswith(ends)


@pytest.mark.parametrize(
    ("answer", "begins", "ends"),
    [
        (not_authorized("organizations:ListRoots"), "no rights: ", f"{grant('organizations:ListRoots')}; {MORE}"),
        # Organizations does not name the action to an account that is not the management account.
        (
            refusal("AccessDeniedException", "ListRoots", "You don't have permissions to access this resource."),
            "no rights: ",
            f"{grant('organizations:ListRoots')}; {MORE}",
        ),
        (refusal("AccessDenied", "HeadBucket", "Access Denied"), "no rights: ", f"{EVERYTHING}; {MORE}"),
        (
            not_authorized("organizations:ListRoots", "with an explicit deny in a service control policy"),
            "no rights: ",
            "; no grant helps while a service control policy denies it",
        ),
        (
            refusal("ExpiredToken", "ListRoots"),
            "the credentials expired on the way: ",
            "; log in again and run this again",
        ),
        (
            refusal("UnrecognizedClientException", "DescribeRegionSettings"),
            "the Region is off in that account: ",
            "; switch the Region on, or take it out of the intent",
        ),
        (refusal("TooManyRequestsException", "ListRoots"), "AWS throttles", "; run this again later"),
    ],
    ids=["names the action", "names none", "no such operation", "a denial", "expired", "a Region off", "throttled"],
)
@pytest.mark.parametrize(("command", "code"), BAD_INPUT)
def test_what_cannot_be_read_is_one_line_and_nothing_is_changed(
    command: str,
    code: int,
    answer: ClientError,
    begins: str,
    ends: str,
    organization: FakeOrganization,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(organization, "read", raising(answer))
    assert main([command, EXAMPLE]) == code
    printed = capsys.readouterr()
    [told] = printed.err.splitlines()
    assert (printed.out, organization.acts) == ("", [])
    assert told.startswith(f"strongroom: {begins}")
    assert told.endswith(ends)


@pytest.mark.parametrize(("command", "code"), BAD_INPUT)
def test_an_organization_without_all_features_is_told_with_the_call_that_gives_them(
    command: str, code: int, organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    switches = replace(organization.live.switches, feature_set="CONSOLIDATED_BILLING")
    organization.live = replace(organization.live, switches=switches)
    assert main([command, EXAMPLE]) == code
    [told] = [line for line in capsys.readouterr().err.splitlines() if "all features" in line]
    assert "organizations:EnableAllFeatures" in told
    assert organization.acts == []


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (
            not_authorized("organizations:EnablePolicyType"),
            f"; {grant('organizations:EnablePolicyType')}; run this again to go on",
        ),
        (
            refusal("ValidationError", "ExecuteChangeSet", str(not_authorized("kms:CreateKey"))),
            f"; {grant('kms:CreateKey')}; run this again to go on",
        ),
        (
            not_authorized("organizations:EnablePolicyType", "with an explicit deny in a permissions boundary"),
            "; no grant helps while a permissions boundary denies it; run this again to go on",
        ),
        (refusal("ExpiredToken", "EnablePolicyType"), "; log in again and run this again"),
        (refusal("TooManyRequestsException", "EnablePolicyType"), "; run this again later"),
        (
            refusal("ConstraintViolationException", "EnablePolicyType"),
            "EnablePolicyType answered ConstraintViolationException: no; run this again to go on",
        ),
    ],
    ids=["no rights", "no rights in a stack", "a denial", "expired", "throttled", "another refusal"],
)
def test_the_step_that_stops_is_named_with_what_it_lacks_and_the_next_try_goes_on(
    answer: ClientError,
    ends: str,
    organization: FakeOrganization,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    with monkeypatch.context() as refused:
        refused.setattr(organization, "enable_type", raising(answer))
        assert main(CONFIRMED) == 1
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("strongroom: stopped at policy-type-BACKUP_POLICY: ")
    assert told.endswith(ends)
    done = [act for act in organization.acts if act != "pause"]
    assert done == ["trust backup.amazonaws.com"]
    main(CONFIRMED)
    assert organization.acts.count("trust backup.amazonaws.com") == 1
    assert "enable BACKUP_POLICY" in organization.acts


def test_what_is_done_and_cannot_be_looked_at_is_1_and_not_taken_for_nothing_changed(
    organization: FakeOrganization, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = with_policy(organization.live, "strongroom-daily-prod", targets=())
    attach = organization.attach

    def attach_and_close(policy_id: str, target: str) -> None:
        attach(policy_id, target)
        monkeypatch.setattr(organization, "accounts_below", raising(not_authorized("organizations:ListParents")))

    monkeypatch.setattr(organization, "attach", attach_and_close)
    assert main(CONFIRMED) == 1
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith("strongroom: every step is done, but not seen to be so: no rights: ")
    assert grant("organizations:ListParents") in told
    assert told.endswith("; run this again to go on")


def test_the_policy_of_plan_is_what_it_reads_with_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--policy"]) == 0
    [statement] = json.loads(capsys.readouterr().out)["Statement"]
    assert statement == {"Effect": "Allow", "Action": sorted(set(PLAN.calls)), "Resource": "*"}
    assert {"organizations:ListRoots", "sts:AssumeRole", "cloudformation:GetTemplate"} <= set(PLAN.calls)
    operations = {call.partition(":")[2] for call in PLAN.calls} - {"AssumeRole"}
    assert {each for each in operations if not each.startswith(("Describe", "Get", "List"))} == set()
