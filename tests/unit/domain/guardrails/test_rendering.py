"""The shape of the service control policies; what they do is tried in tests/guardrails."""

from copy import replace

import pytest

from strongroom.domain.catalogue.rows import creations_by_call
from strongroom.domain.guardrails.denials import (
    POLICY_CHARACTERS,
    Denial,
    Exempt,
    GuardrailTooLargeError,
    characters,
    fill_documents,
)
from strongroom.domain.guardrails.rendering import (
    PROTECT_BACKUPS,
    PROTECT_CONTROL_PLANE,
    REQUIRE_BACKUP_TAG,
    find_crowded_targets,
    guardrail_targets,
    list_denials,
    render_guardrails,
)
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Guardrails, Intent, Target
from strongroom.domain.intent.vaults import Vault
from tests.builders.intents import with_vault
from tests.builders.places import VAULT_ACCOUNT

BREAK_GLASS = "arn:aws:iam::222222222222:role/break-glass"
CENTRAL_BREAK_GLASS = "arn:aws:iam::999999999999:role/break-glass"
EDITOR = "arn:aws:iam::999999999999:role/backup-policy-editor"
DEPLOYERS = ("arn:aws:iam::999999999999:role/deployer", "arn:aws:iam::888888888888:role/deployer")
LANDING_ZONE = "arn:aws:iam::${aws:PrincipalAccount}:role/AWSControlTowerExecution"
EVERY_ROLE = Guardrails(
    tag_required_on=tuple(call for call, creation in creations_by_call().items() if creation.tagged),
    exempt_role_arns=(BREAK_GLASS, CENTRAL_BREAK_GLASS),
    deployer_role_arns=DEPLOYERS,
    policy_editor_role_arns=(EDITOR,),
    landing_zone_role_arns=(LANDING_ZONE,),
)


OF_THE_CEREMONY = (
    "RestoreByCeremonyOnly",
    "RestoreByTicketOnly",
    "NoRestoreFromCopies",
    "NoRestoreFromSnapshots",
    "NoRestoreFromUnmarked",
)
ROLE_KEEPERS = ("KeepExemptRoles", "KeepLandingZoneRoles", "KeepRoles")


def with_guardrails(intent: Intent, guardrails: Guardrails) -> Intent:
    return replace(intent, guardrails=guardrails)


def many_roles(count: int) -> tuple[str, ...]:
    return tuple(f"arn:aws:iam::222222222222:role/break-glass-{number:03}" for number in range(count))


@pytest.mark.parametrize("guardrails", [None, EVERY_ROLE], ids=["as-committed", "everything-at-once"])
def test_every_document_fits_into_the_smaller_of_the_two_limits_that_aws_documents(
    intent: Intent, guardrails: Guardrails | None
) -> None:
    sizes = {
        name: characters(document)
        for name, document in render_guardrails(with_guardrails(intent, guardrails or intent.guardrails)).items()
    }
    assert {name: size for name, size in sizes.items() if size > POLICY_CHARACTERS} == {}


def test_documents_are_filled_in_order_and_lose_nothing(intent: Intent) -> None:
    roomy = with_guardrails(intent, replace(intent.guardrails, tag_required_on=()))
    documents = render_guardrails(roomy)
    rendered = [statement for document in documents.values() for statement in document["Statement"]]
    assert rendered == [denial.statement() for denials in list_denials(roomy).values() for denial in denials]


def test_statements_are_merged_where_that_saves_a_document_and_nowhere_else(intent: Intent) -> None:
    roomy = replace(intent.guardrails, tag_required_on=())
    alone = replace(intent.guardrails, landing_zone_role_arns=(), leave_out=dict.fromkeys(OF_THE_CEREMONY, "unused"))
    for guardrails, documents, is_merged in ((roomy, 3, False), (alone, 2, True)):
        found = render_guardrails(with_guardrails(intent, guardrails))
        members = {name: document for name, document in found.items() if name.startswith(PROTECT_BACKUPS)}
        sids = [each["Sid"] for document in members.values() for each in document["Statement"]]
        assert len(members) == documents
        assert ("KeepNativeCopiesNoReadingOfCopies" in sids) == is_merged
        assert ("KeepNativeCopies" in sids) != is_merged


@pytest.mark.parametrize(
    ("limit_in_statements", "sizes"),
    [
        pytest.param(1, [1, 1, 1, 1, 1], id="one-each"),
        pytest.param(2, [2, 2, 1], id="two-each"),
        pytest.param(5, [5], id="all-in-one"),
    ],
)
def test_a_document_is_split_only_where_the_next_statement_does_not_fit(
    limit_in_statements: int, sizes: list[int]
) -> None:
    denials = [Denial(sid=f"Keep{number}", stops="x", actions=("backup:StopBackupJob",)) for number in range(5)]
    whole = fill_documents({"keep": denials[:limit_in_statements]})["keep"]
    documents = fill_documents({"keep": denials}, limit=characters(whole))
    assert [len(document["Statement"]) for document in documents.values()] == sizes
    assert list(documents) == ["keep", "keep-2", "keep-3", "keep-4", "keep-5"][: len(sizes)]


