"""A request as the one decision makes it: by the profile of its account, with all that people must read."""

import json
from collections.abc import Mapping
from copy import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import FaultsFoundError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.deciding.dangers import unread_sentence
from strongroom.domain.restores.deciding.decided import as_decided, way_of, way_of_request
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import UNNAMED, RestoreRequest
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT, TEMPORARY_VAULT
from tests.builders.restores import NOW, POLICY, PROFILE, RDS_METADATA, a_proving_intent, a_recovery_point, a_request

CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:payments"
TABLE = {
    "resource": f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders",
    "resource_type": "DynamoDB",
    "restore_metadata": {"originalTableName": "orders", "encryptionType": "Default"},
}
USUAL: Any = {"group": "approvers", "needed": 1}
GRAVE: Any = {"group": "approvers", "needed": 2, "when": {"risks": ["elevated"]}}
STRICTER, STRICTER_BESIDE = (
    canonical_text(json.loads(POLICY) | {"rules": rules}) for rules in ([GRAVE], [USUAL, GRAVE])
)


def _decided(
    intent: Intent,
    *,
    point: Mapping[str, Any] | None = None,
    profile: AccountProfile | None = PROFILE,
    wishes: Mapping[str, str] | None = None,
    limits: RestoreLimits | None = None,
    **changes: Any,
) -> RestoreRequest:
    profiles = () if profile is None else (profile,)
    usual = ceremony_of(a_proving_intent(intent)).restores
    restores = replace(usual, profiles=profiles, limits=limits or usual.limits)
    asked = a_request(metadata=(), original=(), wishes=tuple(sorted((wishes or {}).items())), **changes)
    return as_decided(asked, point=a_recovery_point(**(point or {})), restores=restores)


def test_what_places_an_instance_is_the_profiles_and_never_the_backups(intent: Intent) -> None:
    assert dict(_decided(intent).metadata) == {
        "AllocatedStorage": "100",
        "CopyTagsToSnapshot": "true",
        "DBInstanceClass": "db.t3.small",
        "DBInstanceIdentifier": "payments-db-0200",
        "DBParameterGroupName": "pg16-payments",
        "DBSubnetGroupName": "restores-db",
        "DeletionProtection": "true",
        "Engine": "postgres",
        "LicenseModel": "postgresql-license",
        "MultiAZ": "true",
        "PubliclyAccessible": "false",
        "StorageType": "gp3",
        "VpcSecurityGroupIds": '["sg-0a1"]',
    }


def test_who_asks_may_choose_among_what_the_profile_has(intent: Intent) -> None:
    wishes = {
        "dbsubnetgroupname": "restores-db-2",
        "VpcSecurityGroupIds": '["sg-0b2"]',
        "DBInstanceClass": "db.r6g.large",
    }
    request = _decided(intent, wishes=wishes)
    chosen = {
        "DBSubnetGroupName": "restores-db-2",
        "VpcSecurityGroupIds": '["sg-0b2"]',
        "DBInstanceClass": "db.r6g.large",
    }
    assert chosen.items() <= dict(request.metadata).items()
    assert request.risks == ("other-class", "steps-after")
    assert request.risk_sentences[0] == "Its DBInstanceClass is db.r6g.large, and the original had db.t3.small."


def test_approvers_see_the_settings_of_the_backup_that_a_restore_could_send(intent: Intent) -> None:
    original = dict(_decided(intent).original)
    assert original["DBSubnetGroupName"] == "prod-db"
    assert original["PubliclyAccessible"] == "true"
    assert original.keys().isdisjoint({"AvailabilityZone", "DBSnapshotIdentifier", "EngineVersion"})


def test_what_is_left_out_and_left_to_do_is_told(intent: Intent) -> None:
    told = RDS_METADATA | {"Unheard": "of", "DBParameterGroupName": "of-its-own"}
    request = _decided(intent, point={"restore_metadata": told})
    assert request.left_out == ("Unheard: nobody knows it",)
    assert request.risks == ("left-out", "steps-after")
    assert request.risk_sentences[0] == "1 setting of the original cannot be sent."
    assert any("DBParameterGroupName of-its-own" in step for step in request.steps)


