"""The member stack: what its roles allow and to whom, and what its forwarder lets the control plane see."""

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from strongroom.adapters.aws.backup.watched_jobs import CentralWatchedCopies, MemberWatchedRestores
from strongroom.domain.accounts.patterns import global_life_pattern, member_life_pattern
from strongroom.domain.calls import DENIED
from strongroom.domain.hearing.rules import native_pattern, shares_pattern, tampering_pattern
from strongroom.domain.identifiers import (
    BUCKET_NAMES_ROLE,
    SCANNER_ROLE,
    SETTINGS_ROLE,
    WATCHED_ROLE,
    function_role,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.session_policy import CALLED_WITH_KEY, OVERWRITTEN_WITH_KEY
from strongroom.domain.tags.patterns import creation_pattern
from strongroom.domain.tampering.threats import THREATS
from tests.contract.apps import FUNCTIONS, app
from tests.contract.events.event_patterns import Pattern, refusal_pattern
from tests.contract.templates import (
    AUDIT_LOG,
    CONTROL_PLANE,
    MANAGEMENT,
    MANAGEMENT_HOME,
    MEMBER,
    MEMBER_GLOBAL,
    VAULT_ACCOUNT,
    VAULT_FORWARDER,
    Resources,
    actions_of,
    of_type,
)

TRUSTED = "arn:${AWS::Partition}:iam::${BackupAccount}:role/"
BORROWED = {
    "tagging": "TaggingRole",
    "restore_after": "RestoreAfterRole",
    "inspection": "InspectionRole",
    "bucket_names": "BucketNamesRole",
    "settings": "SettingsRole",
    "restore": "RestoreRole",
    "restore_native": "RestoreNativeRole",
    "restore_asked": "RestoreAskedRole",
    "copying": "CopyingRole",
}
BACKUP_ACCOUNT = {"AWS": {"!Sub": "arn:${AWS::Partition}:iam::${BackupAccount}:root"}}
OF_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"!Ref": "AWS::AccountId"}}}
A_PERSON_AND_A_TICKET = {
    "StringLike": {"sts:SourceIdentity": "?*", "aws:RequestTag/ticket": "?*"},
    "ForAllValues:StringEquals": {"aws:TagKeys": ["ticket"]},
}
WITHOUT_TAGS = {
    "Null": {"aws:RequestTag/ticket": "true"},
    "ForAllValues:StringEquals": {"aws:TagKeys": ["ticket"]},
}
BREAK_GLASS = {"AWS": {"!Split": [",", {"!Ref": "BreakGlassUserArns"}]}}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
JUST_NOW = {"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}}
ATTRIBUTION = {"sts:SetSourceIdentity", "sts:TagSession"}
TRUST_POLICY_LIMIT = 2048  # characters without white space (IAM User Guide, "IAM and AWS STS quotas")
PATTERN_LIMIT = 2048  # EventBridge refuses longer ones (User Guide, "Amazon EventBridge quotas")

FORWARDERS = of_type(MEMBER, "AWS::Events::Rule")
GLOBAL_FORWARDERS = of_type(MEMBER_GLOBAL, "AWS::Events::Rule")
OF_MANAGEMENT = {
    "management": MANAGEMENT["ForwarderRule"],
    "landing-zone": MANAGEMENT_HOME["LandingZoneForwarderRule"],
}
BUS_RULES = {
    name: rule
    for name, rule in of_type(CONTROL_PLANE, "AWS::Events::Rule").items()
    if rule["Properties"].get("EventBusName") == {"!Ref": "Bus"}
}
# Members forward what may be ours, by keys; tests/contract/events/test_change_rule.py holds it to the same calls.
BY_KEY = {"TagChangesRule"}
# What is told where air-gapped vaults of ours are shared: in the backup account, and in accounts of vaults.
OF_SHARES = {"SharesRule"}
# What the control plane itself says, and what no pattern lets through, because a schedule of the forwarder makes it.
OUR_OWN = {
    "AlertsRule",
    "HeartbeatsRule",
    "InventoriesRule",
    "NoteSettingsRule",
    "RollUpStatusRule",
    "SweepEndsRule",
    "TicketsRule",
}

STACKS = {
    "control-plane": CONTROL_PLANE,
    "member": MEMBER,
    "member-global": MEMBER_GLOBAL,
    "management": MANAGEMENT,
    "management-home": MANAGEMENT_HOME,
    "vault-forwarder": VAULT_FORWARDER,
}


def pattern_of(rule: dict[str, Any]) -> Pattern:
    """The event pattern of a rule."""
    pattern: Pattern = rule["Properties"]["EventPattern"]
    return pattern


def lets_through(wide: Pattern, narrow: Pattern) -> bool:
    """Whether every event of the narrow pattern is one of the wide pattern too; its alternatives by themselves."""
    if "$or" in narrow:
        return all(lets_through(wide, each) for each in alternatives(narrow))
    if "$or" in wide:
        return any(lets_through(each, narrow) for each in alternatives(wide))
    for key, allowed in wide.items():
        wanted = narrow.get(key)
        match allowed, wanted:
            case dict(), dict():
                if not lets_through(allowed, wanted):
                    return False
            case list(), list():
                if not all(admits(allowed, value) for value in wanted):
                    return False
            case _:
                return False
    return True


def alternatives(pattern: Pattern) -> list[Pattern]:
    """The patterns that a pattern with alternatives stands for."""
    rest = {key: value for key, value in pattern.items() if key != "$or"}
    return [merged(rest, branch) for branch in pattern.get("$or", [{}])]


def merged(one: Pattern, other: Pattern) -> Pattern:
    """A pattern that asks for what both ask for."""
    both = {key: merged(one[key], other[key]) for key in one.keys() & other.keys() if isinstance(one[key], dict)}
    return one | other | both


def admits(allowed: list[Any], value: Any) -> bool:
    """Whether a list of a pattern matches a value: by name, or because it is not the one that is left out."""
    left_out = [each["anything-but"] for each in allowed if isinstance(each, dict) and "anything-but" in each]
    return value in allowed or any(value not in (each if isinstance(each, list) else [each]) for each in left_out)


def matches(rule: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether EventBridge would send the event through."""
    text = json.dumps(pattern_of(rule), default=str)
    return bool(EventPattern.load(text).matches_event(event))


def trust_of(role: str) -> list[dict[str, Any]]:
    """The statements of a role's trust policy."""
    return statements_of(MEMBER[role]["Properties"]["AssumeRolePolicyDocument"])


def statements_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of a policy; those that a condition adds without it."""
    return [each["!If"][1] if "!If" in each else each for each in document["Statement"]]


def test_the_restore_role_asks_teams_to_open_vaults_and_for_nothing_else() -> None:
    [policy] = MEMBER["RestoreRole"]["Properties"]["Policies"]
    [asking] = (each for each in policy["PolicyDocument"]["Statement"] if each.get("Sid") == "AskTeamsOfVaults")
    assert asking["Condition"] == {"StringEquals": {"mpa:RequestedOperation": "backup:CreateRestoreAccessBackupVault"}}


@pytest.mark.parametrize("role", BORROWED)
def test_a_member_role_allows_exactly_what_is_done_under_it(role: str) -> None:
    policies = MEMBER[BORROWED[role]]["Properties"]["Policies"]
    allowed = {
        action
        for policy in policies
        for statement in statements_of(policy["PolicyDocument"])
        for action in actions_of(statement)
    }
    used = {
        action
        for function in FUNCTIONS
        for adapter in app(function).adapters_under(role)
        for action in adapter.declared("MEMBER_ACTIONS")
    }
    # Services do that as whoever calls them.
    used |= {*CALLED_WITH_KEY, *OVERWRITTEN_WITH_KEY} if role == "restore_native" else set()
    used |= {"mpa:StartSession"} if role == "restore" else set()
    # CloudWatch asks for it besides where an alarm is made with tags.
    used |= {"cloudwatch:TagResource"} if role == "restore_after" else set()
    assert (sorted(allowed - used), sorted(used - allowed)) == ([], []), "(not used, not allowed)"


@pytest.mark.parametrize("role", BORROWED)
def test_a_member_role_trusts_exactly_the_functions_that_borrow_it(role: str) -> None:
    by_functions = [each for each in trust_of(BORROWED[role]) if each["Principal"] == BACKUP_ACCOUNT]
    (named,) = {tuple(each["!Sub"] for each in names) for names in map(named_callers, by_functions)}
    borrowers = [function for function in FUNCTIONS if role in app(function).borrowed]
    assert sorted(named) == [TRUSTED + function_role(function) for function in borrowers]


def named_callers(statement: dict[str, Any]) -> list[dict[str, str]]:
    """The roles that a trust statement is for."""
    callers: list[dict[str, str]] = statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    return callers


@pytest.mark.parametrize(
    ("role", "trusted"),
    [
        pytest.param("TaggingRole", [(BACKUP_ACCOUNT, {"sts:AssumeRole"}, {})], id="tagging"),
        pytest.param(
            "RestoreAfterRole",
            [
                (BACKUP_ACCOUNT, {"sts:AssumeRole"}, WITHOUT_TAGS),
                (BACKUP_ACCOUNT, {"sts:AssumeRole"}, A_PERSON_AND_A_TICKET),
                (BACKUP_ACCOUNT, ATTRIBUTION, {}),
            ],
            id="after a restore",
        ),
        pytest.param("InspectionRole", [(BACKUP_ACCOUNT, {"sts:AssumeRole"}, {})], id="inspection"),
        pytest.param("CopyingRole", [(BACKUP_ACCOUNT, {"sts:AssumeRole"}, {})], id="copying"),
        pytest.param(
            "RestoreRole",
            [
                (BACKUP_ACCOUNT, {"sts:AssumeRole"}, A_PERSON_AND_A_TICKET),
                (BACKUP_ACCOUNT, ATTRIBUTION, {}),
                (BREAK_GLASS, {"sts:AssumeRole"}, WITH_MFA | JUST_NOW | A_PERSON_AND_A_TICKET),
                (BREAK_GLASS, ATTRIBUTION, WITH_MFA),
            ],
            id="restore",
        ),
        pytest.param(
            "RestoreNativeRole",
            [(BACKUP_ACCOUNT, {"sts:AssumeRole"}, A_PERSON_AND_A_TICKET), (BACKUP_ACCOUNT, ATTRIBUTION, {})],
            id="calls that restore",
        ),
        pytest.param(
            "RestoreAskedRole",
            [(BACKUP_ACCOUNT, {"sts:AssumeRole"}, A_PERSON_AND_A_TICKET), (BACKUP_ACCOUNT, ATTRIBUTION, {})],
            id="what is asked for after a restore",
        ),
        pytest.param(
            "BackupRole",
            [({"Service": "backup.amazonaws.com"}, {"sts:AssumeRole"}, OF_THIS_ACCOUNT)],
            id="backup",
        ),
        pytest.param(
            "RestoreJobRole",
            [({"Service": "backup.amazonaws.com"}, {"sts:AssumeRole"}, OF_THIS_ACCOUNT)],
            id="restore jobs",
        ),
        pytest.param(
            "RestoreRawRole",
            [({"Service": "backup.amazonaws.com"}, {"sts:AssumeRole"}, OF_THIS_ACCOUNT)],
            id="restores by hand",
        ),
        pytest.param(
            "ScannerRole",
            [({"Service": "malware-protection.guardduty.amazonaws.com"}, {"sts:AssumeRole"}, OF_THIS_ACCOUNT)],
            id="scanner",
        ),
        pytest.param(
            "ForwarderRole",
            [({"Service": "events.amazonaws.com"}, {"sts:AssumeRole"}, OF_THIS_ACCOUNT)],
            id="forwarder",
        ),
    ],
)
def test_a_member_role_is_lent_on_these_terms_only(
    role: str, trusted: list[tuple[dict[str, Any], set[str], dict[str, Any]]]
) -> None:
    found = []
    for statement in trust_of(role):
        assert statement["Effect"] == "Allow"
        terms = dict(statement["Condition"])
        if statement["Principal"] == BACKUP_ACCOUNT:
            assert terms.pop("ArnEquals"), "an account as a whole is trusted by nobody"
        found.append((statement["Principal"], actions_of(statement), terms))
    assert found == trusted


def test_every_role_of_a_member_is_in_the_table_of_terms() -> None:
    lent = {"BackupRole", "ForwarderRole", "RestoreJobRole", "RestoreRawRole", "ScannerRole", "WatchedRole"}
    assert set(of_type(MEMBER, "AWS::IAM::Role")) == {*BORROWED.values(), *lent}


@pytest.mark.parametrize("resources", [MEMBER, CONTROL_PLANE], ids=["in a member", "in the backup account"])
def test_the_watch_is_let_in_by_its_exact_name_and_reads_jobs_and_nothing_else(resources: Resources) -> None:
    role = resources["WatchedRole"]["Properties"]
    assert f"{role['Path']}{role['RoleName']}" == f"/{WATCHED_ROLE}"
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    audit = "arn:${AWS::Partition}:iam::${AuditAccount}"
    assert (trust["Principal"], trust["Action"]) == ({"AWS": {"!Sub": f"{audit}:root"}}, "sts:AssumeRole")
    watcher = {"!Sub": f"{audit}:role/{function_role('watch_restores')}"}
    assert trust["Condition"] == {"ArnEquals": {"aws:PrincipalArn": watcher}}
    [statement] = role["Policies"][0]["PolicyDocument"]["Statement"]
    copies = set(CentralWatchedCopies.MEMBER_ACTIONS) if resources is CONTROL_PLANE else set()
    assert actions_of(statement) == {*MemberWatchedRestores.MEMBER_ACTIONS, *copies}


@pytest.mark.parametrize(
    ("stack", "rule"),
    [
        ("member", "ForwarderRule"),
        ("member-global", "GlobalTamperingForwarderRule"),
        ("management", "ForwarderRule"),
        ("vault-forwarder", "ForwarderRule"),
        ("control-plane", "OwnEventsRule"),
    ],
)
def test_each_forwarder_has_one_heartbeat_which_goes_the_way_of_its_events(stack: str, rule: str) -> None:
    """A rule may have both (EventBridge API reference, PutRule)."""
    rules = of_type(STACKS[stack], "AWS::Events::Rule")
    clocks = {name for name, each in rules.items() if {"EventPattern", "ScheduleExpression"} <= set(each["Properties"])}
    assert clocks == {rule}
    properties = rules[rule]["Properties"]
    assert properties["ScheduleExpression"] == "rate(15 minutes)"
    assert "EventBusName" not in properties  # schedules live on the default bus
    assert [target["Id"] for target in properties["Targets"]] in (["Strongroom"], ["Bus"])


def test_restores_are_told_to_the_audit_account_past_the_control_plane() -> None:
    rule = FORWARDERS["RestoreForwarderRule"]["Properties"]
    bus = AUDIT_LOG["AuditBus"]["Properties"]["Name"]
    arn = f"arn:${{AWS::Partition}}:events:${{HomeRegion}}:${{AuditAccount}}:event-bus/{bus}"
    [target] = rule["Targets"]
    assert target["Arn"] == {"!Sub": arn}
    assert pattern_of({"Properties": rule}) == pattern_of(AUDIT_LOG["RestoreJobsRule"])
    [statement] = MEMBER["ForwarderRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert {"!If": ["HasAudit", {"!Sub": arn}, {"!Ref": "AWS::NoValue"}]} in statement["Resource"]


def test_a_trust_policy_leaves_room_for_the_two_users_who_break_the_glass() -> None:
    arns = ["arn:aws:iam::888888888888:user/security/break-glass-administrator"] * 2
    text = json.dumps(MEMBER["RestoreRole"]["Properties"]["AssumeRolePolicyDocument"], separators=(",", ":"))
    filled = text.replace('{"!Split":[",",{"!Ref":"BreakGlassUserArns"}]}', json.dumps(arns))
    filled = filled.replace("${AWS::Partition}", "aws").replace("${BackupAccount}", "9" * 12)
    assert len(filled) <= TRUST_POLICY_LIMIT


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_name_of_a_functions_role_fits(function: str) -> None:
    assert len(function_role(function).rpartition("/")[2]) <= 64


@pytest.mark.parametrize("role", [*BORROWED, "backup", "restore_job", "restore_raw", "forwarder"])
def test_a_member_role_has_the_name_that_the_intent_gives_it(role: str, intent: Intent) -> None:
    properties = MEMBER[f"{role.title().replace('_', '')}Role"]["Properties"]
    ours = {"bucket_names": BUCKET_NAMES_ROLE, "settings": SETTINGS_ROLE}
    name = ours.get(role) or getattr(intent.roles, role)
    assert f"{properties['Path']}{properties['RoleName']}" == f"/{name}"


def test_only_the_role_for_that_lists_buckets_beside_those_that_aws_backup_works_under() -> None:
    """Whoever may list a bucket reads the names of its objects."""
    roles = of_type(MEMBER, "AWS::IAM::Role").items()
    written = {name: str(role["Properties"].get("Policies", ())) for name, role in roles}
    listing = {name for name, text in written.items() if "'s3:ListBucket'" in text}
    assert listing == {"BucketNamesRole", "RestoreJobRole"}


def test_a_member_role_passes_one_role_to_aws_backup_and_restore_jobs_what_is_named() -> None:
    passing = {
        name: spelled
        for name, role in of_type(MEMBER, "AWS::IAM::Role").items()
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        for spelled in [statement["!If"][1] if "!If" in statement else statement]
        if "iam:PassRole" in actions_of(spelled)
    }
    lent, to_replication = ({"!Split": [",", {"!Ref": f"{name}RoleArns"}]} for name in ("Restored", "Replication"))
    assert passing.pop("RestoreJobRole")["Resource"] == lent
    assert passing["RestoreAskedRole"]["Resource"] == to_replication
    to_s3 = {"StringEquals": {"iam:PassedToService": "s3.amazonaws.com"}}
    assert passing.pop("RestoreAskedRole")["Condition"] == to_s3
    by_hand = {"!If": ["RestoresByHand", _by_name("RestoreRawRole"), {"!Ref": "AWS::NoValue"}]}
    passed = {"CopyingRole": _by_name("BackupRole"), "RestoreRole": [_by_name("RestoreJobRole"), by_hand]}
    assert passing.keys() == passed.keys()
    for name, statement in passing.items():
        assert actions_of(statement) == {"iam:PassRole"}
        assert statement["Resource"] == passed[name]
        assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}


def _by_name(role: str) -> dict[str, str]:
    """The role's ARN, by its name because it may be made by another StackSet."""
    given = MEMBER[role]["Properties"]
    return {"!Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role{given['Path']}{given['RoleName']}"}


@pytest.mark.parametrize("stack", ["member", "control-plane", "vault-account"])
def test_the_scanner_has_its_name_and_what_aws_lets_a_scan_do_and_no_more(stack: str) -> None:
    properties = (STACKS | {"vault-account": VAULT_ACCOUNT})[stack]["ScannerRole"]["Properties"]
    assert f"{properties['Path']}{properties['RoleName']}" == f"/{SCANNER_ROLE}"
    scans = "arn:${AWS::Partition}:iam::aws:policy/AWSBackupGuardDutyRolePolicyForScans"
    assert (properties["ManagedPolicyArns"], properties.get("Policies")) == ([{"!Sub": scans}], None)
    [trust] = properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "malware-protection.guardduty.amazonaws.com"}
    assert trust["Condition"] == OF_THIS_ACCOUNT


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        pytest.param("CreationForwarderRule", creation_pattern(), id="creations"),
        pytest.param("RefusalForwarderRule", refusal_pattern(), id="refusals"),
        pytest.param("TamperingForwarderRule", tampering_pattern(), id="tampering"),
        pytest.param("ForwarderRule", pattern_of(BUS_RULES["BackupJobsRule"]), id="ends of backups"),
        pytest.param("ForwarderRule", pattern_of(BUS_RULES["CopyJobsRule"]), id="ends of copies"),
        pytest.param("ForwarderRule", pattern_of(BUS_RULES["ScanJobsRule"]), id="ends of scans"),
        pytest.param("ForwarderRule", pattern_of(BUS_RULES["MemberStackRule"]), id="a finished stack"),
        pytest.param("LifeForwarderRule", member_life_pattern(), id="its life"),
    ],
)
def test_a_member_forwards(rule: str, pattern: Pattern) -> None:
    assert lets_through(pattern_of(FORWARDERS[rule]), pattern)