def test_a_statement_over_the_limit_is_refused_by_name() -> None:
    exempt = Exempt(who="too many", arns=many_roles(200), why="x")
    denial = Denial(sid="KeepRoles", stops="x", actions=("iam:CreateRole",), exempt=(exempt,))
    with pytest.raises(GuardrailTooLargeError, match=r"protect-backups: its statement KeepRoles alone makes \d{4,}"):
        fill_documents({"protect-backups": [denial]})


@pytest.mark.parametrize(
    ("limit_in_statements", "names"),
    [
        pytest.param(1, {"a": ["A0"], "a-2": ["A1"], "b": ["B0"], "b-2": ["B1"]}, id="one each"),
        pytest.param(3, {"a": ["A0", "A1", "B0"], "b": ["B1"]}, id="the next goes on where the last one ends"),
        pytest.param(4, {"a": ["A0", "A1", "B0", "B1"]}, id="both in one"),
    ],
)
def test_guardrails_of_the_same_targets_share_documents(limit_in_statements: int, names: dict[str, list[str]]) -> None:
    denials = {
        name: [Denial(sid=f"{name.upper()}{number}", stops="x", actions=("s3:Get",)) for number in range(2)]
        for name in ("a", "b")
    }
    longest = [each for together in denials.values() for each in together][:limit_in_statements]
    limit = characters(fill_documents({"all": longest})["all"])
    documents = fill_documents(denials, limit=limit)
    assert {
        name: [statement["Sid"] for statement in document["Statement"]] for name, document in documents.items()
    } == names


def test_where_order_does_not_matter_a_statement_goes_where_there_is_room_first() -> None:
    sizes = {"Long": 40, "Longer": 45, "Short": 2}
    denials = [
        Denial(sid=sid, stops="x", actions=tuple(f"backup:Action{number:02}" for number in range(count)))
        for sid, count in sizes.items()
    ]
    limit = characters(fill_documents({"keep": [denials[0], denials[2]]})["keep"])
    found = fill_documents({"keep": denials}, limit=max(limit, 1_200), keeps_order=False)
    assert [[each["Sid"] for each in document["Statement"]] for document in found.values()] == [
        ["Long", "Short"],
        ["Longer"],
    ]


def test_every_document_is_attached_somewhere(intent: Intent) -> None:
    place = intent.organization
    alone = Target(account=AccountId("333333333333"), tiers=intent.targets[0].tiers, default_tier="daily-prod")
    both = replace(intent, targets=(*intent.targets, alone))
    governed = (place.units["Production"], "333333333333")
    assert guardrail_targets(both) == {
        PROTECT_BACKUPS: governed,
        f"{PROTECT_BACKUPS}-2": governed,
        f"{PROTECT_BACKUPS}-3": governed,
        PROTECT_CONTROL_PLANE: (place.backup_account, place.audit_account),
        **{f"{PROTECT_CONTROL_PLANE}-{number}": (place.backup_account, place.audit_account) for number in (2, 3, 4)},
    }
    assert set(guardrail_targets(both)) == set(render_guardrails(both))


def test_no_target_of_the_example_gets_more_documents_than_the_smaller_limit(intent: Intent) -> None:
    assert find_crowded_targets(intent) == ()


def test_a_target_with_more_documents_than_the_smaller_limit_is_warned_about(intent: Intent) -> None:
    crowded = with_guardrails(intent, Guardrails(exempt_role_arns=many_roles(40)))
    findings = find_crowded_targets(crowded)
    assert [(finding.level, finding.code) for finding in findings] == [("warning", "too-many-guardrails")]
    assert intent.organization.units["Production"] in findings[0].message


def test_running_instances_is_judged_on_what_it_makes_and_not_on_what_it_uses(intent: Intent) -> None:
    required = with_guardrails(intent, Guardrails(tag_required_on=("ec2:RunInstances",)))
    resources = [denial.statement()["Resource"] for denial in list_denials(required)[REQUIRE_BACKUP_TAG]]
    assert resources == [["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"]] * 3


def test_without_a_create_action_there_is_no_tag_policy(intent: Intent) -> None:
    assert REQUIRE_BACKUP_TAG not in list_denials(with_guardrails(intent, Guardrails()))


def test_without_frameworks_a_team_may_stop_its_recorder(intent: Intent) -> None:
    unaudited = replace(intent, audit=replace(intent.audit, framework=False))
    assert [denial.sid for denial in list_denials(intent)[PROTECT_BACKUPS] if denial.sid == "KeepRecorder"]
    assert not [denial.sid for denial in list_denials(unaudited)[PROTECT_BACKUPS] if denial.sid == "KeepRecorder"]


def test_every_statement_is_a_deny_with_a_name_that_is_its_own_in_its_guardrail(intent: Intent) -> None:
    for denials in list_denials(with_guardrails(intent, EVERY_ROLE)).values():
        assert {denial.statement()["Effect"] for denial in denials} == {"Deny"}
        assert len({denial.sid for denial in denials}) == len(denials)