def test_of_what_a_hostile_backup_tells_the_first_ten_are_repeated(intent: Intent) -> None:
    request = _decided(intent, point={"restore_metadata": {f"Key{number}": "x" for number in range(100, 200)}})
    assert len(request.left_out) == 10
    assert request.risk_sentences[0].startswith("100 settings ")


def test_a_table_is_restored_under_the_profiles_key(intent: Intent) -> None:
    request = _decided(intent, point=TABLE, profile=AccountProfile(account=PAYMENTS, region=HOME, keys=PROFILE.keys))
    assert dict(request.metadata) == {
        "encryptionType": "KMS",
        "kmsMasterKeyArn": PROFILE.keys[0],
        "targetTableName": "payments-db-0200",
    }
    assert request.risks == ("steps-after",)


@pytest.mark.parametrize(
    ("point", "profile", "missing"),
    [
        pytest.param({}, None, ["DBSubnetGroupName", "VpcSecurityGroupIds"], id="an instance without a profile"),
        pytest.param(
            {},
            AccountProfile(
                account=AccountId("333333333333"), region=HOME, db_subnet_group=("db",), security_groups=(("sg-1",),)
            ),
            ["DBSubnetGroupName", "VpcSecurityGroupIds"],
            id="a profile of another account",
        ),
        pytest.param(
            {}, replace(PROFILE, db_subnet_group=()), ["DBSubnetGroupName"], id="a profile without a subnet group"
        ),
        pytest.param(TABLE, None, ["kmsMasterKeyArn"], id="a table without a profile"),
        pytest.param(TABLE, replace(PROFILE, keys=()), ["kmsMasterKeyArn"], id="a table without a key"),
    ],
)
def test_what_the_profile_has_not_is_told_all_at_once(
    intent: Intent, point: dict[str, Any], profile: AccountProfile | None, missing: list[str]
) -> None:
    with pytest.raises(FaultsFoundError) as found:
        _decided(intent, point=point, profile=profile)
    assert [fault.split()[0] for fault in found.value.faults] == missing


def test_an_instance_needs_no_key_of_the_profile(intent: Intent) -> None:
    assert _decided(intent, profile=replace(PROFILE, keys=())).metadata


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        pytest.param({"DBSubnetGroupName": "prod-db"}, "none of those that the profile has", id="the backup's network"),
        pytest.param({"VpcSecurityGroupIds": '["sg-0a1","sg-0b2"]'}, "none of those", id="two choices at once"),
        pytest.param({"DBInstanceClass": "db.r5.24xlarge"}, "not among the classes", id="a class"),
        pytest.param({"PubliclyAccessible": "true"}, "always false", id="public"),
        pytest.param({"publiclyaccessible": "TRUE"}, "true or false", id="public in capitals"),
        pytest.param({"DeletionProtection": "false"}, "always true", id="unprotected"),
        pytest.param({"KmsKeyId": PROFILE.keys[0]}, "not to be asked for", id="a key"),
        pytest.param({"UserData": "x"}, "not a key of this restore", id="what nobody knows"),
        pytest.param({"Port": "5433", "port": "5434"}, "said twice", id="twice"),
        pytest.param({"DBInstanceIdentifier": "other"}, "not to be asked for", id="the name again"),
    ],
)
def test_wishes_that_are_refused(intent: Intent, wishes: dict[str, str], why: str) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        _decided(intent, wishes=wishes)


def test_everything_that_is_wrong_is_told_at_once(intent: Intent) -> None:
    with pytest.raises(FaultsFoundError) as found:
        _decided(intent, wishes={"PubliclyAccessible": "true", "UserData": "x"}, target_name="No Name", profile=None)
    assert len(found.value.faults) == 5


