"""A name tells what its value may be: by its words, and by what the table says of it in any kind."""

from typing import Final

import pytest

from strongroom.domain.restores.deciding.by_hand.judging_names import WORDS, judge_name, opens_or_places
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.secret_names import SECRET_PARTS
from tests.builders.deciding.restore_cases import PROFILE, a_restore

OWN: Final = "111122223333"
BUCKET: Final = ("export", "names a bucket, and nothing is restored by hand out of or into one")
OUT: Final = ("export", "leads out of the account")
ROLE: Final = ("role", "names a role, and what is restored gets none")
CODE: Final = ("code", "would run code")
SECRET: Final = ("forbidden-key", "would be read by everybody who reads the evidence")
PUBLIC: Final = ("forbidden-key", "is always false")
OTHERS: Final = ("forbidden-key", "lets others in")
ACCOUNT: Final = ("foreign-place", "is no account but the one that is restored into")
KEY: Final = ("not-in-profile", "is none of the keys that the profile has")
PLACE: Final = ("not-in-profile", "is none of those that the profile has")
TRUE: Final = ("forbidden-key", "is always true")
UNASKED: Final = "is not to be asked for here"


def judged(name: str, value: str, *, own: tuple[str, ...] = (), path: str = "") -> list[tuple[str, str]]:
    """What is wrong with it: each fault once, with what is said of the name."""
    sheet = Sheet(a_restore("VirtualMachine"))
    judge_name(name, value, own=own, sheet=sheet, path=path)
    told = f"{path}.{name}" if path else name
    assert {each.key for each in sheet.refusals} <= {told}
    found = [(str(each.fault), each.sentence.removeprefix(f"{told} ")) for each in sheet.refusals]
    return list(dict.fromkeys(found))


SPOKEN: Final = {
    **dict.fromkeys(("bucket", "s3"), BUCKET),
    **dict.fromkeys(("export", "url", "uri", "endpoint", "callback", "webhook"), OUT),
    **dict.fromkeys(("role", "instanceprofile"), ROLE),
    **dict.fromkeys(("userdata", "command", "cloudinit", "script"), CODE),
    **dict.fromkeys((part.removesuffix("$") for part in SECRET_PARTS), SECRET),
    **dict.fromkeys(("public", "internet"), PUBLIC),
    **dict.fromkeys(("policy", "acl", "share", "grant", "principal", "cidr"), OTHERS),
    **dict.fromkeys(("account", "owner"), ACCOUNT),
    **dict.fromkeys(("kms", "cmk", "masterkey", "keyid"), KEY),
}


@pytest.mark.parametrize("word", SPOKEN)
def test_a_name_that_speaks_of_it_in_any_letters_is_judged_by_it(word: str) -> None:
    assert judged(f"New-{word.upper()}", "v") == [SPOKEN[word]]
    assert judged(f"x_{word}", "v", path="Note") == [SPOKEN[word]]


def test_every_word_is_spoken_here() -> None:
    assert sum(len(word.parts) for word in WORDS) == len(SPOKEN) + len({"encryptionkey"})


@pytest.mark.parametrize("name", ["SecurityMode", "OracleSid", "Description", "ByPassing", "Nothing"])
def test_what_only_sounds_like_it_is_let(name: str) -> None:
    assert judged(name, "v") == []


@pytest.mark.parametrize(
    ("name", "value", "faults"),
    [
        ("NewSecret", "true", []),
        ("NewSecret", "false", []),
        ("NewSecret", "TRUE", [SECRET]),
        ("NewPublicAddress", "false", []),
        ("NewPublicAddress", "False", [PUBLIC]),
        ("NewGrant", "false", []),
        ("NewGrant", "no", [OTHERS]),
        ("NewAccount", OWN, []),
        ("NewAccount", "999999999999", [ACCOUNT]),
        ("NewKms", PROFILE["keys"][0], []),
        ("NewKms", f"{PROFILE['keys'][0]}2", [KEY]),
        ("NewEncryptionKey", PROFILE["keys"][0], []),
        ("NewEncryptionKey", "true", [KEY]),
        ("NewEncryptionKey", "x", [TRUE, KEY]),
        ("NewEncryption", "true", []),
        ("NewEncryption", "false", [TRUE]),
        ("Unencrypted", "true", [TRUE]),
        ("Unencrypted", "false", [TRUE]),
        ("NewRole", "false", [ROLE]),
        ("NewBucket", "false", [BUCKET]),
    ],
)
def test_of_what_it_speaks_of_some_values_are_let(name: str, value: str, faults: list[tuple[str, str]]) -> None:
    assert judged(name, value) == faults


@pytest.mark.parametrize(
    ("name", "value", "faults"),
    [
        ("kms-key-id", PROFILE["keys"][0], []),
        ("kmsKeyId", "other", [KEY]),
        ("availabilityZone", "eu-west-1b", []),
        ("availabilityZone", "eu-west-1z", [PLACE]),
        ("SecurityGroupIds", '["sg-0a1"]', []),
        ("SecurityGroupIds", "sg-0evil", [PLACE]),
        ("SecurityGroupIds", '["sg-0a1","sg-0evil"]', [PLACE]),
        ("RestoreType", "CLUSTER_RESTORE", []),
        ("RestoreType", "NAMESPACE_RESTORE", [("forbidden-key", "is always CLUSTER_RESTORE")]),
        ("encrypted", "true", []),
        ("encrypted", "false", [TRUE]),
        ("BlockDeviceMappings", "[]", [("forbidden-key", UNASKED)]),
        ("pathsToRestore", "[]", [("export", UNASKED)]),
        ("VpcId", "vpc-1", [("forbidden-key", UNASKED)]),
        ("UserData", "x", [("code", UNASKED), CODE]),
        ("IamInstanceProfileName", "x", [("role", UNASKED), ROLE]),
    ],
)
def test_what_the_table_says_of_it_in_any_kind_holds(name: str, value: str, faults: list[tuple[str, str]]) -> None:
    assert judged(name, value) == faults
    assert judged(name, value, path="Note") == faults


def test_a_word_of_the_kinds_own_means_no_harm_in_whatever_letters() -> None:
    assert judged("restore-TYPE", "NAMESPACE_RESTORE", own=("Other", "RestoreType")) == []


@pytest.mark.parametrize(
    ("name", "value", "own", "is_grave"),
    [
        ("availabilityZone", "eu-west-1a", (), True),
        ("availabilityZone", "eu-west-1a", ("AvailabilityZone",), False),
        ("newRole", "admin", (), True),
        ("newRole", "FALSE", (), False),
        ("newRole", "", (), False),
        ("newRole", "admin", ("Other",), True),
        ("note", "admin", (), False),
    ],
)
def test_what_a_job_adds_of_itself_is_grave_where_it_opens_or_places(
    name: str, value: str, own: tuple[str, ...], *, is_grave: bool
) -> None:
    assert opens_or_places(name, value, own=own) is is_grave
