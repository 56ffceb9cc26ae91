"""Metadata that a person writes: sent letter by letter, always grave, and refused for all that no restore may say."""

import json
from random import Random
from typing import Any, Final

import pytest

from strongroom.domain.catalogue.rows import TYPES_BY_HAND
from strongroom.domain.restores.deciding.by_hand.as_written import LONGEST_VALUE, MOST_CHARACTERS, MOST_KEYS
from strongroom.domain.restores.deciding.by_hand.judging_names import opens_or_places
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Danger, RestoreDecision, Verdict
from strongroom.domain.restores.kinds.model import Grade
from strongroom.domain.restores.kinds.table import KINDS
from tests.builders.deciding.restore_cases import PROFILE, a_restore

MACHINE: Final = "VirtualMachine"
OWN: Final = "arn:aws:backup-gateway:eu-west-1:111122223333:hypervisor/hype-1"
# AWS Backup Developer Guide, "Restoring a virtual machine": what a restore to VMware takes.
WRITTEN: Final = {
    "RestoreTo": "VMware",
    "HypervisorArn": OWN,
    "VMName": "restored-1",
    "VMPath": "/Datacenter/vm/restores",
    "ComputeResourceName": "cluster-1",
    "VMDatastore": "datastore-1",
}
NAMESPACE: Final = {"RestoreType": "NAMESPACE_RESTORE", "NamespaceIdentifier": "restored-1"}


def decided(wishes: dict[Any, Any], *, kind: str = MACHINE, raw: Any = (MACHINE,), **said: Any) -> RestoreDecision:
    """What is decided where the place's profile lets these types be restored by hand."""
    return decide_restore(a_restore(kind, wishes=wishes, raw=True, limits={"raw": list(raw)}, **said))


def faults(decision: RestoreDecision) -> set[str]:
    """The classes of what is wrong; of what is refused nothing is sent."""
    assert (decision.verdict, decision.metadata) == (Verdict.REFUSED, ())
    return {str(each.fault) for each in decision.refusals}


def test_what_is_written_is_sent_letter_by_letter_and_each_key_is_a_risk() -> None:
    decision = decided(WRITTEN)
    in_order = tuple(sorted(WRITTEN.items()))
    assert (decision.verdict, decision.metadata, decision.refusals) == (Verdict.ELEVATED, in_order, ())
    told = [risk.sentence for risk in decision.risks if risk.danger is Danger.AS_WRITTEN]
    assert told == [f"{key} is sent as it is written: {value}" for key, value in in_order]


def test_json_is_sent_as_it_stands_though_it_could_be_written_otherwise() -> None:
    disks = '[ {"DiskId" : "disk-1",  "Label":"b"} , {"Label":"a","DiskId":"disk-2"} ]'
    assert dict(decided(WRITTEN | {"DisksToRestore": disks}).metadata)["DisksToRestore"] == disks


def test_what_overwrites_is_told_first() -> None:
    decision = decided(NAMESPACE, kind="Redshift Serverless", raw=["Redshift Serverless"])
    assert (decision.verdict, dict(decision.metadata)) == (Verdict.ELEVATED, NAMESPACE)
    assert [str(risk.danger) for risk in decision.risks] == ["overwrites", "as-written", "as-written"]


def test_those_that_a_profile_may_let_are_those_that_no_machine_restores() -> None:
    assert set(TYPES_BY_HAND) == {kind.name for kind in KINDS if kind.grade is Grade.BY_HAND}


def test_one_word_alone_means_another_thing_where_it_is_written_than_where_a_table_knows_it() -> None:
    """AWS Backup Developer Guide, "Restore an Amazon Redshift Serverless namespace": RestoreType says which restore."""
    assert {kind.name: kind.own_words for kind in KINDS if kind.own_words} == {"Redshift Serverless": ("RestoreType",)}
    assert faults(decided(WRITTEN | {"RestoreType": "NAMESPACE_RESTORE"})) == {"forbidden-key"}