def test_a_copy_that_is_taken_back_is_a_risk_and_an_instance_keeps_the_vaults_key(intent: Intent) -> None:
    age = NOW - a_request().recovery_point_created_at
    request = _decided(intent, plan=RestorePlan.COPY_BACK, copy_kept_for=age + timedelta(days=9, hours=1))
    assert request.risks == ("vault-key", "temporary-copy", "steps-after")
    assert request.risk_sentences[1] == "A copy of it is left behind outside of its vault for 10 days."
    table = _decided(intent, plan=RestorePlan.COPY_BACK, point=TABLE)
    assert table.risks == ("temporary-copy", "steps-after")
    assert table.risk_sentences[0] == "A copy of it is left behind outside of its vault for 14 days."


def test_b_7_out_of_a_temporary_vault_an_instance_comes_under_a_key_of_its_account(intent: Intent) -> None:
    request = _decided(intent, plan=RestorePlan.COPY_BACK, temporary_vault=TEMPORARY_VAULT)
    assert request.risks == ("temporary-copy", "steps-after")


def test_what_comes_out_of_cold_storage_says_so(intent: Intent) -> None:
    assert "from-cold" in _decided(intent, point={**TABLE, "is_cold": True}).risks


EVERYWHERE = replace(PROFILE, subnets=("subnet-0r1",), zones=("eu-west-1a",))
OF_KIND: dict[str, dict[str, Any]] = {
    "RDS cluster": {
        "resource": CLUSTER,
        "restore_metadata": {"Engine": "postgres", "DBClusterInstanceClass": "db.m6gd"},
    },
    "Aurora": {"resource_type": "Aurora", "resource": CLUSTER, "restore_metadata": {"Engine": "aurora-postgresql"}},
    "EBS": {
        "resource_type": "EBS",
        "resource": f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1",
        "restore_metadata": {"volumeSize": "8", "volumeType": "gp3", "kmsKeyId": "old", "volumeId": "vol-1"},
    },
    "EC2": {
        "resource_type": "EC2",
        "resource": f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/i-1",
        "restore_metadata": {"InstanceType": "t3.micro", "SubnetId": "subnet-0prod", "UserData": "x"},
        "encryption_key": None,
    },
    "EFS": {
        "resource_type": "EFS",
        "resource": f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1",
        "restore_metadata": {"file-system-id": "fs-1", "Encrypted": "true", "PerformanceMode": "generalPurpose"},
    },
    "S3": {"resource_type": "S3", "resource": "arn:aws:s3:::papers", "restore_metadata": {"BucketName": "papers"}},
}
KEY = PROFILE.keys[0]
IN_NETWORK = {"DBSubnetGroupName": "restores-db", "VpcSecurityGroupIds": '["sg-0a1"]', "KmsKeyId": KEY}
CLUSTERS = {"DBClusterIdentifier": "new-one", "CopyTagsToSnapshot": "true", **IN_NETWORK}


@pytest.mark.parametrize(
    ("kind", "name", "risks", "metadata"),
    [
        pytest.param(
            "RDS cluster",
            "new-one",
            ("steps-after",),
            {**CLUSTERS, "Engine": "postgres", "DBClusterInstanceClass": "db.m6gd"},
            id="a cluster that AWS calls RDS, too",
        ),
        pytest.param("Aurora", "new-one", ("steps-after",), {**CLUSTERS, "Engine": "aurora-postgresql"}, id="Aurora"),
        pytest.param(
            "EBS",
            "",
            ("never-scanned", "steps-after"),
            {
                "availabilityZone": "eu-west-1a",
                "encrypted": "true",
                "kmsKeyId": KEY,
                "volumeSize": "8",
                "volumeType": "gp3",
            },
            id="EBS",
        ),
        pytest.param(
            "EC2",
            "",
            ("elevated", "never-scanned", "source-unencrypted", "steps-after"),
            {
                "SubnetId": "subnet-0r1",
                "SecurityGroupIds": '["sg-0a1"]',
                "InstanceType": "t3.micro",
                "RequireIMDSv2": "true",
                "InstanceInitiatedShutdownBehavior": "stop",
            },
            id="EC2",
        ),
        pytest.param(
            "EFS",
            "",
            ("steps-after",),
            {
                "newFileSystem": "true",
                "CreationToken": "r-abcdefgh2345",
                "Encrypted": "true",
                "KmsKeyId": KEY,
                "PerformanceMode": "generalPurpose",
            },
            id="EFS",
        ),
        pytest.param(
            "S3",
            "papers-back",
            ("never-scanned", "steps-after"),
            {
                "DestinationBucketName": "papers-back",
                "NewBucket": "true",
                "CreationToken": "r-abcdefgh2345",
                "Encrypted": "true",
                "EncryptionType": "SSE-KMS",
                "KMSKey": KEY,
                "RestoreACLs": "false",
            },
            id="S3",
        ),
    ],
)
def test_each_kind_comes_to_lie_where_the_profile_says(
    kind: str, name: str, risks: tuple[str, ...], metadata: dict[str, str], intent: Intent
) -> None:
    asked: dict[str, Any] = {"policy": STRICTER_BESIDE, "target_name": name or UNNAMED}
    request = _decided(intent, point=OF_KIND[kind], profile=EVERYWHERE, **asked)
    assert (dict(request.metadata), request.risks) == (metadata, risks)