def test_break_glass_restores_and_is_otherwise_bound(intent: Intent) -> None:
    broken = list_denials(with_guardrails(intent, EVERY_ROLE))
    assert {
        (name, each.sid) for name, denials in broken.items() for each in denials if BREAK_GLASS in each.exempt_arns
    } == {
        (PROTECT_BACKUPS, "KeepUnmarkedBackups"),
        (PROTECT_BACKUPS, "NoRestoreFromCopies"),
        (PROTECT_BACKUPS, "NoRestoreFromSnapshots"),
        (PROTECT_BACKUPS, "NoRestoreFromUnmarked"),
        (PROTECT_BACKUPS, "PassNoRole"),
        (PROTECT_BACKUPS, "RestoreByCeremonyOnly"),
        (PROTECT_BACKUPS, "RestoreByTicketOnly"),
        *((REQUIRE_BACKUP_TAG, denial.sid) for denial in broken[REQUIRE_BACKUP_TAG]),
    }


@pytest.mark.parametrize("guardrail", [PROTECT_BACKUPS, REQUIRE_BACKUP_TAG, PROTECT_CONTROL_PLANE])
def test_whoever_is_exempt_is_a_role_that_nobody_exempt_there_can_change_unseen(intent: Intent, guardrail: str) -> None:
    guardrails = list_denials(with_guardrails(intent, EVERY_ROLE))
    keepers = guardrails[PROTECT_BACKUPS if guardrail == REQUIRE_BACKUP_TAG else guardrail]
    kept = {pattern for keeper in keepers for pattern in keeper.resources if keeper.sid in ROLE_KEEPERS}
    for denial in guardrails[guardrail]:
        for arn in denial.exempt_arns:
            anywhere = arn.replace("${aws:PrincipalAccount}", "*")
            ours = "arn:aws:iam::*:role/strongroom/*"
            assert anywhere in kept or (anywhere.startswith(ours.removesuffix("*")) and ours in kept), arn


def test_only_the_stack_sets_role_and_the_functions_are_exempt_by_a_pattern(intent: Intent) -> None:
    patterns = {
        arn
        for denials in list_denials(with_guardrails(intent, EVERY_ROLE)).values()
        for denial in denials
        for arn in denial.exempt_arns
        if set(arn.replace("${aws:PrincipalAccount}", "")) & set("*?$")
    }
    assert patterns == {
        "arn:aws:iam::${aws:PrincipalAccount}:role/stacksets-exec-*",
        "arn:aws:iam::${aws:PrincipalAccount}:role/strongroom/*",
    }


def test_policy_editors_are_exempt_from_nothing_but_the_policies_of_the_backup_account(intent: Intent) -> None:
    elsewhere = ("arn:aws:iam::222222222222:role/editor", "arn:aws:iam::888888888888:role/editor", EDITOR)
    denials = list_denials(with_guardrails(intent, Guardrails(policy_editor_role_arns=elsewhere)))
    exempt = {
        (name, denial.sid, arn)
        for name, each in denials.items()
        for denial in each
        for arn in denial.exempt_arns
        if arn in elsewhere
    }
    assert exempt == {(PROTECT_CONTROL_PLANE, "KeepPolicies", EDITOR)}


@pytest.mark.parametrize("guardrails", [Guardrails(), EVERY_ROLE], ids=["no-role-named", "every-role-named"])
@pytest.mark.parametrize("guardrail", [PROTECT_BACKUPS, PROTECT_CONTROL_PLANE])
def test_nobody_may_delete_a_key_whoever_deploys(intent: Intent, guardrail: str, guardrails: Guardrails) -> None:
    denials = list_denials(with_guardrails(intent, guardrails))[guardrail]
    deleting = [denial for denial in denials if "kms:ScheduleKeyDeletion" in denial.actions]
    assert [denial.exempt_arns for denial in deleting] == [()]


def test_an_account_of_vaults_is_closed_to_all_but_its_deployers(intent: Intent) -> None:
    far = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, lock="none"))
    deployer = f"arn:aws:iam::{VAULT_ACCOUNT}:role/deployer"
    far = with_guardrails(far, Guardrails(deployer_role_arns=(*DEPLOYERS, deployer)))
    place = intent.organization
    closed = {name: targets for name, targets in guardrail_targets(far).items() if "control-plane" in name}
    assert set(closed.values()) == {(place.backup_account, place.audit_account, VAULT_ACCOUNT)}
    [keeping] = [each for each in list_denials(far)[PROTECT_CONTROL_PLANE] if each.sid == "KeepVaults"]
    assert deployer in keeping.exempt_arns
    guarded = list_denials(far)[PROTECT_BACKUPS]
    assert not any(deployer in each.exempt_arns for each in guarded)


def test_deployers_are_exempt_only_in_the_accounts_that_they_deploy(intent: Intent) -> None:
    elsewhere = ("arn:aws:iam::222222222222:role/deployer", *DEPLOYERS)
    denials = list_denials(with_guardrails(intent, Guardrails(deployer_role_arns=elsewhere)))
    exempt = {arn for each in denials.values() for denial in each for arn in denial.exempt_arns if "/deployer" in arn}
    assert exempt == set(DEPLOYERS)