def test_without_the_word_of_the_profile_nothing_is_restored_by_hand() -> None:
    assert faults(decided(WRITTEN, raw=[])) == {"hand-not-allowed"}
    assert faults(decided(WRITTEN, raw=["Storage Gateway"])) == {"hand-not-allowed"}


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.grade is not Grade.BY_HAND])
def test_what_a_machine_restores_is_not_restored_past_its_table(kind: str) -> None:
    assert "not-by-hand" in faults(decided(WRITTEN, kind=kind, raw=[kind]))


@pytest.mark.parametrize("kind", ["Tape", "virtualmachine", "Virtual\u041cachine", ""])
def test_a_type_of_tomorrow_is_refused_whatever_a_profile_lets(kind: str) -> None:
    assert faults(decided(WRITTEN, kind=kind, raw=[kind])) == {"unknown-type"}


def test_without_the_word_raw_it_goes_by_hand_as_before() -> None:
    decision = decide_restore(a_restore(MACHINE, wishes=WRITTEN, limits={"raw": [MACHINE]}))
    assert (decision.verdict, decision.metadata) == (Verdict.BY_HAND, ())


# What nobody restores, whatever the type: keys and values beside those that would do, and the class of the fault.
HARMFUL: Final[dict[str, tuple[dict[Any, Any], str]]] = {
    "a key twice in other letters": ({"vmname": "restored-1"}, "doubled-key"),
    "a letter that only looks like one": ({"VMN\u0430me": "x"}, "unknown-key"),
    "a key with a blank": ({"VM Name": "x"}, "unknown-key"),
    "a key of nothing": ({"": "x"}, "unknown-key"),
    "a key that turns the text around": ({"VM\u202eName": "x"}, "unknown-key"),
    "the kelvin sign": ({"\u212amsKeyId": "x"}, "unknown-key"),
    "AWS's own word": ({"aws:backup:request-id": "1"}, "unknown-key"),
    "the time as metadata": ({"RestoreTime": "2026-11-20T00:00:00Z"}, "forbidden-key"),
    "a number": ({"Count": 1}, "bad-value"),
    "a flag of another type": ({"Shutdown": True}, "bad-value"),
    "nothing": ({"Shutdown": None}, "bad-value"),
    "a list": ({"DisksToRestore": ["disk-1"]}, "bad-value"),
    "a mapping": ({"DisksToRestore": {"a": "b"}}, "bad-value"),
    "an empty text": ({"Note": ""}, "bad-value"),
    "a look-alike in a value": ({"Note": "d\u0430tastore"}, "bad-value"),
    "a control": ({"Note": "a\nb"}, "bad-value"),
    "a hidden letter": ({"Note": "a\u200bb"}, "bad-value"),
    "an escape": ({"Note": '["\\u0061rn:aws:s3:::evil"]'}, "bad-value"),
    "a value too long": ({"Note": "x" * (LONGEST_VALUE + 1)}, "bad-value"),
    "JSON with a key twice": ({"Note": '{"a":{"b":1,"b":2}}'}, "bad-value"),
    "JSON with a key in other letters": ({"Note": '[{"a":1,"A":2}]'}, "bad-value"),
    "JSON without end": ({"Note": "[" * 1000}, "bad-value"),
    "half of JSON": ({"Note": '{"a":1'}, "bad-value"),
    "no number": ({"Note": '{"a":NaN}'}, "bad-value"),
    "another account": ({"Hypervisor": OWN.replace("111122223333", "999999999999")}, "foreign-place"),
    "another Region": ({"Hypervisor": OWN.replace("eu-west-1", "us-east-1")}, "foreign-place"),
    "another partition": ({"Hypervisor": OWN.replace("arn:aws:", "arn:aws-cn:")}, "foreign-place"),
    "capitals": ({"Note": OWN.replace("111122223333", "999999999999").upper()}, "foreign-place"),
    "an ARN inside of a text": ({"Note": "as arn:aws:s3:::evil says"}, "foreign-place"),
    "an ARN inside of JSON": ({"Note": '{"a":["arn:aws:s3:::evil"]}'}, "foreign-place"),
    "an ARN as a key of JSON": ({"Note": '{"arn:aws:s3:::evil":"a"}'}, "foreign-place"),
    "an ARN of no account": ({"Snapshot": "arn:aws:ec2:eu-west-1::snapshot/snap-1"}, "foreign-place"),
    "a role by its ARN": ({"Runner": "arn:aws:iam::111122223333:role/admin"}, "foreign-place"),
    "an address": ({"Note": "https://evil.example"}, "foreign-place"),
    "an address in JSON": ({"Note": '{"a":"s3://evil"}'}, "foreign-place"),
    "another account by its number": ({"TargetAccount": "999999999999"}, "foreign-place"),
    "an owner": ({"OwnerAccount": "999999999999"}, "foreign-place"),
    "another key": ({"KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/other"}, "not-in-profile"),
    "another key by its id": ({"kmsKey": "11111111-0000-0000-0000-555555555555"}, "not-in-profile"),
    "another key under a new name": ({"volumeKMSArn": "alias/mine"}, "not-in-profile"),
    "another key under no name": ({"Note": "arn:aws:kms:eu-west-1:111122223333:key/other"}, "not-in-profile"),
    "AWS's own key": ({"Note": "alias/aws/ebs"}, "aws-key"),
    "another subnet": ({"SubnetId": "subnet-0evil"}, "not-in-profile"),
    "another subnet under a new name": ({"Note": '["subnet-0evil"]'}, "not-in-profile"),
    "another group": ({"SecurityGroupIds": '["sg-0evil"]'}, "not-in-profile"),
    "another network": ({"Net": "vpc-0evil"}, "not-in-profile"),
    "another zone": ({"availabilityZone": "us-east-1a"}, "not-in-profile"),
    "a public address": ({"PubliclyAccessible": "true"}, "forbidden-key"),
    "a public address in JSON": ({"Note": '{"assignPublicIp":true}'}, "forbidden-key"),
    "a public address under a new name": ({"assignPublicIp": "yes"}, "forbidden-key"),
    "nothing encrypted": ({"encrypted": "false"}, "forbidden-key"),
    "nothing encrypted, under a new name": ({"EncryptionAtRest": "NO"}, "forbidden-key"),
    "access lists": ({"RestoreACLs": "true"}, "forbidden-key"),
    "a policy": ({"AccessPolicy": "{}"}, "forbidden-key"),
    "a password": ({"AdminPassword": "hunter2"}, "forbidden-key"),
    "a secret": ({"Note": '{"clientSecret":"hunter2"}'}, "forbidden-key"),
    "a bucket": ({"DestinationBucketName": "evil"}, "export"),
    "an export": ({"pathsToRestore": '["/"]'}, "export"),
    "an endpoint": ({"callbackUrl": "evil.example"}, "export"),
    "a role": ({"IamRoleName": "admin"}, "role"),
    "a role of the backup": ({"IamInstanceProfileName": "UseBackedUpValue"}, "role"),
    "a role in JSON": ({"Note": '{"a":[{"taskRole":"admin"}]}'}, "role"),
    "code": ({"UserData": "IyEvYmluL3No"}, "code"),
    "devices": ({"BlockDeviceMappings": "[]"}, "forbidden-key"),
    "a key with a mark in it": ({"User-Data": "x"}, "unknown-key"),
    "a place as a key": ({"arn:aws:s3:::evil": "x"}, "unknown-key"),
    "an address as a key": ({"https://evil": "x"}, "unknown-key"),
    "a key that reads as two": ({"a=b,c": "d"}, "unknown-key"),
    "code in JSON, with a mark": ({"Note": '{"user_data":"x"}'}, "code"),
    "a bucket in JSON, with a mark": ({"Note": '{"Buck.et":"evil"}'}, "export"),
    "a place in a bucket": ({"S3Location": "evil/x"}, "export"),
    "an address by its name": ({"HookUri": "evil"}, "export"),
    "a script": ({"PreScript": "x"}, "code"),
    "an access list": ({"Acl": "public-read"}, "forbidden-key"),
    "somebody": ({"Principal": "*"}, "forbidden-key"),
    "everywhere": ({"CidrIp": "0.0.0.0/0"}, "forbidden-key"),
    "a password under another name": ({"AdminPasswd": "hunter2"}, "forbidden-key"),
    "another key under a short name": ({"KeyId": "other"}, "not-in-profile"),
    "a key of the customer's": ({"CustomerMasterKey": "other"}, "not-in-profile"),
    "encryption that is off": ({"Encryption": "off"}, "forbidden-key"),
    "encryption that is nothing": ({"Note": '{"Encryption":null}'}, "forbidden-key"),
    "what is not encrypted": ({"Unencrypted": "true"}, "forbidden-key"),
    "another key in capitals": ({"Note": "arn:aws:KMS:eu-west-1:111122223333:key/other"}, "foreign-place"),
    "a role in capitals": ({"Note": "arn:aws:IAM:eu-west-1:111122223333:role/admin"}, "foreign-place"),
    "many at once": ({"Note": OWN.replace("hype-1", "*")}, "foreign-place"),
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_no_restore_may_say_nobody_writes(harm: str) -> None:
    said, fault = HARMFUL[harm]
    assert fault in faults(decided(WRITTEN | said))


HARMLESS: Final = {
    "the profile's key": {"kmsKeyId": PROFILE["keys"][0]},
    "the profile's subnet": {"SubnetId": "subnet-0r1"},
    "the profile's groups": {"SecurityGroupIds": '["sg-0a1"]'},
    "the profile's zone": {"availabilityZone": "eu-west-1b"},
    "nothing public": {"PubliclyAccessible": "false", "Note": '{"assignPublicIp":false}'},
    "encrypted": {"encrypted": "true"},
    "a password that AWS keeps": {"ManageAdminPassword": "true"},
    "its own account": {"TargetAccount": "111122223333"},
    "what only sounds like it": {"Description": "orders", "OracleSid": "ORCL", "SecurityMode": "high"},
    "as much as is read": {"Note": "x" * LONGEST_VALUE},
}


@pytest.mark.parametrize("said", HARMLESS.values(), ids=HARMLESS)
def test_what_the_house_lets_is_let(said: dict[str, str]) -> None:
    assert dict(decided(WRITTEN | said).metadata) == WRITTEN | said


def test_no_more_is_written_than_people_read() -> None:
    many = {f"Key{number}": "x" for number in range(MOST_KEYS - len(WRITTEN))}
    assert decided(WRITTEN | many).verdict is Verdict.ELEVATED
    assert faults(decided(WRITTEN | many | {"One": "more"})) == {"bad-value"}
    much = {f"Key{number}": "x" * 1000 for number in range(MOST_CHARACTERS // 1000)}
    assert faults(decided(WRITTEN | much)) == {"bad-value"}
    assert "bad-value" in faults(decided({}))


@pytest.mark.parametrize(
    ("name", "is_named"),
    [
        pytest.param("restored-1", True, id="as the machine"),
        pytest.param("hype-1", False, id="as its hypervisor"),
        pytest.param("VMware", False, id="as anything else"),
        pytest.param("another", False, id="by nobody"),
        pytest.param("restored", False, id="in part"),
        pytest.param("", False, id="nothing"),
        pytest.param("restored-1 ", False, id="with a blank"),
    ],
)
def test_what_approvers_read_as_its_name_is_what_the_metadata_name(name: str, is_named: bool) -> None:  # noqa: FBT001
    target = {"account": "111122223333", "region": "eu-west-1", "name": name}
    decision = decided(WRITTEN, target=target)
    assert (decision.verdict is Verdict.ELEVATED) is is_named
    assert is_named or faults(decision) == {"bad-name"}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (MACHINE, WRITTEN | {"VMName": "payroll", "Note": "restored-1"}),
        ("Redshift Serverless", NAMESPACE | {"NamespaceIdentifier": "production", "Note": "restored-1"}),
        ("Storage Gateway", {"targetName": "production", "diskName": "restored-1"}),
        ("SAP HANA on Amazon EC2", {"SourceIdentifier": "PRD", "TargetIdentifier": "restored-1"}),
        ("SAP HANA on Amazon EC2", {"Note": "restored-1"}),
    ],
)
def test_nobody_approves_one_name_and_overwrites_what_has_another(kind: str, said: dict[str, str]) -> None:
    assert faults(decided(said, kind=kind, raw=[kind])) == {"bad-name"}


def test_what_is_overwritten_may_be_named_by_its_arn() -> None:
    namespace = "arn:aws:redshift-serverless:eu-west-1:111122223333:namespace/restored-1"
    said = NAMESPACE | {"NamespaceIdentifier": namespace}
    assert decided(said, kind="Redshift Serverless", raw=["Redshift Serverless"]).verdict is Verdict.ELEVATED


def test_the_point_is_judged_as_ever() -> None:
    assert faults(decided(WRITTEN, point={"status": "DELETING"})) == {"bad-state"}
    assert faults(decided(WRITTEN, point={"scan": "threats"})) == {"infected"}
    assert faults(decided(WRITTEN, at="2026-11-20T00:00:00Z")) == {"bad-time"}
    cold = decided(WRITTEN, point={"storage": "COLD", "encrypted": False})
    assert {"source-unencrypted", "from-cold"} <= {str(risk.danger) for risk in cold.risks}
    copied = decided(NAMESPACE, kind="Redshift Serverless", raw=["Redshift Serverless"], way="copy-back")
    assert faults(copied) == {"cannot-copy"}


def test_every_fault_is_told_at_once_and_the_order_counts_for_nothing() -> None:
    said: dict[Any, Any] = dict(WRITTEN)
    for harmful, _ in HARMFUL.values():
        said |= harmful
    decision = decided(said)
    # Of those that say other values of one key the last is left.
    assert {fault for harmful, fault in HARMFUL.values() if harmful.items() <= said.items()} <= faults(decision)
    assert decided(dict(list(said.items())[::-1])) == decision


@pytest.mark.parametrize("seed", range(5))
def test_of_what_is_written_at_random_nothing_harmful_is_sent(seed: int) -> None:
    """Whatever else is said beside it, in whatever letters: a harm stays one."""
    random = Random(seed)  # noqa: S311 - the same for the same seed
    harms, goods = list(HARMFUL.values()), list(HARMLESS.values())
    sent = 0
    for _ in range(400):
        said: dict[Any, Any] = dict(WRITTEN)
        for good in random.sample(goods, random.randint(0, 3)):
            said |= good
        chosen = random.sample(harms, random.choice((0, 0, 1, 2)))
        for harm, _ in chosen:
            key, value = random.choice(list(harm.items()))
            others = {each.lower() for each in said if isinstance(each, str)}
            said[random.choice((key, key.upper(), key.lower())) if key.lower() not in others else key] = value
        decision = decided(said)
        if decision.metadata:
            sent += 1
            assert dict(decision.metadata) == said
            assert all(not harm.items() <= said.items() for harm, _ in harms)
        assert not (chosen and decision.metadata)
    assert sent > 40


@pytest.mark.parametrize(
    ("key", "value", "is_grave"),
    [
        ("publiclyaccessible", "true", True),
        ("assignPublicIp", "yes", True),
        ("userdata", "x", True),
        ("iamrolename", "admin", True),
        ("destinationbucketname", "evil", True),
        ("publiclyaccessible", "false", False),
        ("userdata", "", False),
        ("vmname", "x", False),
        ("restoretype", "NAMESPACE_RESTORE", False),
    ],
)
def test_a_job_adds_nothing_unasked_by_which_others_could_come_in(key: str, value: str, is_grave: bool) -> None:  # noqa: FBT001
    assert opens_or_places(key, value, own=("RestoreType",)) is is_grave


def test_a_value_that_is_read_is_the_value_that_is_kept() -> None:
    """No text is read in another way by whoever shows it: ASCII that is visible, and nothing else."""
    decision = decided(WRITTEN)
    text = json.dumps(dict(decision.metadata), ensure_ascii=False)
    assert text.isascii()
    assert text.isprintable()