@pytest.mark.parametrize("kind", ["EBS", "EC2", "EFS"])
def test_what_has_no_name_to_choose_is_given_none(kind: str, intent: Intent) -> None:
    """Whoever says one expects to find it by that, and would not."""
    with pytest.raises(RestoreRefusedError, match=f"what is made of {kind} has no name to choose"):
        _decided(intent, point=OF_KIND[kind], profile=EVERYWHERE, policy=STRICTER_BESIDE, target_name="new-one")


@pytest.mark.parametrize("kind", ["RDS cluster", "Aurora", "S3"])
def test_what_has_a_name_is_given_one(kind: str, intent: Intent) -> None:
    with pytest.raises(RestoreRefusedError, match="what is restored has no name yet: say one, "):
        _decided(intent, point=OF_KIND[kind], profile=EVERYWHERE, policy=STRICTER_BESIDE, target_name=UNNAMED)


@pytest.mark.parametrize(("key", "is_untold"), [(None, True), (KEY, False)], ids=["no key", "a key"])
def test_of_an_image_nobody_says_that_it_is_not_encrypted(key: str | None, intent: Intent, *, is_untold: bool) -> None:
    image = {**OF_KIND["EC2"], "encryption_key": key}
    request = _decided(intent, point=image, profile=EVERYWHERE, policy=STRICTER_BESIDE, target_name=UNNAMED)
    assert ("source-unencrypted" in request.risks) is is_untold
    assert ("AWS Backup does not tell whether the backup is encrypted." in request.risk_sentences) is is_untold


def test_approvers_are_told_in_which_vaults_scans_could_not_be_read(intent: Intent) -> None:
    bucket = {**OF_KIND["S3"], "unread_vaults": (CENTRAL_VAULT,)}
    request = _decided(intent, point=bucket, profile=EVERYWHERE, target_name="papers-back")
    assert "scan-unread" in request.risks
    assert unread_sentence(CENTRAL_VAULT) in request.risk_sentences


def test_that_it_was_never_scanned_is_told_of_kinds_that_can_be(intent: Intent) -> None:
    told = {
        kind: "It was never scanned for malware."
        in _decided(
            intent,
            point=point,
            profile=EVERYWHERE,
            policy=STRICTER_BESIDE,
            target_name="new-one" if kind in ("RDS cluster", "Aurora", "S3") else UNNAMED,
        ).risk_sentences
        for kind, point in OF_KIND.items()
    }
    assert {kind for kind, is_told in told.items() if is_told} == {"EBS", "EC2", "S3"}


