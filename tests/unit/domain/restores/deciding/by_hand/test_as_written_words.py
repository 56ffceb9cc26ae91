"""People read what is wrong with each key that somebody wrote, and what to write instead."""

from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.decide import decide_restore
from tests.builders.deciding.restore_cases import a_restore

MACHINE: Final = "VirtualMachine"
HANA: Final = "SAP HANA on Amazon EC2"
OWN: Final = "arn:aws:backup-gateway:eu-west-1:111122223333:hypervisor/hype-1"
WRITTEN: Final = {"RestoreTo": "VMware", "HypervisorArn": OWN, "VMName": "restored-1"}
PLACE: Final = "lies outside of account 111122223333 in eu-west-1, or names no place"
VISIBLE: Final = "must be 1,500 visible characters of ASCII at most, none of them a backslash"
JSON: Final = "must be JSON, each key once, as it begins so"
ADDRESS: Final = "holds an address, and nothing is restored to or from one"
LETTERS: Final = "can be no key of a restore by hand: a letter, then letters and digits"
OTHER_KEY: Final = "arn:aws:kms:eu-west-1:111122223333:key/other"


def told(
    said: dict[str, str], *, kind: str = MACHINE, raw: tuple[str, ...] = (MACHINE, HANA), **case: Any
) -> list[tuple[str, str, str]]:
    """What is refused where the place's profile lets these types be restored by hand: class, key and words."""
    decision = decide_restore(a_restore(kind, wishes=said, raw=True, limits={"raw": list(raw)}, **case))
    return [(str(each.fault), each.key, each.sentence) for each in decision.refusals]