@pytest.mark.parametrize("state", ["CREATED", "PENDING", "RUNNING", "ABORTING"])
@pytest.mark.parametrize("kind", ["Backup", "Copy", "Scan"])
def test_what_a_job_says_before_its_end_is_not_paid_for(kind: str, state: str) -> None:
    event = {"source": "aws.backup", "detail-type": f"{kind} Job State Change", "detail": {"state": state}}
    assert [name for name, rule in FORWARDERS.items() if matches(rule, event)] == []


def test_the_global_services_tell_in_their_own_region_what_the_table_names() -> None:
    rule = GLOBAL_FORWARDERS["GlobalTamperingForwarderRule"]
    services = ("iam", "organizations")
    assert pattern_of(rule)["source"] == ["aws.iam", "aws.organizations"]
    assert set(pattern_of(rule)["detail"]["eventSource"]) == {f"{service}.amazonaws.com" for service in services}
    named = {name for service, name in (call.split(":") for call in THREATS) if service in services}
    assert set(pattern_of(rule)["detail"]["eventName"]) == named
    assert pattern_of(rule)["detail-type"] == tampering_pattern()["detail-type"]
    assert pattern_of(rule)["detail"]["errorCode"] == tampering_pattern()["detail"]["errorCode"]
    assert pattern_of(GLOBAL_FORWARDERS["GlobalRefusalForwarderRule"]) == refusal_pattern() | {
        "source": ["aws.account", "aws.iam", "aws.organizations"]
    }