@pytest.mark.parametrize(
    ("kind", "field", "missing"),
    [
        pytest.param("EBS", "zones", "availabilityZone", id="a volume without a zone"),
        pytest.param("EC2", "subnets", "SubnetId", id="a machine without a subnet"),
        pytest.param("EFS", "keys", "KmsKeyId", id="a file system without a key"),
        pytest.param("S3", "keys", "KMSKey", id="a bucket without a key"),
        pytest.param("Aurora", "keys", "KmsKeyId", id="a cluster without a key"),
    ],
)
def test_a_profile_that_lacks_what_a_kind_needs(kind: str, field: str, missing: str, intent: Intent) -> None:
    name = "new-one" if kind in ("Aurora", "S3") else UNNAMED
    without: dict[str, Any] = {field: ()}
    lacking = replace(EVERYWHERE, **without)
    with pytest.raises(FaultsFoundError, match=f"^{missing} must come from a restore profile of the account"):
        _decided(intent, point=OF_KIND[kind], profile=lacking, policy=STRICTER_BESIDE, target_name=name)


@pytest.mark.parametrize("policy", [STRICTER, STRICTER_BESIDE], ids=["alone", "beside the usual one"])
def test_an_unencrypted_backup_takes_the_stricter_rule(policy: str, intent: Intent) -> None:
    request = _decided(intent, point={"encryption_key": None}, policy=policy)
    assert request.risks == ("elevated", "source-unencrypted", "steps-after")
    assert request.risk_sentences[0] == "The backup is not encrypted."


def test_an_infected_backup_takes_the_stricter_rule_where_the_intent_lets_it_be_restored(intent: Intent) -> None:
    infected = {"scan": Scan.THREATS}
    with pytest.raises(RestoreRefusedError, match="malware was found in the backup, and the intent lets none"):
        _decided(intent, point=infected, policy=STRICTER)
    limits = RestoreLimits(infected="elevated")
    assert _decided(intent, point=infected, policy=STRICTER, limits=limits).risks[:2] == ("elevated", "infected")


def test_where_no_rule_is_stricter_it_is_refused_with_the_line_to_write(intent: Intent) -> None:
    with pytest.raises(RestoreRefusedError) as refused:
        _decided(intent, point={"encryption_key": None})
    assert str(refused.value) == (
        "no rule says who approves what is graver than other restores (The backup is not encrypted.): write "
        "- {unit: Production, group: GROUP, needed: 1, risks: [elevated]}"
    )


def test_an_urgent_restore_is_none_that_a_stricter_rule_decides_on(intent: Intent) -> None:
    with pytest.raises(RestoreRefusedError) as refused:
        _decided(intent, point={"encryption_key": None}, incident="INC-1", ticket="")
    why = "an urgent restore is none that the stricter rule decides on: The backup is not encrypted."
    assert str(refused.value) == why


def test_a_table_is_encrypted_though_aws_names_no_key(intent: Intent) -> None:
    assert _decided(intent, point={**TABLE, "encryption_key": None}).metadata


@pytest.mark.parametrize(
    ("point", "called"),
    [
        pytest.param({"resource_type": "FSx"}, "FSx", id="a type of several kinds, and which is not told"),
        pytest.param({"resource_type": "Tape"}, "Tape", id="a type of tomorrow"),
    ],
)
def test_what_is_not_restored_here_is_refused_by_its_name(intent: Intent, point: dict[str, Any], called: str) -> None:
    here = (
        "Aurora, Aurora DSQL, CloudFormation, DocumentDB, DynamoDB, EBS, EC2, EFS, EKS, FSx, Neptune, RDS, Redshift, "
        "S3 and Timestream are restored here"
    )
    with pytest.raises(RestoreRefusedError, match=f"^{called} must be restored by hand; {here}$"):
        _decided(intent, point=point)


STACK = {
    "resource": f"arn:aws:cloudformation:{HOME}:222222222222:stack/shop/1f",
    "resource_type": "CloudFormation",
    "restore_metadata": {"StackName": "shop", "StackParameters": '{"Size":"3"}'},
}


def test_a_stack_comes_back_as_a_change_set_and_its_composite_does_not(intent: Intent) -> None:
    decided = _decided(intent, point=STACK, policy=STRICTER)
    assert dict(decided.metadata) == {
        "ChangeSetName": decided.id,
        "StackName": decided.target_name,
        "StackParameters": '{"Size":"3"}',
    }
    assert decided.risks[0] == "elevated"
    assert "nobody approved a template" in decided.steps[1]
    assert decided.steps[2] == "Run it by that ARN, and by no name: only a person does."
    why = "which are restored one by one: `strongroom restore find` of the resource offers the one to ask for$"
    with pytest.raises(RestoreRefusedError, match=why):
        _decided(intent, point={**STACK, "is_composite": True}, policy=STRICTER)