@pytest.mark.parametrize(
    ("value", "fault", "why"),
    [
        ("d\u0430tastore", "bad-value", VISIBLE),
        ("a\\b", "bad-value", VISIBLE),
        ("x" * 1501, "bad-value", VISIBLE),
        ('{"a":1', "bad-value", JSON),
        ("[" * 1000, "bad-value", JSON),
        (' {"a":1,"a":2}', "bad-value", JSON),
        ("https://evil.example", "foreign-place", ADDRESS),
        (OWN.replace("111122223333", "999999999999"), "foreign-place", PLACE),
        (OWN.replace("eu-west-1", "us-east-1"), "foreign-place", PLACE),
        (OWN.replace("hype-1", "*"), "foreign-place", PLACE),
        (OWN.replace("hype-1", "hype?"), "foreign-place", PLACE),
        ("arn:aws:iam:eu-west-1:111122223333:role/admin", "foreign-place", PLACE),
        ("arn:aws:sts:eu-west-1:111122223333:assumed-role/admin", "foreign-place", PLACE),
        (OTHER_KEY, "not-in-profile", "names a key that the profile has not"),
        ("ALIAS/aws/ebs", "aws-key", "names a key of AWS's own, which can be given to nobody"),
        ("SG-0evil", "not-in-profile", "names SG-0evil, which the profile has not"),
        (f"vpc-{'0' * 40}", "not-in-profile", f"names vpc-{'0' * 36}, which the profile has not"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_value_that_is_wrong_is_told_by_its_key(value: str, fault: str, why: str) -> None:
    assert told(WRITTEN | {"Note": value}) == [(fault, "Note", f"Note {why}")]


@pytest.mark.parametrize("key", ["https://evil", "a=b", "1st", "k" * 129])
def test_what_can_be_no_key_is_told_and_not_at_length(key: str) -> None:
    assert told(WRITTEN | {key: "x"}) == [("unknown-key", "", f"{key[:80]} {LETTERS}")]


def test_a_key_of_as_many_letters_as_may_be_is_one() -> None:
    assert told(WRITTEN | {"k" * 128: "x"}) == []


def test_nothing_is_no_restore_and_too_much_is_read_by_nobody() -> None:
    nothing = ("bad-value", "", "no metadata are written, and AWS Backup restores nothing without")
    assert nothing in told({})
    many = {f"Key{number}": "x" for number in range(28)}
    assert told(WRITTEN | many) == [("bad-value", "", "more than 30 keys are written, which nobody reads")]
    written = sum(len(key) + len(value) for key, value in WRITTEN.items())
    rest = {"One": "x" * 1400, "Two": "x" * 1400, "More": "x" * (4000 - 2800 - 10 - written)}
    assert told(WRITTEN | rest) == []
    much = ("bad-value", "", "4,001 characters are written, and at most 4,000 are read")
    assert told(WRITTEN | rest | {"One": "x" * 1401}) == [much]


def test_what_the_profile_does_not_let_is_told_with_what_to_write() -> None:
    why = "the profile of 111122223333 in eu-west-1 does not let VirtualMachine be restored by hand: write"
    wanted = ("hand-not-allowed", "", f"{why} `raw: [{MACHINE}]` there, which two governors sign")
    assert told(WRITTEN, raw=()) == [wanted]


def test_what_a_table_makes_is_told_to_be_asked_for_in_single_settings() -> None:
    why = "the metadata of EBS are made by its table: say single ones, and not all of them"
    assert ("not-by-hand", "", why) in told(WRITTEN, kind="EBS", raw=("EBS",))


@pytest.mark.parametrize(
    ("value", "refusals"),
    [
        pytest.param('[{"PublicAccess":"false"}]', [], id="as it would be let outside"),
        pytest.param(
            '[{"PublicAccess":"true"}]',
            [("forbidden-key", "Disks.PublicAccess", "Disks.PublicAccess is always false")],
            id="as it would be refused outside",
        ),
    ],
)
def test_a_text_inside_of_json_is_judged_as_outside_and_told_by_its_path(
    value: str, refusals: list[tuple[str, str, str]]
) -> None:
    assert told(WRITTEN | {"Disks": value}) == refusals


def test_a_text_outside_of_json_is_told_by_its_key() -> None:
    wanted = ("forbidden-key", "PublicAccess", "PublicAccess is always false")
    assert told(WRITTEN | {"PublicAccess": "true"}) == [wanted]


@pytest.mark.parametrize(
    ("value", "refusals"),
    [
        ("subnet-0r1", []),
        ("subnet-0r2 subnet-0r3", []),
        ("subnet-0r", [("not-in-profile", "Note", "Note names subnet-0r, which the profile has not")]),
        (f"{OWN}~", []),
    ],
)
def test_a_place_is_the_profiles_to_the_last_letter(value: str, refusals: list[tuple[str, str, str]]) -> None:
    profile = {"SubnetIds": ["subnet-0r1", ["subnet-0r2", "subnet-0r3"]]}
    assert told(WRITTEN | {"Note": value}, profile=profile) == refusals


@pytest.mark.parametrize("name", ["restored 1", "-restored", "r" * 129])
def test_a_name_that_can_be_none_is_told_with_what_it_may_be(name: str) -> None:
    target = {"account": "111122223333", "region": "eu-west-1", "name": name}
    why = "begin with a letter or digit, then letters, digits, dots, hyphens and underscores, at most 128"
    sentence = f"{name[:80]!r} cannot be the name of what is restored: {why}"
    assert told(WRITTEN, target=target) == [("bad-name", "", sentence)]


@pytest.mark.parametrize(
    ("kind", "said", "keys"),
    [
        (MACHINE, WRITTEN | {"VMName": "payroll"}, "VMName"),
        (HANA, {"TargetIdentifier": "x"}, "a key that ends in Name, Identifier or Id"),
    ],
    ids=str,
)
def test_a_name_that_the_metadata_do_not_name_is_told_with_the_key(kind: str, said: dict[str, str], keys: str) -> None:
    sentence = f"restored-1 is not what the metadata name: {keys} must be it, and no other"
    assert ("bad-name", "", sentence) in told(said, kind=kind)


@pytest.mark.parametrize("key", ["diskName", "DISKIDENTIFIER", "diskId"])
def test_where_nobody_knows_the_key_any_that_ends_so_names_it(key: str) -> None:
    found = told({key: "restored-1"}, kind=HANA)
    assert "bad-name" not in {fault for fault, _, _ in found}