@pytest.mark.parametrize("error", [None, "InvalidRequestException", *DENIED])
def test_a_call_is_forwarded_once_and_heard_once_refused_or_not(error: str | None) -> None:
    detail = {"eventSource": "backup.amazonaws.com", "eventName": "DeleteRecoveryPoint"}
    event = {
        "source": "aws.backup",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": detail | ({"errorCode": error} if error else {}),
    }
    rules = [name for name, rule in (FORWARDERS | BUS_RULES).items() if matches(rule, event)]
    assert sorted(rules) == (
        ["RefusalForwarderRule", "RefusalsRule"] if error in DENIED else ["TamperingForwarderRule", "TamperingRule"]
    )


@pytest.mark.parametrize("name", ["DeleteRecoveryPoint", "StartCopyJob", "UpdateRegionSettings"])
def test_a_call_to_aws_backup_is_forwarded_once(name: str) -> None:
    call = {
        "source": ["aws.backup"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {"eventSource": ["backup.amazonaws.com"], "eventName": [name], "errorCode": [{"exists": False}]},
    }
    assert [rule for rule in FORWARDERS if lets_through(pattern_of(FORWARDERS[rule]), call)] == [
        "TamperingForwarderRule"
    ]


def test_the_management_account_forwards_everything_that_organizations_and_control_tower_tell() -> None:
    assert pattern_of(MANAGEMENT["ForwarderRule"]) == {"source": ["aws.controltower", "aws.organizations"]}
    assert pattern_of(MANAGEMENT_HOME["LandingZoneForwarderRule"]) == {"source": ["aws.controltower"]}


def test_a_member_forwards_of_its_life_what_it_alone_tells() -> None:
    assert pattern_of(FORWARDERS["LifeForwarderRule"]) == member_life_pattern()
    assert pattern_of(GLOBAL_FORWARDERS["GlobalLifeForwarderRule"]) == global_life_pattern()


@pytest.mark.parametrize("rule", sorted(BUS_RULES.keys() - OUR_OWN - BY_KEY - OF_SHARES))
def test_what_a_rule_waits_for_is_forwarded_from_where_it_happens(rule: str) -> None:
    forwarders = [*FORWARDERS.values(), MANAGEMENT["ForwarderRule"]]
    for wanted in alternatives(pattern_of(BUS_RULES[rule])):
        assert any(lets_through(pattern_of(each), wanted) for each in forwarders)


@pytest.mark.parametrize("rule", sorted(BUS_RULES.keys() - OUR_OWN))
def test_what_a_rule_waits_for_reaches_the_bus_from_the_backup_account_too(rule: str) -> None:
    own = set(pattern_of(CONTROL_PLANE["OwnEventsRule"])["source"])
    assert {source for each in alternatives(pattern_of(BUS_RULES[rule])) for source in each["source"]} <= own


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        pytest.param("ResourceCreationRule", creation_pattern(), id="creations"),
        pytest.param("RefusalsRule", refusal_pattern(), id="refusals"),
        pytest.param("NativeCallsRule", native_pattern(), id="native calls"),
        pytest.param("SharesRule", shares_pattern(), id="shares"),
        pytest.param("TamperingRule", tampering_pattern(), id="tampering"),
    ],
)
def test_the_control_plane_listens_to_exactly_what_the_table_names(rule: str, pattern: Pattern) -> None:
    assert pattern_of(BUS_RULES[rule]) == pattern


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, id=f"{stack}-{name}")
        for stack, resources in STACKS.items()
        for name, rule in of_type(resources, "AWS::Events::Rule").items()
        if "EventPattern" in rule["Properties"]
    ],
)
def test_an_event_pattern_is_short_enough_for_eventbridge(rule: dict[str, Any]) -> None:
    assert len(json.dumps(pattern_of(rule))) <= PATTERN_LIMIT


