"""One organisation for everybody: who stands where, who may read, who may change."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, every, session_client
from sandbox.organization.seed import person_session
from sandbox.settings import (
    BACKUP_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    OU_PRE_PRODUCTION,
    OU_PRODUCTION,
    OU_SANDBOX,
    OU_SHARED,
    PAYMENTS_ACCOUNT,
    REPORTS_ACCOUNT,
    ROOT_ID,
)

UNKNOWN_OU = "ou-strg-none0000"
BACKUP = {"PolicyType": "BACKUP_POLICY"}


def organizations(account: str) -> Any:
    return client("organizations", account)


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def backup_policy(regions: list[str], **leaf: Any) -> str:
    rule: dict[str, Any] = {"target_backup_vault_name": {"@@assign": "local-prod-vault"}, **leaf}
    selection = {
        "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/strongroom/backup"},
        "tag_key": {"@@assign": "Backup"},
        "tag_value": {"@@assign": ["daily-prod"]},
    }
    plan = {
        "regions": {"@@assign": regions},
        "rules": {"nightly": rule},
        "selections": {"tags": {"tagged": selection}},
    }
    return json.dumps({"plans": {"daily-prod": plan}})


@contextmanager
def policy(editor: Any, content: str, *targets: str, name: str = "backup") -> Any:
    created = editor.create_policy(Name=name, Description="", Type="BACKUP_POLICY", Content=content)
    policy_id = created["Policy"]["PolicySummary"]["Id"]
    for target in targets:
        editor.attach_policy(PolicyId=policy_id, TargetId=target)
    try:
        yield policy_id
    finally:
        management = organizations(MANAGEMENT_ACCOUNT)
        for target in every(management, "list_targets_for_policy", PolicyId=policy_id):
            management.detach_policy(PolicyId=policy_id, TargetId=target["TargetId"])
        management.delete_policy(PolicyId=policy_id)


def effective(caller: Any, account: str) -> Any:
    answer = caller.describe_effective_policy(**BACKUP, TargetId=account)
    return json.loads(answer["EffectivePolicy"]["PolicyContent"])


def regions_of(account: str) -> Any:
    return effective(organizations(MANAGEMENT_ACCOUNT), account)["plans"]["daily-prod"]["regions"]


@pytest.mark.parametrize("reader", [MANAGEMENT_ACCOUNT, BACKUP_ACCOUNT])
def test_management_and_its_delegate_see_the_same_twenty_accounts(reader: str) -> None:
    listed = every(organizations(reader), "list_accounts")
    assert len({account["Id"] for account in listed}) == 20
    organization = organizations(reader).describe_organization()["Organization"]
    assert (organization["Id"], organization["MasterAccountId"]) == ("o-strongroom1", MANAGEMENT_ACCOUNT)


def test_an_account_outside_is_told_that_it_has_no_organization() -> None:
    assert code_of(organizations("123456789012").describe_organization) == "AWSOrganizationsNotInUseException"


def test_accounts_and_units_carry_their_paths(management: Any) -> None:
    account = management.describe_account(AccountId=PAYMENTS_ACCOUNT)["Account"]
    unit = management.describe_organizational_unit(OrganizationalUnitId=OU_PRODUCTION)["OrganizationalUnit"]
    assert account["Paths"] == [f"o-strongroom1/r-strg/{OU_PRODUCTION}/{PAYMENTS_ACCOUNT}/"]
    assert unit["Path"] == f"o-strongroom1/r-strg/{OU_PRODUCTION}/"


def test_parents_and_children_agree(management: Any) -> None:
    children = every(management, "list_children", ParentId=OU_SHARED, ChildType="ACCOUNT")
    assert {child["Id"] for child in children} == {BACKUP_ACCOUNT, "888888888888", "777777777777", "777777777778"}
    assert every(management, "list_parents", ChildId=BACKUP_ACCOUNT) == [
        {"Id": OU_SHARED, "Type": "ORGANIZATIONAL_UNIT"}
    ]
    units = every(management, "list_children", ParentId=ROOT_ID, ChildType="ORGANIZATIONAL_UNIT")
    assert len(units) == 4
    assert code_of(lambda: management.list_children(ParentId=UNKNOWN_OU, ChildType="ACCOUNT")) == (
        "ParentNotFoundException"
    )


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("create_policy", {"Name": "n", "Description": "", "Type": "SERVICE_CONTROL_POLICY", "Content": "{}"}),
        ("detach_policy", {"PolicyId": "p-FullAWSAccess", "TargetId": PAYMENTS_ACCOUNT}),
        (
            "move_account",
            {"AccountId": REPORTS_ACCOUNT, "SourceParentId": OU_PRE_PRODUCTION, "DestinationParentId": ROOT_ID},
        ),
        ("disable_policy_type", {"RootId": ROOT_ID, "PolicyType": "SERVICE_CONTROL_POLICY"}),
        ("register_delegated_administrator", {"AccountId": PAYMENTS_ACCOUNT, "ServicePrincipal": "x.amazonaws.com"}),
        ("put_resource_policy", {"Content": "{}"}),
        ("remove_account_from_organization", {"AccountId": REPORTS_ACCOUNT}),
    ],
)
@pytest.mark.parametrize("account", [PAYMENTS_ACCOUNT, BACKUP_ACCOUNT], ids=["member", "delegate"])
def test_only_management_changes_the_organization(account: str, call: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="You don't have permissions to access this resource") as caught:
        getattr(organizations(account), call)(**parameters)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"


def test_the_delegate_edits_backup_policies_and_a_member_does_not() -> None:
    delegate = session_client("organizations", person_session(BACKUP_ACCOUNT, "dana@example.com"))
    with policy(delegate, backup_policy(["eu-west-1"]), OU_PRODUCTION) as policy_id:
        delegate.update_policy(PolicyId=policy_id, Content=backup_policy(["eu-central-1"]))
        assert regions_of(PAYMENTS_ACCOUNT) == ["eu-central-1"]
        member = organizations(PAYMENTS_ACCOUNT)
        assert code_of(lambda: member.detach_policy(PolicyId=policy_id, TargetId=OU_PRODUCTION)) == (
            "AccessDeniedException"
        )
        delegate.detach_policy(PolicyId=policy_id, TargetId=OU_PRODUCTION)
        assert effective(delegate, PAYMENTS_ACCOUNT) == {}


def test_the_delegate_edits_nothing_once_the_resource_policy_is_gone(management: Any) -> None:
    content = organizations(BACKUP_ACCOUNT).describe_resource_policy()["ResourcePolicy"]["Content"]
    assert code_of(organizations(PAYMENTS_ACCOUNT).describe_resource_policy) == "AccessDeniedException"
    wanted = {"Name": "n", "Description": "", "Type": "BACKUP_POLICY", "Content": backup_policy(["eu-west-1"])}
    management.delete_resource_policy()
    assert code_of(lambda: organizations(BACKUP_ACCOUNT).create_policy(**wanted)) == "AccessDeniedException"
    assert code_of(management.describe_resource_policy) == "ResourcePolicyNotFoundException"
    management.put_resource_policy(Content=content)


@pytest.mark.parametrize(
    ("account", "source", "destination", "code"),
    [
        pytest.param("123456789012", OU_SANDBOX, OU_PRODUCTION, "AccountNotFoundException", id="no account"),
        pytest.param(REPORTS_ACCOUNT, OU_SHARED, OU_PRODUCTION, "SourceParentNotFoundException", id="not its parent"),
        pytest.param(
            REPORTS_ACCOUNT, OU_PRE_PRODUCTION, UNKNOWN_OU, "DestinationParentNotFoundException", id="no parent"
        ),
        pytest.param(
            REPORTS_ACCOUNT, OU_PRE_PRODUCTION, OU_PRE_PRODUCTION, "DuplicateAccountException", id="already there"
        ),
    ],
)
def test_a_move_is_checked_at_both_ends(
    account: str, source: str, destination: str, code: str, management: Any, ask: Callable[..., Any]
) -> None:
    before = ask("/organization/heard")["moves"]
    move = {"AccountId": account, "SourceParentId": source, "DestinationParentId": destination}
    assert code_of(lambda: management.move_account(**move)) == code
    assert ask("/organization/heard")["moves"] == before


def test_a_move_is_told_and_brings_the_policies_of_the_new_place(management: Any, ask: Callable[..., Any]) -> None:
    there = {"AccountId": REPORTS_ACCOUNT, "SourceParentId": OU_PRE_PRODUCTION, "DestinationParentId": OU_PRODUCTION}
    back = {"AccountId": REPORTS_ACCOUNT, "SourceParentId": OU_PRODUCTION, "DestinationParentId": OU_PRE_PRODUCTION}
    with policy(management, backup_policy(["eu-west-1"]), OU_PRODUCTION) as policy_id:
        assert ask("/organization/place", {"account": REPORTS_ACCOUNT})["policy"] == {}
        management.move_account(**there)
        place = ask("/organization/place", {"account": REPORTS_ACCOUNT})
        management.move_account(**back)
    heard = ask("/organization/heard")
    assert place["path"] == f"o-strongroom1/r-strg/{OU_PRODUCTION}/"
    assert REPORTS_ACCOUNT in place["production"]
    assert place["policy"]["plans"]["daily-prod"]["regions"] == ["eu-west-1"]
    assert heard["moves"][-2:] == [
        {"account": REPORTS_ACCOUNT, "source": OU_PRE_PRODUCTION, "destination": OU_PRODUCTION},
        {"account": REPORTS_ACCOUNT, "source": OU_PRODUCTION, "destination": OU_PRE_PRODUCTION},
    ]
    assert {"operation": "AttachPolicy", "policy_id": policy_id, "target_id": OU_PRODUCTION} in heard["changes"]


def test_the_policy_attached_first_wins_within_a_level(management: Any) -> None:
    first, second = backup_policy(["eu-west-1"]), backup_policy(["eu-central-1"])
    with policy(management, first, name="one") as one, policy(management, second, OU_PRODUCTION, name="two"):
        management.attach_policy(PolicyId=one, TargetId=OU_PRODUCTION)
        assert regions_of(PAYMENTS_ACCOUNT) == ["eu-central-1"]


def test_an_effective_policy_holds_strings_and_leaves_account_unresolved(management: Any) -> None:
    content = backup_policy(["eu-west-1"], lifecycle={"delete_after_days": {"@@assign": 35}})
    with policy(management, content, ROOT_ID):
        plan = effective(management, PAYMENTS_ACCOUNT)["plans"]["daily-prod"]
    assert plan["rules"]["nightly"]["lifecycle"]["delete_after_days"] == "35"
    assert plan["selections"]["tags"]["tagged"]["iam_role_arn"].startswith("arn:aws:iam::$account:")


def test_a_member_asks_about_itself_only_and_a_delegate_about_everybody(management: Any) -> None:
    member, delegate = organizations(PAYMENTS_ACCOUNT), organizations(BACKUP_ACCOUNT)
    assert member.describe_effective_policy(**BACKUP)["EffectivePolicy"]["TargetId"] == PAYMENTS_ACCOUNT
    assert effective(delegate, PAYMENTS_ACCOUNT) == {}
    assert code_of(lambda: effective(member, BACKUP_ACCOUNT)) == "AccessDeniedException"
    assert code_of(lambda: effective(management, "123456789012")) == "TargetNotFoundException"


@pytest.mark.parametrize("target", [ROOT_ID, OU_PRODUCTION])
def test_only_accounts_have_an_effective_policy(target: str, management: Any) -> None:
    with pytest.raises(ClientError) as caught:
        effective(management, target)
    response: dict[str, Any] = {**caught.value.response}
    assert (response["Error"]["Code"], response["Reason"]) == ("InvalidInputException", "TARGET_NOT_SUPPORTED")


def test_a_policy_type_that_is_off_has_no_effective_policy(management: Any) -> None:
    management.disable_policy_type(RootId=ROOT_ID, **BACKUP)
    assert code_of(lambda: effective(management, PAYMENTS_ACCOUNT)) == "EffectivePolicyNotFoundException"
    management.enable_policy_type(RootId=ROOT_ID, **BACKUP)
    assert effective(management, PAYMENTS_ACCOUNT) == {}


def test_an_invalid_merge_keeps_the_last_valid_policy_and_is_listed(management: Any) -> None:
    errors = {"AccountId": PAYMENTS_ACCOUNT, **BACKUP}
    assert every(management, "list_effective_policy_validation_errors", **errors) == []
    with policy(management, backup_policy(["eu-west-1"]), OU_PRODUCTION) as good:
        with policy(management, backup_policy([]), PAYMENTS_ACCOUNT, name="broken") as broken:
            assert regions_of(PAYMENTS_ACCOUNT) == ["eu-west-1"]
            (error,) = every(management, "list_effective_policy_validation_errors", **errors)
            listed = every(organizations(BACKUP_ACCOUNT), "list_accounts_with_invalid_effective_policy", **BACKUP)
        after = every(management, "list_accounts_with_invalid_effective_policy", **BACKUP)
    assert (error["ErrorCode"], error["PathToError"]) == ("ELEMENTS_TOO_FEW", "/plans/daily-prod/regions")
    assert error["ContributingPolicies"] == [good, broken]
    assert [account["Id"] for account in listed] == [PAYMENTS_ACCOUNT]
    assert after == []


@pytest.mark.parametrize(
    "content", ["{", "{}", '{"plans": {"p": {"rules": {"r": {"timezone": {"@@assign": "UTC"}}}}}}']
)
def test_a_malformed_policy_is_refused_in_the_words_of_aws(content: str, management: Any) -> None:
    words = "The provided policy document does not meet the requirements of the specified policy type."
    wanted = {"Name": "n", "Description": "", "Type": "BACKUP_POLICY", "Content": content}
    with pytest.raises(ClientError, match=words) as caught:
        management.create_policy(**wanted)
    assert caught.value.response["Error"]["Code"] == "MalformedPolicyDocumentException"
    with policy(management, backup_policy(["eu-west-1"])) as policy_id, pytest.raises(ClientError, match=words):
        management.update_policy(PolicyId=policy_id, Content=content)


def test_the_backup_account_is_the_delegated_administrator(management: Any, ask: Callable[..., Any]) -> None:
    (administrator,) = every(management, "list_delegated_administrators", ServicePrincipal="backup.amazonaws.com")
    services = every(organizations(BACKUP_ACCOUNT), "list_delegated_services_for_account", AccountId=BACKUP_ACCOUNT)
    assert administrator["Id"] == BACKUP_ACCOUNT
    assert [service["ServicePrincipal"] for service in services] == ["backup.amazonaws.com"]
    assert ask("/organization/place", {"account": BACKUP_ACCOUNT})["delegates"] == [BACKUP_ACCOUNT]


def test_a_delegated_administrator_can_be_added_and_taken_away(management: Any) -> None:
    audit = {"AccountId": "888888888888", "ServicePrincipal": "config.amazonaws.com"}
    management.enable_aws_service_access(ServicePrincipal="config.amazonaws.com")
    management.register_delegated_administrator(**audit)
    assert code_of(lambda: management.register_delegated_administrator(**audit)) == "AccountAlreadyRegisteredException"
    assert len(every(management, "list_delegated_administrators")) == 2
    management.deregister_delegated_administrator(**audit)
    assert code_of(lambda: management.list_delegated_services_for_account(AccountId="888888888888")) == (
        "AccountNotRegisteredException"
    )
    own = {**audit, "AccountId": MANAGEMENT_ACCOUNT}
    assert code_of(lambda: management.register_delegated_administrator(**own)) == "ConstraintViolationException"


def test_what_is_new_is_born_with_full_access_and_an_administrator_role(
    management: Any, create: Callable[[str], str]
) -> None:
    unit = management.create_organizational_unit(ParentId=ROOT_ID, Name="Suspended")["OrganizationalUnit"]
    account = create("new")
    for target in (unit["Id"], account):
        listed = every(management, "list_policies_for_target", TargetId=target, Filter="SERVICE_CONTROL_POLICY")
        assert [policy["Id"] for policy in listed] == ["p-FullAWSAccess"]
    management.move_account(AccountId=account, SourceParentId=ROOT_ID, DestinationParentId=unit["Id"])
    assert code_of(lambda: management.delete_organizational_unit(OrganizationalUnitId=unit["Id"])) == (
        "OrganizationalUnitNotEmptyException"
    )
    session = person_session(account, "dana@example.com", "OrganizationAccountAccessRole")
    session_client("organizations", session).leave_organization()
    management.delete_organizational_unit(OrganizationalUnitId=unit["Id"])
    assert code_of(organizations(account).describe_organization) == "AWSOrganizationsNotInUseException"


def test_management_cannot_leave(management: Any) -> None:
    assert code_of(management.leave_organization) == "MasterCannotLeaveOrganizationException"


def test_a_person_acts_under_an_assumed_role_that_bears_their_name() -> None:
    session = person_session(PAYMENTS_ACCOUNT, "dana@example.com")
    identity = session_client("sts", session).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{PAYMENTS_ACCOUNT}:assumed-role/AdministratorAccess/dana@example.com"


def test_a_member_cannot_take_the_administrator_role_of_another() -> None:
    role = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/AdministratorAccess"
    sts = client("sts", PAYMENTS_ACCOUNT)
    assert code_of(lambda: sts.assume_role(RoleArn=role, RoleSessionName="thief")) == "AccessDenied"
