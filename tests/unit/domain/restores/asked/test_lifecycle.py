"""Lifecycle rules are taken as S3 takes them, without dates, and told in words that say what each does."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from strongroom.domain.restores.asked.lifecycle import in_one_spelling, lifecycle_faults, told_rule

TAG: Final = {"Key": "a", "Value": "b"}
RULE: Final = {"ID": "carts", "Status": "Enabled", "Filter": {"Prefix": "carts/"}, "Expiration": {"Days": 30}}
RULES: Final = "LifecycleConfiguration must say Rules, a list of 1 to 20, and nothing else"
IDS: Final = "each of the Rules must be a mapping with an ID of its own, of 1 to 255 visible ASCII characters"
STATUS: Final = "rule carts: Status must be Enabled or Disabled"
SCOPE: Final = "rule carts: it must say either Filter or Prefix, in what S3 takes for them, in visible ASCII characters"
SAID: Final = {
    "AbortIncompleteMultipartUpload": "DaysAfterInitiation",
    "Expiration": "Days",
    "NoncurrentVersionExpiration": "NewerNoncurrentVersions, NoncurrentDays",
    "NoncurrentVersionTransitions": "NewerNoncurrentVersions, NoncurrentDays, StorageClass",
    "Transitions": "Days, StorageClass",
}


SCOPES: Final[tuple[Any, ...]] = (
    [],
    "a/",
    {"Prefix": "\u0430/"},
    {"Prefix": "a\nb"},
    {"Prefix": 7},
    {"Suffix": "a"},
    {"Prefix": "a", "ObjectSizeLessThan": 1},
    {"And": {"Prefix": "a"}, "Prefix": "a"},
    {"And": {}},
    {"And": []},
    {"And": ["Prefix"]},
    {"And": 7},
    {"And": None},
    {"And": {"Prefix": ""}},
    {"And": {"ObjectSizeGreaterThan": 0}},
    {"And": {"Prefix": "", "ObjectSizeGreaterThan": 0}},
    {"And": {"Prefix": "logs/", "ObjectSizeLessThan": 0}},
    {"And": {"Prefix": "", "ObjectSizeLessThan": 0}},
    {"And": {"Prefix": "a", "ObjectSizeGreaterThan": False}},
    {"And": {"Prefix": "a", "Tag": TAG}},
    {"And": {"Prefix": "a", "Suffix": "b"}},
    {"And": {"Tags": []}},
    {"And": {"Tags": TAG}},
    {"And": {"Tags": 7}},
    {"And": {"Tags": [TAG, {"Key": "a"}]}},
    {"Tags": [TAG]},
    {"Tag": {"Key": "a"}},
    {"Tag": {**TAG, "More": "c"}},
    {"Tag": {"Key": 1, "Value": "b"}},
    {"Tag": {"Key": "a", "Value": "\u0430"}},
    {"Tag": ["Key", "Value"]},
    {"ObjectSizeGreaterThan": -1},
    {"ObjectSizeLessThan": 0},
    {"ObjectSizeLessThan": True},
    {"ObjectSizeLessThan": "1"},
)


def a_rule(*, without: str = "", **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (RULE | changes).items() if key != without}


def faults(*rules: Any) -> list[str]:
    return list(lifecycle_faults({"Rules": list(rules)}))


def moved(**changes: Any) -> dict[str, Any]:
    return {"Days": 30, "StorageClass": "GLACIER", **changes}


def replaced(**changes: Any) -> dict[str, Any]:
    return {"NoncurrentDays": 5, **changes}


@pytest.mark.parametrize(
    "rule",
    [
        a_rule(),
        a_rule(Status="Disabled"),
        a_rule(ID="a"),
        a_rule(ID=" ~" + "x" * 253),
        a_rule(without="Filter", Prefix="a/"),
        a_rule(without="Filter", Prefix=""),
        a_rule(Filter={}),
        a_rule(Filter={"Prefix": ""}),
        a_rule(Filter={"Tag": TAG}),
        a_rule(Filter={"ObjectSizeGreaterThan": 0}),
        a_rule(Filter={"ObjectSizeLessThan": 1}),
        a_rule(Filter={"And": {"Prefix": "a", "Tags": [TAG, TAG], "ObjectSizeLessThan": 1}}),
        a_rule(Filter={"And": {"Prefix": "", "ObjectSizeGreaterThan": 1}}),
        a_rule(Expiration={"Days": 0}),
        a_rule(Expiration={"Days": 999_999}),
        a_rule(Expiration={"ExpiredObjectDeleteMarker": True}),
        a_rule(Transitions=[moved()]),
        a_rule(Transitions=[moved(StorageClass="IA"), moved(StorageClass="A_" * 15)]),
        a_rule(NoncurrentVersionExpiration=replaced()),
        a_rule(NoncurrentVersionExpiration=replaced(NewerNoncurrentVersions=2)),
        a_rule(NoncurrentVersionTransitions=[replaced(StorageClass="GLACIER")]),
        a_rule(NoncurrentVersionTransitions=[replaced(StorageClass="GLACIER", NewerNoncurrentVersions=1)]),
        a_rule(without="Expiration", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
    ],
    ids=str,
)
def test_what_s3_takes_has_no_faults(rule: dict[str, Any]) -> None:
    assert faults(rule) == []


def test_twenty_rules_are_taken_and_no_more() -> None:
    rules = [a_rule(ID=str(number)) for number in range(21)]
    assert (faults(*rules[:20]), faults(*rules)) == ([], [RULES])


@pytest.mark.parametrize(
    "content",
    [{}, {"Rules": []}, {"Rules": {"ID": "a"}}, {"Rules": [RULE], "More": 1}, {"Rule": [RULE]}, {"Rules": None}],
    ids=str,
)
def test_rules_are_said_in_a_list_and_beside_nothing_else(content: dict[str, Any]) -> None:
    assert list(lifecycle_faults(content)) == [RULES]


@pytest.mark.parametrize(
    "rules",
    [
        ["carts"],
        [RULE, "carts"],
        [a_rule(without="ID")],
        [RULE, a_rule(without="ID")],
        [a_rule(ID="")],
        [a_rule(ID="x" * 256)],
        [a_rule(ID="c\u0430rts")],
        [a_rule(ID="a\tb")],
        [a_rule(ID=7)],
    ],
    ids=str,
)
def test_each_rule_has_a_name(rules: list[Any]) -> None:
    assert faults(*rules) == [IDS]


def test_each_rule_has_a_name_of_its_own() -> None:
    assert faults(RULE, a_rule(ID="other"), RULE) == ["two of the Rules have one ID"]


def test_all_that_is_wrong_is_told_rule_by_rule() -> None:
    assert faults(a_rule(Status="On", Filter=[]), a_rule(ID="other", Status="Off")) == [
        STATUS,
        SCOPE,
        "rule other: Status must be Enabled or Disabled",
    ]


def test_what_is_not_known_is_named_in_order_and_not_at_length() -> None:
    assert faults(a_rule(Soon=1, Later=2)) == ["rule carts: Later, Soon is not known here"]
    assert faults(RULE | {"x" * 201: 1}) == [f"rule carts: {'x' * 200} is not known here"]


@pytest.mark.parametrize("rule", [a_rule(Status="enabled"), a_rule(without="Status")], ids=["small", "none"])
def test_a_rule_is_on_or_off(rule: dict[str, Any]) -> None:
    assert faults(rule) == [STATUS]


@pytest.mark.parametrize(
    "rule",
    [
        a_rule(Prefix="a"),
        a_rule(without="Filter"),
        a_rule(without="Filter", Prefix=7),
        a_rule(without="Filter", Prefix="\u0430/"),
        a_rule(without="Filter", Prefix="a\nb"),
        *(a_rule(Filter=said) for said in SCOPES),
    ],
    ids=str,
)
def test_what_a_rule_is_about_is_said_once_and_as_s3_takes_it(rule: dict[str, Any]) -> None:
    assert faults(rule) == [SCOPE]


def test_a_rule_that_does_nothing_is_none() -> None:
    assert faults(a_rule(without="Expiration")) == ["rule carts: it does nothing"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(
            ("Expiration", said)
            for said in (
                {},
                [],
                "30",
                [{"Days": 30}],
                {"Date": "2020-01-01"},
                {"Days": 30, "Date": "2020-01-01"},
                {"Days": True},
                {"Days": -1},
                {"Days": 1_000_000},
                {"Days": 1.5},
                {"Days": "30"},
                {"ExpiredObjectDeleteMarker": 1},
                {"ExpiredObjectDeleteMarker": False},
                {"ExpiredObjectDeleteMarker": True, "Days": 30},
            )
        ),
        *(
            ("Transitions", said)
            for said in (
                [],
                7,
                moved(),
                [{"Days": 30}],
                [moved(), moved(Days=-1)],
                [moved(StorageClass="glacier")],
                [moved(StorageClass="G")],
                [moved(StorageClass="G" * 31)],
                [moved(StorageClass=7)],
                [moved(NewerNoncurrentVersions=1)],
                [{"ExpiredObjectDeleteMarker": True}],
                {"ExpiredObjectDeleteMarker": True},
            )
        ),
        ("NoncurrentVersionExpiration", {"NewerNoncurrentVersions": 2}),
        ("NoncurrentVersionExpiration", [replaced()]),
        ("NoncurrentVersionTransitions", [replaced()]),
        ("NoncurrentVersionTransitions", replaced(StorageClass="GLACIER")),
        ("NoncurrentVersionTransitions", [{"StorageClass": "GLACIER"}]),
        ("AbortIncompleteMultipartUpload", {"Days": 7}),
        ("AbortIncompleteMultipartUpload", {}),
    ],
    ids=str,
)
def test_what_a_rule_does_is_said_in_whole_numbers_and_without_a_date(name: str, said: Any) -> None:
    sentence = f"rule carts: {name} must say {SAID[name]} in whole numbers of days and versions, and no date"
    assert faults(a_rule(**{name: said})) == [sentence]


def test_rules_stand_in_the_order_of_their_names() -> None:
    assert [rule["ID"] for rule in in_one_spelling([a_rule(ID="b"), a_rule(ID="a")])] == ["a", "b"]


@pytest.mark.parametrize(
    ("said", "spelled"),
    [
        ({}, {"Prefix": ""}),
        ({"Prefix": ""}, {"Prefix": ""}),
        ({"Prefix": "a/"}, {"Prefix": "a/"}),
        ({"Tag": TAG}, {"Tag": TAG}),
        (
            {"And": {"Prefix": "", "ObjectSizeGreaterThan": 0, "ObjectSizeLessThan": 9, "Tags": [TAG]}},
            {"And": {"ObjectSizeLessThan": 9, "Tags": [TAG]}},
        ),
        (
            {"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 1, "ObjectSizeLessThan": 0}},
            {"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 1, "ObjectSizeLessThan": 0}},
        ),
        ({"And": "a"}, {"And": "a"}),
    ],
    ids=str,
)
def test_what_a_rule_is_about_has_one_spelling(said: dict[str, Any], spelled: dict[str, Any]) -> None:
    assert in_one_spelling([a_rule(Filter=said)]) == [a_rule(Filter=spelled)]


@pytest.mark.parametrize("rule", [a_rule(without="Filter", Prefix=""), a_rule(Filter=[])], ids=["prefix", "no filter"])
def test_what_has_no_filter_stays_as_it_is(rule: dict[str, Any]) -> None:
    assert in_one_spelling([rule]) == [rule]


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ({"Filter": {}}, "every object"),
        ({"Filter": {"Prefix": ""}}, "every object"),
        ({"Prefix": ""}, "every object"),
        ({}, "every object"),
        ({"Prefix": "a/"}, 'objects with {"Prefix":"a/"}'),
        ({"Filter": {"Tag": TAG}}, 'objects with {"Tag":{"Key":"a","Value":"b"}}'),
    ],
    ids=str,
)
def test_people_read_what_a_rule_is_about(scope: dict[str, Any], said: str) -> None:
    off = "it is switched off, and does nothing until somebody switches it on."
    assert list(told_rule({"ID": "carts", "Status": "Disabled", **scope})) == [f'Rule "carts", {said}: {off}']


@pytest.mark.parametrize(
    ("acts", "told"),
    [
        (
            {"Expiration": {"Days": 1000}},
            ["S3 deletes them 1,000 days after they were made, which for those restored is the restore"],
        ),
        (
            {"Expiration": {"ExpiredObjectDeleteMarker": True}},
            ["S3 takes away markers of deleted objects that hide nothing"],
        ),
        (
            {"NoncurrentVersionExpiration": replaced()},
            ["S3 deletes older versions 5 days after they were replaced"],
        ),
        (
            {"NoncurrentVersionExpiration": replaced(NoncurrentDays=1000, NewerNoncurrentVersions=2000)},
            ["S3 deletes older versions 1,000 days after they were replaced, but for the newest 2,000"],
        ),
        (
            {"Transitions": [moved(), moved(Days=2000)]},
            ["S3 moves them to GLACIER after 30 days", "S3 moves them to GLACIER after 2,000 days"],
        ),
        (
            {"NoncurrentVersionTransitions": [replaced(StorageClass="DEEP_ARCHIVE", NoncurrentDays=1000)]},
            ["S3 moves older versions to DEEP_ARCHIVE after 1,000 days"],
        ),
        (
            {"NoncurrentVersionTransitions": [replaced(StorageClass="GLACIER", NewerNoncurrentVersions=3000)]},
            ["S3 moves older versions to GLACIER after 5 days, but for the newest 3,000"],
        ),
        (
            {
                "Expiration": {"ExpiredObjectDeleteMarker": True},
                "Transitions": [moved(Days=3)],
                "NoncurrentVersionExpiration": replaced(NewerNoncurrentVersions=2),
                "NoncurrentVersionTransitions": [
                    replaced(StorageClass="STANDARD_IA", NoncurrentDays=1),
                    replaced(StorageClass="GLACIER", NoncurrentDays=9, NewerNoncurrentVersions=3),
                ],
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            },
            [
                "S3 takes away markers of deleted objects that hide nothing",
                "S3 deletes older versions 5 days after they were replaced, but for the newest 2",
                "S3 moves them to GLACIER after 3 days",
                "S3 moves older versions to STANDARD_IA after 1 days",
                "S3 moves older versions to GLACIER after 9 days, but for the newest 3",
                "S3 ends uploads that are not whole 7 days after they began",
            ],
        ),
        (
            {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1000}},
            ["S3 ends uploads that are not whole 1,000 days after they began"],
        ),
    ],
    ids=str,
)
def test_people_read_what_a_rule_does(acts: Mapping[str, Any], told: list[str]) -> None:
    rule = {**a_rule(without="Expiration"), **acts}
    assert list(told_rule(rule)) == [f'Rule "carts", objects with {{"Prefix":"carts/"}}: {each}.' for each in told]