def _with_parameters(parameters: str) -> dict[str, Any]:
    return {**STACK, "restore_metadata": {"StackName": "shop", "StackParameters": parameters}}


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        pytest.param({"DBPassword": "Hunter2-secret"}, "DBPassword", id="a secret by its name"),
        pytest.param({"DBPassword": "a/b-Hunter2"}, "DBPassword", id="a secret that is not plain"),
        pytest.param({"Api.Size": "Hunter2"}, "one without a name of letters and digits", id="a name that is none"),
        pytest.param({"Cidr": "10.0.0.0/16", "Public": "false"}, "Cidr", id="a slash"),
        pytest.param({"Role": f"arn:aws:iam::{PAYMENTS}:role/x", "Size": "3"}, "Role", id="an ARN"),
        pytest.param({"Login": "****", "Size": "3"}, "Login", id="masked by AWS"),
        pytest.param({"Suffix": "", "Size": "3"}, "Suffix", id="empty"),
        pytest.param({"Size": ["Hunter2"], "Zones": "a,b"}, "Size, Zones", id="no text, and a list of them"),
    ],
)
def test_a_stack_is_refused_by_the_names_of_the_parameters_that_are_not_carried(
    intent: Intent, parameters: dict[str, Any], names: str
) -> None:
    with pytest.raises(FaultsFoundError) as refused:
        _decided(intent, point=_with_parameters(json.dumps(parameters)), policy=STRICTER)
    assert str(refused.value) == (
        f"StackParameters cannot be carried whole ({names}): what is masked, empty, no plain text or named like a "
        "secret is neither sent nor shown, and without it the template's default would be taken; restore the stack by "
        "hand, and ask here for its resources, each as what it is"
    )


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"StackParameters": '[{"ParameterKey":"Size","ParameterValue":"Hunter2"}]'}, id="no mapping"),
        pytest.param({"StackParameters": '{"Size":"Hunter2","size":"4"}'}, id="one twice"),
        pytest.param({"StackParameters": '{"Size":\n"Hunter2"}'}, id="several lines"),
        pytest.param({"StackParameters": json.dumps({"Size": "Hunter2" * 2000})}, id="too long to be read"),
        pytest.param({"StackParameters": '{"Size":"Hunter2"}', "stackparameters": "{}"}, id="told twice"),
    ],
)
def test_a_stack_is_refused_where_its_parameters_cannot_be_read(intent: Intent, told: dict[str, str]) -> None:
    point = {**STACK, "restore_metadata": {"StackName": "shop", **told}}
    with pytest.raises(FaultsFoundError, match=r"^StackParameters cannot be read whole: ") as refused:
        _decided(intent, point=point, policy=STRICTER)
    assert "Hunter2" not in str(refused.value)


def test_a_flag_may_be_named_like_a_secret(intent: Intent) -> None:
    decided = _decided(intent, point=_with_parameters('{"UseSecrets":"true"}'), policy=STRICTER)
    assert dict(decided.metadata)["StackParameters"] == '{"UseSecrets":"true"}'


CLUSTER_OF_EKS = {
    "resource": f"arn:aws:eks:{HOME}:{PAYMENTS}:cluster/shop",
    "resource_type": "EKS",
    "restore_metadata": {"clusterName": "shop"},
    "is_composite": True,
}
INTO = AccountProfile(account=PAYMENTS, region=HOME, clusters=("restores",))
INTO_LIVE = RestoreLimits(into_existing="elevated")