@pytest.mark.parametrize("name", [*FORWARDERS, *GLOBAL_FORWARDERS, "management", "landing-zone"])
def test_a_forwarder_reaches_the_bus_under_its_role_and_keeps_what_it_cannot_deliver(name: str) -> None:
    rule = (FORWARDERS | GLOBAL_FORWARDERS | OF_MANAGEMENT)[name]
    (target,) = rule["Properties"]["Targets"]
    bus = AUDIT_LOG["AuditBus"] if name == "RestoreForwarderRule" else CONTROL_PLANE["Bus"]
    assert target["Arn"]["!Sub"].endswith(f":event-bus/{bus['Properties']['Name']}")
    assert target["DeadLetterConfig"] == {"Arn": {"!GetAtt": "ForwarderDeadLettersQueue.Arn"}}
    assert rule["Properties"]["Name"].startswith("strongroom-"), "the guardrails protect rules by this name"


@pytest.mark.parametrize(
    "resources",
    [MEMBER, MEMBER_GLOBAL, MANAGEMENT, MANAGEMENT_HOME, VAULT_FORWARDER],
    ids=["member", "member-global", "management", "management-home", "vault-forwarder"],
)
def test_what_a_forwarder_cannot_deliver_raises_an_alarm(resources: Resources) -> None:
    (alarm,) = of_type(resources, "AWS::CloudWatch::Alarm").values()
    (dimension,) = alarm["Properties"]["Dimensions"]
    assert dimension["Value"] == {"!GetAtt": "ForwarderDeadLettersQueue.QueueName"}
    assert (alarm["Properties"]["Threshold"], alarm["Properties"]["ComparisonOperator"]) == (0, "GreaterThanThreshold")


@pytest.mark.parametrize(
    "resources",
    [MEMBER, MEMBER_GLOBAL, MANAGEMENT, MANAGEMENT_HOME, VAULT_FORWARDER],
    ids=["member", "member-global", "management", "management-home", "vault-forwarder"],
)
def test_what_a_forwarder_cannot_deliver_is_let_into_its_dead_letters(resources: Resources) -> None:
    (policy,) = of_type(resources, "AWS::SQS::QueuePolicy").values()
    assert policy["Properties"]["Queues"] == [{"!Ref": "ForwarderDeadLettersQueue"}]
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Principal"], actions_of(statement)) == ({"Service": "events.amazonaws.com"}, {"sqs:SendMessage"})
    assert statement["Resource"] == {"!GetAtt": "ForwarderDeadLettersQueue.Arn"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"!Ref": "AWS::AccountId"}}}
