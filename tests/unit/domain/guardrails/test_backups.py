"""Who may make an air-gapped vault: nobody, and where the intent has one, whoever deploys it."""

from collections.abc import Callable, Mapping

import pytest

from strongroom.domain.guardrails.denials import Denial
from strongroom.domain.guardrails.rendering import PROTECT_BACKUPS, PROTECT_CONTROL_PLANE, list_denials
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from tests.builders.air_gaps import TEAM, with_central_gap, with_own_gap
from tests.builders.intents import with_restores
from tests.builders.places import HOME, PAYMENTS, VAULT_ACCOUNT

MAKING = "backup:CreateLogicallyAirGappedBackupVault"


def refusing(intent: Intent, document: str) -> Mapping[str, Denial]:
    """The statements of a document that refuse the making of one."""
    return {denial.sid: denial for denial in list_denials(intent)[document] if MAKING in denial.actions}


@pytest.mark.parametrize("document", [PROTECT_BACKUPS, PROTECT_CONTROL_PLANE])
def test_without_one_in_the_intent_it_is_a_side_door(intent: Intent, document: str) -> None:
    (denial,) = refusing(intent, document).values()
    assert (denial.sid, denial.exempt) == ("OpenNoSideDoor", ())


@pytest.mark.parametrize(
    ("gapped", "made_in", "elsewhere"),
    [
        pytest.param(with_own_gap, PROTECT_BACKUPS, PROTECT_CONTROL_PLANE, id="of each account"),
        pytest.param(with_central_gap, PROTECT_CONTROL_PLANE, PROTECT_BACKUPS, id="of the backup account"),
    ],
)
def test_with_one_its_maker_alone_is_exempt_and_from_nothing_else(
    intent: Intent, gapped: Callable[..., Intent], made_in: str, elsewhere: str
) -> None:
    (denial,) = refusing(gapped(intent), made_in).values()
    assert (denial.sid, denial.actions) == ("MakeOurAirGapsOnly", (MAKING,))
    (maker,) = denial.exempt
    assert maker.who in {"the StackSet's role", "the deployers"}
    assert list(refusing(gapped(intent), elsewhere)) == ["OpenNoSideDoor"]


def test_one_that_exists_already_is_made_by_nobody(intent: Intent) -> None:
    assert list(refusing(with_own_gap(intent, existing=True), PROTECT_BACKUPS)) == ["OpenNoSideDoor"]


def test_one_in_an_account_of_vaults_is_made_and_shared_by_its_deployers_alone(intent: Intent) -> None:
    denials = {
        each.sid: each for each in list_denials(with_central_gap(intent, account=VAULT_ACCOUNT))[PROTECT_CONTROL_PLANE]
    }
    for sid in ("MakeOurAirGapsOnly", "ShareAsWrittenOnly"):
        assert [each.who for each in denials[sid].exempt] == ["the deployers"]


@pytest.mark.parametrize(
    ("gapped", "sids"),
    [
        pytest.param(lambda intent: intent, [], id="without"),
        pytest.param(with_own_gap, ["ShareNoVault"], id="of each account"),
        pytest.param(with_central_gap, ["ShareAsWrittenOnly"], id="of the backup account"),
        pytest.param(
            lambda intent: with_central_gap(intent, existing=True, approval_team=TEAM),
            ["ShareAsWrittenOnly"],
            id="there already, opened by a team",
        ),
    ],
)
def test_sharing_is_refused_where_there_is_something_to_share(
    intent: Intent, gapped: Callable[..., Intent], sids: list[str]
) -> None:
    documents = list_denials(gapped(intent)).values()
    assert [each.sid for denials in documents for each in denials if "ram:CreateResourceShare" in each.actions] == sids


@pytest.mark.parametrize("sid", ["KeepNativeCopies", "NoReadingOfCopies"])
def test_a_restore_clears_snapshots_only_where_air_gapped_vaults_are_restored_from(intent: Intent, sid: str) -> None:
    """It makes a snapshot out of such a vault first; everywhere else the backup role alone deletes any."""
    job = "arn:aws:iam::${aws:PrincipalAccount}:role/strongroom/strongroom-restore-job"
    found = {
        name: {each.sid: each for each in list_denials(told)[PROTECT_BACKUPS]}[sid].exempt_arns
        for name, told in (("without", intent), ("with", with_own_gap(intent)), ("central", with_central_gap(intent)))
    }
    assert {name for name, exempt in found.items() if job in exempt} == {"with", "central"}


def test_a_role_calls_only_where_a_profile_lets_any_call(intent: Intent) -> None:
    native = "arn:aws:iam::${aws:PrincipalAccount}:role/strongroom/strongroom-restore-native"
    raw = native.replace("-native", "-raw")
    profile = AccountProfile(account=PAYMENTS, region=HOME, native=("fsx:CreateFileSystemFromBackup",))
    denials = list_denials(with_restores(intent, profiles=(profile,)))
    exempt = {each.sid for told in denials.values() for each in told if native in each.exempt_arns}
    assert "NoRestoreFromCopies" in exempt
    assert {sid for sid in exempt if not sid.startswith(("NoRestoreFrom", "Require"))} == {"KeepRequestTag"}
    assert [each.sid for told in denials.values() for each in told if raw in each.exempt_arns] == []
    usual = (each for told in list_denials(with_restores(intent, profiles=())).values() for each in told)
    assert [each.sid for each in usual if native in each.exempt_arns] == []


@pytest.mark.parametrize(
    ("call", "is_exempt"), [("redshift:RestoreTableFromClusterSnapshot", True), ("ec2:CreateVolume", False)]
)
def test_tables_are_taken_out_of_snapshots_only_where_a_profile_lets_that_very_call(
    intent: Intent,
    call: str,
    is_exempt: bool,  # noqa: FBT001
) -> None:
    native = "arn:aws:iam::${aws:PrincipalAccount}:role/strongroom/strongroom-restore-native"
    profile = AccountProfile(account=PAYMENTS, region=HOME, native=(call,))
    denials = list_denials(with_restores(intent, profiles=(profile,)))
    [refusing] = [
        each
        for each in denials[PROTECT_BACKUPS]
        if "redshift:RestoreTableFromClusterSnapshot" in each.actions and each.resources != ("*",)
    ]
    assert (refusing.sid, native in refusing.exempt_arns) == ("NoCopiesOfSnapshots", is_exempt)
    assert {each.sid for each in denials[PROTECT_BACKUPS] if native in each.exempt_arns} >= {"NoRestoreFromCopies"}


def test_a_role_restores_by_hand_only_where_a_profile_lets_any_type(intent: Intent) -> None:
    raw = "arn:aws:iam::${aws:PrincipalAccount}:role/strongroom/strongroom-restore-raw"
    profile = AccountProfile(account=PAYMENTS, region=HOME, raw=("Storage Gateway",))
    exempt = {
        each.sid
        for name, denials in list_denials(with_restores(intent, profiles=(profile,))).items()
        for each in denials
        if raw in each.exempt_arns
    }
    assert {"NoRestoreFromCopies", "NoRestoreFromSnapshots", "NoRestoreFromUnmarked"} <= exempt
    assert {sid for sid in exempt if not sid.startswith(("NoRestoreFrom", "Require"))} == set()
    usual = (each for denials in list_denials(with_restores(intent, profiles=())).values() for each in denials)
    assert [each.sid for each in usual if raw in each.exempt_arns] == []