def test_namespaces_come_into_the_cluster_of_the_profile_and_into_no_other(intent: Intent) -> None:
    wishes = {"namespaces": '["shop"]'}
    decide = partial(_decided, intent, policy=STRICTER, profile=INTO, target_name=UNNAMED)
    decided = decide(point=CLUSTER_OF_EKS, wishes=wishes, limits=INTO_LIVE)
    assert dict(decided.metadata) == {
        "clusterName": "restores",
        "newCluster": "false",
        "restoreKubernetesManifestsOnly": "true",
        "namespaceLevelRestore": "true",
        **wishes,
    }
    assert decided.risks[:2] == ("elevated", "adds-into-live")
    assert decided.risk_sentences[0] == "It is put into restores, which lives."
    part = {**CLUSTER_OF_EKS, "is_composite": False}
    why = "which is restored as a whole: `strongroom restore find` of the resource offers the one to ask for$"
    with pytest.raises(RestoreRefusedError, match=why):
        decide(point=part, wishes=wishes, limits=INTO_LIVE)
    with pytest.raises(FaultsFoundError, match="the intent lets nothing be restored into what is there already"):
        decide(point=CLUSTER_OF_EKS, wishes=wishes)


def test_a_whole_cluster_comes_only_where_somebody_asks_for_that(intent: Intent) -> None:
    decide = partial(
        _decided, intent, point=CLUSTER_OF_EKS, policy=STRICTER, profile=INTO, limits=INTO_LIVE, target_name=UNNAMED
    )
    for wishes in ({}, {"namespaceLevelRestore": "true"}):
        with pytest.raises(FaultsFoundError, match="namespaces must be said where namespaceLevelRestore is true"):
            decide(wishes=wishes)
    with pytest.raises(FaultsFoundError, match="namespaces means nothing unless namespaceLevelRestore is true"):
        decide(wishes={"namespaceLevelRestore": "false", "namespaces": '["shop"]'})
    whole = dict(decide(wishes={"namespaceLevelRestore": "false"}).metadata)
    assert (whole["namespaceLevelRestore"], "namespaces" in whole) == ("false", False)


def test_deciding_again_changes_nothing(intent: Intent) -> None:
    request = _decided(intent, wishes={"Port": "5433"})
    restores = ceremony_of(a_proving_intent(intent)).restores
    assert as_decided(request, point=a_recovery_point(), restores=restores) == request


TEAM = f"arn:aws:mpa:{HOME}:{PAYMENTS}:approval-team/vaults"


@pytest.mark.parametrize(
    ("plan", "said", "way"),
    [
        pytest.param(RestorePlan.LOCAL, {}, Way.LOCAL, id="out of its own vault"),
        pytest.param(RestorePlan.LOCAL, {"vault": CENTRAL_VAULT}, Way.AIR_GAPPED, id="out of a shared one"),
        pytest.param(
            RestorePlan.LOCAL,
            {"vault": CENTRAL_VAULT, "approval_team": TEAM},
            Way.AIR_GAPPED_MPA,
            id="out of one that a team opens",
        ),
        pytest.param(RestorePlan.COPY_BACK, {"vault": CENTRAL_VAULT}, Way.COPY_BACK, id="copied back"),
        pytest.param(
            RestorePlan.COPY_BACK,
            {"vault": CENTRAL_VAULT, "approval_team": TEAM},
            Way.COPY_BACK,
            id="copied back, whatever team there is",
        ),
        pytest.param(RestorePlan.COPY_BACK, {"vault": REPLICA_VAULT}, Way.OTHER_REGION, id="across Regions"),
        pytest.param(
            RestorePlan.COPY_BACK,
            {"vault": REPLICA_VAULT, "through": CENTRAL_VAULT},
            Way.OTHER_REGION_IN_TWO,
            id="across Regions in two copies",
        ),
    ],
)
def test_the_way_back_is_told_by_the_plan_the_vault_and_who_opens_it(
    plan: RestorePlan, said: dict[str, str], way: Way
) -> None:
    assert way_of(plan, **{"vault": LOCAL_VAULT, "account": PAYMENTS, "region": HOME} | said) is way
    signed = {name.replace("through", "through_vault"): value for name, value in said.items()}
    assert way_of_request(a_request(plan=plan, **signed)) is way
