"""What an event of an account's life becomes, by its contract and the table, in every shape that it comes in."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from strongroom.domain.accounts.events import ACCOUNT_EVENTS, AccountEvent, AccountNotice, Follow, ToldBy, read_notice
from strongroom.domain.errors import MalformedError, MalformedEventError, MalformedIdentifierError
from strongroom.domain.intent.model import Intent
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.organizations import AccountChange

type Sample = Callable[[str], dict[str, Any]]
type Notice = Callable[[dict[str, Any]], AccountNotice]

MANAGEMENT = "111111111111"
MEMBER = "555555555555"
MOVED = "444455556666"
TARGET = "ou-a1b2-prod0001"
POLICY = "p-examplepolicyid111"


@pytest.fixture
def notice(intent: Intent) -> Notice:
    """Read a whole event."""

    def read(event: dict[str, Any]) -> AccountNotice:
        parsed = msgspec.convert(event, Event[AccountChange], strict=False)
        return read_notice(parsed.detail.observed(parsed), intent=intent)

    return read


def an_event(source: str, account: str = MANAGEMENT, **detail: Any) -> dict[str, Any]:
    """An event with this detail."""
    envelope = {"id": "e-1", "source": f"aws.{source}", "detail-type": "any", "time": "2026-11-23T14:20:00Z"}
    place = {"account": account, "region": "eu-west-1"}
    return envelope | place | {"detail": {"eventSource": f"{source}.amazonaws.com"} | detail}


OUTCOMES = {
    "MoveAccount": (Follow.JUDGE, MOVED),
    "CreateAccountResult": (Follow.JUDGE, MOVED),
    "AccountJoinedOrganization": (Follow.JUDGE, MOVED),
    "InviteAccountToOrganization": (Follow.NOTE, None),
    "AcceptHandshake": (Follow.JUDGE, MEMBER),
    "LeaveOrganization": (Follow.JUDGE, MEMBER),
    "RemoveAccountFromOrganization": (Follow.JUDGE, MOVED),
    "AccountDepartedOrganization": (Follow.JUDGE, MOVED),
    "CloseAccount": (Follow.JUDGE, MEMBER),
    "CloseAccountResult": (Follow.JUDGE, MEMBER),
    "CreateManagedAccount": (Follow.JUDGE, MOVED),
    "UpdateManagedAccount": (Follow.JUDGE, MOVED),
    "AttachPolicy": (Follow.JUDGE_BELOW, None),
    "DetachPolicy": (Follow.JUDGE_BELOW, None),
    "UpdatePolicy": (Follow.JUDGE_BELOW, None),
    "DeletePolicy": (Follow.NOTE, None),
    "DisablePolicyType": (Follow.TELL, None),
    "EffectivePolicyValidation": (Follow.SETTLE, MANAGEMENT),
    "InvalidOrganizationBackupPlan": (Follow.TELL, MEMBER),
    "CreateOrganizationalBackupPlan": (Follow.JUDGE_BELOW, MEMBER),
    "DeleteOrganizationalBackupPlan": (Follow.JUDGE_BELOW, MEMBER),
    "BackupSelectionDeletedDueToSLRDeletion": (Follow.TELL, MEMBER),
}
EVERY = pytest.mark.parametrize("row", ACCOUNT_EVENTS, ids=lambda row: row.name)


def test_every_row_has_an_outcome_in_the_table_of_cases() -> None:
    assert OUTCOMES.keys() == {row.name for row in ACCOUNT_EVENTS}
    assert len({row.name for row in ACCOUNT_EVENTS}) == len(ACCOUNT_EVENTS)


@EVERY
def test_the_sample_of_each_event_is_followed_as_the_table_says(
    row: AccountEvent, sample: Sample, notice: Notice
) -> None:
    found = notice(sample(f"aws.{row.service}/{row.name}"))
    assert (found.follow, found.account) == OUTCOMES[row.name]


@EVERY
def test_what_failed_is_noted_and_nothing_follows(row: AccountEvent, sample: Sample, notice: Notice) -> None:
    event = sample(f"aws.{row.service}/{row.name}")
    event["detail"]["errorCode"] = "AccessDeniedException"
    assert notice(event) == AccountNotice(
        account=None, reason=f"{row.name} failed with AccessDeniedException", name=row.name
    )


@EVERY
def test_an_event_from_an_account_that_does_not_tell_it_is_refused(
    row: AccountEvent, sample: Sample, notice: Notice
) -> None:
    other = MANAGEMENT if row.told_by is ToldBy.MEMBER else MOVED
    found = notice(sample(f"aws.{row.service}/{row.name}") | {"account": other})
    assert (found.follow, found.account, found.subject) == (Follow.REFUSE, None, other)
    assert str(row.told_by) in found.reason


@EVERY
def test_an_event_with_null_answers_names_its_account_or_is_malformed(
    row: AccountEvent, sample: Sample, notice: Notice
) -> None:
    event = sample(f"aws.{row.service}/{row.name}")
    event["detail"] |= {"requestParameters": None, "responseElements": None, "serviceEventDetails": None}
    if row.told_by is ToldBy.MEMBER or row.follow is Follow.NOTE:
        assert notice(event).account in {None, MEMBER}
    elif row.name == "DisablePolicyType":
        assert notice(event).follow is Follow.NOTE
    else:
        with pytest.raises(MalformedEventError, match=row.name):
            notice(event)


@pytest.mark.parametrize("row", [row for row in ACCOUNT_EVENTS if OUTCOMES[row.name][1]], ids=lambda row: row.name)
def test_an_account_of_thirteen_digits_is_malformed(row: AccountEvent, sample: Sample, notice: Notice) -> None:
    account = str(OUTCOMES[row.name][1])
    event = sample(f"aws.{row.service}/{row.name}")
    thirteen = json.loads(json.dumps(event["detail"]).replace(account, "1112233445566"))
    place = {"account": "1112233445566"} if row.told_by is ToldBy.MEMBER else {}
    with pytest.raises(MalformedError):
        notice(event | place | {"detail": thirteen})


def test_the_same_name_of_another_service_says_nothing(notice: Notice) -> None:
    found = notice(an_event("iam", eventName="DeletePolicy", requestParameters={"policyId": POLICY}))
    assert (found.follow, "says nothing" in found.reason) == (Follow.NOTE, True)


def test_who_did_it_is_kept(sample: Sample, notice: Notice) -> None:
    found = notice(sample("aws.organizations/MoveAccount"))
    assert found.actor == "arn:aws:sts::111111111111:assumed-role/OrgAdmin/admin"
    assert found.event_id == "EXAMPLE8-90ab-cdef-fedc-ba987EXAMPLE"
    assert notice(sample("aws.organizations/CloseAccountResult")).actor == "organizations.amazonaws.com"


@pytest.mark.parametrize(
    ("name", "asked", "target", "policy"),
    [
        pytest.param("AttachPolicy", {"policyId": POLICY, "targetId": TARGET}, TARGET, POLICY, id="attached"),
        pytest.param("DetachPolicy", {"policyId": POLICY, "targetId": MOVED}, MOVED, POLICY, id="from an account"),
        pytest.param("UpdatePolicy", {"policyId": POLICY, "content": "{}"}, "", POLICY, id="another text"),
    ],
)
def test_a_policy_names_whom_it_reaches(
    name: str, asked: dict[str, str], target: str, policy: str, notice: Notice
) -> None:
    for account in (MANAGEMENT, "999999999999"):
        found = notice(an_event("organizations", account, eventName=name, requestParameters=asked))
        assert (found.follow, found.target, found.policy) == (Follow.JUDGE_BELOW, target, policy)


@pytest.mark.parametrize(
    ("kind", "follow"),
    [("BACKUP_POLICY", Follow.TELL), ("SERVICE_CONTROL_POLICY", Follow.TELL), ("TAG_POLICY", Follow.NOTE)],
)
def test_a_type_of_policies_that_is_switched_off_is_told_where_it_protects(
    kind: str, follow: Follow, notice: Notice
) -> None:
    asked = {"rootId": "r-a1b2", "policyType": kind}
    assert notice(an_event("organizations", eventName="DisablePolicyType", requestParameters=asked)).follow is follow


@pytest.mark.parametrize(
    ("details", "follow", "said"),
    [
        pytest.param({"state": "INVALID"}, Follow.TELL, "the last policy", id="invalid"),
        pytest.param(
            {"state": "INVALID", "validationErrors": [{"errorCode": "A"}, {"errorMessage": "too many plans"}]},
            Follow.TELL,
            "A; too many plans",
            id="with its errors",
        ),
        pytest.param({"state": "INVALID", "validationErrors": "odd"}, Follow.TELL, "the last", id="with odd errors"),
        pytest.param({"state": "VALID"}, Follow.SETTLE, "EffectivePolicyValidation", id="valid"),
        pytest.param({"state": "LATER"}, Follow.NOTE, "LATER", id="a state of tomorrow"),
        pytest.param({"state": "INVALID", "policyType": "TAG_POLICY"}, Follow.NOTE, "none of backups", id="of tags"),
    ],
)
def test_a_validation_is_told_and_settled(details: dict[str, Any], follow: Follow, said: str, notice: Notice) -> None:
    whole = {"accountId": MOVED, "policyType": "BACKUP_POLICY"} | details
    found = notice(an_event("organizations", eventName="EffectivePolicyValidation", serviceEventDetails=whole))
    assert found.follow is follow
    assert said in found.reason


@pytest.mark.parametrize(
    ("name", "status", "follow"),
    [
        ("CreateAccountResult", {"createAccountStatus": {"state": "FAILED", "failureReason": "E"}}, Follow.NOTE),
        ("CloseAccountResult", {"closeAccountStatus": {"state": "FAILED", "accountId": MOVED}}, Follow.NOTE),
        ("CreateAccountResult", {"createAccountStatus": {"accountId": MOVED}}, Follow.JUDGE),
    ],
    ids=["an account that was not created", "one that was not closed", "one without a state"],
)
def test_a_result_is_followed_by_its_state(name: str, status: dict[str, Any], follow: Follow, notice: Notice) -> None:
    assert notice(an_event("organizations", eventName=name, serviceEventDetails=status)).follow is follow


@pytest.mark.parametrize("state", ["FAILED", "SUCCEEDED"])
@pytest.mark.parametrize("verb", ["create", "update"])
def test_control_towers_failure_is_told_of_its_account(verb: str, state: str, notice: Notice) -> None:
    status = {f"{verb}ManagedAccountStatus": {"state": state, "account": {"accountId": MOVED}}}
    name = f"{verb.capitalize()}ManagedAccount"
    found = notice(an_event("controltower", eventName=name, serviceEventDetails=status))
    assert (found.follow, found.account) == (Follow.TELL if state == "FAILED" else Follow.JUDGE, MOVED)


def test_a_membership_event_may_hide_its_account_deeper(notice: Notice) -> None:
    details = {"account": [{"accountID": MOVED}]}
    event = an_event("organizations", eventName="AccountJoinedOrganization", serviceEventDetails=details)
    assert notice(event).account == MOVED


@pytest.mark.parametrize(
    "details",
    [
        pytest.param({"managementAccountId": MANAGEMENT, "memberAccountId": MOVED}, id="a name each"),
        pytest.param({"joinedMethod": "Invited", "account": MOVED}, id="another name"),
        pytest.param({"accountId": MANAGEMENT, "member": MOVED}, id="the managing one under the usual name"),
    ],
)
def test_the_account_that_joined_is_the_one_that_does_not_manage(details: dict[str, Any], notice: Notice) -> None:
    event = an_event("organizations", eventName="AccountJoinedOrganization", serviceEventDetails=details)
    assert notice(event).account == MOVED


@pytest.mark.parametrize(
    ("detail", "error"),
    [
        ({"eventName": "MoveAccount", "requestParameters": "odd"}, MalformedEventError),
        ({"eventName": "MoveAccount", "requestParameters": {"accountId": {"a": 1}}}, MalformedEventError),
        ({"eventName": "MoveAccount", "requestParameters": {"accountId": "12345"}}, MalformedIdentifierError),
        (
            {"eventName": "AccountJoinedOrganization", "serviceEventDetails": {"a": MOVED, "b": "2" * 12}},
            MalformedEventError,
        ),
        ({"eventName": "AccountJoinedOrganization", "serviceEventDetails": {"a": MANAGEMENT}}, MalformedEventError),
        ({"eventName": "AttachPolicy", "requestParameters": {"policyId": POLICY}}, MalformedEventError),
    ],
    ids=["no request", "no text", "five digits", "one of two accounts", "the management account alone", "no target"],
)
def test_an_event_without_a_proper_account_is_malformed(
    detail: dict[str, Any], error: type[Exception], notice: Notice
) -> None:
    with pytest.raises(error):
        notice(an_event("organizations", **detail))


def a_stack(name: str, status: str) -> dict[str, Any]:
    """What CloudFormation says of a stack in the member."""
    stack = f"arn:aws:cloudformation:eu-west-1:{MEMBER}:stack/{name}/1"
    detail = {"stack-id": stack, "status-details": {"status": status}}
    return an_event("cloudformation", MEMBER) | {"detail": detail}


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "DELETE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "DELETE_FAILED"])
def test_the_end_of_a_member_stack_is_about_the_account_it_is_in(status: str, notice: Notice) -> None:
    found = notice(a_stack("StackSet-strongroom-member-1", status))
    assert (found.follow, found.account) == (Follow.JUDGE, MEMBER)


@pytest.mark.parametrize(
    ("name", "status"),
    [("StackSet-strongroom-member-1", "CREATE_IN_PROGRESS"), ("app", "CREATE_COMPLETE")],
    ids=["a member stack under way", "a stack of somebody else"],
)
def test_other_stacks_are_about_no_account(name: str, status: str, notice: Notice) -> None:
    assert notice(a_stack(name, status)).follow is Follow.NOTE
